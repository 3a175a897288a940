"""Bookings: what the front desk does with a session, and what it never sees of one."""

from typing import Any

import pytest

from tests.people import Household, Person
from tests.visits import (
    BEFORE,
    actions,
    booking,
    bookings,
    completed,
    history,
    instant,
    made,
    sessions,
    signed,
    tag,
    told,
)

SHOWN = {
    "id", "course_id", "status", "status_reason", "scheduled_at", "scheduled_minutes", "timezone",
    "driver_confirmed", "date", "revision",
}  # fmt: skip
CANCELLED = {"status": "cancelled", "status_reason": "travel"}
MISSED = {"status": "missed", "status_reason": "no_contact"}


def booked(home: Household, person: Person, days: float = 7, **given: Any) -> Any:
    return person.post(bookings(home), {"scheduled_at": instant(days), **given})


def changed(home: Household, one: dict[str, Any], body: dict[str, Any], **headers: str) -> Any:
    return home.front_desk.patch(bookings(home, one["id"]), body, headers=headers)


def test_a_booking_is_a_session_of_which_the_desk_sees_nothing_clinical(home: Household) -> None:
    one = made(home, booking(5, note="ask about the bladder", weight_kg=70, status_note="x"))
    answer = changed(home, one, {"driver_confirmed": True})
    assert answer.json.keys() == SHOWN
    assert answer.json["driver_confirmed"] is True
    assert "bladder" not in answer.text
    whole = home.clinician.get(sessions(home, one["id"])).json
    assert whole == one | {"driver_confirmed": True, "revision": 2}


@pytest.mark.parametrize("role", ["front_desk", "admin", "clinician"])
def test_desk_admin_and_team_book_alike(home: Household, role: str) -> None:
    answer = booked(home, getattr(home, role), scheduled_minutes=90, driver_confirmed=False)
    assert answer.status_code == 201, answer.json
    assert answer.json.keys() == SHOWN
    whole = home.clinician.get(sessions(home, answer.json["id"])).json
    assert (whole["status"], whole["scheduled_minutes"]) == ("booked", 90)
    assert actions(home.world, whole["id"]) == ["session.record"]
    assert len(history(home.world, whole["id"])) == 1


def test_a_booking_repeated_later_tells_no_clinical_reason(home: Household) -> None:
    key = {"Idempotency-Key": "k1"}
    body = {"scheduled_at": instant(0, -2), "confirmed": ["/scheduled_at"]}
    one = home.front_desk.post(bookings(home), body, headers=key).json
    aborted = {"status": "aborted", "status_reason": "blood_pressure", "started_at": instant(0, -1)}
    assert home.clinician.patch(sessions(home, one["id"]), aborted).status_code == 200
    again = home.front_desk.post(bookings(home), body, headers=key)
    assert (again.status_code, again.json["status"]) == (201, "aborted")
    assert again.json["status_reason"] is None


def test_a_desk_gives_no_clinical_reason(home: Household) -> None:
    one = home.front_desk.post(bookings(home), {"scheduled_at": instant(3)}).json
    clinical = {"status": "cancelled", "status_reason": "blood_pressure"}
    refusal = home.front_desk.patch(bookings(home, one["id"]), clinical)
    assert told(refusal, "invalid") == ["/status_reason"]


def test_a_booking_is_moved_cancelled_missed_and_revived(home: Household) -> None:
    one = booked(home, home.front_desk).json
    steps: tuple[tuple[dict[str, Any], str], ...] = (
        ({"scheduled_at": instant(9), "scheduled_minutes": 60}, "booked"),
        (CANCELLED, "cancelled"),
        ({"status": "booked"}, "booked"),
        (MISSED | {"scheduled_at": instant(-1)}, "missed"),
    )
    for number, (body, status) in enumerate(steps, start=2):
        answer = changed(home, one, body)
        assert (answer.status_code, answer.json["status"]) == (200, status), answer.json
        assert answer.json["revision"] == number
    assert answer.json["status_reason"] == "no_contact"
    assert answer.json["date"] < one["date"]


