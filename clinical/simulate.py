"""Simulated patients: seeded series with the shape, noise and gaps of real ones.

No open patient-level ketamine data set exists. A symptom y (0-10, higher worse) is a baseline
minus the fading gain of the last doses, plus lag-1 autocorrelated noise; worse days go missing more
often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

# Our assumptions, for want of data: gaps last, and a point worse costs this much sleep.
PERSISTENCE_OF_MISSING = 0.7
SLEEP_HOURS_AT_BEST, SLEEP_HOURS_PER_POINT, SLEEP_HOURS_SD = 7.5, 0.2, 0.8
SLEEP_QUALITY_PER_POINT = 0.35
ANXIETY_SHARE = 0.7
# The odds of a missing day rise 1.5-fold for every 2 points the symptom is worse.
ODDS_PER_POINT = 1.5**0.5


@dataclass(frozen=True, slots=True)
class Story:
    """One simulated person. `gain` points are won by a dose and half lost in `half_life_days`."""

    baseline: float = 7.0
    gain: float = 3.0
    half_life_days: float = 10.0
    noise_sd: float = 1.2
    lag_1: float = 0.4
    missing: float = 0.25
    seed: int = 0


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
    random = np.random.default_rng(story.seed)
    level = symptom_level(story, days, dose_days)
    missing = _missing_days(story, level, random)
    series = {key: level + _noise(story, days, random) for key in ("mood", "interest", "energy")}
    worse = {key: level + _noise(story, days, random) for key in ("anxiety", "irritability")}
    rested = SLEEP_HOURS_AT_BEST - SLEEP_HOURS_PER_POINT * level
    rested = np.clip(rested + random.normal(0, SLEEP_HOURS_SD, days), 0, 24)
    logged: dict[date, Any] = {}
    for day in np.flatnonzero(~missing):
        answers: dict[str, Any] = {key: _rating(10 - values[day]) for key, values in series.items()}
        answers |= {key: _rating(ANXIETY_SHARE * values[day]) for key, values in worse.items()}
        answers["sleep_hours"] = round(float(rested[day]) * 4) / 4
        answers["sleep_quality"] = int(
            np.clip(round(5 - SLEEP_QUALITY_PER_POINT * level[day]), 1, 5)
        )
        answers["side_effects"] = _side_effects(int(day), dose_days, random)
        logged[first + timedelta(days=int(day))] = answers
    return logged


def _noise(story: Story, days: int, random: np.random.Generator) -> np.ndarray[Any, Any]:
    fresh = random.normal(0, story.noise_sd * (1 - story.lag_1**2) ** 0.5, days)
    noise = np.empty(days)
    noise[0] = random.normal(0, story.noise_sd)
    for day in range(1, days):
        noise[day] = story.lag_1 * noise[day - 1] + fresh[day]
    return noise


def _missing_days(
    story: Story, level: np.ndarray[Any, Any], random: np.random.Generator
) -> np.ndarray[Any, Any]:
    """A two-state chain whose long-run share is `missing` at the mean level."""
    enter = story.missing * (1 - PERSISTENCE_OF_MISSING) / max(1 - story.missing, 1e-9)
    odds = ODDS_PER_POINT ** (level - level.mean())
    missing = np.zeros(len(level), dtype=bool)
    for day in range(1, len(level)):
        chance = PERSISTENCE_OF_MISSING if missing[day - 1] else enter
        weighted = chance * odds[day] / (1 - chance + chance * odds[day])
        missing[day] = random.random() < weighted
    return missing


def _rating(value: float) -> int:
    return int(np.clip(np.floor(value + 0.5), 0, 10))


# Shares of patients who reported each effect at all (esketamine arm, PMC8407443 table 2; somnolence
# for our "sedation"). Drawing each dosing day with them is our assumption, on the high side.
_ACUTE = {"dizziness": 0.38, "dissociation": 0.34, "nausea": 0.27, "sedation": 0.21}


def _side_effects(
    day: int, dose_days: Sequence[int], random: np.random.Generator
) -> list[dict[str, Any]]:
    drawn = random.random(len(_ACUTE))
    if day not in dose_days:
        return []
    return [
        {"code": code, "severity": 1}
        for (code, share), chance in zip(_ACUTE.items(), drawn, strict=True)
        if chance < share
    ]
