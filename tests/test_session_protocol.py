"""A session's life: whose record is kept when two write, what is signed, what is void."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from models.dose import Dose
from tests.people import Household
from tests.visits import (
    BEFORE,
    DOSE,
    DURING,
    actions,
    booking,
    completed,
    history,
    inputs_version,
    instant,
    made,
    sessions,
    signed,
    tag,
    told,
)

CANCELLED = {"status": "cancelled", "status_reason": "cost"}
MISSED = {"status": "missed", "status_reason": "no_contact"}
ABORTED = {"status": "aborted", "status_reason": "adverse_effect"}
WRONG = {"reason": "another patient's"}


def patch(home: Household, one: Mapping[str, Any], body: Mapping[str, Any], **headers: str) -> Any:
    return home.clinician.patch(sessions(home, one["id"]), dict(body), headers=headers)


def post(home: Household, one: Mapping[str, Any], below: str, body: Any = None) -> Any:
    return home.clinician.post(sessions(home, one["id"], below), body)


def test_saying_what_is_stored_changes_nothing_whatever_the_precondition(home: Household) -> None:
    body = completed(note="calm")
    one = made(home, body)
    for headers in ({}, tag(one), {"If-Match": '"r7"'}, {"If-Match": "*"}):
        again = patch(home, one, body, **headers)
        assert (again.status_code, again.json) == (200, one)
    assert len(history(home.world, one["id"])) == 1


def test_a_booking_is_changed_without_a_precondition(home: Household) -> None:
    past = {"scheduled_at": instant(-1), "confirmed": ["/scheduled_at"]}
    one = made(home, booking())
    steps: tuple[dict[str, Any], ...] = (
        {**past, **MISSED},
        {**past, "status": "booked"},
        CANCELLED,
        booking(8),
    )
    for number, body in enumerate(steps, start=2):
        answer = patch(home, one, body)
        assert (answer.status_code, answer.json["revision"]) == (200, number), answer.json
    assert answer.json["status_reason"] is None  # what hindered it is over


def test_a_session_under_way_is_a_record_too(home: Household) -> None:
    before = dict(DURING) | {"minute": 0}
    one = made(home, booking(0, started_at=instant(0, -1), vitals=[before]))
    for body in ({"vitals": [before | {"systolic_mmhg": 180}]}, {"vitals": [{"minute": 0}]}):
        assert told(patch(home, one, body), "precondition-required") == [], body
    assert patch(home, one, {"vitals": [dict(DURING)]}).status_code == 200  # adding loses nothing


def test_replacing_a_recorded_value_needs_the_revision_it_was_seen_at(home: Household) -> None:
    one = made(home, completed(note="calm"))
    replacing: tuple[dict[str, Any], ...] = (
        {"note": "tired"},
        {"note": None},
        {"weight_kg": 71},
        {"doses": [dict(DOSE) | {"dose_mg": 40}]},
        {"doses": []},
        {"vitals": [dict(DURING) | {"systolic_mmhg": 150}]},
        {"vitals": [{"minute": 40}]},
        ABORTED,
    )
    for body in replacing:
        missing = patch(home, one, body)
        assert told(missing, "precondition-required") == [], body
        assert missing.headers["ETag"].startswith('"r1.')
        for stale in ('"r2"', '"r9"', "*", '"x"'):
            assert told(patch(home, one, body, **{"If-Match": stale}), "precondition-failed") == []
    assert home.clinician.get(sessions(home, one["id"])).json == one
    assert patch(home, one, {"note": "tired"}, **tag(one)).json["note"] == "tired"


def test_adding_to_a_record_loses_nothing_and_needs_no_precondition(home: Household) -> None:
    one = made(home, completed(vitals=[BEFORE]))
    adding: tuple[dict[str, Any], ...] = (
        {"note": "calm"},
        {"vitals": [DURING]},
        {"adverse_effects": []},
    )
    for body in adding:
        assert patch(home, one, body).status_code == 200, body
    found = home.clinician.get(sessions(home, one["id"])).json
    assert (found["note"], len(found["vitals"]), found["adverse_effects"]) == ("calm", 2, [])


def test_readings_are_merged_minute_by_minute(home: Household) -> None:
    one = made(home, completed(vitals=[BEFORE]))
    sent: tuple[tuple[dict[str, Any], list[tuple[int, int | None]]], ...] = (
        ({"minute": 20, "systolic_mmhg": 130}, [(-5, 128), (20, 130)]),
        ({"minute": 40, "systolic_mmhg": 140}, [(-5, 128), (20, 130), (40, 140)]),
        ({"minute": 20, "heart_rate_bpm": 70}, [(-5, 128), (20, None), (40, 140)]),
        ({"minute": 20}, [(-5, 128), (40, 140)]),
        ({"minute": 30}, [(-5, 128), (40, 140)]),  # none there to be removed
    )
    for reading, stored in sent:
        seen = home.clinician.get(sessions(home, one["id"])).json
        answer = patch(home, one, {"vitals": [reading]}, **tag(seen))
        assert answer.status_code == 200, answer.json
        found = [(one["minute"], one["systolic_mmhg"]) for one in answer.json["vitals"]]
        assert found == stored


def test_a_reading_keeps_who_took_it_when_a_colleague_adds_another(home: Household) -> None:
    one = made(home, completed(vitals=[BEFORE]))
    home.world.treats(home.colleague, home.patient_id)
    answer = home.colleague.patch(sessions(home, one["id"]), {"vitals": [DURING]})
    took = {reading["minute"]: reading["taken_by"] for reading in answer.json["vitals"]}
    assert took == {-5: str(home.clinician.membership_id), 40: str(home.colleague.membership_id)}


def test_a_dose_that_stays_is_the_same_dose(home: Household) -> None:
    one = made(home, completed(doses=[DOSE, dict(DOSE) | {"dose_mg": 20}]))
    kept = next(dose["id"] for dose in one["doses"] if dose["dose_mg"] == 20)
    body = {"doses": [dict(DOSE) | {"dose_mg": 20}, dict(DOSE) | {"dose_mg": 30}]}
    found = {
        dose["dose_mg"]: dose["id"] for dose in patch(home, one, body, **tag(one)).json["doses"]
    }
    assert found.keys() == {20, 30}
    assert found[20] == kept


def test_what_was_recorded_is_corrected_while_it_is_unsigned(home: Household) -> None:
    one = made(home, booking(-1, confirmed=["/scheduled_at"]))
    never_began = {"started_at": None, "stopped_at": None, "doses": [], "vitals": _none_of(40, -5)}
    steps = (completed(-1), ABORTED, {**MISSED, **never_began}, booking(3), completed(-2))
    for number, body in enumerate(steps, start=1):
        answer = patch(home, one, body, **tag(one))
        assert answer.status_code == 200, answer.json
        one = answer.json
        assert (one["status"], one["revision"]) == (body["status"], number + 1)


def _none_of(*minutes: int) -> list[dict[str, int]]:
    return [{"minute": minute} for minute in minutes]


def test_a_signed_session_is_never_changed(home: Household) -> None:
    one = signed(home)
    assert one["signed_by"] == str(home.clinician.membership_id)
    for body in (
        {"note": "x"},
        completed(),
        CANCELLED,
        {"vitals": [{"minute": 90, "moaas": 5}]},
        {},
    ):
        assert told(patch(home, one, body, **tag(one)), "signed") == []
        assert told(patch(home, one, body), "signed") == []
    assert home.clinician.get(sessions(home, one["id"])).json == one


def test_only_what_has_happened_is_signed(home: Household) -> None:
    one = made(home, booking(-1, confirmed=["/scheduled_at"]))
    for body in ({"status": "booked"}, CANCELLED, MISSED):
        assert patch(home, one, body).status_code == 200
        assert told(post(home, one, "sign"), "conflict") == []
    broken_off = made(home, completed(**ABORTED))
    assert post(home, broken_off, "sign").status_code == 200


def test_signing_names_what_was_read_where_it_says_so(home: Household) -> None:
    one = made(home, completed())
    patch(home, one, {"note": "added meanwhile"})
    path = sessions(home, one["id"], "sign")
    assert told(home.clinician.post(path, headers=tag(one)), "precondition-failed") == []
    assert home.clinician.post(path, headers={"If-Match": '"r2"'}).status_code == 200


def test_whoever_takes_back_what_they_have_not_seen_is_told(home: Household) -> None:
    one = made(home, completed())
    patch(home, one, {"note": "added meanwhile"})
    path = sessions(home, one["id"], "void")
    stale = home.clinician.post(path, WRONG, headers=tag(one))
    assert told(stale, "precondition-failed") == []
    assert stale.headers["ETag"].startswith('"r2.')
    assert home.clinician.get(sessions(home, one["id"])).json["voided_at"] is None
    assert home.clinician.post(path, WRONG, headers={"If-Match": '"r2"'}).status_code == 200


def test_ones_own_signature_again_changes_nothing_and_anothers_is_refused(home: Household) -> None:
    one = signed(home)
    assert post(home, one, "sign").json == one
    home.world.treats(home.colleague, home.patient_id)
    answer = home.colleague.post(sessions(home, one["id"], "sign"))
    assert told(answer, "signed") == []
    assert actions(home.world, one["id"]) == ["session.record", "session.sign"]


def test_addenda_are_added_to_what_is_signed_and_to_nothing_else(home: Household) -> None:
    one = made(home, completed())
    assert told(post(home, one, "addenda", {"text": "early"}), "conflict") == []
    before = post(home, one, "sign")
    first = post(home, one, "addenda", {"text": "well the next morning"})
    second = post(home, one, "addenda", {"text": "and the day after"})
    assert (first.status_code, second.status_code) == (201, 201)
    texts = [added["text"] for added in second.json["addenda"]]
    assert texts == ["well the next morning", "and the day after"]
    assert second.json | {"addenda": []} == before.json  # nothing that was signed has moved
    assert len({answer.headers["ETag"] for answer in (before, first, second)}) == 3
    post(home, one, "void", WRONG)
    assert told(post(home, one, "addenda", {"text": "late"}), "conflict") == []


def test_an_addendum_sent_again_with_its_key_is_added_once(home: Household) -> None:
    path = sessions(home, signed(home)["id"], "addenda")
    key, body = {"Idempotency-Key": "a-1"}, {"text": "well"}
    answers = [home.clinician.post(path, body, headers=key) for _ in range(2)]
    assert [len(answer.json["addenda"]) for answer in answers] == [1, 1]


def test_a_void_session_counts_nowhere_and_frees_its_time(home: Household) -> None:
    body = completed(-1)
    one = made(home, body)
    assert told(home.clinician.post(sessions(home), body), "conflict") == []
    gone = post(home, one, "void", WRONG)
    assert (gone.status_code, gone.json["void_reason"]) == (200, WRONG["reason"])
    assert gone.json["voided_by"] == str(home.clinician.membership_id)
    assert home.clinician.get(sessions(home)).json["items"] == []
    assert home.clinician.get(f"{sessions(home)}?void=true").json["items"] == [gone.json]
    assert home.patient.get("/v1/me/doses").json["items"] == []
    assert len(home.patient.get("/v1/me/doses?void=true").json["items"]) == 1
    assert home.clinician.get(sessions(home, one["id"])).json == gone.json  # it is still there
    rows = home.world.rows(select(Dose).where(Dose.patient_id == home.patient_id))
    assert [dose.void_reason for dose in rows] == [WRONG["reason"]]
    assert made(home, body)["status"] == "completed"


def test_a_void_session_is_never_changed_again(home: Household) -> None:
    one = made(home, completed())
    assert post(home, one, "void", WRONG).status_code == 200
    for answer in (
        patch(home, one, {"note": "x"}),
        post(home, one, "sign"),
        post(home, one, "void", WRONG),
    ):
        assert told(answer, "conflict") == []
    assert told(post(home, one, "void", {}), "invalid") == ["/reason"]


def test_what_is_signed_can_be_void(home: Household) -> None:
    one, before = signed(home), inputs_version(home)
    gone = post(home, one, "void", WRONG)
    assert (gone.status_code, gone.json["signed_at"]) == (200, one["signed_at"])
    assert told(post(home, one, "sign"), "conflict") == []
    assert inputs_version(home) == before + 1
    kept = [(kept.revision, kept.body["void_reason"]) for kept in history(home.world, one["id"])]
    assert kept == [(1, None), (2, None), (3, WRONG["reason"])]


@pytest.mark.parametrize("below", ["sign", "void", "addenda"])
def test_what_is_done_to_a_session_is_done_by_its_team_alone(home: Household, below: str) -> None:
    one = made(home, completed())
    body = {"sign": None, "void": WRONG, "addenda": {"text": "x"}}[below]
    for person, status in ((home.colleague, 404), (home.front_desk, 403), (home.patient, 403)):
        assert person.post(sessions(home, one["id"], below), body).status_code == status
