"""What a period says of one measure: level, spread, slope, and change, or why it says nothing."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from clinical import statistics
from clinical.coverage import NO_DAYS, Coverage, Series, coverage
from clinical.periods import LONGEST_SINCE_SESSION_DAYS
from clinical.summaries import Summary, stated, withheld

METHOD_VERSION = "trends-3"

# 4-clinical 4a.1: a mean over 7 days needs 4 of them, here scaled to any length; a slope needs 10
# days over 14.
LEVEL_DAYS = 4
LEVEL_SHARE_DAYS = (4, 7)
SLOPE_DAYS, SLOPE_SPAN_DAYS = 10, 14
# All pairs of a year are 66,000; beyond that a slope says little of now, and costs the square.
SLOPE_WINDOW_DAYS = 365
# The lag-1 correlation is taken from this many pairs of days (u); else it is the middle of what
# was seen in daily series (.30-.56). 4-clinical 4a.2 and 8.
LAG_1_PAIRS, LAG_1_DEFAULT, LAG_1_MAXIMUM = 10, 0.4, 0.8
BASELINE_VALID_DAYS, BASELINE_DAYS, BASELINE_IMPORT_DAYS = 4, 7, 60

THRESHOLDS: Mapping[str, float] = {
    "level_minimum_days": LEVEL_DAYS,
    "level_minimum_coverage": round(LEVEL_SHARE_DAYS[0] / LEVEL_SHARE_DAYS[1], 4),
    "slope_minimum_days": SLOPE_DAYS,
    "slope_minimum_span_days": SLOPE_SPAN_DAYS,
    "slope_window_days": SLOPE_WINDOW_DAYS,
    "lag_1_minimum_pairs": LAG_1_PAIRS,
    "lag_1_default": LAG_1_DEFAULT,
    "lag_1_maximum": LAG_1_MAXIMUM,
    "baseline_days": BASELINE_DAYS,
    "baseline_minimum_days": BASELINE_VALID_DAYS,
    "baseline_import_days": BASELINE_IMPORT_DAYS,
    "since_session_maximum_days": LONGEST_SINCE_SESSION_DAYS,
    "confidence": 0.95,
}
_OF_THE_LEVEL = (
    "mean",
    "median",
    "standard_deviation",
    "lower_quartile",
    "upper_quartile",
    "minimum",
    "maximum",
)
FIGURES = (
    *_OF_THE_LEVEL,
    "slope_per_week",
    "last",
    "coverage",
    "change_to_previous",
    "change_to_baseline",
)


@dataclass(frozen=True, slots=True)
class Level:
    """A mean and its standard error, which is None where all values were equal."""

    mean: float
    standard_error: float | None
    degrees: int


def level(series: Series) -> Level:
    """The mean of the observed days, its error widened because neighbouring days are alike."""
    values = series[~np.isnan(series)]
    n = len(values)
    mean = float(values.sum()) / n
    if n < 2 or values.min() == values.max():
        return Level(mean, None, n - 1)
    found = statistics.lag_1(series, at_least=LAG_1_PAIRS)
    r1 = LAG_1_DEFAULT if found is None else min(max(found, 0.0), LAG_1_MAXIMUM)
    n_effective = n * (1 - r1) / (1 + r1)
    return Level(mean, statistics.standard_deviation(values) / math.sqrt(n_effective), n - 1)


def interval(mean: Level) -> tuple[float, float] | None:
    """The mean's 95 % interval; None without a standard error."""
    if mean.standard_error is None:
        return None
    half = statistics.t_quantile(mean.degrees) * mean.standard_error
    return mean.mean - half, mean.mean + half


def difference(now: Level, then: Level) -> tuple[float, tuple[float, float] | None]:
    """How much higher `now` is, and the 95 % interval from both errors (Welch)."""
    change = now.mean - then.mean
    if now.standard_error is None or then.standard_error is None:
        return change, None
    mine, theirs = now.standard_error**2, then.standard_error**2
    degrees = (mine + theirs) ** 2 / (mine**2 / now.degrees + theirs**2 / then.degrees)
    half = statistics.t_quantile(max(math.floor(degrees), 1)) * math.sqrt(mine + theirs)
    return change, (change - half, change + half)


