"""/v1/patients: identity and contact, by whom they are seen and changed."""

from functools import partial
from typing import Any

import pytest

from tests.at_once import at_once, twin
from tests.people import Household, Person, World

FULL = {
    "display_name": "Ada Example",
    "birth_date": "1984-05-02",
    "mrn": "MRN-1",
    "email": "Ada@Example.org",
    "phone": "+49 30 5550100",
    "country": "DE",
    "language": "de",
    "timezone": "Europe/Berlin",
    "emergency_contact": {"name": "Bo", "phone": "+49 30 5550101", "relation": None},
}
LEAST = {name: FULL[name] for name in ("display_name", "birth_date", "country", "language")} | {
    "timezone": "America/New_York"
}
BAD: dict[str, Any] = {
    "display_name": "   ",
    "birth_date": "1984-02-30",
    "mrn": "",
    "email": "nobody",
    "phone": "0" * 41,
    "country": "de",
    "language": "German!",
    "timezone": "Mars/Base",
    "emergency_contact": {"name": "Bo", "phone": 5},
    "clinic_id": "4b3b6f7e-0000-4000-8000-000000000000",
    "day_boundary_minutes": 0,
}
BAD_POINTERS = sorted(
    f"/{name}" if name != "emergency_contact" else "/emergency_contact/phone" for name in BAD
)


def taken_on(person: Person, **given: Any) -> Any:
    """A new patient as answered."""
    answer = person.post("/v1/patients", LEAST | given)
    assert answer.status_code == 201, answer.json
    return answer


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.json
    return sorted({error["pointer"] for error in answer.json["errors"]})


def who_may(home: Household, send: Any) -> dict[str, int]:
    people = {
        "clinician": home.clinician,
        "colleague": home.colleague,
        "front_desk": home.front_desk,
        "admin": home.admin,
        "stranger": home.stranger,
        "patient": home.patient,
    }
    return {name: send(person).status_code for name, person in people.items()}


# The care team and the offices; a colleague and a stranger are told what nobody's id is told.
BY_DOOR = {
    "clinician": 200,
    "colleague": 404,
    "front_desk": 200,
    "admin": 200,
    "stranger": 404,
    "patient": 403,
}


def test_a_new_patient_is_shown_as_given(home: Household) -> None:
    created = taken_on(home.clinician, **FULL)
    shown = created.json
    assert {name: shown[name] for name in FULL} == FULL | {"email": "ada@example.org"}
    assert shown["has_login"] is False
    assert shown["invitation"]["accepted_at"] is None
    later = home.clinician.get(f"/v1/patients/{shown['id']}")
    assert later.json == shown | {"invitation": shown["invitation"] | {"token": None}}


def test_what_nobody_gave_is_null(home: Household) -> None:
    shown = taken_on(home.front_desk).json
    for name in ("mrn", "email", "phone", "emergency_contact", "invitation"):
        assert shown[name] is None


def test_every_bad_field_is_named_at_once(home: Household) -> None:
    assert pointers(home.clinician.post("/v1/patients", BAD)) == BAD_POINTERS
    path = f"/v1/patients/{home.patient_id}"
    before = home.clinician.get(path).json
    assert pointers(home.clinician.patch(path, BAD)) == BAD_POINTERS
    assert home.clinician.get(path).json == before


def test_what_a_patient_needs_cannot_be_left_out_or_taken_away(home: Household) -> None:
    needed = [f"/{name}" for name in sorted(LEAST)]
    assert pointers(home.clinician.post("/v1/patients", {})) == needed
    nulls = dict.fromkeys(LEAST)
    assert pointers(home.clinician.patch(f"/v1/patients/{home.patient_id}", nulls)) == needed


@pytest.mark.parametrize("born", ["1899-12-31", "2999-01-01"])
def test_nobody_is_born_before_1900_or_tomorrow(home: Household, born: str) -> None:
    new = home.clinician.post("/v1/patients", LEAST | {"birth_date": born})
    change = home.clinician.patch(f"/v1/patients/{home.patient_id}", {"birth_date": born})
    assert pointers(new) == pointers(change) == ["/birth_date"]
    more = BAD | {"birth_date": born}
    for answer in (
        home.clinician.post("/v1/patients", more),
        home.clinician.patch(f"/v1/patients/{home.patient_id}", more),
    ):
        assert pointers(answer) == BAD_POINTERS


