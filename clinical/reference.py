"""The reference level of one measure: what a session's gain is counted from, and its source."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from clinical.baseline import LoggedDay, choose
from clinical.coverage import NO_DAYS, Coverage, coverage
from clinical.trends import BASELINE_DAYS, BASELINE_VALID_DAYS, level

Source = Literal["course", "imported", "pre_session"]

# Without days before the course, the usual level before a session: of at least 3 of them.
# 4-clinical 4a, "Reference level".
PRE_SESSION_MINIMUM = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """`level` and `median` are of y, higher worse; without a source, `reason` says why not.

    `standard_error` is None where all days were equal: then they do not tell how sure it is.
    """

    source: Source | None
    level: float | None
    standard_error: float | None
    median: float | None
    n_observed: int
    first: date | None
    last: date | None
    reason: str | None
    coverage: Coverage = NO_DAYS


@dataclass(frozen=True, slots=True)
class Answered:
    """One measure's answers by day, as y; `imported` are the days that came from elsewhere."""

    values: Mapping[date, float]
    imported: Collection[date] = ()


def reference(
    answered: Answered, starts: Sequence[date], session_days: Collection[date]
) -> Reference:
    """The level before the course, else of imported days before it, else before its sessions.

    `starts` are the first days of the course's blocks of sessions, oldest first. The day of any
    session is never one of the days counted.
    """
    logged = [
        LoggedDay(day, "import" if day in answered.imported else "app") for day in answered.values
    ]
    chosen = choose(starts[0] if starts else None, logged, session_days)
    if chosen.source is None or chosen.period is None:
        return _pre_session(answered, starts, session_days, str(chosen.reason))
    days = [chosen.period.first + timedelta(days=each) for each in range(chosen.period.days)]
    counted = [answered.values[day] if day in chosen.days else np.nan for day in days]
    source: Source = "course" if chosen.source == "course" else "imported"
    return _stated(source, days, [counted])


def _pre_session(
    answered: Answered, starts: Sequence[date], session_days: Collection[date], reason: str
) -> Reference:
    """Of each block the 7 days before it, where enough of them were answered."""
    days: list[date] = []
    weeks: list[list[float]] = []
    for start in starts:
        week = [start - timedelta(days=back) for back in range(BASELINE_DAYS, 0, -1)]
        values = [
            answered.values.get(day, np.nan) if day not in session_days else np.nan for day in week
        ]
        if np.count_nonzero(~np.isnan(values)) < BASELINE_VALID_DAYS:
            continue
        days += week
        weeks.append(values)
    if len(weeks) < PRE_SESSION_MINIMUM:
        return Reference(None, None, None, None, 0, None, None, reason)
    return _stated("pre_session", days, weeks)


def _stated(
    source: Source, days: Sequence[date], stretches: Sequence[Sequence[float]]
) -> Reference:
    """The level of stretches of days that lie apart: the end of one is no neighbour of the next."""
    apart = [value for stretch in stretches for value in (*stretch, np.nan)]
    y = np.array([value for stretch in stretches for value in stretch])
    found, observed = level(np.array(apart)), coverage(y)
    counted = np.flatnonzero(~np.isnan(y))
    return Reference(
        source=source,
        level=found.mean,
        standard_error=found.standard_error,
        median=float(np.median(y[counted])),
        n_observed=observed.n_observed,
        first=days[0],
        last=days[-1],
        reason=None,
        coverage=observed,
    )
