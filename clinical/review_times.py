"""When a clinic looks at safety answers, by its own clock: its next look, its time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from clinical.days import zone

# Replies are looked at at least every weekday (3c); nine to five where a clinic has named no hours,
# so that an alert it gets all the same is not left unwatched (u).
_NINE_TO_FIVE = (frozenset({1, 2, 3, 4, 5}), time(9), time(17))
# Nobody acknowledged it in this much of the clinic's time: somebody else is told (u).
ESCALATION_MINUTES = 120
LEAST_ESCALATION_MINUTES, MOST_ESCALATION_MINUTES = 15, 2880
# A clinic may name 400 holidays, all in one row: beyond them there is a week of its hours.
_LONGEST_CLOSED_DAYS = 410
# Replies are looked at at least every weekday (3c): of a week, which may begin on a Sunday, five.
LEAST_WEEKDAYS = 5


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from `opens` until `closes` on these weekdays (1 = Monday), by the wall clock."""

    weekdays: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Look:
    """One stretch in which somebody looks: instants in UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class ReviewTimes:
    """A clinic's hours, with the days it is closed. `named` False: it has not named any."""

    timezone: str
    hours: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    named: bool = True

    def looks(self, since: datetime) -> Iterator[Look]:
        """The stretches that end after `since`, in order, as far ahead as holidays go."""
        first = since.astimezone(zone(self.timezone)).date() - timedelta(days=1)
        for ahead in range(_LONGEST_CLOSED_DAYS + 2):
            day = first + timedelta(days=ahead)
            for look in self._of_day(day):
                if look.closes > since:
                    yield look

    def next_look(self, now: datetime) -> Look | None:
        """The stretch that is on, else the next one; None when there is none ahead."""
        return next(self.looks(now), None)

    def after_minutes(self, now: datetime, minutes: int) -> datetime:
        """The instant at which so many minutes of the clinic's time have passed."""
        left = timedelta(minutes=minutes)
        for look in self.looks(now):
            begins = max(look.opens, now)
            if look.closes - begins >= left:
                return begins + left
            left -= look.closes - begins
        return now + timedelta(minutes=minutes)

    def end_of_next_day(self, now: datetime) -> datetime:
        """When the clinic's next working day after today's has ended."""
        local = zone(self.timezone)
        today = now.astimezone(local).date()
        later = (look for look in self.looks(now) if look.opens.astimezone(local).date() > today)
        look = next(later, None)
        if look is None:
            return now + timedelta(days=1)
        of_day = list(self._of_day(look.opens.astimezone(local).date()))
        return of_day[-1].closes

    def midnight_after_next_day(self, now: datetime) -> datetime:
        """When tomorrow has ended by the clinic's clock, whether it is open then or not."""
        today = now.astimezone(zone(self.timezone)).date()
        return self._instant(today + timedelta(days=2), time())

    def _of_day(self, day: date) -> Iterator[Look]:
        if day in self.holidays:
            return
        for hours in sorted(self.hours, key=lambda one: one.opens):
            if day.isoweekday() in hours.weekdays:
                look = Look(self._instant(day, hours.opens), self._instant(day, hours.closes))
                if look.opens < look.closes:  # a night in spring may leave nothing of an hour
                    yield look

    def _instant(self, day: date, at: time) -> datetime:
        """The wall time in UTC; of an hour there is twice, its first."""
        return datetime.combine(day, at, zone(self.timezone)).astimezone(UTC)


def review_times(
    timezone: str,
    stored: Iterable[Mapping[str, Any]] | None,
    holidays: Iterable[Mapping[str, Any]],
) -> ReviewTimes:
    """The times from the clinic's settings; working hours where it has named none."""
    closed = frozenset(date.fromisoformat(holiday["date"]) for holiday in holidays)
    named = tuple(
        Hours(
            frozenset(one["weekdays"]),
            time.fromisoformat(one["opens"]),
            time.fromisoformat(one["closes"]),
        )
        for one in stored or ()
    )
    return ReviewTimes(timezone, named or (Hours(*_NINE_TO_FIVE),), closed, bool(named))
