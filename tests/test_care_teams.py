"""/v1/care-teams: joining opens a patient's rows at once, leaving closes them at once."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from tests.at_once import at_once, twin
from tests.lists import BY_DATE, BY_INSTANT, FORGED, refused, walk
from tests.people import Household, Person, World


def joined(home: Household, person: Person, patient_id: UUID | None = None) -> Any:
    body = {
        "patient_id": str(patient_id or home.patient_id),
        "membership_id": str(person.membership_id),
    }
    return home.admin.post("/v1/care-teams", body)


def sees(home: Household, person: Person) -> bool:
    paths = (f"/v1/patients/{home.patient_id}", f"/v1/patients/{home.patient_id}/checkins")
    statuses = {person.get(path).status_code for path in paths}
    assert statuses in ({200}, {404})
    return statuses == {200}


def team(person: Person, patient_id: UUID | None = None) -> list[Any]:
    path = "/v1/care-teams" + ("" if patient_id is None else f"?patient_id={patient_id}")
    items: list[Any] = person.get(path).json["items"]
    return items


def test_who_joins_sees_the_patient_at_once_and_who_leaves_no_more(home: Household) -> None:
    assert not sees(home, home.colleague)
    member = joined(home, home.colleague)
    assert member.status_code == 201
    assert sees(home, home.colleague)
    assert home.admin.delete(f"/v1/care-teams/{member.json['id']}").status_code == 204
    assert not sees(home, home.colleague)
    assert sees(home, home.clinician)


def test_the_row_of_who_left_stays_and_they_may_join_again(home: Household) -> None:
    first = joined(home, home.colleague).json
    assert (first["role"], first["display_name"], first["until"]) == (
        "clinician",
        "Clinician",
        None,
    )
    home.admin.delete(f"/v1/care-teams/{first['id']}")
    second = joined(home, home.colleague).json
    rows = {row["id"]: row for row in team(home.admin, home.patient_id)}
    assert len(rows) == 3
    assert rows[first["id"]]["until"] is not None
    assert rows[second["id"]] == second
    assert sees(home, home.colleague)


def test_an_admin_who_treats_is_let_in_to_that_chart_alone(home: Household, world: World) -> None:
    other = world.patient(home.clinic_id)
    assert joined(home, home.admin).status_code == 201
    assert home.admin.get(f"/v1/patients/{home.patient_id}/checkins").status_code == 200
    assert home.admin.get(f"/v1/patients/{other}/checkins").status_code == 404


def test_nobody_joins_twice(home: Household, world: World) -> None:
    assert joined(home, home.clinician).status_code == 409
    tabs = [twin(world, home.admin) for _ in range(4)]
    body = {
        "patient_id": str(home.patient_id),
        "membership_id": str(home.colleague.membership_id),
    }
    answers = at_once([partial(tab.post, "/v1/care-teams", body) for tab in tabs])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_the_front_desk_and_who_is_shut_out_treat_nobody(home: Household) -> None:
    home.admin.patch(f"/v1/staff/{home.colleague.membership_id}", {"disabled": True})
    for person in (home.front_desk, home.colleague):
        answer = joined(home, person)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/conflict")


def test_a_team_joins_people_and_patients_of_one_clinic(home: Household, world: World) -> None:
    elsewhere = world.patient(home.stranger.clinic_id)
    answers = [
        joined(home, home.stranger),
        joined(home, home.patient),
        joined(home, home.colleague, elsewhere),
        joined(home, home.colleague, UUID(int=1)),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    told = [{**answer.json, "instance": None} for answer in answers]
    assert (told[0], told[2]) == (told[1], told[3])


def test_nobody_leaves_twice_or_another_clinics_team(home: Household, world: World) -> None:
    member = joined(home, home.colleague).json
    other_admin = world.person(home.stranger.clinic_id, "admin")
    path = f"/v1/care-teams/{member['id']}"
    assert other_admin.delete(path).status_code == 404
    assert other_admin.delete(f"/v1/care-teams/{UUID(int=1)}").status_code == 404
    assert [home.admin.delete(path).status_code for _ in range(2)] == [204, 409]


def test_only_the_admin_changes_a_team(home: Household) -> None:
    own = team(home.admin)[0]
    body = {name: own[name] for name in ("patient_id", "membership_id")}
    for person in (home.clinician, home.colleague, home.front_desk, home.patient):
        assert person.post("/v1/care-teams", body).status_code == 403
        assert person.delete(f"/v1/care-teams/{own['id']}").status_code == 403
    assert sees(home, home.clinician)


def test_the_admin_alone_sees_the_teams_and_only_the_clinics_own(
    home: Household, world: World
) -> None:
    other = world.patient(home.clinic_id)
    world.treats(home.colleague, other)
    assert {UUID(row["patient_id"]) for row in team(home.admin)} == {home.patient_id, other}
    assert {UUID(row["patient_id"]) for row in team(home.admin, other)} == {other}
    other_admin = world.person(home.stranger.clinic_id, "admin")
    assert not {UUID(row["patient_id"]) for row in team(other_admin)} & {home.patient_id, other}
    for person in (home.clinician, home.front_desk, home.patient):
        assert person.get("/v1/care-teams").status_code == 403


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/membership_id", "/patient_id"]),
        ({"membership_id": "x", "patient_id": None}, ["/membership_id", "/patient_id"]),
        (
            {"membership_id": str(UUID(int=1)), "patient_id": str(UUID(int=1)), "since": "2020"},
            ["/since"],
        ),
    ],
)
def test_bad_fields_are_named(home: Household, body: dict[str, Any], pointers: list[str]) -> None:
    answer = home.admin.post("/v1/care-teams", body)
    assert answer.status_code == 422
    assert sorted(error["pointer"] for error in answer.json["errors"]) == pointers


def test_the_pages_of_a_list_that_grows_skip_and_repeat_nobody(
    home: Household, world: World
) -> None:
    for _ in range(4):
        world.treats(home.clinician, world.patient(home.clinic_id))
    before = {row["id"] for row in team(home.admin)}

    arrivals = iter(range(4))

    def arrive() -> None:
        if next(arrivals, None) is not None:
            world.treats(home.clinician, world.patient(home.clinic_id))

    listed = [row["id"] for row in walk(home.admin, "/v1/care-teams", 1, between=arrive)]
    assert len(listed) == len(set(listed))
    assert before <= set(listed)


def test_a_forged_cursor_is_refused(home: Household) -> None:
    for cursor in (*FORGED, BY_DATE, BY_INSTANT):
        assert refused(home.admin, "/v1/care-teams", cursor), cursor
    bad_patient = home.admin.get("/v1/care-teams?patient_id=x")
    assert [error["pointer"] for error in bad_patient.json["errors"]] == ["/patient_id"]
