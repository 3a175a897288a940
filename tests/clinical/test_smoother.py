"""The smoothed level is the conditional Gaussian, and missing days are absent from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.linalg import solve
from scipy.special import gamma, kv

from clinical.smoother import (
    DRAWS,
    LENGTH_SCALE_DAYS,
    LEVEL_SD,
    NOISE_LAG_1,
    NOISE_SD,
    SLOPE_SD_PER_DAY,
    smooth,
)

NAN = np.nan
Y = np.array([3, 3, NAN, 4, 5, NAN, NAN, 6, 5, 7, 6, NAN], float)


def matern(apart: float) -> float:
    """Matern 5/2 from its Bessel function, not from the closed form."""
    if apart == 0:
        return LEVEL_SD**2
    scaled = np.sqrt(2 * 2.5) * apart / LENGTH_SCALE_DAYS
    return float(LEVEL_SD**2 * 2 ** (1 - 2.5) / gamma(2.5) * scaled**2.5 * kv(2.5, scaled))


def conditional(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of the level given the observed days, the height's sd being 10,000.

    The joint covariance of (level on all days, observed days), conditioned by scipy's solver.
    """
    days = np.arange(len(y))
    level = np.array([[matern(abs(a - b)) for b in days.tolist()] for a in days.tolist()])
    level += SLOPE_SD_PER_DAY**2 * np.outer(days - days.mean(), days - days.mean()) + 1e8
    seen = np.flatnonzero(~np.isnan(y))
    noise = NOISE_SD**2 * NOISE_LAG_1 ** np.abs(np.subtract.outer(seen, seen))
    observed = level[np.ix_(seen, seen)] + noise
    weights = solve(observed, level[seen], assume_a="pos").T
    middle = y[seen].mean()
    return middle + weights @ (y[seen] - middle), level - weights @ level[seen]


def test_it_is_the_conditional_gaussian() -> None:
    mean, covariance = conditional(Y)
    found = smooth(Y)
    assert found.mean == pytest.approx(mean, abs=1e-4)
    assert found.sd == pytest.approx(np.sqrt(np.diag(covariance)), abs=1e-4)


def test_the_draws_are_of_the_same_gaussian() -> None:
    mean, covariance = conditional(Y)
    draws = smooth(Y).draws
    assert draws.shape == (DRAWS, len(Y))
    # z-scores of the sample's means and variances: none of 24 as odd as one in 20,000.
    error = np.sqrt(np.diag(covariance) / DRAWS)
    assert np.abs((draws.mean(axis=0) - mean) / error).max() < stats.norm.ppf(1 - 1 / 40_000)
    ratio = (DRAWS - 1) * draws.var(axis=0, ddof=1) / np.diag(covariance)
    low, high = stats.chi2.ppf([1 / 40_000, 1 - 1 / 40_000], DRAWS - 1)
    assert low < ratio.min() <= ratio.max() < high
    between = np.cov(draws[:, 0], draws[:, -1])[0, 1]
    assert between == pytest.approx(covariance[0, -1], abs=0.15)


def test_the_same_days_give_the_same_bytes() -> None:
    assert smooth(Y).draws.tobytes() == smooth(Y.copy()).draws.tobytes()


def test_missing_days_at_the_end_change_nothing_before_them() -> None:
    whole, cut = smooth(Y), smooth(Y[:-1])
    assert whole.mean[:-1] == pytest.approx(cut.mean, abs=1e-3)


def test_doubt_grows_with_the_distance_from_what_was_observed() -> None:
    y = np.array([4, 4, 4, *[NAN] * 9, 4, 4, 4], float)
    sd = smooth(y).sd
    assert (np.diff(sd[2:8]) > 0).all()
    assert (np.diff(sd[7:13]) < 0).all()


answers = st.lists(st.one_of(st.integers(0, 10), st.none()), min_size=1, max_size=60).filter(
    lambda days: any(day is not None for day in days)
)


@given(answers, st.integers(-20, 20))
def test_a_shift_of_all_answers_shifts_the_level(days: list[int | None], shift: int) -> None:
    y = np.array([NAN if day is None else day for day in days], float)
    here, there = smooth(y), smooth(y + shift)
    assert there.mean == pytest.approx(here.mean + shift, abs=1e-9)
    assert there.draws == pytest.approx(here.draws + shift, abs=1e-9)
    assert there.sd.tobytes() == here.sd.tobytes()


@given(answers)
def test_a_level_turned_over_is_the_level_of_answers_turned_over(days: list[int | None]) -> None:
    y = np.array([NAN if day is None else day for day in days], float)
    assert smooth(10 - y).mean == pytest.approx(10 - smooth(y).mean, abs=1e-9)
    assert np.isfinite(smooth(y).draws).all()
