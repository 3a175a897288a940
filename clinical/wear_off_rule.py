"""The plain rule of wearing off, as somebody would read it off the days: 4-clinical 4a, 11.

Half of the gain is gone on the first day from 4 on whose 3-day median is back at half the gain, and
so is the next day that can be judged.
"""

import math
from dataclasses import dataclass
from statistics import median

import numpy as np

from clinical.coverage import Series
from clinical.reference import Reference
from clinical.wear_off import EARLIEST_DAY, FIRST_DAYS, HALF, LEAST_GAIN, Interval, State

MEDIAN_DAYS, MEDIAN_LEAST_DAYS = 3, 2
# A third has no exact binary form: what is equal on paper differs by less than this.
_PRECISION = 1e-9


@dataclass(frozen=True, slots=True)
class RuleResult:
    """`day` was seen to be back; the crossing lies after `interval[0]` and up to `interval[1]`.

    `start` is P, `gain` G, `threshold` the level at which the fraction is lost; all of y.
    """

    state: State
    reason: str | None = None
    day: int | None = None
    interval: Interval | None = None
    start: float | None = None
    gain: float | None = None
    threshold: float | None = None


def rule(y: Series, reference: Reference, fraction: float = HALF) -> RuleResult:
    """What the rule says of days 1..n of a window (NaN: not observed)."""
    first = y[:FIRST_DAYS]
    first = first[~np.isnan(first)]
    if reference.median is None:
        return RuleResult("insufficient", "no_baseline")
    if len(first) < MEDIAN_LEAST_DAYS:
        return RuleResult("insufficient", "too_few_early_days")
    start = float(np.median(first))
    gain = reference.median - start
    if gain < LEAST_GAIN - _PRECISION:
        return RuleResult("no_response", start=start, gain=gain)
    threshold = start + fraction * gain
    medians = trailing_medians(y)
    if not medians:
        return RuleResult("insufficient", "too_few_days", start=start, gain=gain)
    day, interval = _crossing(medians, threshold)
    state: State = "holding" if day is None else "worn_off"
    return RuleResult(state, None, day, interval, start, gain, threshold)


def trailing_medians(y: Series) -> dict[int, float]:
    """By day from 4 on, the median of it and the two before; a day with fewer than 2 has none."""
    found = {}
    told = y.tolist()  # of three numbers at a time a list is an order quicker than an array
    for day in range(EARLIEST_DAY, len(y) + 1):
        values = [value for value in told[day - MEDIAN_DAYS : day] if not math.isnan(value)]
        if len(values) >= MEDIAN_LEAST_DAYS:
            found[day] = median(values)
    return found


def _crossing(medians: dict[int, float], threshold: float) -> tuple[int | None, Interval | None]:
    """The first day at or past the threshold whose next one is too; since when it may have been."""
    days = sorted(medians)
    threshold -= _PRECISION
    for before, day, after in zip([FIRST_DAYS, *days], days, days[1:], strict=False):
        if medians[day] >= threshold and medians[after] >= threshold:
            return day, (before, day)
    return None, None
