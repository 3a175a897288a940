"""Reminders: at one's own hour on every kind of day, and never in quiet hours."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.days import timezones
from clinical.reminders import (
    STALE_AFTER,
    Wishes,
    following,
    is_quiet,
    latest,
    out_of_quiet,
    wall_instant,
)

BERLIN, BOUNDARY = "Europe/Berlin", 240


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wishes(at: time | None = time(20), timezone: str = BERLIN, **given: Any) -> Wishes:
    return Wishes(at, timezone, BOUNDARY, **given)


@pytest.mark.parametrize(
    ("day", "at", "timezone", "instant"),
    [
        ("2026-11-25", "20:00", BERLIN, "2026-11-25T19:00"),  # winter, +1
        ("2026-07-25", "20:00", BERLIN, "2026-07-25T18:00"),  # summer, +2
        ("2026-03-29", "02:30", BERLIN, "2026-03-29T01:30"),  # left out: 03:30 by the new clock
        ("2026-10-25", "02:30", BERLIN, "2026-10-25T00:30"),  # comes twice: the first
        ("2026-11-25", "20:00", "Asia/Kathmandu", "2026-11-25T14:15"),  # +05:45
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),  # half an hour left out
        ("2026-11-25", "20:00", "Pacific/Kiritimati", "2026-11-25T06:00"),  # +14
        ("2026-11-25", "20:00", "Pacific/Pago_Pago", "2026-11-26T07:00"),  # -11
    ],
)
def test_a_wall_clock_time_is_an_instant(day: str, at: str, timezone: str, instant: str) -> None:
    found = wall_instant(date.fromisoformat(day), time.fromisoformat(at), timezone)
    assert found == utc(instant)


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
@pytest.mark.parametrize("at", [time(2, 30), time(1, 59), time(3), time(20)])
def test_on_a_night_of_changing_clocks_there_is_one_reminder(night: str, at: time) -> None:
    midnight = utc(f"{night}T00:00") - timedelta(hours=4)
    found = {
        occasion.due_at
        for minute in range(0, 28 * 60, 5)
        if (occasion := latest(wishes(at), midnight + timedelta(minutes=minute))) is not None
        and occasion.due_at.astimezone(ZoneInfo(BERLIN)).date().isoformat() == night
    }
    assert len(found) == 1


def test_a_reminder_comes_at_its_hour_and_goes_stale() -> None:
    due = utc("2026-11-25T19:00")
    assert latest(wishes(), due - timedelta(seconds=1)) is None
    found = latest(wishes(), due)
    assert found is not None
    assert (found.day, found.due_at, found.expires_at) == (
        date(2026, 11, 25),
        due,
        utc("2026-11-25T21:00"),
    )
    assert latest(wishes(), due + STALE_AFTER - timedelta(seconds=1)) == found
    assert latest(wishes(), due + STALE_AFTER) is None
    assert latest(wishes(None), due) is None


def test_before_the_day_begins_it_is_still_the_evening_before() -> None:
    found = latest(wishes(time(1)), utc("2026-11-26T00:00"))  # 01:00 in Berlin, before 04:00
    assert found is not None
    assert found.day == date(2026, 11, 25)


def test_the_same_hour_comes_sooner_in_the_east() -> None:
    """A phone in another zone that has told so: 20:00 there."""
    tokyo = following(wishes(timezone="Asia/Tokyo"), utc("2026-11-25T09:00"), None)
    berlin = following(wishes(), utc("2026-11-25T09:00"), None)
    assert tokyo is not None
    assert berlin is not None
    assert (tokyo.due_at, berlin.due_at) == (utc("2026-11-25T11:00"), utc("2026-11-25T19:00"))


def test_quiet_hours_move_a_reminder_to_their_end() -> None:
    night: dict[str, Any] = {"quiet_from": time(22), "quiet_until": time(8)}
    moved = latest(wishes(time(23), **night), utc("2026-11-26T07:00"))
    assert moved is not None
    assert (moved.due_at, moved.day) == (utc("2026-11-26T07:00"), date(2026, 11, 26))
    assert latest(wishes(time(23), **night), utc("2026-11-25T22:00")) is None
    assert latest(wishes(time(22), **night), utc("2026-11-25T21:30")) is None


def test_a_late_reminder_is_not_sent_into_the_quiet_hours() -> None:
    found = latest(
        wishes(time(21), quiet_from=time(22), quiet_until=time(8)), utc("2026-11-25T20:30")
    )
    assert found is not None
    assert found.expires_at == utc("2026-11-25T21:00")  # 22:00, before the two hours are over


@pytest.mark.parametrize(("timezone", "quiet_from", "now", "due"), [
    # The quiet hours end at 02:30 of a night in which 02:00 is 03:00: they end there.
    (BERLIN, time(22), "2026-03-29T00:30", "2026-03-29T01:00"),
    ("America/New_York", time(21), "2026-03-08T06:30", "2026-03-08T07:00"),
])  # fmt: skip
def test_quiet_hours_that_end_in_an_hour_that_is_left_out_end_when_the_clock_changes(
    timezone: str, quiet_from: time, now: str, due: str
) -> None:
    asked = wishes(time(23), timezone, quiet_from=quiet_from, quiet_until=time(2, 30))
    assert latest(asked, utc(now)) is None
    assert out_of_quiet(utc(now), asked) == utc(due)
    found = latest(asked, utc(due))
    assert found is not None
    assert found.due_at == utc(due)


def test_put_off_it_comes_once_then_and_not_at_its_hour() -> None:
    until = utc("2026-11-25T19:45")
    asked = wishes(snoozed_until=until)
    assert latest(asked, utc("2026-11-25T19:10")) is None
    again = latest(asked, until)
    assert again is not None
    assert (again.due_at, again.is_snoozed, again.day) == (until, True, date(2026, 11, 25))
    tomorrow = latest(asked, utc("2026-11-26T19:00"))
    assert tomorrow is not None
    assert (tomorrow.is_snoozed, tomorrow.day) == (False, date(2026, 11, 26))


def test_paused_through_a_day_it_comes_the_day_after() -> None:
    asked = wishes(paused_until=date(2026, 12, 24))
    assert latest(asked, utc("2026-12-24T19:00")) is None
    found = following(asked, utc("2026-11-25T12:00"), None)
    assert found is not None
    assert found.due_at == utc("2026-12-25T19:00")


def test_a_day_that_is_logged_needs_no_reminder() -> None:
    found = following(wishes(), utc("2026-11-25T12:00"), date(2026, 11, 25))
    assert found is not None
    assert found.day == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("at", "bounds", "quiet"),
    [
        (time(22), (time(22), time(8)), True),
        (time(8), (time(22), time(8)), False),
        (time(0), (time(22), time(8)), True),
        (time(12), (time(22), time(8)), False),
        (time(13), (time(12), time(14)), True),
        (time(14), (time(12), time(14)), False),
        (time(3), (None, None), False),
    ],
)
def test_quiet_hours_have_their_first_minute_and_not_their_last(
    at: time, bounds: tuple[time | None, time | None], quiet: bool
) -> None:
    assert is_quiet(at, *bounds) is quiet


zones = st.sampled_from(sorted(timezones()))
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)


@given(instants, minutes, minutes, minutes, zones)
def test_whatever_the_zone_nothing_is_sent_in_quiet_hours(
    now: datetime, at: time, quiet_from: time, quiet_until: time, timezone: str
) -> None:
    if quiet_from == quiet_until:
        return
    asked = wishes(at, timezone, quiet_from=quiet_from, quiet_until=quiet_until)
    moved = out_of_quiet(now, asked)
    assert moved >= now
    found = latest(asked, now)
    if found is not None:
        assert found.due_at <= now < found.expires_at
    ahead = following(asked, now, None)
    assert ahead is not None
    wall = ahead.due_at.astimezone(ZoneInfo(timezone))
    assert not is_quiet(wall.time(), quiet_from, quiet_until)


@given(instants, minutes, zones)
def test_the_next_reminder_is_within_two_days_and_at_the_hour(
    now: datetime, at: time, timezone: str
) -> None:
    ahead = following(wishes(at, timezone), now, None)
    assert ahead is not None
    assert now < ahead.due_at <= now + timedelta(hours=26)
    wall = ahead.due_at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    late = (wall - datetime.combine(wall.date(), at)) / timedelta(minutes=1)
    assert late in (0, 30, 60) or late % (24 * 60) in (0, 30, 60)  # later where a gap left it out
