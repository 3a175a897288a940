"""Curves over each other: the band is the hand calculation, and hides what too few windows say."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.response_curves import BandDay, Point, RibbonDay, band, points, ribbon, smoothed

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
NAN = math.nan
WINDOWS = st.lists(
    st.lists(st.sampled_from([*range(11), None, None]), max_size=20).map(
        lambda answers: np.array(answers, dtype=float)
    ),
    max_size=6,
)
# Four windows of 6, 5, 4 and 3 days; in the third day 2 was not logged.
FOUR = (
    np.array([4.0, 7, 8, 6, 5, 4]),
    np.array([6.0, 7, 7, 5, 3]),
    np.array([5.0, NAN, 6, 4]),
    np.array([8.0, 9, 9]),
)


def test_a_four_window_fixture_equals_the_hand_calculation() -> None:
    """Linear between two values at a quarter, a half, three quarters of the way through the order.

    Day 1: 4 5 6 8, n 4: median (5 + 6) / 2; quartiles at .75 and 2.25: 4.75 and 6 + .25 * 2 = 6.5.
    Day 2: 7 7 9, n 3: median 7; quartiles at .5 and 1.5: 7 and 8.
    Day 3: 6 7 8 9: median 7.5; 6.75 and 8.25.  Day 4: 4 5 6: median 5; 4.5 and 5.5.
    Days 5 (5 and 3) and 6 (4 alone) have too few windows.
    """
    assert band(FOUR) == (
        BandDay(1, 4, 5.5, 4.75, 6.5),
        BandDay(2, 3, 7, 7, 8),
        BandDay(3, 4, 7.5, 6.75, 8.25),
        BandDay(4, 3, 5, 4.5, 5.5),
        BandDay(5, 2),
        BandDay(6, 1),
    )


def test_a_day_of_the_band_is_told_as_the_document_has_it() -> None:
    told = [day.as_dict() for day in band(FOUR)]
    names = ("day_offset", "n", "median", "lower_quartile", "upper_quartile")
    assert told[0] == dict(zip(names, (1, 4, 5.5, 4.75, 6.5), strict=True))
    assert told[4] == dict(zip(names, (5, 2, None, None, None), strict=True))


@pytest.mark.parametrize("earlier", [[], [np.empty(0)], [np.full(5, NAN), np.full(9, NAN)]])
def test_without_an_answered_day_there_is_no_band(earlier: list[Any]) -> None:
    assert band(earlier) == ()


def test_a_day_in_the_middle_that_nobody_logged_has_n_0() -> None:
    assert [day.n for day in band([np.array([5.0, NAN, 6]), np.array([4.0])])] == [2, 0, 1]


def test_day_0_is_marked_and_missing_days_are_left_out() -> None:
    values = np.array([7.0, NAN, 5])
    assert points(values, day_0=3, pre_dose=True) == (
        Point(0, 3.0, True),
        Point(1, 7.0),
        Point(3, 5.0),
    )
    assert points(values)[0].as_dict() == {"day_offset": 1, "value": 7.0, "pre_dose": False}
    assert points(np.empty(0), day_0=3) == (Point(0, 3.0, None),)
    assert points(np.empty(0)) == ()


def test_a_ribbon_is_turned_into_the_measures_own_units_with_its_lower_end_first() -> None:
    """y 3 (2 to 4.5) is mood 7, from 10 - 4.5 = 5.5 to 10 - 2 = 8."""
    assert ribbon([(3.0, 2.0, 4.5)], lambda y: 10 - y) == (RibbonDay(1, 7, 5.5, 8),)
    day = ribbon([(3.0, 2.0, 4.5)], lambda y: y)[0]
    assert day.as_dict() == {"day_offset": 1, "level": 3.0, "low": 2.0, "high": 4.5}


def test_a_smoothed_level_stands_for_what_was_logged_where_there_is_one() -> None:
    logged = np.array([7.0, NAN, 5])
    levels = [(3.0, 2.0, 4.5), (4.0, 3.0, 5.0)]
    assert smoothed(levels, lambda y: 10 - y, logged).tolist() == [7, 6]
    assert smoothed((), lambda y: 10 - y, logged) is logged


@given(WINDOWS)
@FEW
def test_a_band_has_a_middle_exactly_from_three_windows_on_and_is_numpys(earlier: Any) -> None:
    for day in band(earlier):
        at = day.day_offset - 1
        values = [each[at] for each in earlier if at < len(each) and not math.isnan(each[at])]
        assert day.n == len(values)
        told = (day.lower_quartile, day.median, day.upper_quartile)
        if day.n < 3:
            assert told == (None, None, None)
        else:
            expected = np.percentile(values, [25, 50, 75])
            assert told == tuple(float(f"{value:.4g}") for value in expected)


@given(WINDOWS, st.randoms())
@FEW
def test_the_order_of_the_windows_does_not_matter(earlier: Any, random: Any) -> None:
    shuffled = random.sample(earlier, len(earlier))
    assert band(shuffled) == band(earlier)
