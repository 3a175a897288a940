"""An EWMA chart: whether the days since a stable stretch have drifted to the worse of it.

All in y, higher worse; one-sided, for worsening alone. It confirms what has happened and foretells
nothing.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from clinical.coverage import Series
from clinical.statistics import lag_1, standard_deviation, theil_sen
from clinical.summaries import rounded
from clinical.trends import LAG_1_DEFAULT, LAG_1_MAXIMUM, LAG_1_PAIRS
from clinical.wear_off import LEAST_GAIN

# 4-clinical 4a.7: lambda, L, at least 14 valid days, inflated where r1 is above .1. The L that the
# reference's figures were made with has one more digit.
WEIGHT, LIMIT_SDS = 0.1, 2.703
STABLE_VALID_DAYS = 14
LIKENESS_IGNORED = 0.1
# A stretch spans six weeks at most: three windows of two weeks (u). One that lies over a year
# before the last session is not what is usual now (u).
LONGEST_STRETCH_DAYS = 42
LONGEST_BACK_DAYS = 365
# Without sessions the last four weeks are what is watched (u).
WATCHED_DAYS = 28

THRESHOLDS: Mapping[str, float] = {
    "control_weight": WEIGHT,
    "control_limit_standard_deviations": LIMIT_SDS,
    "control_minimum_days": STABLE_VALID_DAYS,
    "control_stretch_maximum_days": LONGEST_STRETCH_DAYS,
    "control_stretch_maximum_move": LEAST_GAIN,
    "control_lag_1_ignored": LIKENESS_IGNORED,
    "control_back_days": LONGEST_BACK_DAYS,
}


@dataclass(frozen=True, slots=True)
class Stable:
    """A stretch of days by place in the series, `last` included: its mean, spread and likeness."""

    first: int
    last: int
    n: int
    mean: float
    standard_deviation: float
    lag_1: float

    @property
    def spread(self) -> float:
        """Its standard deviation, larger where neighbouring days are alike."""
        if self.lag_1 <= LIKENESS_IGNORED:
            return self.standard_deviation
        return self.standard_deviation * math.sqrt((1 + self.lag_1) / (1 - self.lag_1))


@dataclass(frozen=True, slots=True)
class Charted:
    """An answered day after the stretch, by place in the series."""

    day: int
    y: float
    ewma: float
    limit: float

    @property
    def is_beyond(self) -> bool:
        return self.ewma > self.limit


@dataclass(frozen=True, slots=True)
class ControlChart:
    """The chart of a series; without points `reason` says why, unless no day was answered since."""

    stable: Stable | None
    points: tuple[Charted, ...]
    reason: str | None

    def as_dict(
        self, first: date, own: Callable[[float], float], *, per_y: float = 1.0
    ) -> dict[str, Any]:
        """As it is shown, of a series that begins on `first`; `own` turns y into own units."""
        beyond = [point.day for point in self.points if point.is_beyond]
        is_limited = self.stable is not None and self.reason is None
        return {
            "stable": _told_of(self.stable, self.reason, first, own, per_y),
            "limit": rounded(own(limit(self.stable))) if self.stable and is_limited else None,
            "points": [
                {
                    "date": first + timedelta(days=point.day),
                    "value": rounded(own(point.y)),
                    "ewma": rounded(own(point.ewma)),
                    "limit": rounded(own(point.limit)),
                    "is_beyond": point.is_beyond,
                }
                for point in self.points
            ],
            "first_beyond": first + timedelta(days=beyond[0]) if beyond else None,
        }


def control_chart(y: Series, sessions: Sequence[int]) -> ControlChart:
    """The chart of consecutive days; `sessions` are the places of days with one, in any order.

    A session's own day is neither in the stretch nor charted. One before the days (a negative
    place) cuts nothing, but tells that they are days of treatment.
    """
    inside = [day for day in sessions if 0 <= day < len(y)]
    days = y.copy()
    days[inside] = np.nan
    stable = stable_stretch(days, sessions)
    if stable is None:
        return ControlChart(None, (), "no_stable_stretch")
    if not stable.standard_deviation:
        return ControlChart(stable, (), "no_spread")
    return ControlChart(stable, watch(days, stable, start=stable.last + 1), None)


def stable_stretch(y: Series, sessions: Sequence[int]) -> Stable | None:
    """The latest closed window that was even enough, before the last session.

    A window with too few answered days is joined by those before it, as far as six weeks; it is
    even if its Theil-Sen slope moves it by less than ratings can tell. Of a longer one the last
    six weeks are taken. Without sessions, four weeks count as a window; with any, the days before
    the first are no window: steady and untreated is not what is watched for.
    """
    weeks = [0, *(end for end in range(len(y) % WATCHED_DAYS, len(y), WATCHED_DAYS) if end > 0)]
    treated = sorted({max(day, 0) for day in sessions if day < len(y)})
    bounds = treated or weeks
    for at in range(len(bounds) - 1, 0, -1):
        end = bounds[at]
        if end < bounds[-1] - LONGEST_BACK_DAYS:
            return None
        found = _ending(y, bounds[:at], end)
        if found is not None:
            return found
    return None


def watch(y: Series, stable: Stable, *, start: int) -> tuple[Charted, ...]:
    """The average of each answered day from `start` on, beginning at the stretch's mean."""
    ewma, points = stable.mean, []
    answered = [day for day in range(start, len(y)) if not math.isnan(y[day])]
    for k, day in enumerate(answered, start=1):
        value = float(y[day])
        ewma = WEIGHT * value + (1 - WEIGHT) * ewma
        points.append(Charted(day, value, ewma, limit(stable, k)))
    return tuple(points)


