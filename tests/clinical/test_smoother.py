"""The smoothed level is what conditioning one Gaussian on the observed days gives, and no more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import cho_factor, cho_solve
from scipy.special import gamma, kv

from clinical.coverage import Series
from clinical.smoother import DRAWS, LONGEST_DAYS, probability_above, smooth, standard_normal

SEARCH = settings(max_examples=20, deadline=None, derandomize=True, database=None)
NAN = np.nan
WINDOW = np.array([3, 4, NAN, 3, 4, 3, 5, NAN, NAN, 5, 6, 5, 7, 6, NAN, NAN, 7, 6, NAN, 7])
some_days = arrays(float, st.integers(1, 40), elements=st.one_of(st.just(NAN), st.floats(0, 10)))


def by_hand(y: Series) -> tuple[Series, Series]:
    """Mean and covariance of the level, from the joint Gaussian of level and values, day by day.

    Matern of order 5/2 by its Bessel function; the unknown height as one of huge variance.
    """
    days = np.arange(len(y), dtype=float)
    apart = np.abs(np.subtract.outer(days, days))
    scaled = np.sqrt(2 * 2.5) * np.maximum(apart, 1e-12) / 10
    matern = 1.8**2 * 2 ** (1 - 2.5) / gamma(2.5) * scaled**2.5 * kv(2.5, scaled)
    centred = days - days.mean()
    level = matern + 0.3**2 * np.outer(centred, centred) + 1e6
    noise = 1.2**2 * 0.4**apart
    seen = ~np.isnan(y)
    factor = cho_factor((level + noise)[np.ix_(seen, seen)])
    mean = level[:, seen] @ cho_solve(factor, y[seen])
    return mean, level - level[:, seen] @ cho_solve(factor, level[seen])


@pytest.mark.parametrize(
    "y",
    [WINDOW, WINDOW[:1], np.array([NAN, NAN, 5.0, NAN]), np.tile(WINDOW, 7)],
    ids=["a window", "one day", "one of four", "140 days"],
)
def test_the_level_is_that_of_a_joint_gaussian_conditioned_on_the_observed_days(y: Series) -> None:
    mean, covariance = by_hand(y)
    level = smooth(y)
    assert level.mean == pytest.approx(mean, abs=2e-3)
    assert level.sd == pytest.approx(np.sqrt(np.diag(covariance)), abs=2e-3)


def test_the_draws_have_the_levels_mean_and_covariance() -> None:
    """Of 600 draws the mean is off by sd / 24.5, and a correlation by .04, 4 times that at most."""
    _, covariance = by_hand(WINDOW)
    level = smooth(WINDOW)
    assert level.draws.shape == (DRAWS, len(WINDOW)) == (600, 20)
    assert np.abs((level.draws.mean(axis=0) - level.mean) / level.sd).max() < 4 / 24.5
    scale = np.outer(level.sd, level.sd)
    assert np.abs((np.cov(level.draws.T) - covariance) / scale).max() < 0.2


def test_a_day_that_was_not_logged_is_in_no_matrix() -> None:
    """The 28 days of a window with gaps give what its logged days alone give, by their dates."""
    rng = np.random.default_rng(3)
    y = rng.normal(5, 1, 28)
    y[rng.random(28) < 0.4] = NAN
    mean, _ = by_hand(y)
    assert smooth(y).mean == pytest.approx(mean, abs=2e-3)
    # A zero, the day before, or the mean of all in their place would be another level.
    for stand_in in (0.0, float(np.nanmean(y))):
        filled = np.where(np.isnan(y), stand_in, y)
        assert np.abs(smooth(filled).mean - smooth(y).mean).max() > 0.02


def test_the_same_days_give_the_same_bytes() -> None:
    one, other = smooth(WINDOW), smooth(WINDOW.copy())
    assert one.draws.tobytes() == other.draws.tobytes()
    with pytest.raises(ValueError, match="read-only"):
        standard_normal(1)[0] = 0


@SEARCH
@given(some_days, st.floats(-10, 10))
def test_a_shift_of_all_values_shifts_the_level_and_no_more(y: Series, shift: float) -> None:
    if np.isnan(y).all():
        return
    level, shifted = smooth(y), smooth(y + shift)
    assert shifted.draws == pytest.approx(level.draws + shift, abs=1e-9)
    assert shifted.sd == pytest.approx(level.sd, abs=1e-12)


@SEARCH
@given(some_days)
def test_where_nobody_looked_the_level_is_less_sure(y: Series) -> None:
    """Taking away a day never makes any day's level surer."""
    seen = np.flatnonzero(~np.isnan(y))
    if len(seen) < 2:
        return
    fewer = y.copy()
    fewer[seen[len(seen) // 2]] = NAN
    assert (smooth(fewer).sd >= smooth(y).sd - 1e-9).all()


def test_doubt_grows_with_the_distance_from_what_was_observed() -> None:
    sd = smooth(np.array([4, 4, 4, *[NAN] * 9, 4, 4, 4])).sd
    assert (np.diff(sd[2:8]) > 0).all()
    assert (np.diff(sd[7:13]) < 0).all()


@SEARCH
@given(some_days)
def test_a_level_turned_over_is_the_level_of_values_turned_over(y: Series) -> None:
    if not np.isnan(y).all():
        assert smooth(10 - y).mean == pytest.approx(10 - smooth(y).mean, abs=1e-9)


@pytest.mark.parametrize("days", [1, 2, 120, LONGEST_DAYS])
def test_a_level_is_finite_for_any_length(days: int) -> None:
    level = smooth(np.full(days, 10.0))
    assert level.mean == pytest.approx(10)
    assert np.isfinite(level.draws).all()
    assert (level.sd > 0).all()


def test_how_likely_it_is_worse_than_two_weeks_ago() -> None:
    """Ten points in 20 days: surely; the same down: surely not; flat: as likely as not."""
    rising = np.linspace(0, 10, 21)
    assert probability_above(smooth(rising)) == 1
    assert probability_above(smooth(rising[::-1])) == 0
    assert probability_above(smooth(np.full(21, 5.0))) == pytest.approx(0.5, abs=0.1)
    assert probability_above(smooth(rising[:14])) is None


def test_the_fixed_numbers_lean_to_no_side() -> None:
    """Of every day, and of the level before: mean 0 and variance 1, to the computer's precision."""
    level = smooth(np.full(60, 5.0))
    assert level.draws.mean(axis=0) == pytest.approx(level.mean, abs=1e-9)
    assert standard_normal(1).mean() == pytest.approx(0, abs=1e-12)
    assert standard_normal(1).var() == pytest.approx(1, abs=1e-12)