def test_a_record_number_is_held_once_in_a_clinic(home: Household) -> None:
    first = taken_on(home.front_desk, mrn="M1").json
    second = taken_on(home.front_desk, mrn="M2").json
    again = home.front_desk.post("/v1/patients", LEAST | {"mrn": "M1"})
    taken = home.front_desk.patch(f"/v1/patients/{second['id']}", {"mrn": "M1"})
    assert (again.status_code, taken.status_code) == (409, 409)
    assert again.json["type"] == "/problems/conflict"
    taken_on(home.stranger, mrn="M1")
    own = home.front_desk.patch(f"/v1/patients/{first['id']}", {"mrn": "M1"})
    freed = home.front_desk.patch(f"/v1/patients/{first['id']}", {"mrn": None})
    now_free = home.front_desk.patch(f"/v1/patients/{second['id']}", {"mrn": "M1"})
    assert (own.status_code, freed.status_code, now_free.status_code) == (200, 200, 200)


def test_of_two_patients_with_one_record_number_at_once_one_is_taken_on(
    home: Household, world: World
) -> None:
    desks = [twin(world, home.front_desk) for _ in range(4)]
    new = LEAST | {"mrn": "M1"}
    answers = at_once([partial(desk.post, "/v1/patients", new) for desk in desks])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_only_a_creating_clinician_joins_the_care_team(home: Household) -> None:
    by_clinician = f"/v1/patients/{taken_on(home.clinician).json['id']}/checkins"
    by_desk = f"/v1/patients/{taken_on(home.front_desk).json['id']}/checkins"
    by_admin = f"/v1/patients/{taken_on(home.admin).json['id']}/checkins"
    assert home.clinician.get(by_clinician).status_code == 200
    assert home.colleague.get(by_clinician).status_code == 404
    assert home.clinician.get(by_desk).status_code == 404
    assert home.admin.get(by_admin).status_code == 404


def test_identity_is_for_the_care_team_and_the_offices(home: Household) -> None:
    path = f"/v1/patients/{home.patient_id}"
    assert who_may(home, lambda person: person.get(path)) == BY_DOOR
    assert who_may(home, lambda person: person.patch(path, {"phone": "1"})) == BY_DOOR


def test_anyone_on_the_staff_takes_patients_on(home: Household) -> None:
    answers = who_may(home, lambda person: person.post("/v1/patients", LEAST))
    assert answers == dict.fromkeys(BY_DOOR, 201) | {"patient": 403}


def test_answers_are_for_the_care_team_alone(home: Household, world: World) -> None:
    path = f"/v1/patients/{home.patient_id}/checkins"
    off_team = {"admin": 404, "front_desk": 403}
    assert who_may(home, lambda person: person.get(path)) == BY_DOOR | off_team
    world.treats(home.admin, home.patient_id)
    assert home.admin.get(path).status_code == 200


def test_identity_holds_no_answer(home: Household) -> None:
    shown = home.front_desk.get(f"/v1/patients/{home.patient_id}").json
    others = {"id", "created_at", "has_login", "invitation"}
    assert set(shown) == set(FULL) | others
    assert shown["has_login"] is True


def test_only_what_is_sent_is_changed(home: Household) -> None:
    path = f"/v1/patients/{taken_on(home.clinician, **FULL).json['id']}"
    before = home.clinician.get(path).json
    changed = home.front_desk.patch(path, {"phone": None, "display_name": "Ada Other"})
    assert changed.json == before | {"phone": None, "display_name": "Ada Other"}
    assert home.clinician.get(path).json == changed.json
    assert home.clinician.patch(path, {}).json == changed.json


def test_a_held_state_is_not_sent_again(home: Household) -> None:
    created = taken_on(home.clinician, **FULL)
    path = f"/v1/patients/{created.json['id']}"
    held = {"If-None-Match": created.headers["ETag"]}
    unchanged = home.clinician.get(path, headers=held)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    home.clinician.patch(path, {"phone": "1"})
    assert home.clinician.get(path, headers=held).status_code == 200


def test_a_change_may_name_the_state_it_is_based_on(home: Household) -> None:
    created = taken_on(home.clinician, **FULL)
    path = f"/v1/patients/{created.json['id']}"
    first = {"If-Match": created.headers["ETag"]}
    assert home.clinician.patch(path, {"phone": "1"}, headers=first).status_code == 200
    stale = home.clinician.patch(path, {"phone": "2"}, headers=first)
    assert (stale.status_code, stale.json["type"]) == (412, "/problems/precondition-failed")
    for tag, status in (("nonsense", 412), ('"other", *', 200)):
        headers = {"If-Match": tag}
        assert home.clinician.patch(path, {"phone": "1"}, headers=headers).status_code == status


def test_of_many_changes_of_one_state_one_is_made(home: Household, world: World) -> None:
    path = f"/v1/patients/{home.patient_id}"
    based_on = {"If-Match": home.front_desk.get(path).headers["ETag"]}
    desks = [twin(world, home.front_desk) for _ in range(6)]
    answers = at_once(
        [
            partial(desk.patch, path, {"phone": str(number)}, headers=based_on)
            for number, desk in enumerate(desks)
        ]
    )
    made = [answer for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    assert home.front_desk.get(path).json == made[0].json
