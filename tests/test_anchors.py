"""The session a check-in belongs to: derived at each read, moved with the session, never stored."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from bench.counts import counted
from clinical.days import local_day
from models.checkin import Checkin
from models.checkin_revision import CheckinRevision
from models.dose import Dose
from models.treatment_session import TreatmentSession
from tests.entries import match, of_patient, own
from tests.people import ZONE, Household
from tests.trend_rows import DOSE, add_session, change_session, log_days
from tests.visits import completed, made, sessions, tag

NONE = (None, None, None)


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def anchor(told: Any) -> tuple[UUID | None, int | None, bool | None]:
    session_id = told["session_id"]
    return session_id and UUID(session_id), told["day_offset"], told["pre_dose"]


def log(home: Household, day: date, hour: int = 18, mood: int = 6, headers: Any = None) -> Any:
    """The patient logs a day, at that hour of it."""
    when = at(day, hour).isoformat()
    body = {"mood": mood, "recorded_at": when, "timezone": ZONE}
    answer = home.patient.put(own(day), body, headers=headers or {})
    assert answer.status_code in (200, 201), answer.json
    return answer


def read(home: Household, day: date) -> Any:
    answer = home.patient.get(own(day))
    assert answer.status_code == 200, answer.json
    return answer


def stored(home: Household) -> list[Any]:
    """All rows of check-ins there are, as they lie in the table."""
    days = home.world.rows(select(Checkin).order_by(Checkin.local_date))
    history = home.world.rows(select(CheckinRevision).order_by(CheckinRevision.version))
    return [tuple(row) for row in (*days, *history)]


def run(home: Household, statement: Any) -> None:
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(statement)
        connection.commit()


def test_every_read_tells_of_the_session_and_the_days_since(home: Household, today: date) -> None:
    day = today - timedelta(days=2)
    session_id = add_session(home, today - timedelta(days=5))
    answer = log(home, day)
    assert anchor(answer.json) == (session_id, 3, False)
    assert read(home, day).json == answer.json
    assert read(home, day).headers["ETag"] == answer.headers["ETag"]
    assert home.clinician.get(of_patient(home.patient_id, day)).json == answer.json
    for path in ("/v1/me/checkins", of_patient(home.patient_id)):
        who = home.patient if "me" in path else home.clinician
        assert who.get(path).json["items"] == [answer.json]


def test_before_the_first_session_all_three_are_null(home: Household, today: date) -> None:
    add_session(home, today)
    assert anchor(log(home, today - timedelta(days=1)).json) == NONE


def test_moving_a_session_moves_every_offset_and_tag_and_no_stored_byte(
    home: Household, today: date
) -> None:
    """Two days earlier: every day after it is two days further from it."""
    session = made(home, completed(-6))
    days = [today - timedelta(days=ago) for ago in (1, 2, 3)]
    for day in days:
        log(home, day)
    before, rows = [read(home, day) for day in days], stored(home)
    moved = completed(-8)
    times = {key: moved[key] for key in ("started_at", "stopped_at", "doses")}
    path = sessions(home, session["id"])
    answer = home.clinician.patch(path, times, headers=tag(session))
    assert answer.status_code == 200, answer.json
    after = [read(home, day) for day in days]
    for old, new in zip(before, after, strict=True):
        assert new.json["day_offset"] == old.json["day_offset"] + 2
        assert new.headers["ETag"] != old.headers["ETag"]
        assert new.headers["ETag"].split(".")[0] == old.headers["ETag"].split(".")[0]
        held = home.patient.get(
            own(old.json["date"]), headers={"If-None-Match": old.headers["ETag"]}
        )
        assert held.status_code == 200  # what was held is not what is
        derived = ("day_offset",)
        same = {key: value for key, value in old.json.items() if key not in derived}
        assert same == {key: value for key, value in new.json.items() if key not in derived}
    assert stored(home) == rows


def test_if_match_compares_the_revision_only(home: Household, today: date) -> None:
    day = today - timedelta(days=1)
    seen = log(home, day)
    session_id = add_session(home, today - timedelta(days=4))
    changed = log(home, day, mood=3, headers=match(seen))
    assert changed.status_code == 200
    assert anchor(changed.json) == (session_id, 3, False)
    change_session(home, session_id, local_date=today - timedelta(days=9))
    deleted = home.patient.delete(own(day), headers=match(changed))
    assert deleted.status_code == 204


def test_a_backdated_session_takes_the_days_after_it(home: Household, today: date) -> None:
    days = [today - timedelta(days=ago) for ago in (6, 3, 1)]
    log_days(home, {day: {"mood": 5} for day in days})
    late = add_session(home, today - timedelta(days=2))
    assert [anchor(read(home, day).json)[1] for day in days] == [None, None, 1]
    early = add_session(home, today - timedelta(days=5))
    assert [anchor(read(home, day).json) for day in days] == [
        NONE,
        (early, 2, False),
        (late, 1, False),
    ]


def test_what_did_not_take_place_has_no_days(home: Household, today: date) -> None:
    day = today - timedelta(days=1)
    log_days(home, {day: {"mood": 5}})
    session_id = add_session(home, today - timedelta(days=4))
    earlier = add_session(home, today - timedelta(days=9))
    assert anchor(read(home, day).json) == (session_id, 3, False)
    for state in (
        {"status": "booked"},
        {"status": "cancelled", "status_reason": "other", "started_at": None,
         "scheduled_at": home.world.now},
        {"status": "aborted", "started_at": home.world.now, "status_reason": "other"},
    ):  # fmt: skip
        change_session(home, session_id, **state)
        assert anchor(read(home, day).json) == (earlier, 8, False)
    told = {"status": "completed", "voided_at": home.world.now}
    change_session(home, session_id, **told)
    assert anchor(read(home, day).json) == (earlier, 8, False)
    change_session(home, session_id, voided_at=None)
    assert anchor(read(home, day).json) == (session_id, 3, False)


def test_a_day_logged_before_the_dose_is_pre_dose_and_stays_so_when_corrected(
    home: Household, today: date
) -> None:
    """The session began at 12:00 UTC, its dose was given at 13:00: what was first recorded at
    12:30 came before it, though it was corrected in the evening."""
    day = today - timedelta(days=1)
    dose = DOSE | {"given_at": at(day, 13)}
    session_id = add_session(home, day, dose=dose)
    body = {"mood": 4, "recorded_at": at(day, 12, 30).isoformat(), "timezone": ZONE}
    first = home.patient.put(own(day), body)
    assert anchor(first.json) == (session_id, 0, True)
    second = log(home, day, hour=20, mood=7, headers=match(first))
    assert anchor(second.json) == (session_id, 0, True)
    assert anchor(read(home, day).json) == (session_id, 0, True)
    listed = home.clinician.get(of_patient(home.patient_id)).json["items"]
    assert anchor(listed[0]) == (session_id, 0, True)
    void = update(Dose).where(Dose.session_id == session_id).values(voided_at=home.world.now)
    run(home, void)
    assert anchor(read(home, day).json) == (session_id, 0, False)  # then its start counts


def test_a_day_logged_after_the_dose_is_not_pre_dose(home: Household, today: date) -> None:
    day = today - timedelta(days=1)
    session_id = add_session(home, day)
    assert anchor(log(home, day, hour=12).json) == (session_id, 0, False)


def test_a_day_deleted_and_logged_anew_begins_anew(home: Household, today: date) -> None:
    day = today - timedelta(days=1)
    session_id = add_session(home, day)
    first = log(home, day, hour=8)
    assert anchor(first.json) == (session_id, 0, True)
    gone = home.patient.delete(own(day), headers=match(first))
    anew = log(home, day, hour=20, headers=match(gone))
    assert anchor(anew.json) == (session_id, 0, False)
    assert anchor(read(home, day).json) == (session_id, 0, False)


def test_an_entry_without_a_believable_time_is_neither(home: Household, today: date) -> None:
    """Without history as an import has none of its time; and with a clock before 2020."""
    day, suspect = today - timedelta(days=1), today - timedelta(days=2)
    log_days(home, {day: {"mood": 5}}, source="import")
    session_id, before = add_session(home, day), add_session(home, suspect)
    assert anchor(read(home, day).json) == (session_id, 0, None)
    body = {"mood": 4, "recorded_at": "2019-01-01T08:00:00Z", "timezone": ZONE}
    told = home.patient.put(own(suspect), body)
    assert (told.status_code, told.json["clock_suspect"]) == (201, True)
    assert anchor(told.json) == anchor(read(home, suspect).json) == (before, 0, None)


def test_of_two_sessions_on_a_day_the_later_is_named_and_the_earlier_dose_judges(
    home: Household, today: date
) -> None:
    day = today - timedelta(days=1)
    evening = add_session(home, day, dose=None, started_at=at(day, 17))
    add_session(home, day, dose=None, started_at=at(day, 9))
    assert anchor(log(home, day, hour=12).json) == (evening, 0, False)
    log_days(home, {today: {"mood": 5}})
    assert anchor(read(home, today).json) == (evening, 1, False)


def test_a_repeated_request_tells_of_the_sessions_as_they_are(home: Household, today: date) -> None:
    day = today - timedelta(days=1)
    key = {"Idempotency-Key": "one"}
    assert anchor(log(home, day, headers=key).json) == NONE
    session_id = add_session(home, today - timedelta(days=3))
    again = log(home, day, headers=key)
    assert (again.status_code, anchor(again.json)) == (201, (session_id, 2, False))


def test_a_stale_sender_is_told_of_the_session_too(home: Household, today: date) -> None:
    day = today - timedelta(days=1)
    log(home, day)
    session_id = add_session(home, today - timedelta(days=3))
    when = {"recorded_at": at(day, 19).isoformat(), "timezone": ZONE}
    stale = {"If-Match": '"r7"'}
    refused = home.patient.put(own(day), {"mood": 1, **when}, headers=stale)
    assert refused.status_code == 412
    assert anchor(refused.json["current"]) == (session_id, 2, False)


def test_another_patients_sessions_have_no_days_here(home: Household, today: date) -> None:
    other = home.world.patient(home.clinic_id)
    day = today - timedelta(days=1)
    session_id = add_session(home, today - timedelta(days=3), dose=None)
    theirs = update(TreatmentSession).where(TreatmentSession.id == session_id)
    run(home, theirs.values(patient_id=other))
    assert anchor(log(home, day).json) == NONE


def test_a_list_costs_no_statement_more_for_its_sessions(home: Household, today: date) -> None:
    log_days(home, {today - timedelta(days=ago): {"mood": 5} for ago in range(30)})
    with counted(home.world.services.database) as without:
        home.patient.get("/v1/me/checkins")
    for ago in range(3, 30, 3):
        add_session(home, today - timedelta(days=ago))
    with counted(home.world.services.database) as many:
        items = home.patient.get("/v1/me/checkins").json["items"]
    assert len({item["session_id"] for item in items}) == 10
    assert many.statements == without.statements, many.seen
