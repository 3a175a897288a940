"""What a window is told by, from the gain of its days; and two windows against each other.

The gain of a day is reference level - y, in the measure's own units: positive is better, whatever
the measure's direction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clinical import trends
from clinical.coverage import Coverage, Series, coverage
from clinical.statistics import newcombe, wilson
from clinical.summaries import Summary, rounded, stated, withheld
from clinical.wear_off import EARLY_DAYS, KEPT_DAYS, LEAST_EARLY_DAYS, LEAST_GAIN

# 4-clinical 4a.11: the median of 3 days needs 2 of them.
MEDIAN_DAYS, MEDIAN_VALID_DAYS = 3, 2
# A day in good range: 4-clinical 4a.10.
GOOD_DAY_AT_MOST = 3.0
# Onset: half of the peak, as half of the gain gone is the wearing off (u).
ONSET_FRACTION = 0.5
# A third has no exact binary form: what is equal on paper differs by less than this.
_PRECISION = 1e-9

THRESHOLDS: Mapping[str, float] = {
    "measurable_gain": LEAST_GAIN,
    "median_days": MEDIAN_DAYS,
    "median_minimum_days": MEDIAN_VALID_DAYS,
    "early_days": EARLY_DAYS,
    "early_minimum_days": LEAST_EARLY_DAYS,
    "good_day_at_most": GOOD_DAY_AT_MOST,
    "onset_fraction": ONSET_FRACTION,
}


@dataclass(frozen=True, slots=True)
class Days:
    """A window's days from day 1 on as y, and the level gains are counted from.

    Without a level `reason` says why; `per_y` is what one unit of y is in the measure's own units.
    """

    y: Series
    level: float | None
    reason: str | None = None
    per_y: float = 1.0

    @property
    def gains(self) -> Series:
        """The gain of each day, in the measure's own units."""
        level = np.nan if self.level is None else self.level
        gains: Series = (level - self.y) * self.per_y
        return gains


@dataclass(frozen=True, slots=True)
class Compared:
    """This window less another, on days that were answered in both and on no others."""

    days_compared: int
    first_day: int | None
    last_day: int | None
    gain_difference: Summary
    good_days_difference: Summary

    def as_dict(self) -> dict[str, Any]:
        return {
            "days_compared": self.days_compared,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "gain_difference": self.gain_difference.as_dict(),
            "good_days_difference": self.good_days_difference.as_dict(),
        }


def level_before(values: Series) -> Summary:
    """The mean of the days before a session, in whatever units they are given."""
    observed = coverage(values)
    fault = trends.level_fault(observed)
    if fault is not None:
        return withheld(fault, observed)
    found = trends.level(values)
    return stated(found.mean, observed, trends.interval(found))


def peak(days: Days) -> tuple[Summary, int | None]:
    """The best trailing 3-day median of the gain, and the first day it was reached."""
    observed = coverage(days.y)
    fault = _gain_fault(days, observed)
    if fault is not None:
        return withheld(fault, observed), None
    medians = trailing_medians(days.gains)
    if np.isnan(medians).all():
        return withheld("too_sparse", observed), None
    at = int(np.nanargmax(medians))
    return stated(float(medians[at]), observed), at + 1


def onset_day(days: Days) -> Summary:
    """The first day from which the gain reached half its peak on two days, at most one apart.

    Where days before it are missing the interval (after, up to] says between which it began.
    """
    highest, _ = peak(days)
    observed = coverage(days.y)
    if highest.value is None:
        return withheld(str(highest.reason), observed)
    if highest.value < rounded(LEAST_GAIN * days.per_y):
        return withheld("no_measurable_gain", observed)
    gains = days.gains
    answered = np.flatnonzero(~np.isnan(gains))
    enough = ONSET_FRACTION * np.nanmax(trailing_medians(gains)) - _PRECISION
    reached = gains[answered] >= enough
    running = reached[:-1] & reached[1:] & (np.diff(answered) < MEDIAN_DAYS)
    found = np.flatnonzero(running)
    if not len(found):
        return withheld("no_onset_seen", observed)
    day = int(answered[found[0]]) + 1
    last_without = int(answered[found[0] - 1]) + 1 if found[0] else 0
    between = None if day - last_without == 1 else (float(last_without), float(day))
    return stated(day, observed, between)


def area_per_day(days: Days) -> Summary:
    """The area under the gain (trapezoids between answered days), by the days it spans."""
    observed = coverage(days.y)
    fault = days.reason or trends.level_fault(observed)
    if fault is not None:
        return withheld(fault, observed)
    gains = days.gains
    at = np.flatnonzero(~np.isnan(gains))
    return stated(float(np.trapezoid(gains[at], at)) / float(at[-1] - at[0]), observed)