def test_nobody_has_missed_what_lies_ahead(home: Household) -> None:
    one = booked(home, home.front_desk, 4).json
    refusal = changed(home, one, MISSED)
    assert told(refusal, "invalid") == ["/status"]
    assert "ahead" in refusal.json["errors"][0]["detail"]
    assert home.clinician.get(sessions(home, one["id"])).json["status"] == "booked"
    # A device's clock may be five minutes ahead of ours.
    soon = instant(hours=4 / 60)
    for at, status in ((soon, 200), (instant(hours=8 / 60), 422)):
        answer = changed(home, one, MISSED | {"scheduled_at": at})
        assert answer.status_code == status, answer.json


def test_no_reason_no_cancelling(home: Household) -> None:
    one = booked(home, home.front_desk, -1, confirmed=["/scheduled_at"]).json
    for status in ("cancelled", "missed"):
        assert told(changed(home, one, {"status": status}), "invalid") == ["/status_reason"]
    assert told(changed(home, one, {"status": "completed"}), "invalid") == ["/status"]


def test_what_is_unlikely_is_asked_at_the_desk_too(home: Household) -> None:
    assert told(booked(home, home.front_desk, -1), "questions") == ["/scheduled_at"]
    assert booked(home, home.front_desk, -1, confirmed=["/scheduled_at"]).status_code == 201
    one = booked(home, home.front_desk).json
    far = {"scheduled_at": instant(500)}
    assert told(changed(home, one, far), "questions") == ["/scheduled_at"]
    assert changed(home, one, far | {"confirmed": ["/scheduled_at"]}).status_code == 200


def test_a_taken_hour_is_taken(home: Household) -> None:
    booked(home, home.front_desk, 7)
    assert told(booked(home, home.front_desk, 7), "conflict") == []
    other = booked(home, home.front_desk, 8).json
    assert told(changed(home, other, {"scheduled_at": instant(7)}), "conflict") == []


def test_what_has_begun_is_no_longer_the_desks(home: Household) -> None:
    begun = (
        made(home, completed(-1)),
        made(home, completed(-3, status="aborted", status_reason="adverse_effect")),
        made(home, booking(0.5, started_at=instant(hours=-1))),
        made(home, booking(1, vitals=[BEFORE])),
        signed(home, -9),
    )
    for one in begun:
        for body in (CANCELLED, {"driver_confirmed": True}):
            refused = changed(home, one, body)
            assert refused.status_code == 409, refused.json
            assert told(refused, "signed" if one["signed_at"] else "conflict") == []
        assert home.clinician.get(sessions(home, one["id"])).json == one


def test_a_void_booking_is_gone(home: Household) -> None:
    one = booked(home, home.front_desk).json
    path = sessions(home, one["id"], "void")
    assert home.clinician.post(path, {"reason": "twice"}).status_code == 200
    assert told(changed(home, one, CANCELLED), "conflict") == []
    assert booked(home, home.front_desk).status_code == 201


def test_a_precondition_is_held_to_where_one_is_sent(home: Household) -> None:
    one = booked(home, home.front_desk).json
    assert changed(home, one, CANCELLED, **tag(one)).status_code == 200
    stale = changed(home, one, MISSED, **tag(one))
    assert told(stale, "precondition-failed") == []
    assert stale.headers["ETag"].startswith('"r2.')


def test_a_booking_sent_again_with_its_key_is_made_once(home: Household) -> None:
    key, body = {"Idempotency-Key": "b-1"}, {"scheduled_at": instant(7)}
    answers = [home.front_desk.post(bookings(home), body, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json


def test_the_desk_reaches_a_session_by_no_other_way(home: Household) -> None:
    one = booked(home, home.front_desk).json
    assert home.front_desk.get(sessions(home, one["id"])).status_code == 403
    assert home.front_desk.get(sessions(home)).status_code == 403
    assert home.front_desk.patch(sessions(home, one["id"]), CANCELLED).status_code == 403
    for person in (home.colleague, home.stranger):
        assert booked(home, person).status_code == 404
