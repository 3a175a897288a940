"""Windows laid over each other at their session: points, the ribbon, the band of earlier ones."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from clinical.coverage import Series
from clinical.statistics import quarters
from clinical.summaries import rounded

# A day has a median from 3 windows on: 4-clinical 4a.9, "hide d with n(d)<3".
BAND_MINIMUM_WINDOWS = 3

Interval = tuple[float, float, float]
"""A middle, its lower and its upper end."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was answered on one day; `pre_dose` on day 0 before the dose, None when unknown."""

    day_offset: int
    value: float
    pre_dose: bool | None = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"value": rounded(self.value)}


@dataclass(frozen=True, slots=True)
class RibbonDay:
    """The smoothed level of one day, with the ends of its 80 % interval."""

    day_offset: int
    level: float
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class BandDay:
    """One day over earlier windows: in how many it was answered, and from 3 on the middle half."""

    day_offset: int
    n: int
    median: float | None = None
    lower_quartile: float | None = None
    upper_quartile: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def points(
    values: Series, *, day_0: float | None = None, pre_dose: bool | None = None
) -> tuple[Point, ...]:
    """The answered days of a window from day 1 on, after that of day 0, where there is one."""
    first = () if day_0 is None else (Point(0, float(day_0), pre_dose),)
    days = np.flatnonzero(~np.isnan(values)).tolist()
    return (*first, *(Point(day + 1, float(values[day])) for day in days))


def ribbon(levels: Sequence[Interval], own: Callable[[float], float]) -> tuple[RibbonDay, ...]:
    """The smoothed levels of days 1 on, turned from y into the measure's own units by `own`."""
    found = []
    for day, (middle, low, high) in enumerate(levels, start=1):
        ends = sorted((rounded(own(low)), rounded(own(high))))
        found.append(RibbonDay(day, rounded(own(middle)), *ends))
    return tuple(found)


def smoothed(levels: Sequence[Interval], own: Callable[[float], float], logged: Series) -> Series:
    """The middles of the smoothed levels from day 1 on, in own units; without any, what was logged.

    It ends where the levels end: on the last day that was answered.
    """
    return np.array([own(middle) for middle, _, _ in levels]) if levels else logged


def band(earlier: Sequence[Series]) -> tuple[BandDay, ...]:
    """Days 1 on over earlier windows, up to the last day answered in any; day 0 is no part of it.

    A window counts on the days it was answered on and on no others: nothing is carried forward.
    """
    longest = max((len(values) for values in earlier), default=0)
    stacked = np.full((len(earlier), longest), np.nan)
    for row, values in zip(stacked, earlier, strict=True):
        row[: len(values)] = values
    answered = ~np.isnan(stacked)
    counts = answered.sum(axis=0)
    last = int(np.max(np.flatnonzero(counts), initial=-1))
    return tuple(_band_day(day + 1, stacked[answered[:, day], day]) for day in range(last + 1))


def _band_day(day_offset: int, values: Series) -> BandDay:
    n = len(values)
    if n < BAND_MINIMUM_WINDOWS:
        return BandDay(day_offset, n)
    _, lower, median, upper, _ = quarters(values)
    return BandDay(day_offset, n, rounded(median), rounded(lower), rounded(upper))