def good_days(y: Series, *, at_most: float = GOOD_DAY_AT_MOST) -> Summary:
    """The share of answered days with y at most this, with Wilson's 95 % interval."""
    observed = coverage(y)
    fault = trends.level_fault(observed)
    if fault is not None:
        return withheld(fault, observed)
    good = int((y[~np.isnan(y)] <= at_most + _PRECISION).sum())
    n = observed.n_observed
    return stated(good / n, observed, wilson(good, n))


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of the gain was left by day (median and 80 % interval), and how far it can be told.

    The window has `days` of them; `judged` come before an event, and the last logged of those is
    the one numbered `watched`. `fault` is why the estimate tells of none.
    """

    shares: Mapping[int, tuple[float, float, float]]
    days: int
    judged: int
    watched: int
    fault: str | None

    def why_not(self, day: int) -> str:
        """Why a day has no share."""
        if self.fault is not None:
            return self.fault
        if day > self.days:
            return "window_too_short"
        if day > self.judged:
            return "after_an_event"
        return "not_logged_so_long" if day > self.watched else "no_measurable_gain"


def gain_kept(kept: Kept, observed: Coverage) -> list[dict[str, Any]]:
    """The share of the gain still there on days 7, 14 and 21, from the smoothed estimate."""
    return [{"day": day, "share": _kept(kept, day, observed).as_dict()} for day in KEPT_DAYS]


def compare(this: Days, other: Days, *, at_most: float = GOOD_DAY_AT_MOST) -> Compared:
    """This window less the other, paired by day after the session: positive is better.

    Of windows of 14 and 35 days no day after the 14th is looked at.
    """
    shared = min(len(this.y), len(other.y))
    mine, theirs = this.gains[:shared], other.gains[:shared]
    both = ~(np.isnan(this.y[:shared]) | np.isnan(other.y[:shared]))
    differences = np.where(both, mine - theirs, np.nan)
    observed = coverage(np.where(both, 0.0, np.nan))
    at = np.flatnonzero(both)
    return Compared(
        days_compared=len(at),
        first_day=int(at[0]) + 1 if len(at) else None,
        last_day=int(at[-1]) + 1 if len(at) else None,
        gain_difference=_gain_difference(this.reason or other.reason, differences, observed),
        good_days_difference=_good_difference(
            this.y[:shared][both] <= at_most + _PRECISION,
            other.y[:shared][both] <= at_most + _PRECISION,
            observed,
        ),
    )


def best(peaks: Sequence[tuple[Summary, Summary]]) -> int | None:
    """Which of these windows, oldest first, was the best: by peak gain, then by area per day.

    The peak comes first because it does not depend on how long a window lasted; of equals the
    newest is taken. None where no window has a peak.
    """
    ranked = [
        (highest.value, -np.inf if area.value is None else area.value, at)
        for at, (highest, area) in enumerate(peaks)
        if highest.value is not None
    ]
    return max(ranked)[2] if ranked else None


def trailing_medians(gains: Series) -> Series:
    """Of each day and the two before it, as far as they are days of the window; 2 are needed."""
    n = len(gains)
    padded = np.concatenate([np.full(MEDIAN_DAYS - 1, np.nan), gains])
    ordered = np.sort([padded[back : back + n] for back in range(MEDIAN_DAYS)], axis=0)
    count = (~np.isnan(ordered)).sum(axis=0)  # NaN sorts last
    pairs = np.where(count == 2, (ordered[0] + ordered[1]) / 2, np.nan)
    medians: Series = np.where(count == 3, ordered[1], pairs)
    return medians


def _gain_fault(days: Days, observed: Coverage) -> str | None:
    if days.reason is not None:
        return days.reason
    if observed.n_expected == 0:
        return "no_days_expected"
    if observed.n_observed < trends.LEVEL_DAYS:
        return "too_few_days"
    early = coverage(days.y[:EARLY_DAYS]).n_observed
    return "too_few_early_days" if early < LEAST_EARLY_DAYS else None


def _kept(kept: Kept, day: int, observed: Coverage) -> Summary:
    if day not in kept.shares:
        return withheld(kept.why_not(day), observed)
    share, low, high = kept.shares[day]
    return stated(share, observed, (low, high))


def _gain_difference(reason: str | None, differences: Series, observed: Coverage) -> Summary:
    if reason is not None:
        return withheld(reason, observed)
    if trends.level_fault(observed) is not None:
        return withheld("too_few_common_days", observed)
    found = trends.level(differences)
    return stated(found.mean, observed, trends.interval(found))


def _good_difference(mine: Any, theirs: Any, observed: Coverage) -> Summary:
    if trends.level_fault(observed) is not None:
        return withheld("too_few_common_days", observed)
    n = observed.n_observed
    good, before = int(mine.sum()), int(theirs.sum())
    return stated((good - before) / n, observed, newcombe((good, n), (before, n)))
