"""Where days and values lie in a chart, and how its dates are written."""

from dataclasses import dataclass
from datetime import date, timedelta

# User units: shown about 380 to 480 pixels wide on the phone and the dashboard alike.
WIDTH, HEIGHT = 480, 224
LEFT, RIGHT, TOP, BOTTOM = 44, 468, 52, 168

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOST_TICKS, _MOST_WITH_A_YEAR = 5, 4  # the first is wider where it names its year
# From days over weeks and four weeks to about a quarter and a year.
_TICK_DAYS = (1, 2, 7, 14, 28, 91, 182, 364)


@dataclass(frozen=True, slots=True)
class Scale:
    """A period across and a range of values up; the first day lies on the left edge."""

    first: date
    last: date
    low: float
    high: float

    def x(self, day: date) -> float:
        """How far right a day lies; the one day of a period of one lies in the middle."""
        length = (self.last - self.first).days
        if length == 0:
            return (LEFT + RIGHT) / 2
        return LEFT + (day - self.first).days / length * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        """How far down a value lies: the lowest at the bottom."""
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)


def ticks(first: date, last: date) -> list[date]:
    """A few days to name on the axis, evenly spaced back from the last, oldest first."""
    length = (last - first).days
    most = _MOST_TICKS if first.year == last.year else _MOST_WITH_A_YEAR
    longer = (days for days in _TICK_DAYS if length // days < most)
    step = next(longer, max(1, length // (most - 1)))
    found = [last - timedelta(days=back) for back in range(0, length + 1, step)]
    return found[::-1]


def named_day(day: date, *, year: bool = False) -> str:
    """A day as in "3 Nov", or "3 Nov 2026"."""
    named = f"{day.day} {_MONTHS[day.month - 1]}"
    return f"{named} {day.year}" if year else named
