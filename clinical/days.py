"""Local days: which day an instant belongs to, and which days may still be logged.

A day runs from the patient's day boundary (default 04:00) to the next. Instants are aware UTC; the
patient's local day is theirs: it is checked here, never chosen here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DEFAULT_DAY_BOUNDARY_MINUTES = 240
LATEST_DAY_BOUNDARY_MINUTES = 720
DEFAULT_BACKFILL_DAYS = 14
EARLIEST_DATE = date(2020, 1, 1)
CLOCK_AHEAD_TOLERANCE = timedelta(hours=48)
LATE_AFTER = timedelta(hours=48)
# Names in the zone database that are no places: one means "this machine's", one means "unset".
_NO_PLACES = frozenset({"localtime", "Factory", "posixrules"})


@lru_cache(maxsize=1)
def timezones() -> frozenset[str]:
    """Every IANA zone name that can be entered."""
    return frozenset(available_timezones() - _NO_PLACES)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone's rules; ZoneInfoNotFoundError for a name outside `timezones()`."""
    return ZoneInfo(name)


def utc_offset_minutes(instant: datetime, timezone: str) -> int:
    """Minutes local time is ahead of UTC at that instant (negative west of Greenwich)."""
    offset = instant.astimezone(zone(timezone)).utcoffset()
    assert offset is not None  # an aware value always has one
    return round(offset.total_seconds() / 60)


def local_day(instant: datetime, timezone: str, day_boundary_minutes: int) -> date:
    """The local day the instant belongs to: before the boundary it is still the day before.

    The boundary is a time on the wall clock, so it holds on days with 23 or 25 hours too.
    """
    wall = instant.astimezone(zone(timezone)).replace(tzinfo=None)
    return (wall - timedelta(minutes=day_boundary_minutes)).date()


def day_end(day: date, timezone: str, day_boundary_minutes: int) -> datetime:
    """The instant the local day ends: the day boundary of the next calendar day, in UTC."""
    wall = datetime.combine(day, time()) + timedelta(days=1, minutes=day_boundary_minutes)
    return wall.replace(tzinfo=zone(timezone)).astimezone(UTC)


def days_earlier(day: date, days: int) -> date:
    """So many days before a day; the calendar's first where it does not reach."""
    return date.fromordinal(max(day.toordinal() - days, 1))


def clock_suspect(recorded_at: datetime, now: datetime) -> bool:
    """Whether the device's clock cannot be right: before 2020, or over 48 h ahead of ours."""
    too_early = recorded_at.date() < EARLIEST_DATE
    return too_early or recorded_at - now > CLOCK_AHEAD_TOLERANCE


def entered_late(
    recorded_at: datetime, day: date, timezone: str, day_boundary_minutes: int
) -> bool:
    """Whether the day was logged more than 48 h after it had ended."""
    return recorded_at - day_end(day, timezone, day_boundary_minutes) > LATE_AFTER


@dataclass(frozen=True, slots=True)
class DayRules:
    """How one patient's days are cut, and how far back they may be logged."""

    day_boundary_minutes: int
    backfill_days: int


def allowed_dates(
    recorded_at: datetime, timezone: str, rules: DayRules, now: datetime
) -> tuple[date, date]:
    """First and last local day an entry recorded then may be about, both included.

    The first counts back from the day of *recording*, so an entry made in time on a phone that was
    offline for weeks still counts; a suspect clock gives no such day and is not held to it. The
    last is tomorrow in the zone of entry, by the server's clock: a day of tolerance.
    """
    last = local_day(now, timezone, rules.day_boundary_minutes) + timedelta(days=1)
    if clock_suspect(recorded_at, now):
        return EARLIEST_DATE, last
    recorded_on = local_day(recorded_at, timezone, rules.day_boundary_minutes)
    return max(EARLIEST_DATE, recorded_on - timedelta(days=rules.backfill_days)), last
