"""Textbook measures the product does not show, as a second opinion on what it does."""

import json
import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from clinical.control_chart import WEIGHT, Stable, watch
from clinical.window_comparison import Days, area_per_day, compare, peak
from tests.contract import ROOT

VECTORS = ROOT.parent / "shared" / "data" / "instruments.json"
# As they stand in the file, where it is at hand.
EWMA_HALF_LIFE_3 = [
    {"prev": 5.0, "y": 6, "dt": 1, "out": 5.2063},
    {"prev": 5.2063, "y": 7, "dt": 1, "out": 5.5763},
    {"prev": 5.5763, "y": 4, "dt": 3, "out": 4.7882},
]
NAP: dict[str, Any] = {"before": [7, 6, 7, 8, 6], "after": [4, 5, 4, 3, 5, 6], "value": 0.9667}


def vectors() -> dict[str, Any]:
    if not VECTORS.exists():
        return {"ewma_halflife3": EWMA_HALF_LIFE_3, "nap": NAP}
    found: dict[str, Any] = json.loads(VECTORS.read_text())["test_vectors"]
    return found


def ewma(previous: float, y: float, dt: float, half_life: float) -> float:
    """4-clinical 4a.3: a = 1 - 2^(-dt / h)."""
    a = 1 - 2 ** (-dt / half_life)
    return a * y + (1 - a) * previous


def nap(before: list[float], after: list[float]) -> float:
    """Of all pairs the share that went down, ties counted half: 4-clinical 4a.13."""
    pairs = list(product(before, after))
    return sum(1.0 if b > a else 0.5 if b == a else 0.0 for b, a in pairs) / len(pairs)


def test_the_average_by_half_life_is_the_vector() -> None:
    """Day 1 of half-life 3: a = .2063: 5 + .2063 * 1 = 5.2063; three days: a = .5."""
    for step in vectors()["ewma_halflife3"]:
        found = ewma(step["prev"], step["y"], step["dt"], half_life=3)
        assert found == pytest.approx(step["out"], abs=5e-5)


def test_the_charts_average_is_one_by_half_life_on_days_without_gaps() -> None:
    """A weight of .1 is a half-life of log(.5) / log(.9) = 6.58 days."""
    half_life = math.log(0.5) / math.log(1 - WEIGHT)
    y = np.array([5.0, 7, 3, 6, 8])
    expected = 4.0
    for point in watch(y, Stable(0, 13, 14, 4.0, 1.0, 0.0), start=0):
        expected = ewma(expected, point.y, 1, half_life)
        assert point.ewma == pytest.approx(expected)


def test_the_share_of_pairs_that_went_down_is_the_vector_and_mann_whitneys() -> None:
    vector = vectors()["nap"]
    before, after = vector["before"], vector["after"]
    found = nap(before, after)
    assert round(found, 4) == vector["value"]
    u = stats.mannwhitneyu(before, after).statistic
    assert found == pytest.approx(u / (len(before) * len(after)))


def test_where_nearly_all_pairs_went_down_the_window_has_a_gain() -> None:
    """The vector's days as a week before and a window: B 6.8; 4 5 4 3 5 6."""
    before, after = NAP["before"], np.array(NAP["after"], dtype=float)
    window = Days(after, float(np.mean(before)))
    highest, _ = peak(window)
    assert highest.value == 2.8  # trailing medians of y: 4.5 4 4 4 5; 6.8 - 4
    area = area_per_day(window).value
    assert area == pytest.approx(float(np.trapezoid(6.8 - after)) / 5, abs=5e-4)


def test_the_interval_of_a_difference_is_near_the_moving_block_bootstraps() -> None:
    """4-clinical 4a.13: blocks of 4 days, over 40 common days of two windows 1 apart."""
    random = np.random.default_rng(5)
    noise = random.normal(0, 1.1, (2, 41))
    noise = noise[:, 1:] + 0.4 * noise[:, :-1]
    mine, theirs = np.round(4 + noise[0]), np.round(5 + noise[1])
    found = compare(Days(mine, 7.0), Days(theirs, 7.0)).gain_difference
    assert found.interval is not None
    differences = theirs - mine
    starts = random.integers(0, 37, (2000, 10))
    means = differences[(starts[:, :, None] + np.arange(4)).reshape(2000, -1)].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    width = found.interval[1] - found.interval[0]
    assert found.interval[0] == pytest.approx(low, abs=0.35)
    assert found.interval[1] == pytest.approx(high, abs=0.35)
    assert 0.8 < width / (high - low) < 1.8
