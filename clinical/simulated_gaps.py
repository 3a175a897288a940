"""Which days a simulated patient does not log: gaps that last, longer and more often when worse."""

from typing import Any

import numpy as np

# 4-clinical section 8: a missing day is followed by another with 0.7, and the odds rise 1.5-fold
# for every 2 points the symptom is worse.
PERSISTENCE = 0.7
ODDS_PER_POINT = 1.5**0.5
# Nobody is made to miss the day after a logged one more surely than this: above a share of 0.75
# gaps last longer instead.
LIKELIEST_START = 0.9
_HALVINGS = 40


def missing_days(
    symptom: np.ndarray[Any, Any], share: float, random: np.random.Generator
) -> np.ndarray[Any, Any]:
    """A two-state chain over the days whose expected share of missing days is `share`."""
    if share <= 0:
        return np.zeros(len(symptom), dtype=bool)
    stay, start = chances(symptom, share)
    drawn = random.random(len(symptom))
    missing = np.empty(len(symptom), dtype=bool)
    missing[0] = drawn[0] < share
    for day in range(1, len(symptom)):
        missing[day] = drawn[day] < (stay[day] if missing[day - 1] else start[day])
    return missing


def chances(
    symptom: np.ndarray[Any, Any], share: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Of each day, the chance to be missing after a missing day, and after a logged one.

    The odds are bent by the symptom, which moves the share: the second chance is set, by halving,
    so that the expected share over these very days is the one asked for.
    """
    bend = np.log(ODDS_PER_POINT) * (symptom - symptom.mean())
    persistence = max(PERSISTENCE, 1 - LIKELIEST_START * (1 - share) / share)
    stay = _logistic(_logit(persistence) + bend)
    low, high = -20.0, 20.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        start = _logistic(middle + bend)
        if expected_share(stay, start, share) < share:
            low = middle
        else:
            high = middle
    return stay, start


def expected_share(stay: np.ndarray[Any, Any], start: np.ndarray[Any, Any], first: float) -> float:
    """The mean chance to be missing over all days, when it is `first` on the first day."""
    chance = total = first
    for stays, starts in zip(stay[1:].tolist(), start[1:].tolist(), strict=True):
        chance = chance * stays + (1 - chance) * starts
        total += chance
    return total / len(stay)


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def _logistic(value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.asarray(1 / (1 + np.exp(-value)))