def limit(stable: Stable, k: int | None = None) -> float:
    """What the average may reach at the k-th answered day; without k, in the long run."""
    part = 1.0 if k is None else 1 - (1 - WEIGHT) ** (2 * k)
    return stable.mean + LIMIT_SDS * stable.spread * math.sqrt(WEIGHT / (2 - WEIGHT) * part)


def stretch_of(y: Series, first: int, last: int) -> Stable:
    """What the days from `first` to `last` are like, from at least 2 answered ones."""
    values = y[first : last + 1]
    known = values[~np.isnan(values)]
    found = lag_1(values, at_least=LAG_1_PAIRS)
    likeness = LAG_1_DEFAULT if found is None else min(max(found, 0.0), LAG_1_MAXIMUM)
    mean = float(known.sum()) / len(known)
    return Stable(first, last, len(known), mean, standard_deviation(known), likeness)


def _ending(y: Series, bounds: Sequence[int], end: int) -> Stable | None:
    """The stretch that ends before `end`, from one of the bounds on, or None if it is uneven."""
    for bound in reversed(bounds):
        start = max(bound, end - LONGEST_STRETCH_DAYS)
        answered = np.flatnonzero(~np.isnan(y[start:end]))
        if len(answered) >= STABLE_VALID_DAYS:
            first, last = start + int(answered[0]), start + int(answered[-1])
            slope, _, _ = theil_sen(answered, y[start + answered])
            is_even = abs(slope) * (last - first) < LEAST_GAIN
            return stretch_of(y, first, last) if is_even else None
        if start > bound or start == 0:
            return None
    return None


def _told_of(
    stable: Stable | None,
    reason: str | None,
    first: date,
    own: Callable[[float], float],
    per_y: float,
) -> dict[str, Any]:
    if stable is None:
        nothing = dict.fromkeys(("from", "to", "mean", "standard_deviation", "lag_1"))
        return {**nothing, "n": 0, "reason": reason}
    return {
        "from": first + timedelta(days=stable.first),
        "to": first + timedelta(days=stable.last),
        "n": stable.n,
        "mean": rounded(own(stable.mean)),
        "standard_deviation": rounded(stable.standard_deviation * per_y),
        "lag_1": rounded(stable.lag_1),
        "reason": reason,
    }
