"""/v1/patients as a list: whom one sees, in what order, page by page."""

import pytest

from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, BY_INSTANT, FORGED, decoded, refused, walk
from tests.people import Household, Person
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
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE, BY_INSTANT):
        assert refused(home.front_desk, "/v1/patients", cursor), cursor


def next_of(person: Person) -> str:
    return str(person.get("/v1/patients?limit=1").json["next"])


def test_a_cursor_names_nobody(home: Household) -> None:
    taken_on(home.front_desk, display_name="Zoe")
    (first, _) = walk(home.front_desk, "/v1/patients", 50)
    assert decoded(next_of(home.front_desk)) == first["id"]


def test_a_cursor_goes_on_only_for_who_sees_its_patient(home: Household) -> None:
    first = taken_on(home.colleague, display_name="Ann").json["id"]
    taken_on(home.colleague, display_name="Bob")
    cursor = next_of(home.colleague)
    for person in (home.colleague, home.front_desk):
        assert person.get(f"/v1/patients?cursor={cursor}").status_code == 200
    for person in (home.clinician, home.stranger):
        assert refused(person, "/v1/patients", cursor)
    team = home.admin.get("/v1/care-teams", query_string={"patient_id": first}).json
    assert home.admin.delete(f"/v1/care-teams/{team['items'][0]['id']}").status_code == 204
    assert refused(home.colleague, "/v1/patients", cursor)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=1.5", "limit=-1"])
def test_a_page_has_1_to_200_items(home: Household, query: str) -> None:
    answer = home.front_desk.get(f"/v1/patients?{query}")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/limit"]


def test_an_unknown_query_is_refused(home: Household) -> None:
    answer = home.front_desk.get("/v1/patients?clinic_id=1")
    assert [error["pointer"] for error in answer.json["errors"]] == ["/clinic_id"]
