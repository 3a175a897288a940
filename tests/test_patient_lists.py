"""/v1/patients as a list: whom one sees, in what order, page by page."""

import pytest

from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, FORGED, refused, walk
from tests.people import Household
from tests.test_patients import taken_on

# As long as a name can be, nearly all in the longest of characters; not the last of any list.
LONGEST = "M" + "\N{MUSICAL SYMBOL G CLEF}" * 199


def names(home: Household, limit: int = 50) -> list[str]:
    return [patient["display_name"] for patient in walk(home.front_desk, "/v1/patients", limit)]


def test_everybody_sees_the_patients_that_are_theirs_to_see(home: Household) -> None:
    new = taken_on(home.colleague).json["id"]
    old = str(home.patient_id)
    seen = {
        person.role + person.email: {item["id"] for item in walk(person, "/v1/patients", 50)}
        for person in (home.clinician, home.colleague, home.front_desk, home.admin)
    }
    assert list(seen.values()) == [{old}, {new}, {old, new}, {old, new}]
    assert old not in {item["id"] for item in walk(home.stranger, "/v1/patients", 50)}
    assert home.patient.get("/v1/patients").status_code == 403


def test_names_are_in_order_whatever_their_case_and_the_page(home: Household) -> None:
    given = ["bea", "Ada", "Cy", "ada", "line\nbreak", LONGEST, "Ada"]
    for name in given:
        taken_on(home.front_desk, display_name=name)
    listed = names(home)
    assert sorted(listed) == sorted([*given, "Patient"])
    assert [name.lower() for name in listed] == sorted(name.lower() for name in listed)
    for limit in (1, 2, 3):
        assert names(home, limit) == listed


def test_the_pages_of_a_list_that_grows_skip_and_repeat_nobody(home: Household) -> None:
    before = {taken_on(home.front_desk, display_name=name).json["id"] for name in "bdfh"}
    arrivals = iter("acegi")

    def arrive() -> None:
        name = next(arrivals, None)
        if name is not None:
            taken_on(home.front_desk, display_name=name)

    listed = [item["id"] for item in walk(home.front_desk, "/v1/patients", 1, between=arrive)]
    assert len(listed) == len(set(listed))
    assert before <= set(listed)


def test_a_forged_cursor_is_refused(home: Household) -> None:
    for cursor in (*FORGED, BY_ID, BY_DATE):
        assert refused(home.front_desk, "/v1/patients", cursor), cursor
    # Any text can be a name: these are places in this list, past all or before all of it.
    for cursor in BAD_INSTANTS:
        answer = home.front_desk.get("/v1/patients", query_string={"cursor": cursor})
        assert answer.status_code == 200


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=1.5", "limit=-1"])
def test_a_page_has_1_to_200_items(home: Household, query: str) -> None:
    answer = home.front_desk.get(f"/v1/patients?{query}")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/limit"]


def test_an_unknown_query_is_refused(home: Household) -> None:
    answer = home.front_desk.get("/v1/patients?clinic_id=1")
    assert [error["pointer"] for error in answer.json["errors"]] == ["/clinic_id"]
