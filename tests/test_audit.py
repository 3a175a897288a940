"""The audit list: who looked at, changed, or reached in vain for one patient's rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.audit_event import INSERT_AUDIT_EVENT, AuditEvent
from models.db import new_id
from tests.conftest import Clock
from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, FORGED, refused, walk
from tests.people import ZONE, Household, Person

CANARY = "canary words of a note"


def path_for(home: Household, person: Person) -> str:
    if person is home.patient:
        return "/v1/me/audit"
    return f"/v1/patients/{home.patient_id}/audit"


def events(home: Household, person: Person) -> list[Any]:
    return walk(person, path_for(home, person), 50)


def brief(event: Any) -> tuple[str, str, str]:
    return event["action"], event["outcome"], event["role"]


def look(home: Household, person: Person, below: str = "") -> int:
    answer = person.get(f"/v1/patients/{home.patient_id}{below}")
    return int(answer.status_code)


def log_today(home: Household) -> None:
    now = datetime.now(UTC)
    entry = {"recorded_at": now.isoformat(), "timezone": ZONE}
    body = {"mood": 7, "note": CANARY, **entry}
    assert home.patient.put(f"/v1/me/checkins/{now.date()}", body).status_code == 201


def test_the_patient_sees_who_looked(home: Household) -> None:
    assert events(home, home.patient) == []
    assert look(home, home.clinician) == 200
    assert look(home, home.front_desk) == 200
    desk, clinician = events(home, home.patient)
    assert brief(clinician) == ("patient.read", "ok", "clinician")
    assert clinician["membership_id"] == str(home.clinician.membership_id)
    assert clinician["display_name"] == "Clinician"
    assert clinician["object_id"] == str(home.patient_id)
    assert brief(desk) == ("patient.read", "ok", "front_desk")
    assert clinician["at"] <= desk["at"]


def test_looking_again_within_the_hour_is_one_event(home: Household, clock: Clock) -> None:
    now = datetime.now(UTC)
    # From the beginning of the next hour on, so that no look falls into another.
    clock.ahead = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - now
    for below in ("", "/checkins", "", "/audit"):
        assert look(home, home.clinician, below) == 200
    assert len(events(home, home.patient)) == 1
    clock.ahead += timedelta(hours=1)
    assert look(home, home.clinician) == 200
    assert [brief(event) for event in events(home, home.patient)] == [
        ("patient.read", "ok", "clinician")
    ] * 2


def test_what_was_refused_is_told_too(home: Household) -> None:
    assert look(home, home.colleague, "/checkins") == 404
    assert look(home, home.front_desk, "/checkins") == 403
    assert look(home, home.stranger) == 404
    refusals = [brief(event) for event in events(home, home.patient)]
    # The stranger's reach is in their own clinic's trail: ours knows nothing of their staff.
    assert sorted(refusals) == [
        ("checkins.read", "denied", "front_desk"),
        ("patient.read", "denied", "clinician"),
    ]


def test_the_care_team_sees_the_same_list_as_the_patient(home: Household) -> None:
    log_today(home)
    look(home, home.clinician)
    assert events(home, home.clinician) == events(home, home.patient)
    assert [brief(event) for event in events(home, home.patient)] == [
        ("patient.read", "ok", "clinician"),
        ("checkin.create", "ok", "patient"),
    ]


def test_it_holds_no_answer(home: Household) -> None:
    log_today(home)
    answer = home.patient.get("/v1/me/audit")
    assert CANARY not in answer.text
    assert {name for item in answer.json["items"] for name in item} == {
        "id", "at", "action", "outcome", "object_type", "object_id", "membership_id",
        "display_name", "role",
    }  # fmt: skip


def test_it_is_for_the_care_team_and_the_patient(home: Household) -> None:
    path = f"/v1/patients/{home.patient_id}/audit"
    people = {
        200: [home.clinician],
        404: [home.colleague, home.admin, home.stranger],
        403: [home.front_desk, home.patient],
    }
    for status, group in people.items():
        assert [person.get(path).status_code for person in group] == [status] * len(group)
    assert [person.get("/v1/me/audit").status_code for person in people[404]] == [403] * 3


def test_changes_name_who_made_them(home: Household) -> None:
    path = f"/v1/patients/{home.patient_id}"
    home.front_desk.patch(path, {"email": "ada.audit@example.org"})
    body = {
        "patient_id": str(home.patient_id),
        "membership_id": str(home.colleague.membership_id),
    }
    member = home.admin.post("/v1/care-teams", body).json
    home.admin.delete(f"/v1/care-teams/{member['id']}")
    # Sorted: those of one request share its instant.
    assert sorted(brief(event) for event in events(home, home.patient)) == [
        ("care_team.join", "ok", "admin"),
        ("care_team.leave", "ok", "admin"),
        ("patient.change", "ok", "front_desk"),
        ("patient.read", "ok", "admin"),
        ("patient.read", "ok", "front_desk"),
    ]


def put_events(home: Household, count: int, at: datetime) -> None:
    """Events of one instant, which only their ids can order."""
    empty = dict.fromkeys(column.name for column in AuditEvent.__table__.columns)
    told = {"action": "patient.read", "object_type": "patient", "outcome": "ok"}
    whose = {"clinic_id": home.clinic_id, "patient_id": home.patient_id, "at": at}
    with home.world.services.database.begin(write=True) as connection:
        for _ in range(count):
            connection.execute(INSERT_AUDIT_EVENT, empty | told | whose | {"id": new_id()})
        connection.commit()


def test_the_pages_of_a_trail_that_grows_skip_and_repeat_nothing(home: Household) -> None:
    now = datetime.now(UTC)
    put_events(home, 4, now - timedelta(hours=2))
    put_events(home, 3, now - timedelta(hours=1))
    before = events(home, home.patient)
    assert [event["at"] for event in before] == sorted(
        (event["at"] for event in before), reverse=True
    )

    def grow() -> None:
        put_events(home, 1, datetime.now(UTC))

    for limit in (1, 2, 3):
        listed = walk(home.patient, "/v1/me/audit", limit, between=grow)
        assert [event for event in listed if event in before] == before
        assert len({event["id"] for event in listed}) == len(listed)


@pytest.mark.parametrize("who", ["patient", "clinician"])
def test_a_forged_cursor_is_refused(home: Household, who: str) -> None:
    person: Person = getattr(home, who)
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE):
        assert refused(person, path_for(home, person), cursor), cursor
