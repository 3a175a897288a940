"""The textbook statistics are scipy's and numpy's, to the last digit that counts."""

import json
import math
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from clinical import statistics
from tests.contract import ROOT

SHARED = ROOT.parent / "shared" / "data"
FEW = settings(deadline=None, derandomize=True, database=None, max_examples=60)
RATINGS = st.integers(0, 10).map(float)
QUARTERS = st.integers(0, 96).map(lambda hours: hours / 4)
REALS = st.floats(0, 10, allow_nan=False, width=32)
VALUES = st.sampled_from([RATINGS, QUARTERS, REALS]).flatmap(
    lambda kind: st.lists(kind, min_size=2, max_size=60)
)


def dated(values: list[float]) -> st.SearchStrategy[Any]:
    """The values on as many different days."""
    days = st.sets(st.integers(0, 400), min_size=len(values), max_size=len(values))
    return days.map(lambda chosen: (np.array(sorted(chosen)), np.array(values, dtype=float)))


@given(VALUES.flatmap(dated))
@FEW
def test_theil_sen_is_scipys_to_the_bit_ties_included(series: Any) -> None:
    days, values = series
    theirs = stats.theilslopes(values, days)
    ours = statistics.theil_sen(days, values)
    assert ours == (theirs.slope, theirs.low_slope, theirs.high_slope)


def test_theil_sen_of_a_whole_year_is_scipys() -> None:
    random = np.random.default_rng(7)
    days = np.arange(365)
    for values in (random.integers(0, 11, 365) * 1.0, random.integers(16, 40, 365) / 4):
        theirs = stats.theilslopes(values, days)
        expected = (theirs.slope, theirs.low_slope, theirs.high_slope)
        assert statistics.theil_sen(days, values) == expected


def test_theil_sen_of_the_reference_series() -> None:
    """28 pairs, sorted; the median lies between the 14th and the 15th: (-2/5 - 3/8) / 2 = -.3875.

    No ties in t; y has three pairs of equals: var S = (8*7*21 - 3*2*1*9) / 18 = 62.33, its root
    7.895; 1.96 * 7.895 = 15.47; low is the 6th, (28 - 15.47) / 2 = 6.26; high the 23rd of 28.
    """
    days = np.array([0, 1, 2, 3, 5, 6, 8, 9])
    values = np.array([7, 6, 6, 5, 5, 4, 4, 3], dtype=float)
    slope, low, high = statistics.theil_sen(days, values)
    assert slope == pytest.approx(-0.3875, abs=1e-12)
    assert (low, round(high, 4)) == (-0.5, -0.2857)


def test_a_slope_is_the_median_of_all_pairs() -> None:
    """(0,1) (1,3) (2,2): slopes 2, -1, 0.5; the median is 0.5."""
    slope, _, _ = statistics.theil_sen(np.array([0, 1, 2]), np.array([1.0, 3.0, 2.0]))
    assert slope == 0.5


@given(VALUES)
@FEW
def test_quarters_are_numpys(values: list[float]) -> None:
    theirs = np.percentile(values, [0, 25, 50, 75, 100])
    assert statistics.quarters(np.array(values, dtype=float)) == pytest.approx(tuple(theirs))


@given(VALUES)
@FEW
def test_the_standard_deviation_is_numpys(values: list[float]) -> None:
    ours = statistics.standard_deviation(np.array(values, dtype=float))
    assert ours == pytest.approx(float(np.std(values, ddof=1)), abs=1e-9)


def test_the_t_quantile_is_scipys_in_the_table_and_beyond() -> None:
    for degrees in (*range(1, 200), 365, 3660):
        expected = float(stats.t.ppf(0.975, degrees))
        assert statistics.t_quantile(degrees) == pytest.approx(expected, abs=2e-6), degrees
    assert pytest.approx(float(stats.norm.ppf(0.975)), abs=1e-15) == statistics.NORMAL_QUANTILE


