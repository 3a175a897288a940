"""When a clinic looks: by its own clock, through nights of 23 and 25 hours, and over holidays."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinical.alert_steps import due_again_at, due_at, next_due_at
from clinical.review_times import ReviewTimes, review_times

BERLIN = "Europe/Berlin"
WEEK: list[Any] = [{"weekdays": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "17:00"}]


def times(hours: list[Any] = WEEK, zone: str = BERLIN, *closed: str) -> ReviewTimes:
    return review_times(zone, hours, [{"date": day, "name": "closed"} for day in closed])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(("now", "opens"), [
    ("2026-11-25T10:00+01:00", "2026-11-25T09:00+01:00"),  # it is open: the stretch that is on
    ("2026-11-25T08:00+01:00", "2026-11-25T09:00+01:00"),
    ("2026-11-25T17:00+01:00", "2026-11-26T09:00+01:00"),  # just closed
    ("2026-11-27T18:00+01:00", "2026-11-30T09:00+01:00"),  # a Friday evening: Monday
])  # fmt: skip
def test_the_next_look_is_the_stretch_that_is_on_or_the_next(now: str, opens: str) -> None:
    look = times().next_look(at(now))
    assert look is not None
    assert look.opens == at(opens)


def test_holidays_are_passed_over() -> None:
    look = times(WEEK, BERLIN, "2026-12-25").next_look(at("2026-12-24T18:00+01:00"))
    assert look is not None
    assert look.opens == at("2026-12-28T09:00+01:00")  # the 25th is closed, then a weekend


def days_from(first: date, count: int) -> list[str]:
    return [(first + timedelta(days=number)).isoformat() for number in range(count)]


def test_holidays_of_more_than_a_year_are_passed_over() -> None:
    shut = times(WEEK, BERLIN, *days_from(date(2026, 11, 26), 400))  # as many as can be named
    now = at("2026-11-25T18:00+01:00")
    look = shut.next_look(now)
    assert look is not None
    assert look.opens == at("2027-12-31T09:00+01:00")  # 26 November and 400 days: a Friday
    assert shut.end_of_next_day(now) == at("2027-12-31T17:00+01:00")
    assert shut.after_minutes(now, 60) == at("2027-12-31T10:00+01:00")


SELDOM: list[Any] = [{"weekdays": [1], "opens": "09:00", "closes": "09:15"}]


@pytest.mark.parametrize(("severity", "hours", "now", "due"), [
    ("high", WEEK, "2026-11-25T10:00+01:00", "2026-11-25T12:00+01:00"),
    ("urgent", WEEK, "2026-11-25T10:00+01:00", "2026-11-25T12:00+01:00"),
    # A Friday evening: 12 hours, and the end of Saturday; not Monday at eleven.
    ("urgent", WEEK, "2026-11-27T20:00+01:00", "2026-11-28T08:00+01:00"),
    ("high", WEEK, "2026-11-27T20:00+01:00", "2026-11-29T00:00+01:00"),
    ("high", SELDOM, "2026-11-25T10:00+01:00", "2026-11-27T00:00+01:00"),
    # The night of Sunday 25 October has 25 hours.
    ("high", SELDOM, "2026-10-24T20:00+02:00", "2026-10-26T00:00+01:00"),
])  # fmt: skip
def test_what_cannot_wait_is_due_by_the_wall_clock_whatever_the_hours(
    severity: str, hours: list[Any], now: str, due: str
) -> None:
    of_clinic = times(hours)
    assert due_at(severity, of_clinic, 120, at(now)) == at(due)
    assert next_due_at(severity, of_clinic, 120, at(now)) == at(due)
    assert due_again_at(severity, of_clinic, at(now)) <= at(now) + timedelta(hours=49)


def test_what_can_wait_is_due_in_the_clinics_time() -> None:
    now = at("2026-11-27T20:00+01:00")
    assert due_at("normal", times(), 120, now) == at("2026-11-30T17:00+01:00")
    assert due_again_at("low", times(), now) == at("2026-11-30T17:00+01:00")


def test_a_look_over_the_change_of_the_clock_is_by_the_wall() -> None:
    night: list[Any] = [{"weekdays": [7], "opens": "01:00", "closes": "06:00"}]
    spring = times(night).next_look(at("2026-03-28T12:00+01:00"))  # 29 March: 02:00 is 03:00
    autumn = times(night).next_look(at("2026-10-24T12:00+02:00"))  # 25 October: 02:30 twice
    assert spring is not None
    assert autumn is not None
    assert spring.closes - spring.opens == timedelta(hours=4)
    assert autumn.closes - autumn.opens == timedelta(hours=6)


@pytest.mark.parametrize(("now", "minutes", "then"), [
    ("2026-11-25T10:00+01:00", 120, "2026-11-25T12:00+01:00"),
    ("2026-11-25T16:00+01:00", 120, "2026-11-26T10:00+01:00"),  # one hour today, one tomorrow
    ("2026-11-27T16:30+01:00", 60, "2026-11-30T09:30+01:00"),
    ("2026-11-28T12:00+01:00", 30, "2026-11-30T09:30+01:00"),  # a Saturday counts for nothing
])  # fmt: skip
def test_minutes_are_counted_in_the_clinics_time(now: str, minutes: int, then: str) -> None:
    assert times().after_minutes(at(now), minutes) == at(then)


def test_the_next_working_day_ends_after_a_weekend() -> None:
    assert times().end_of_next_day(at("2026-11-25T10:00+01:00")) == at("2026-11-26T17:00+01:00")
    assert times().end_of_next_day(at("2026-11-27T20:00+01:00")) == at("2026-11-30T17:00+01:00")


def test_a_clinic_that_named_no_hours_is_counted_by_working_hours() -> None:
    unnamed = review_times("Pacific/Auckland", None, [])
    assert not unnamed.named
    look = unnamed.next_look(at("2026-11-28T10:00+13:00"))
    assert look is not None
    assert look.opens == at("2026-11-30T09:00+13:00")


def test_a_clinic_that_never_opens_counts_the_time_there_is() -> None:
    closed = days_from(date(2026, 10, 30), 450)
    monday: list[Any] = [{"weekdays": [1], "opens": "09:00", "closes": "10:00"}]
    shut = times(monday, BERLIN, *closed)
    assert shut.after_minutes(at("2026-11-01T10:00+01:00"), 90) == at("2026-11-01T11:30+01:00")
