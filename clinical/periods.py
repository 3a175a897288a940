"""Periods of local days, the one before each, and the one since the last session."""

from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT_PERIOD_DAYS = 28
LONGEST_PERIOD_DAYS = 3660
EARLIEST_DATE = date(1900, 1, 1)
# A year after a session nothing is its result any more; it also bounds what one summary reads. (u)
LONGEST_SINCE_SESSION_DAYS = 365


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of equal length that ends the day before this one."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def since_session(session: date | None, last: date) -> Period | str:
    """The days after the session up to `last`, without day 0; else the reason there are none."""
    if session is None:
        return "no_session"
    if session >= last:
        return "no_day_since_session"
    period = Period(session + timedelta(days=1), last)
    return period if period.days <= LONGEST_SINCE_SESSION_DAYS else "session_too_long_ago"


def before_session(session: date, since: Period) -> Period:
    """As many days as passed since the session, ending the day before it."""
    return Period(session - timedelta(days=since.days), session - timedelta(days=1))
