"""Simulated patients: seeded series with the shape, noise and gaps of real ones.

No open patient-level ketamine data set exists (4-clinical section 8). A symptom y (0-10, higher
worse) is a baseline minus the fading gain of the last doses, plus lag-1 autocorrelated noise; worse
days go missing more often (clinical/simulated_gaps.py), and the days of a dose have side effects
(clinical/simulated_effects.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from clinical.simulated_effects import EffectWindow, simulated_effects
from clinical.simulated_gaps import missing_days


@dataclass(frozen=True, slots=True)
class Story:
    """One simulated person. `gain` points are won by a dose and half lost in `half_life_days`.

    `missing` is the long-run share of days not logged; besides, nothing is logged in `silences`,
    each (first, last) day number of the series, both included.
    """

    baseline: float = 7.0
    gain: float = 3.0
    half_life_days: float = 10.0
    noise_sd: float = 1.2
    lag_1: float = 0.4
    missing: float = 0.25
    seed: int = 0
    silences: tuple[tuple[int, int], ...] = ()
    effects: tuple[EffectWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """How a rating follows y: `share` of its level, `spread` of its noise; `turned`: 10 is best."""

    share: float
    spread: float
    turned: bool


# Within-person figures of 40 patients with depression or anxiety (openESM 0033, Fisher et al. 2017,
# CC BY 4.0; 0-100): sd "down" 20.9, "anhedonia" 20.4, "energetic" 17.9, "worried" 19.7, "irritable"
# 20.5; mean "down" 43.0, "irritable" 39.8, "worried" 54.1 and "afraid" 28.9, whose mean is 41.5.
ITEMS: Mapping[str, Item] = {
    "mood": Item(1, 1, True),
    "interest": Item(1, 20.4 / 20.9, True),
    "energy": Item(1, 17.9 / 20.9, True),
    "anxiety": Item(41.5 / 43.0, 19.7 / 20.9, False),
    "irritability": Item(39.8 / 43.0, 20.5 / 20.9, False),
}
# Our assumptions, for want of data: how much of their noise the items have in common with y, and
# what a point of y costs in sleep.
NOISE_IN_COMMON = 0.6
SLEEP_HOURS_AT_BEST, SLEEP_HOURS_PER_POINT, SLEEP_HOURS_SD = 7.5, 0.2, 0.8
SLEEP_QUALITY_PER_POINT, SLEEP_QUALITY_SD = 0.35, 0.5


def symptom_level(story: Story, days: int, dose_days: Sequence[int]) -> np.ndarray[Any, Any]:
    """The noise-free symptom on days 0..days-1; dose days may be negative (before the series)."""
    day = np.arange(days)
    gains = np.zeros(days)
    for dosed in dose_days:
        since = day - dosed
        faded = story.gain * np.exp2(-np.maximum(since, 0) / story.half_life_days)
        # The largest, not the sum: six induction doses together would leave the scale.
        gains = np.maximum(gains, np.where(since > 0, faded, 0.0))
    return np.clip(story.baseline - gains, 0, 10)


def simulate(story: Story, first: date, days: int, dose_days: Sequence[int]) -> dict[date, Any]:
    """Answers by local date, logged days only; the same story gives the same series."""
    # A stream of random numbers for each thing: to change one of them moves none of the others.
    for_noise, for_sleep, for_gaps, for_effects = (
        np.random.default_rng([story.seed, stream]) for stream in range(4)
    )
    level = symptom_level(story, days, dose_days)
    noise = day_noise(story, days, for_noise)
    ratings = _ratings(story, level, noise, for_noise)
    sleep = _sleep(level, for_sleep)
    missing = missing_days(level + noise, story.missing, for_gaps)
    for start, end in story.silences:
        missing[start : end + 1] = True
    effects = simulated_effects(days, dose_days, story.effects, for_effects)
    return {
        first + timedelta(days=day): {
            **{key: values[day] for key, values in (ratings | sleep).items()},
            "side_effects": effects[day],
        }
        for day in np.flatnonzero(~missing).tolist()
    }


def _ratings(
    story: Story,
    level: np.ndarray[Any, Any],
    noise: np.ndarray[Any, Any],
    random: np.random.Generator,
) -> dict[str, list[int]]:
    """Whole 0-10 ratings by item and day; mood is y itself."""
    rated = {}
    for key, item in ITEMS.items():
        own = day_noise(story, len(level), random)
        mixed = NOISE_IN_COMMON * noise + (1 - NOISE_IN_COMMON**2) ** 0.5 * own
        worse = item.share * level + item.spread * (noise if key == "mood" else mixed)
        values = 10 - worse if item.turned else worse
        rated[key] = np.clip(np.floor(values + 0.5), 0, 10).astype(int).tolist()
    return rated


def _sleep(level: np.ndarray[Any, Any], random: np.random.Generator) -> dict[str, list[Any]]:
    """Hours in quarters and quality 1-5, by day."""
    hours = SLEEP_HOURS_AT_BEST - SLEEP_HOURS_PER_POINT * level
    hours = np.clip(hours + random.normal(0, SLEEP_HOURS_SD, len(level)), 0, 24)
    quality = 5 - SLEEP_QUALITY_PER_POINT * level + random.normal(0, SLEEP_QUALITY_SD, len(level))
    return {
        "sleep_hours": (np.round(hours * 4) / 4).tolist(),
        "sleep_quality": np.clip(np.round(quality), 1, 5).astype(int).tolist(),
    }


def day_noise(story: Story, days: int, random: np.random.Generator) -> np.ndarray[Any, Any]:
    """Noise of spread `noise_sd` from its first day on, each day with `lag_1` of the one before."""
    fresh = random.normal(0, story.noise_sd, days)
    noise = fresh.copy()
    for day in range(1, days):
        noise[day] = story.lag_1 * noise[day - 1] + (1 - story.lag_1**2) ** 0.5 * fresh[day]
    return noise
