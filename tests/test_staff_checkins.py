"""A day taken by phone: staff may note it while the patient has not, and it gives way to theirs."""

from datetime import date
from typing import Any

from tests.entries import check_invariants, entry, match, of_patient, own, pointers, written
from tests.people import Household, Person

DAY = date(2024, 5, 10)


def phone(home: Household, body: Any, headers: Any = None, who: Person | None = None) -> Any:
    """What somebody of staff, the treating clinician if nobody is named, is answered."""
    caller = who or home.clinician
    return caller.put(of_patient(home.patient_id, DAY), body, headers=headers or {})


def assert_patient_logged(refused: Any) -> None:
    assert refused.status_code == 409
    assert refused.json["type"] == "/problems/patient-logged"


def test_a_day_taken_by_phone_says_who_took_it(home: Household) -> None:
    stored = phone(home, entry(DAY))
    assert stored.status_code == 201
    assert (stored.json["source"], stored.json["entered_by"]) == (
        "staff",
        str(home.clinician.membership_id),
    )
    assert home.patient.get(own(DAY)).json == stored.json
    events = home.patient.get("/v1/me/audit").json["items"]
    taken = [event for event in events if event["action"] == "checkin.create"]
    assert [(event["membership_id"], event["object_id"]) for event in taken] == [
        (str(home.clinician.membership_id), str(DAY))
    ]


def test_only_the_care_team_takes_a_day(home: Household) -> None:
    home.world.treats(home.admin, home.patient_id)
    before = written(home.world)
    refusals = (
        (home.colleague, 404),
        (home.stranger, 404),
        (home.front_desk, 403),
        (home.patient, 403),
    )
    for who, status in refusals:
        assert phone(home, entry(DAY), who=who).status_code == status
    assert written(home.world) == before
    assert phone(home, entry(DAY), who=home.admin).status_code == 201


def test_a_day_the_patient_has_logged_is_theirs(home: Household) -> None:
    stored = home.patient.put(own(DAY), entry(DAY))
    before = written(home.world)
    for headers in ({}, match(stored), {"If-Match": '"r9"'}, {"If-None-Match": "*"}):
        refused = phone(home, entry(DAY, mood=2), headers)
        assert_patient_logged(refused)
        assert refused.headers["ETag"] == stored.headers["ETag"]
    same = phone(home, entry(DAY))
    assert (same.status_code, same.json) == (200, stored.json)
    assert written(home.world) == before


def test_the_patients_own_entry_replaces_the_one_by_phone(home: Household) -> None:
    phone(home, entry(DAY))
    replaced = home.patient.put(own(DAY), entry(DAY, mood=2))
    assert (replaced.status_code, replaced.json["revision"]) == (200, 2)
    assert (replaced.json["source"], replaced.json["entered_by"]) == (
        "app",
        str(home.patient.membership_id),
    )
    assert_patient_logged(phone(home, entry(DAY, mood=5), {"If-Match": '"r2"'}))
    asked = home.patient.put(own(DAY), entry(DAY, mood=7))
    assert asked.status_code == 428  # an edit of the patient's own entry needs a precondition
    kept = check_invariants(home.world, home.patient_id).applied
    assert sorted((row.revision, row.body["mood"], row.actor) for row in kept) == [
        (1, 6, home.clinician.membership_id),
        (2, 2, home.patient.membership_id),
    ]


def test_staff_correct_what_staff_took_with_a_precondition(home: Household) -> None:
    home.world.treats(home.admin, home.patient_id)
    stored = phone(home, entry(DAY))
    assert phone(home, entry(DAY, mood=2), who=home.admin).status_code == 428
    corrected = phone(home, entry(DAY, mood=2), match(stored), home.admin)
    assert (corrected.status_code, corrected.json["revision"]) == (200, 2)
    assert corrected.json["entered_by"] == str(home.admin.membership_id)
    stale = phone(home, entry(DAY, mood=3), match(stored))
    assert (stale.status_code, stale.json["current"]) == (412, corrected.json)
    assert len(check_invariants(home.world, home.patient_id).conflicts) == 1


def test_a_day_the_patient_deleted_is_not_taken_by_phone(home: Household) -> None:
    """Whoever had entered it: deleting says that nothing shall stand there."""
    first = phone(home, entry(DAY))
    deleted = home.patient.delete(own(DAY), headers=match(first))
    assert deleted.status_code == 204
    for headers in ({}, match(first), match(deleted), {"If-None-Match": "*"}):
        for mood in (6, 2):
            assert_patient_logged(phone(home, entry(DAY, mood=mood), headers))
    assert home.patient.get(own(DAY)).status_code == 404
    assert home.patient.put(own(DAY), entry(DAY), headers=match(deleted)).status_code == 201
    check_invariants(home.world, home.patient_id)


def test_a_replayed_phone_entry_takes_nothing_from_the_patient(home: Household) -> None:
    sent = {"Idempotency-Key": "call-1"}
    first = phone(home, entry(DAY), sent)
    home.patient.put(own(DAY), entry(DAY, mood=2))
    again = phone(home, entry(DAY), sent)
    assert (again.status_code, again.json) == (201, first.json)
    assert home.patient.get(own(DAY)).json["mood"] == 2
    check_invariants(home.world, home.patient_id)


def test_a_phone_entry_is_held_to_the_same_rules(home: Household) -> None:
    before = written(home.world)
    late = entry(DAY) | {"recorded_at": "2024-05-25T18:00:00Z"}  # 25 - 14 = 11 May at the earliest
    assert pointers(phone(home, late)) == ["/date"]
    wrong = late | {"mood": 11, "suicidal_thoughts": "none", "custom": {"pain": 3}, "revision": 2}
    assert pointers(phone(home, wrong)) == [
        "/custom/pain",
        "/date",
        "/mood",
        "/revision",
        "/suicidal_thoughts",
    ]
    assert written(home.world) == before
