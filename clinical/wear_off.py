"""Whether a session worked, and when its gain was half gone, from the smoothed level, with doubt.

4-clinical 4a, 11b. y is a symptom, higher worse. The gain G = B - P, from the level before (B) to
the level of days 1 to 3 (P); a fraction of it is lost where the level is back at P + fraction * G.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from clinical.coverage import Series
from clinical.reference import Reference
from clinical.smoother import (
    LONGEST_DAYS,
    NOISE_LAG_1,
    NOISE_SD,
    Level,
    probability_above,
    smooth,
    standard_normal,
)

State = Literal["worn_off", "holding", "no_response", "insufficient"]
Interval = tuple[int, int | None]

METHOD_VERSION = "wear-off-2"
# 4-clinical 4a, 6: the least change of a 3-day level that is more than noise.
LEAST_GAIN = 1.5
# P is the level of the first 3 days, so that half of the gain can be lost from the fourth on.
FIRST_DAYS, EARLIEST_DAY = 3, 4
HALF, FRACTIONS = 0.5, (0.25, 0.5, 0.75)
KEPT_DAYS = (7, 14, 21)
# Fewer say nothing: 4 days of the window, 2 of them in its first 7. 4-clinical 4a, 11b.
LEAST_DAYS, LEAST_EARLY_DAYS, EARLY_DAYS = 4, 2, 7
LIKELY = 0.5
NORMAL_90 = 1.2816  # the standard normal distribution's 90 % point
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where a fraction of the gain was lost; the interval (10-90 %) is open past the window."""

    fraction: float
    state: State
    day: int | None
    interval: Interval | None
    p_worn_off: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a window's days say of its session; `day` and `interval` are those of half the gain.

    `gain` and each day of `kept` (a share) are a median with its 10 and 90 %. `ribbon` is the
    level's mean with its 10 and 90 %, from day 1 to the last observed. `p_worse` is how likely that
    last day's level is worse than the one two weeks before it, None where the window has no such
    day. Without enough days, `reason` says so.
    """

    state: State
    reason: str | None = None
    day: int | None = None
    interval: Interval | None = None
    p_responded: float | None = None
    p_worn_off: float | None = None
    gain: tuple[float, float, float] | None = None
    kept: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)
    crossings: tuple[Crossing, ...] = ()
    ribbon: tuple[tuple[float, float, float], ...] = ()
    p_worse: float | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What could have been, draw by draw: the level of each day, P, G, and whether G is one."""

    level: Series
    start: Series
    gain: Series
    responded: Series


def estimate(y: Series, reference: Reference) -> Estimate:
    """The estimate for days 1..n of a window (NaN: not observed); at most the first 365 count."""
    y = until_last_observed(y[:LONGEST_DAYS])
    reason = unfit(y)
    if reason is not None:
        return Estimate("insufficient", reason)
    level = smooth(y)
    if reference.level is None:
        return Estimate(
            "insufficient", "no_baseline", ribbon=ribbon(level), p_worse=probability_above(level)
        )
    before = reference.level + standard_error(reference) * standard_normal(1)
    drawn = _drawn(level, before)
    crossings = tuple(_crossing(drawn, fraction) for fraction in FRACTIONS)
    half = crossings[FRACTIONS.index(HALF)]
    return Estimate(
        state=half.state,
        day=half.day,
        interval=half.interval,
        p_responded=float(drawn.responded.mean()),
        p_worn_off=half.p_worn_off,
        gain=_spread(drawn.gain),
        kept={} if half.state == "no_response" else _kept(drawn),
        crossings=crossings,
        ribbon=ribbon(level),
        p_worse=probability_above(level),
    )


def until_last_observed(y: Series) -> Series:
    """Where nobody looked any more, nothing is told: the level there would be the line's alone."""
    seen = np.flatnonzero(~np.isnan(y))
    return y[: seen[-1] + 1] if len(seen) else y[:0]


def unfit(y: Series) -> str | None:
    """Why these days cannot be judged: too few of them, or too few at the window's beginning."""
    observed = ~np.isnan(y)
    if np.count_nonzero(observed) < LEAST_DAYS:
        return "too_few_days"
    early = np.count_nonzero(observed[:EARLY_DAYS])
    return None if early >= LEAST_EARLY_DAYS else "too_few_early_days"


def standard_error(reference: Reference) -> float:
    """Of the level before: its own, and never less than the assumed noise leaves to as many days.

    A mean of n days of AR(1) noise has the variance of n (1 - rho) / (1 + rho) days of their own.
    """
    effective = reference.n_observed * (1 - NOISE_LAG_1) / (1 + NOISE_LAG_1)
    return max(reference.standard_error or 0.0, NOISE_SD / math.sqrt(effective))


def ribbon(level: Level) -> tuple[tuple[float, float, float], ...]:
    """The level's mean with its 10 and 90 %, by day."""
    half = NORMAL_90 * level.sd
    edges = (level.mean, level.mean - half, level.mean + half)
    return tuple(zip(*(edge.tolist() for edge in edges), strict=True))


def _drawn(level: Level, before: Series) -> Drawn:
    start = level.draws[:, :FIRST_DAYS].mean(axis=1)
    gain = before - start
    return Drawn(level.draws, start, gain, gain >= LEAST_GAIN)


def _crossing(drawn: Drawn, fraction: float) -> Crossing:
    """Among the draws that responded: the first day, from 4 on, on which the fraction was lost."""
    if drawn.responded.mean() < LIKELY:
        return Crossing(fraction, "no_response", None, None, None)
    threshold = drawn.start + fraction * drawn.gain
    lost = drawn.level[:, EARLIEST_DAY - 1 :] >= threshold[:, None]
    beyond = drawn.level.shape[1] + 1
    day = np.where(lost.any(axis=1), lost.argmax(axis=1) + EARLIEST_DAY, beyond)[drawn.responded]
    p_worn_off = float((day < beyond).mean())
    if p_worn_off < LIKELY:
        return Crossing(fraction, "holding", None, None, p_worn_off)
    middle, low, high = (int(value) for value in _spread(day))
    return Crossing(
        fraction, "worn_off", middle, (low, high if high < beyond else None), p_worn_off
    )


def _kept(drawn: Drawn) -> dict[int, tuple[float, float, float]]:
    """The share of the gain that was left on some days: 1 as after the dose, 0 as before it."""
    start, gain = drawn.start[drawn.responded], drawn.gain[drawn.responded]
    level = drawn.level[drawn.responded]
    inside = [day for day in KEPT_DAYS if day <= level.shape[1]]
    return {day: _spread(1 - (level[:, day - 1] - start) / gain) for day in inside}


def _spread(values: Series) -> tuple[float, float, float]:
    """The median with the 10 and 90 %: each the least value that such a share does not exceed."""
    ordered = np.sort(values)
    middle, low, high = (
        float(ordered[math.ceil(share * len(ordered)) - 1]) for share in (HALF, LOW, HIGH)
    )
    return middle, low, high
