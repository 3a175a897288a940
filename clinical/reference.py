"""The reference level of one measure: what a session's gain is counted from, and its source."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from clinical.baseline import LoggedDay, choose
from clinical.coverage import Series
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
    if chosen.source is None:
        return _pre_session(answered, starts, session_days, str(chosen.reason))
    return _of_days("course" if chosen.source == "course" else "imported", answered, chosen.days)


def _pre_session(
    answered: Answered, starts: Sequence[date], session_days: Collection[date], reason: str
) -> Reference:
    """Of each block the 7 days before it, where enough of them were answered."""
    found: list[date] = []
    sessions = 0
    for start in starts:
        week = [start - timedelta(days=back) for back in range(1, BASELINE_DAYS + 1)]
        counted = [day for day in week if day in answered.values and day not in session_days]
        if len(counted) >= BASELINE_VALID_DAYS:
            found += counted
            sessions += 1
    if sessions < PRE_SESSION_MINIMUM:
        return Reference(None, None, None, None, 0, None, None, reason)
    return _of_days("pre_session", answered, found)


def _of_days(source: Source, answered: Answered, days: Collection[date]) -> Reference:
    ordered = sorted(days)
    y = _spread(answered.values, ordered)
    found = level(y)
    return Reference(
        source=source,
        level=found.mean,
        standard_error=found.standard_error,
        median=float(np.median(y[~np.isnan(y)])),
        n_observed=len(ordered),
        first=ordered[0],
        last=ordered[-1],
        reason=None,
    )


def _spread(values: Mapping[date, float], days: Sequence[date]) -> Series:
    """The values on their days: one missing day for any number of them, for only neighbours tell
    how alike neighbours are."""
    found: list[float] = []
    for earlier, day in zip((None, *days), days, strict=False):
        if earlier is not None and (day - earlier).days > 1:
            found.append(np.nan)
        found.append(values[day])
    return np.array(found)
