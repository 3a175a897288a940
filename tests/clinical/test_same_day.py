"""Today beside the same day of earlier windows: what comes each time is usual, on its day."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.same_day import SameDay, same_day

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
NAN = math.nan
WINDOW = st.lists(st.sampled_from([*range(11), None]), max_size=25).map(
    lambda answers: np.array(answers, dtype=float)
)


def mood(*, first: float, last: float) -> Any:
    """28 days of mood on a straight line."""
    return np.linspace(first, last, 28)


# Mood is 8, 8.5 and 9 on day 1 and falls to 2.5, 3 and 3.5 on day 28.
EARLIER = [mood(first=8 + up, last=2.5 + up) for up in (0, 0.5, 1)]


def test_a_usual_dip_on_day_20_is_not_flagged_and_the_same_value_on_day_3_is() -> None:
    """On the line from 8.5 to 3 day 20 is 8.5 - 5.5 * 19 / 27 = 4.630, day 3 is 8.093.

    4.2 on day 20 is within half a point of that; on day 3 it is 3.9 less, and below all three.
    """
    low = np.full(20, 4.2)
    found = same_day(20, low, EARLIER)
    assert found == SameDay("usual", 3, 4.2, 4.63, 4.38, 4.88, 20, None)
    early = same_day(3, low[:3], EARLIER)
    assert early == SameDay("below_usual", 3, 4.2, 8.093, 7.843, 8.343, 3, None)


def test_better_than_usual_is_told_too() -> None:
    assert same_day(20, np.full(20, 9.0), EARLIER).state == "above_usual"


def test_less_than_ratings_can_tell_is_usual_even_outside_the_middle_half() -> None:
    """Three alike: the quartiles are 5; 3.6 is 1.4 below, 3.5 is 1.5 below."""
    alike = [np.full(28, 5.0)] * 3
    assert same_day(5, np.full(5, 3.6), alike).state == "usual"
    assert same_day(5, np.full(5, 3.5), alike).state == "below_usual"
    assert same_day(5, np.full(5, 6.5), alike).state == "above_usual"
    # On a scale of 1 to 5 a unit of y is .4: .6 is enough.
    assert same_day(5, np.full(5, 4.4), alike, per_y=0.4).state == "below_usual"
    assert same_day(5, np.full(5, 4.5), alike, per_y=0.4).state == "usual"


def test_a_value_far_from_the_median_but_inside_the_middle_half_is_usual() -> None:
    """2 3 7 8: the middle half is 2.75 to 7.25; 3 is 2 below the median 5."""
    spread = [np.full(9, value) for value in (2.0, 3.0, 7.0, 8.0)]
    assert same_day(5, np.full(5, 3.0), spread).state == "usual"


def test_neighbouring_days_stand_in_and_a_window_without_any_is_not_counted() -> None:
    earlier = [
        np.array([5, 5, NAN, NAN, NAN, 5]),  # nothing on days 3-5
        np.array([5, 5, NAN, 6, NAN, 5]),
        np.array([5, 5, 7, NAN, 9, 5]),
        np.array([5, 5, 7]),  # ended on day 3
    ]
    found = same_day(4, np.array([NAN, NAN, 4, NAN]), earlier)
    assert (found.n, found.value, found.median) == (3, 4, 7)  # 6, median(7, 9) = 8, and 7


@pytest.mark.parametrize(
    ("day_offset", "current", "n_windows", "reason"),
    [
        (0, [], 3, "no_day_since_session"),
        (5, [5, 5, 5, NAN, NAN], 3, "too_few_days"),
        (5, [5, 5, 5, 5, NAN], 3, None),
        (5, [5] * 5, 2, "too_few_windows"),
        (5, [5] * 5, 0, "too_few_windows"),
    ],
)
def test_too_few_says_why(
    day_offset: int, current: list[float], n_windows: int, reason: str | None
) -> None:
    found = same_day(day_offset, np.array(current, dtype=float), EARLIER[:n_windows])
    assert (found.reason, found.state == "too_few") == (reason, reason is not None)
    assert (found.median is None) == (reason is not None)


def test_it_is_told_as_the_document_has_it() -> None:
    assert same_day(5, np.full(5, 6.0), EARLIER[:1]).as_dict() == {
        "state": "too_few",
        "n": 1,
        "value": 6.0,
        "median": None,
        "lower_quartile": None,
        "upper_quartile": None,
        "day_offset": 5,
        "reason": "too_few_windows",
    }


@given(WINDOW, st.lists(WINDOW, max_size=5), st.integers(0, 25))
@FEW
def test_turned_upside_down_below_is_above(current: Any, earlier: Any, day_offset: int) -> None:
    here = same_day(day_offset, current, earlier)
    turned = same_day(day_offset, 10 - current, [10 - window for window in earlier])
    states = {"below_usual": "above_usual", "above_usual": "below_usual"}
    assert turned.state == states.get(here.state, here.state)
    assert (turned.n, turned.reason) == (here.n, here.reason)


@given(WINDOW, st.lists(WINDOW, max_size=5), st.integers(0, 25), st.randoms())
@FEW
def test_the_order_of_windows_changes_nothing(
    current: Any, earlier: Any, day_offset: int, random: Any
) -> None:
    shuffled = random.sample(earlier, len(earlier))
    assert same_day(day_offset, current, shuffled) == same_day(day_offset, current, earlier)
