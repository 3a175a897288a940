"""The level before treatment that changes are told against: which days it is made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinical.periods import Period
from clinical.trends import BASELINE_DAYS, BASELINE_IMPORT_DAYS, BASELINE_VALID_DAYS


@dataclass(frozen=True, slots=True)
class Baseline:
    """`days` are the ones of `period` that count; without a source, `reason` says why not."""

    source: str | None
    period: Period | None = None
    days: frozenset[date] = frozenset()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedDay:
    """A day on which at least one measure was answered."""

    date: date
    source: str


def search_period(first_session: date) -> Period:
    """The days a baseline may come from: all of them are read."""
    return Period(
        first_session - timedelta(days=BASELINE_IMPORT_DAYS), first_session - timedelta(days=1)
    )


def choose(
    first_session: date | None, logged: Sequence[LoggedDay], session_days: Collection[date]
) -> Baseline:
    """The 7 days before the course's first session, or else the last 7 imported days before it.

    Either needs 4 logged days. The day of any session is never one of them.
    """
    if first_session is None:
        return Baseline(None, reason="no_session")
    searched = search_period(first_session)
    counted = sorted(
        (day for day in logged if searched.first <= day.date <= searched.last),
        key=lambda day: day.date,
    )
    counted = [day for day in counted if day.date not in session_days]
    week = Period(first_session - timedelta(days=BASELINE_DAYS), searched.last)
    course = [day.date for day in counted if day.date >= week.first]
    if len(course) >= BASELINE_VALID_DAYS:
        return Baseline("course", week, frozenset(course))
    imported = [day.date for day in counted if day.source == "import"][-BASELINE_DAYS:]
    if len(imported) >= BASELINE_VALID_DAYS:
        return Baseline("imported", Period(imported[0], imported[-1]), frozenset(imported))
    return Baseline(None, reason="too_few_baseline_days")
