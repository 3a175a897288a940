"""How often the wear-off estimate is right: simulated patients, whose true level is known, judged.

A patient logs a week, has six sessions at one interval, and goes on missing days, worse ones more
often; the sixth window is judged as the product would, by the days that were logged, and compared
to the same rule applied to the noise-free level (4-clinical section 8).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from clinical.coverage import Series
from clinical.reference import Answered, Reference, reference
from clinical.simulate import Story, day_noise
from clinical.simulated_gaps import missing_days
from clinical.wear_off import EARLIEST_DAY, FIRST_DAYS, HALF, LEAST_GAIN, State, estimate
from clinical.wear_off_rule import rule

GAINS, HALF_LIVES_DAYS = (0.0, 2.0, 3.0, 4.5), (5.0, 10.0, 20.0)
NOISE_SDS, INTERVALS_DAYS = (0.8, 1.2, 1.5), (14, 21, 28, 42)
WINDOWS = 6
_WEEK = 7
_FIRST = date(2026, 1, 1)
_TINY = 1e-9  # what floating point may lose where a curve only just reaches a threshold

# Cases of other noise than the smoother assumes, and of more and fewer missing days.
OTHERWISE: Mapping[str, Mapping[str, float]] = {
    "likeness of neighbouring days .30": {"lag_1": 0.3},
    "likeness of neighbouring days .55": {"lag_1": 0.55},
    "likeness .55, noise sd 1.5": {"lag_1": 0.55, "noise_sd": 1.5},
    "no day missing": {"missing": 0.0},
    "four days of ten missing": {"missing": 0.4},
    "the course's first window": {"windows": 1},
}

# How much of a gain of 1 is left some days after a dose. "half-life" is when half of it is gone,
# but for a rebound, which is back at the old level by then and worse for as long again.
SHAPES: Mapping[str, Callable[[Series, float], Series]] = {
    "exponential": lambda day, half: np.exp2(-day / half),
    "linear": lambda day, half: np.clip(1 - day / (2 * half), 0, 1),
    "plateau, then a drop": lambda day, half: np.where(day <= half, 1.0, 0.0),
    "sigmoid": lambda day, half: 1 / (1 + np.exp((day - half) / 3)),
    "slow, then fast": lambda day, half: np.clip(1 - 0.5 * (day / half) ** 2, 0, 1),
    "never declining": lambda day, half: np.ones_like(day),
    "rebound": lambda day, half: np.clip(1 - day / half, -0.3, 1),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of window, the last of so many `windows`; `seed` tells patients apart."""

    gain: float = 3.0
    half_life_days: float = 10.0
    noise_sd: float = 1.2
    interval_days: int = 28
    shape: str = "exponential"
    windows: int = WINDOWS
    missing: float = 0.25
    lag_1: float = 0.4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one method said of one window, and what was true. `holds`: the interval has the day."""

    said: State
    true: State
    error_days: float | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of windows, the mean error in days, and the share of intervals that hold the day.

    The last two are over windows that wore off and were said to; None where there were none.
    `true` is how many windows were in which state.
    """

    true: Mapping[State, int]
    right: float
    insufficient: float
    error_days: float | None
    coverage: float | None


def judge(case: Case) -> tuple[Verdict, Verdict]:
    """The estimate's verdict and the rule's, on the last window of one simulated patient."""
    y, before, true = simulated(case)
    estimated, ruled = estimate(y, before), rule(y, before)
    lower = None if ruled.interval is None else (ruled.interval[0] + 1, ruled.interval[1])
    return (
        _verdict(estimated.state, estimated.day, estimated.interval, true),
        _verdict(ruled.state, ruled.day, lower, true),
    )


def simulated(case: Case) -> tuple[Series, Reference, tuple[State, int | None]]:
    """The last window of one patient as logged, its reference level, and what is true of it."""
    level, y = _patient(case)
    starts = [_WEEK + case.interval_days * number for number in range(case.windows)]
    before = _reference(y, starts)
    after = slice(starts[-1] + 1, None)
    return y[after], before, truth(level[after], _level_before(level, before, starts))


def score(case: Case, patients: int) -> tuple[Score, Score]:
    """The estimate's score and the rule's over so many patients, the seeds one after another."""
    judged = [judge(replace(case, seed=case.seed + number)) for number in range(patients)]
    by_estimate, by_rule = zip(*judged, strict=True)
    return _score(by_estimate), _score(by_rule)


def truth(level: Series, before: float) -> tuple[State, int | None]:
    """State and day of half the gain, of a noise-free level."""
    start = float(level[:FIRST_DAYS].mean())
    gain = before - start
    if gain < LEAST_GAIN - _TINY:
        return "no_response", None
    back = np.flatnonzero(level[EARLIEST_DAY - 1 :] >= start + HALF * gain - _TINY)
    return ("worn_off", int(back[0]) + EARLIEST_DAY) if len(back) else ("holding", None)


def _patient(case: Case) -> tuple[Series, Series]:
    """The noise-free level of every day and the logged one, rounded; days without a log are NaN."""
    days = _WEEK + case.windows * case.interval_days
    story = Story(noise_sd=case.noise_sd, lag_1=case.lag_1)
    random, for_gaps = (np.random.default_rng([case.seed, stream]) for stream in range(2))
    level = np.full(days, story.baseline)
    for start in range(_WEEK, days, case.interval_days):
        since = np.arange(1, days - start, dtype=float)
        faded = story.baseline - case.gain * SHAPES[case.shape](since, case.half_life_days)
        level[start + 1 : start + case.interval_days] = faded[: case.interval_days - 1]
    level = np.clip(level, 0, 10)
    noisy = level + day_noise(story, days, random)
    y = np.clip(np.floor(noisy + 0.5), 0, 10)
    y[missing_days(noisy, case.missing, for_gaps)] = np.nan
    return level, y


def _reference(y: Series, starts: list[int]) -> Reference:
    days = [_FIRST + timedelta(days=number) for number in range(len(y))]
    logged = np.flatnonzero(~np.isnan(y)).tolist()
    values = {days[number]: float(y[number]) for number in logged}
    sessions = [days[start] for start in starts]
    return reference(Answered(values), sessions, sessions)


def _level_before(level: Series, before: Reference, starts: list[int]) -> float:
    """The noise-free level of the weeks the reference is taken from."""
    weeks = starts if before.source == "pre_session" else starts[:1]
    return float(np.mean([level[start - _WEEK : start].mean() for start in weeks]))


def _verdict(
    said: State,
    day: int | None,
    interval: tuple[int, int | None] | None,
    true: tuple[State, int | None],
) -> Verdict:
    state, true_day = true
    if day is None or true_day is None or interval is None:
        return Verdict(said, state, None, None)
    first, last = interval
    holds = first <= true_day and (last is None or true_day <= last)
    return Verdict(said, state, abs(day - true_day), holds)


def _score(verdicts: tuple[Verdict, ...]) -> Score:
    errors = [verdict.error_days for verdict in verdicts if verdict.error_days is not None]
    held = [verdict.holds for verdict in verdicts if verdict.holds is not None]
    return Score(
        true=Counter(verdict.true for verdict in verdicts),
        right=float(np.mean([verdict.said == verdict.true for verdict in verdicts])),
        insufficient=float(np.mean([verdict.said == "insufficient" for verdict in verdicts])),
        error_days=float(np.mean(errors)) if errors else None,
        coverage=float(np.mean(held)) if held else None,
    )