@given(st.lists(st.sampled_from([*range(11), *range(11), None]), min_size=30, max_size=60))
@FEW
def test_lag_1_is_pearsons_of_neighbouring_days_alone(answers: list[int | None]) -> None:
    series = np.array(answers, dtype=float)
    pairs = [
        (one, other) for one, other in pairwise(answers) if one is not None and other is not None
    ]
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assume(len(pairs) >= 10 and len(set(before)) > 1 and len(set(after)) > 1)
    expected = float(np.corrcoef(before, after)[0, 1])
    assert statistics.lag_1(series, at_least=10) == pytest.approx(expected, abs=1e-9)


def test_lag_1_does_not_pair_days_across_a_gap() -> None:
    """Pairs of days: (1, 2), (2, 3) and, after the gap, (5, 4): before 1 2 5, after 2 3 4.

    Around their means 8/3 and 3: -5/3 -2/3 7/3 and -1 0 1; products 5/3 + 7/3 = 4; squares 78/9 and
    2: 4 / sqrt(17.33) = .9608.
    """
    series = np.array([1, 2, 3, np.nan, 5, 4])
    assert statistics.lag_1(series, at_least=3) == pytest.approx(0.9608, abs=5e-5)
    assert statistics.lag_1(series, at_least=4) is None


def test_lag_1_of_a_level_line_is_unknown() -> None:
    assert statistics.lag_1(np.full(20, 4.0), at_least=10) is None


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@FEW
def test_the_interval_of_a_share_is_scipys_wilson(case: tuple[int, int]) -> None:
    theirs = stats.binomtest(*case).proportion_ci(method="wilson")
    assert statistics.wilson(*case) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_nine_of_fourteen_days_are_between_39_and_84_percent() -> None:
    low, high = statistics.wilson(9, 14)
    assert (round(low, 4), round(high, 4)) == (0.3876, 0.8366)


def measured() -> tuple[Any, Any, dict[str, Any]]:
    """One person's daily low mood over 239 days, with the figures published tools gave."""
    rows = [row.split(",") for row in (SHARED / "kossakowski_daily.csv").read_text().splitlines()]
    day, mood = rows[0].index("dayno"), rows[0].index("low_mood_0_10")
    told = [(int(cells[day]), float(cells[mood])) for cells in rows[1:] if cells[mood]]
    days, values = (np.array(column) for column in zip(*told, strict=True))
    return days, values, json.loads((SHARED / "expected_kossakowski.json").read_text())


def simulated() -> tuple[Any, Any, dict[str, Any]]:
    """A series like it, with scipy's and numpy's figures."""
    random = np.random.default_rng(3)
    values = np.round(4 + np.convolve(random.normal(0, 1, 240), [1, 0.4], "valid"), 3)
    days = np.arange(1, len(values) + 1)
    paired = float(np.corrcoef(values[:-1], values[1:])[0, 1])
    expected: dict[str, Any] = {"lag1_autocorr_all": round(paired, 4)}
    for name, n in (("trend_all", len(values)), ("trend_days1_42", 42)):
        found = stats.theilslopes(values[:n], days[:n])
        expected[name] = {
            "theil_sen_per_day": round(float(found.slope), 6),
            "ci95": [round(float(edge), 6) for edge in (found.low_slope, found.high_slope)],
        }
    return days, values, expected


def test_a_real_persons_slope_and_likeness_of_days_are_the_published_tools(
    capsys: pytest.CaptureFixture[str],
) -> None:
    at_hand = (SHARED / "expected_kossakowski.json").exists()
    if not at_hand:
        with capsys.disabled():
            sys.stdout.write("\n../shared/data is not here: a simulated series in its place\n")
    days, values, expected = measured() if at_hand else simulated()
    for name, last in (("trend_all", 239), ("trend_days1_42", 42)):
        chosen = days < days[0] + last
        slope, low, high = statistics.theil_sen(days[chosen], values[chosen])
        assert round(slope, 6) == expected[name]["theil_sen_per_day"]
        assert [round(low, 6), round(high, 6)] == expected[name]["ci95"]
    series = np.full(int(days[-1] - days[0]) + 1, np.nan)
    series[days - days[0]] = values
    found = statistics.lag_1(series, at_least=10)
    assert found is not None
    assert math.isclose(found, expected["lag1_autocorr_all"], abs_tol=5e-5)
