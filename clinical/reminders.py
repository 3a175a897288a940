"""When somebody is reminded: at their own hour, once a day, never in the hours they keep quiet.

Wall-clock times are the person's. One that a clock change leaves out comes later by as much; one
that comes twice counts the first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from clinical.days import local_day, zone

# A reminder nobody could send for so long is not sent any more (u).
STALE_AFTER = timedelta(hours=2)
# Around an instant, every wall-clock day that any zone may have there, a quiet night included.
_DAYS_AROUND = range(-2, 4)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to be reminded; `at` null: not at all. Quiet hours may pass midnight."""

    at: time | None
    timezone: str
    day_boundary_minutes: int
    quiet_from: time | None = None
    quiet_until: time | None = None
    snoozed_until: datetime | None = None
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """One reminder: of which local day, when, until when it still makes sense."""

    day: date
    due_at: datetime
    expires_at: datetime
    is_snoozed: bool


def wall_instant(day: date, at: time, timezone: str) -> datetime:
    """The instant a wall clock shows this, in UTC."""
    return datetime.combine(day, at, zone(timezone)).astimezone(UTC)


def is_quiet(at: time, quiet_from: time | None, quiet_until: time | None) -> bool:
    """Whether that time of day lies in the quiet hours: from their first minute to their last."""
    if quiet_from is None or quiet_until is None:
        return False
    if quiet_from < quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until


def out_of_quiet(instant: datetime, wishes: Wishes) -> datetime:
    """The instant itself, or the end of the quiet hours it lies in."""
    wall = instant.astimezone(zone(wishes.timezone))
    if not is_quiet(wall.time(), wishes.quiet_from, wishes.quiet_until):
        return instant
    assert wishes.quiet_until is not None  # or it were not quiet
    ends = _around(wall.date(), wishes.quiet_until, wishes.timezone)
    return min(end for end in ends if end >= instant)


def _around(day: date, at: time, timezone: str) -> Iterator[datetime]:
    """Every instant around that day at which a wall clock comes to this, a repeated one twice; of
    an hour that is left out, the instant at which the clock passes over it."""
    for offset in _DAYS_AROUND:
        wall = datetime.combine(day + timedelta(days=offset), at, zone(timezone))
        first, last = sorted(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
        shown = first.astimezone(wall.tzinfo).replace(tzinfo=None)
        if shown == wall.replace(tzinfo=None):
            yield from (first, last)
        else:
            yield _clock_change(first, last, timezone)


def _clock_change(before: datetime, after: datetime, timezone: str) -> datetime:
    """The first second after the clock has changed, between two instants around that."""
    offset = before.astimezone(zone(timezone)).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone(timezone)).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def latest(wishes: Wishes, now: datetime) -> Occasion | None:
    """The reminder that is to be sent now, if there is one: the newest whose time has come."""
    come = [occasion for occasion in _occasions(wishes, now) if occasion.due_at <= now]
    if not come:
        return None
    newest = max(come, key=lambda occasion: occasion.due_at)
    return None if newest.expires_at <= now else newest


def following(wishes: Wishes, now: datetime, last_logged: date | None) -> Occasion | None:
    """The next reminder after now, if no day but those logged already is logged until then."""
    start = max([now, *_ends_of_pause(wishes, now)])
    ahead = [
        occasion
        for occasion in _occasions(wishes, start)
        if occasion.due_at > now and (last_logged is None or occasion.day > last_logged)
    ]
    return min(ahead, key=lambda occasion: occasion.due_at, default=None)


def _ends_of_pause(wishes: Wishes, now: datetime) -> list[datetime]:
    if wishes.paused_until is None:
        return []
    return [wall_instant(wishes.paused_until + timedelta(days=1), time(), wishes.timezone)]


def _occasions(wishes: Wishes, near: datetime) -> Iterator[Occasion]:
    """The reminders within a day or two of that instant, pause and snooze regarded."""
    if wishes.at is None:
        return
    day = near.astimezone(zone(wishes.timezone)).date()
    snoozed = wishes.snoozed_until
    for offset in _DAYS_AROUND:
        due_at = wall_instant(day + timedelta(days=offset), wishes.at, wishes.timezone)
        if snoozed is None or due_at > snoozed:
            yield from _unless_paused(wishes, due_at, is_snoozed=False)
    if snoozed is not None:
        yield from _unless_paused(wishes, snoozed, is_snoozed=True)


def _unless_paused(wishes: Wishes, wanted: datetime, *, is_snoozed: bool) -> Iterator[Occasion]:
    due_at = out_of_quiet(wanted, wishes)
    day = local_day(due_at, wishes.timezone, wishes.day_boundary_minutes)
    if wishes.paused_until is None or day > wishes.paused_until:
        yield Occasion(day, due_at, _expiry(wishes, due_at), is_snoozed)


def _expiry(wishes: Wishes, due_at: datetime) -> datetime:
    """Two hours later, or when the quiet hours begin before that."""
    if wishes.quiet_from is None or wishes.quiet_until is None:
        return due_at + STALE_AFTER
    day = due_at.astimezone(zone(wishes.timezone)).date()
    begins = _around(day, wishes.quiet_from, wishes.timezone)
    return min([due_at + STALE_AFTER, *(begin for begin in begins if begin > due_at)])
