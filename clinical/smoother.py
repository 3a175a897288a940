"""The smoothed level of a series of days: what it most likely was, and how unsure that is.

A level f(d) that changes slowly (Gaussian process, Matern 5/2) about a straight line, of whose
height nothing is known, seen through day-to-day noise in which neighbouring days are alike (AR(1)).
Days that were not logged are absent from every matrix: nothing stands in for them.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from clinical.coverage import Series

Matrix = Series

# 4-clinical 4a, 11b: the level moves by about 1.8 points within about 10 days; a day's noise has
# sd 1.2, and .4 of it is in the next day's.
LENGTH_SCALE_DAYS, LEVEL_SD = 10.0, 1.8
NOISE_SD, NOISE_LAG_1 = 1.2, 0.4
# How steep the line may be: 3 points in 10 days is nothing unusual (u). Without it the first days
# of a fading gain are drawn towards the middle of the window: docs/methods/smoother.md.
SLOPE_SD_PER_DAY = 0.3
# Enough for a probability to within .02 (u). The seed is fixed, and one set of numbers serves every
# window, so that the same days give the same bytes. Of each day they have mean 0 and variance 1
# exactly, or a chance lean of that one set would lean every patient's figures the same way.
DRAWS, SEED = 600, 20
# The most days one window can have in a document: a year, as a trend's slope.
LONGEST_DAYS = 365
# 4-clinical 4a: a direction is the level against that of two weeks ago.
DIRECTION_DAYS = 14
# Keeps the factor of a nearly singular covariance real; it is a millionth of the level's variance.
_JITTER = 1e-6


@dataclass(frozen=True, slots=True)
class Level:
    """The level on days 1..n: its mean and standard deviation, and draws of all days together.

    `draws` is draws x n; `mean` and `sd` have n values. Units are those of the series.
    """

    mean: Series
    sd: Series
    draws: Matrix


def smooth(y: Series) -> Level:
    """The level behind a series with at least one value (NaN: not observed).

    Generalised least squares for the unknown mean, then the usual conditional of a Gaussian
    (Rasmussen and Williams 2006, eq. 2.41-2.42), with the mean's own doubt in the covariance.
    """
    days = np.arange(len(y), dtype=float)
    seen = np.flatnonzero(~np.isnan(y))
    prior = _prior(len(y))
    factor = np.linalg.inv(np.linalg.cholesky(prior[np.ix_(seen, seen)] + _noise(days[seen])))
    inverse = factor.T @ factor
    weights = inverse.sum(axis=0)
    information = weights.sum()
    # Values are taken from the first one, so that a shift of all shifts the level and no more.
    origin = y[seen[0]]
    values = y[seen] - origin
    centre = float(weights @ values / information)
    gain = prior[:, seen] @ inverse
    mean = origin + centre + gain @ (values - centre)
    unexplained = 1 - gain.sum(axis=1)
    covariance = prior - gain @ prior[seen] + np.outer(unexplained, unexplained) / information
    lower = np.linalg.cholesky(covariance + _JITTER * LEVEL_SD**2 * np.eye(len(y)))
    return Level(mean, np.sqrt(np.diag(covariance)), mean + (lower @ _normal()[: len(y)]).T)


def probability_above(level: Level, days_ago: int = DIRECTION_DAYS) -> float | None:
    """How likely the level of the last day is above that of so many days ago; None: no such day."""
    if level.draws.shape[1] <= days_ago:
        return None
    return float((level.draws[:, -1] > level.draws[:, -1 - days_ago]).mean())


@lru_cache(maxsize=4)
def standard_normal(column: int) -> Series:
    """One fixed standard normal number per draw; `column` tells independent ones apart."""
    return _fixed(_centred(np.random.default_rng([SEED, column]).standard_normal(DRAWS)))


def _prior(days: int) -> Matrix:
    """The covariance of the level between every two of so many days, but for its unknown height.

    Where the line's zero lies is the height's part; in the middle the numbers stay small.
    """
    day = np.arange(days) - (days - 1) / 2
    return np.asarray(_matern()[:days, :days] + SLOPE_SD_PER_DAY**2 * np.outer(day, day))


@lru_cache(maxsize=1)
def _matern() -> Matrix:
    """Matern 5/2 between every two days of the longest window; a shorter one is its corner."""
    day = np.arange(LONGEST_DAYS)
    scaled = np.sqrt(5.0) * np.abs(np.subtract.outer(day, day)) / LENGTH_SCALE_DAYS
    return _fixed(LEVEL_SD**2 * (1 + scaled + scaled**2 / 3) * np.exp(-scaled))


def _noise(days: Series) -> Matrix:
    """The covariance of the noise between the days that were observed."""
    return np.asarray(NOISE_SD**2 * NOISE_LAG_1 ** np.abs(np.subtract.outer(days, days)))


@lru_cache(maxsize=1)
def _normal() -> Matrix:
    """Standard normal numbers, days x draws: a day has the same in every window.

    That the draws of one day lie side by side in memory makes all that is asked of them faster.
    """
    return _fixed(_centred(np.random.default_rng(SEED).standard_normal((LONGEST_DAYS, DRAWS))))


def _centred(numbers: Series) -> Series:
    """The same numbers, moved and scaled to mean 0 and variance 1 over the draws."""
    apart = numbers - numbers.mean(axis=-1, keepdims=True)
    even: Series = apart / apart.std(axis=-1, keepdims=True)
    return even


def _fixed(values: Series) -> Series:
    """What is shared by every window cannot be written to."""
    values.setflags(write=False)
    return values
