"""Local days: offsets, day ends and allowed dates, in every zone and over every edge."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.days import (
    DayRules,
    allowed_dates,
    clock_suspect,
    day_end,
    entered_late,
    local_day,
    timezones,
    utc_offset_minutes,
    zone,
)

FOUR = 240
DAY = timedelta(days=1)
BERLIN = "Europe/Berlin"
SEARCH = settings(max_examples=60, deadline=None, derandomize=True, database=None)

zones = st.sampled_from(sorted(timezones()))
boundaries = st.integers(0, 720)
seconds = st.integers(int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()), 2**31)  # until 2038
instants = seconds.map(lambda second: datetime.fromtimestamp(second, UTC))
rules = st.builds(DayRules, day_boundary_minutes=boundaries, backfill_days=st.integers(0, 366))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "timezone", "minutes"),
    [
        ("2026-03-29T00:59:59Z", BERLIN, 60),
        ("2026-03-29T01:00:00Z", BERLIN, 120),  # 02:00 is 03:00: 02:30 is absent
        ("2026-10-25T00:30:00Z", BERLIN, 120),  # 02:30 for the first time
        ("2026-10-25T01:30:00Z", BERLIN, 60),  # 02:30 for the second
        ("2026-06-01T00:00:00Z", "Asia/Kathmandu", 345),
        ("2026-04-04T14:59:59Z", "Australia/Lord_Howe", 660),
        ("2026-04-04T15:00:00Z", "Australia/Lord_Howe", 630),  # summer time of half an hour
        ("2026-06-01T00:00:00Z", "Pacific/Kiritimati", 840),
        ("2026-06-01T00:00:00Z", "Pacific/Pago_Pago", -660),
        ("2026-01-01T00:00:00Z", "America/St_Johns", -210),
        ("1900-01-01T00:00:00Z", "Asia/Kathmandu", 341),  # local mean time, 5:41:16
    ],
)
def test_the_offset_is_the_zones_at_that_instant(instant: str, timezone: str, minutes: int) -> None:
    assert utc_offset_minutes(at(instant), timezone) == minutes


@pytest.mark.parametrize(
    ("instant", "timezone", "boundary", "day"),
    [
        ("2026-11-23T02:59:59Z", BERLIN, FOUR, "2026-11-22"),  # 03:59:59
        ("2026-11-23T03:00:00Z", BERLIN, FOUR, "2026-11-23"),  # 04:00
        ("2026-11-22T23:00:00Z", BERLIN, 0, "2026-11-23"),  # midnight
        ("2026-03-29T01:30:00Z", BERLIN, 150, "2026-03-29"),  # 03:30; 02:30 never came
        ("2026-03-29T00:30:00Z", BERLIN, 150, "2026-03-28"),  # 01:30
        ("2026-10-25T00:15:00Z", BERLIN, 150, "2026-10-24"),  # the first 02:15
        ("2026-10-25T01:15:00Z", BERLIN, 150, "2026-10-24"),  # the second 02:15
        ("2026-10-25T01:30:00Z", BERLIN, 150, "2026-10-25"),  # the second 02:30
        ("2026-11-23T14:00:00Z", "Pacific/Kiritimati", FOUR, "2026-11-24"),  # 04:00 next day
        ("2026-11-23T14:59:59Z", "Pacific/Pago_Pago", FOUR, "2026-11-22"),  # 03:59:59
    ],
)
def test_a_day_begins_at_the_boundary_on_the_wall_clock(
    instant: str, timezone: str, boundary: int, day: str
) -> None:
    assert local_day(at(instant), timezone, boundary) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "timezone", "boundary", "end"),
    [
        ("2026-11-23", BERLIN, FOUR, "2026-11-24T03:00:00Z"),
        ("2026-03-28", BERLIN, FOUR, "2026-03-29T02:00:00Z"),  # this day has 23 hours
        ("2026-10-24", BERLIN, FOUR, "2026-10-25T03:00:00Z"),  # and this one 25
        ("2026-11-23", "Asia/Kathmandu", FOUR, "2026-11-23T22:15:00Z"),
        ("2026-11-23", "Pacific/Kiritimati", FOUR, "2026-11-23T14:00:00Z"),
        ("2026-11-23", "Pacific/Pago_Pago", FOUR, "2026-11-24T15:00:00Z"),
    ],
)
def test_a_day_ends_at_the_next_ones_boundary(
    day: str, timezone: str, boundary: int, end: str
) -> None:
    assert day_end(date.fromisoformat(day), timezone, boundary) == at(end)


def test_the_same_moment_is_two_days_across_the_date_line() -> None:
    moment = at("2026-11-23T10:30:00Z")  # 00:30 on the 24th there, 23:30 on the 22nd here
    assert local_day(moment, "Pacific/Kiritimati", 0) == date(2026, 11, 24)
    assert local_day(moment, "Pacific/Pago_Pago", 0) == date(2026, 11, 22)


def test_a_day_that_a_zone_left_out_belongs_to_nobody() -> None:
    """Apia went from 29 to 31 December 2011 in one step, at 10:00 UTC."""
    assert local_day(at("2011-12-30T09:59:59Z"), "Pacific/Apia", 0) == date(2011, 12, 29)
    assert local_day(at("2011-12-30T10:00:00Z"), "Pacific/Apia", 0) == date(2011, 12, 31)


@SEARCH
@given(instant=instants, timezone=zones, boundary=boundaries)
def test_an_instant_lies_before_the_end_of_its_day_and_not_before_the_end_of_the_one_before(
    instant: datetime, timezone: str, boundary: int
) -> None:
    day = local_day(instant, timezone, boundary)
    wall = instant.astimezone(zone(timezone)).replace(tzinfo=None)
    begin = datetime.combine(day, time()) + timedelta(minutes=boundary)
    assert begin <= wall < begin + DAY
    # On the wall this is exact; as instants, a repeated or left-out hour lies within a day's edge.
    slack = timedelta(hours=1)
    assert day_end(day - DAY, timezone, boundary) - slack <= instant
    assert instant < day_end(day, timezone, boundary) + slack


@SEARCH
@given(instant=instants, timezone=zones, boundary=boundaries, later=st.integers(0, 10**6))
def test_days_never_run_backwards_but_within_the_hour_a_clock_is_set_back(
    instant: datetime, timezone: str, boundary: int, later: int
) -> None:
    first = local_day(instant, timezone, boundary)
    then = local_day(instant + timedelta(hours=1, seconds=later), timezone, boundary)
    assert first <= then <= first + timedelta(seconds=later) + 2 * DAY


@SEARCH
@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)), timezone=zones, boundary=boundaries)
def test_a_day_has_22_to_26_hours(day: date, timezone: str, boundary: int) -> None:
    length = day_end(day, timezone, boundary) - day_end(day - DAY, timezone, boundary)
    assert timedelta(hours=22) <= length <= timedelta(hours=26)


@SEARCH
@given(instant=instants, timezone=zones)
def test_an_offset_leads_from_utc_to_the_wall_clock(instant: datetime, timezone: str) -> None:
    offset = timedelta(minutes=utc_offset_minutes(instant, timezone))
    wall = instant.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    assert instant.replace(tzinfo=None) + offset == wall


def test_both_edges_of_every_zone_keep_every_minute_in_one_day() -> None:
    """Over the days around a change of clocks, minute by minute: no day comes back."""
    for timezone, middle in ((BERLIN, "2026-03-29"), ("Australia/Lord_Howe", "2026-04-05")):
        start = at(f"{middle}T00:00:00Z") - 2 * DAY
        days = [
            local_day(start + timedelta(minutes=minute), timezone, FOUR)
            for minute in range(4 * 24 * 60)
        ]
        assert days == sorted(days)


def test_a_clock_is_suspect_before_2020_or_more_than_48_hours_ahead() -> None:
    now = at("2026-11-23T12:00:00Z")
    assert clock_suspect(at("2019-12-31T23:59:59Z"), now)
    assert not clock_suspect(at("2020-01-01T00:00:00Z"), now)
    assert not clock_suspect(now + timedelta(hours=48), now)
    assert clock_suspect(now + timedelta(hours=48, microseconds=1), now)


def test_an_entry_is_late_more_than_48_hours_after_its_days_end() -> None:
    day = date(2026, 3, 28)  # ends on the 29th at 04:00 summer time, 02:00 UTC
    assert not entered_late(at("2026-03-31T02:00:00Z"), day, BERLIN, FOUR)
    assert entered_late(at("2026-03-31T02:00:00.000001Z"), day, BERLIN, FOUR)


def test_the_allowed_dates_count_back_from_recording_and_on_from_now() -> None:
    two_weeks = DayRules(day_boundary_minutes=FOUR, backfill_days=14)
    now = at("2026-11-23T12:00:00Z")
    # Recorded at 03:30 in Berlin on 10 November, still the 9th: 9 November - 14 = 26 October.
    recorded = at("2026-11-10T02:30:00Z")
    expected = (date(2026, 10, 26), date(2026, 11, 24))
    assert allowed_dates(recorded, BERLIN, two_weeks, now) == expected
    early = at("2020-01-05T12:00:00Z")
    assert allowed_dates(early, BERLIN, two_weeks, now)[0] == date(2020, 1, 1)


@SEARCH
@given(recorded=instants, timezone=zones, patient=rules, waited=st.integers(0, 10**9))
def test_a_day_logged_on_that_day_is_taken_however_late_it_arrives(
    recorded: datetime, timezone: str, patient: DayRules, waited: int
) -> None:
    received = recorded + timedelta(seconds=waited)
    first, last = allowed_dates(recorded, timezone, patient, received)
    # West of Greenwich the first hours of 2020 are still 2019.
    day = max(local_day(recorded, timezone, patient.day_boundary_minutes), date(2020, 1, 1))
    assert first <= day <= last
    assert first == max(date(2020, 1, 1), day - timedelta(days=patient.backfill_days)) or (
        day == date(2020, 1, 1)
    )


@SEARCH
@given(now=instants, timezone=zones, patient=rules, year=st.sampled_from((1970, 2019, 2099)))
def test_a_suspect_clock_is_not_held_to_the_backfill_limit(
    now: datetime, timezone: str, patient: DayRules, year: int
) -> None:
    first, last = allowed_dates(datetime(year, 6, 1, tzinfo=UTC), timezone, patient, now)
    assert first == date(2020, 1, 1)
    assert last == local_day(now, timezone, patient.day_boundary_minutes) + DAY


def test_a_name_of_no_place_is_no_zone() -> None:
    assert {"Europe/Berlin", "UTC", "Asia/Kathmandu"} <= timezones()
    assert not {"localtime", "Factory", "posixrules", "", "europe/berlin"} & timezones()
    assert max(len(name) for name in timezones()) <= 64  # as long as the column is
    with pytest.raises(ZoneInfoNotFoundError):
        zone("Mars/Olympus")


def test_every_zone_that_can_be_entered_can_be_computed_with() -> None:
    for timezone in timezones():
        assert -720 <= utc_offset_minutes(at("2026-11-23T12:00:00Z"), timezone) <= 840
