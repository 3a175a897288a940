"""Textbook statistics in numpy, each proved equal to scipy's in the tests."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from clinical.coverage import Series

Numbers = np.ndarray[Any, Any]

# Quantile .975 of the normal distribution; of Student's t with 1 to 30 degrees of freedom.
NORMAL_QUANTILE = 1.959963984540054
_T_QUANTILES = (
    12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041,
    2.2621572, 2.2281389, 2.2009852, 2.1788128, 2.1603687, 2.1447867, 2.1314495, 2.1199053,
    2.1098156, 2.1009220, 2.0930241, 2.0859634, 2.0796138, 2.0738731, 2.0686576, 2.0638986,
    2.0595386, 2.0555294, 2.0518305, 2.0484071, 2.0452296, 2.0422725,
)  # fmt: skip
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def t_quantile(degrees: int) -> float:
    """The .975 quantile of Student's t: for a 95 % interval, to 6 digits."""
    if degrees <= len(_T_QUANTILES):
        return _T_QUANTILES[degrees - 1]
    # Cornish-Fisher (Abramowitz and Stegun 26.7.5): beyond the table its error is under 1e-6.
    z = NORMAL_QUANTILE
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(z + sum(term / degrees**power for power, term in enumerate(terms, start=1)))


def standard_deviation(values: Numbers) -> float:
    """With n - 1 in the denominator."""
    deviations = values - values.sum() / len(values)
    return math.sqrt(float(deviations @ deviations) / (len(values) - 1))


def quarters(values: Numbers) -> tuple[float, float, float, float, float]:
    """Minimum, lower quartile, median, upper quartile, maximum; linear between two values."""
    ordered = np.sort(values).tolist()
    last = len(ordered) - 1
    found = []
    for share in _QUARTERS:
        below = int(share * last)
        above = min(below + 1, last)
        part = share * last - below
        found.append(ordered[below] + (ordered[above] - ordered[below]) * part)
    lowest, lower, median, upper, highest = found
    return lowest, lower, median, upper, highest


def lag_1(series: Series, *, at_least: int) -> float | None:
    """Pearson's correlation of each day with the day after; None with fewer pairs, or no spread."""
    before, after = series[:-1], series[1:]
    paired = ~(np.isnan(before) | np.isnan(after))
    pairs = int(paired.sum())
    if pairs < at_least:
        return None
    before, after = before[paired], after[paired]
    before, after = before - before.sum() / pairs, after - after.sum() / pairs
    spread = float(before @ before) * float(after @ after)
    return float(before @ after) / math.sqrt(spread) if spread > 0 else None


def theil_sen(days: Numbers, values: Numbers) -> tuple[float, float, float]:
    """The slope per day, and its 95 % interval after Sen (1968), as scipy.stats.theilslopes.

    The median over all pairs of days (whole numbers, rising); the interval is two of those slopes,
    chosen by the variance of Kendall's S with ties.
    """
    pairs = len(values) * (len(values) - 1) // 2
    spread = NORMAL_QUANTILE * math.sqrt(_variance_of_s(values))
    low = max(round((pairs - spread) / 2) - 1, 0)
    high = min(round((pairs + spread) / 2), pairs - 1)
    wanted = [low, (pairs - 1) // 2, pairs // 2, high]
    many = len(values) >= _MANY_DAYS and days[-1] - days[0] < _GRID_DAYS
    grid = _grid_of(values) if many else None
    lower, below, above, upper = (
        _ranked_slopes(days, values, wanted)
        if grid is None
        else _ranked_slopes_on_grid(days, values, wanted, *grid)
    )
    return (below + above) / 2, lower, upper


def _ranked_slopes(days: Numbers, values: Numbers, ranks: list[int]) -> list[float]:
    """The slopes at these ranks (0 the lowest) among those of all pairs."""
    run = np.subtract.outer(days, days)
    later = run > 0
    slopes = np.subtract.outer(values, values)[later] / run[later]
    slopes.partition(sorted(set(ranks)))
    found: list[float] = slopes[ranks].tolist()
    return found


# From about a hundred days on, counting pairs is quicker than looking at each.
_MANY_DAYS, _GRID_DAYS = 100, 366
# (step, steps across) of ratings, and of hours in quarters.
_GRIDS = ((1.0, 10), (0.25, 96))


def _grid_of(values: Numbers) -> tuple[float, int] | None:
    """The steps all values lie on, and how many there may be between two; None for other values."""
    spread = values.max() - values.min()
    for step, across in _GRIDS:
        if spread <= step * across and not (values % step).any():
            return step, across
    return None


def _ranked_slopes_on_grid(
    days: Numbers, values: Numbers, ranks: list[int], step: float, across: int
) -> list[float]:
    """The same, exact: pairs are counted by days apart and steps apart, of which there are few."""
    width = 2 * across + 1
    steps = np.rint((values - values.min()) / step).astype(np.int32)
    place = (days - days[0]).astype(np.int32) * width + steps
    apart = np.subtract.outer(place, place)
    order, slopes = _slopes_on_grid(width)
    counts = np.bincount(apart[apart > 0] + across, minlength=width * _GRID_DAYS)
    found = slopes[np.searchsorted(np.cumsum(counts[order]), ranks, side="right")] * step
    told: list[float] = found.tolist()
    return told


@lru_cache(maxsize=len(_GRIDS))
def _slopes_on_grid(width: int) -> tuple[Numbers, Numbers]:
    """Every cell (days apart, steps apart) by its slope in steps a day, and those slopes."""
    days_apart, steps_apart = np.divmod(np.arange(width, width * _GRID_DAYS), width)
    slopes = (steps_apart - width // 2) / days_apart
    order = np.argsort(slopes)
    return order + width, slopes[order]


def _variance_of_s(values: Numbers) -> float:
    n = len(values)
    _, ties = np.unique(values, return_counts=True)
    return (n * (n - 1) * (2 * n + 5) - int((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18


def wilson(count: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z2 = NORMAL_QUANTILE**2
    share = count / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = NORMAL_QUANTILE * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
    """The 95 % interval of a difference of two shares, each (count, n) (Newcombe 1998, method 10).

    Made of both shares' Wilson intervals; it takes the two for independent.
    """
    share, before = one[0] / one[1], other[0] / other[1]
    (low, high), (low_before, high_before) = wilson(*one), wilson(*other)
    below = math.hypot(share - low, high_before - before)
    above = math.hypot(high - share, before - low_before)
    return max(share - before - below, -1.0), min(share - before + above, 1.0)