def level_fault(observed: Coverage) -> str | None:
    """Why these days give no level: too few, or too few of those expected."""
    if observed.n_expected == 0:
        return "no_days_expected"
    if observed.n_observed < LEVEL_DAYS:
        return "too_few_days"
    part, whole = LEVEL_SHARE_DAYS
    return "too_sparse" if observed.n_observed * whole < observed.n_expected * part else None


def baseline_level(series: Series | None) -> Level | str:
    """The level before treatment of one measure; the reason where there is none."""
    if series is None:
        return "no_baseline"
    if coverage(series).n_observed < BASELINE_VALID_DAYS:
        return "too_few_baseline_days"
    return level(series)


def figures(series: Series, previous: Series, baseline: Level | str) -> dict[str, Summary]:
    """All figures of one measure in one period; `previous` is the period they are compared to."""
    observed = coverage(series)
    fault = level_fault(observed)
    if fault is None:
        found = _of_the_level(series, observed) | _changes(series, previous, baseline)
    else:
        names = (*_OF_THE_LEVEL, "change_to_previous", "change_to_baseline")
        found = dict.fromkeys(names, withheld(fault, observed))
    found["slope_per_week"] = slope_per_week(series)
    found["last"] = _last(series, observed)
    found["coverage"] = share_observed(observed)
    return {name: found[name] for name in FIGURES}


def no_figures(reason: str) -> dict[str, Summary]:
    """The figures of a period that is none."""
    return dict.fromkeys(FIGURES, withheld(reason, NO_DAYS))


def share_observed(observed: Coverage) -> Summary:
    """Days observed of days expected. None observed is 0: that much is known."""
    if observed.n_expected == 0:
        return withheld("no_days_expected", observed)
    return stated(observed.share, observed)


def slope_per_week(series: Series) -> Summary:
    """The Theil-Sen slope of at most the last 365 days, per week."""
    recent = series[-SLOPE_WINDOW_DAYS:]
    observed = coverage(recent)
    if observed.n_expected == 0:
        return withheld("no_days_expected", observed)
    if observed.n_observed < SLOPE_DAYS:
        return withheld("too_few_days", observed)
    days = np.flatnonzero(~np.isnan(recent))
    if days[-1] - days[0] + 1 < SLOPE_SPAN_DAYS:
        return withheld("too_short_a_span", observed)
    slope, low, high = statistics.theil_sen(days, recent[days])
    return stated(7 * slope, observed, (7 * low, 7 * high))


def last_date(series: Series, first: date) -> date | None:
    """The last observed day of a series that begins on `first`."""
    days = np.flatnonzero(~np.isnan(series))
    return first + timedelta(days=int(days[-1])) if len(days) else None


def points(series: Series, first: date) -> list[dict[str, Any]]:
    """The observed days of a series that begins on `first`, oldest first."""
    start = first.toordinal()
    return [
        {"date": date.fromordinal(start + day), "value": value}
        for day, value in enumerate(series.tolist())
        if not math.isnan(value)
    ]


def _of_the_level(series: Series, observed: Coverage) -> dict[str, Summary]:
    values = series[~np.isnan(series)]
    lowest, lower, median, upper, highest = statistics.quarters(values)
    now = level(series)
    return {
        "mean": stated(now.mean, observed, interval(now)),
        "median": stated(median, observed),
        "standard_deviation": stated(statistics.standard_deviation(values), observed),
        "lower_quartile": stated(lower, observed),
        "upper_quartile": stated(upper, observed),
        "minimum": stated(lowest, observed),
        "maximum": stated(highest, observed),
    }


def _changes(series: Series, previous: Series, baseline: Level | str) -> dict[str, Summary]:
    observed, now = coverage(series), level(series)
    if level_fault(coverage(previous)) is None:
        before: Level | str = level(previous)
    else:
        before = "too_few_days_before"
    return {
        "change_to_previous": _change(now, before, observed),
        "change_to_baseline": _change(now, baseline, observed),
    }


def _change(now: Level, then: Level | str, observed: Coverage) -> Summary:
    if isinstance(then, str):
        return withheld(then, observed)
    change, between = difference(now, then)
    return stated(change, observed, between)


def _last(series: Series, observed: Coverage) -> Summary:
    if observed.n_observed == 0:
        reason = "too_few_days" if observed.n_expected else "no_days_expected"
        return withheld(reason, observed)
    days = np.flatnonzero(~np.isnan(series))
    return stated(float(series[days[-1]]), observed)
