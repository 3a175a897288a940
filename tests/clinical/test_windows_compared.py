"""Two windows against each other: on the days both were answered, and on no others."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from clinical import statistics
from clinical import window_comparison as windows
from clinical.summaries import Summary
from clinical.window_comparison import Compared
from tests.clinical.test_window_comparison import ANSWERS, LEVELS, days

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)


def test_windows_of_14_and_35_days_are_compared_on_common_days_only_and_say_so() -> None:
    """y 4 for 14 days against 5 for 14, with days 1, 6 and 14 missing in one or the other.

    Common: days 2-5 and 7-13, 11 in all: 1 better on each. The 21 awful days after day 14 of the
    longer window, and those one of them did not answer, take no part.
    """
    short = days([4, 4, 4, 4, 4, None, *[4] * 7, 0])
    long = days([None, 5, 5, 5, 5, 0, *[5] * 7, None, *[10] * 21])
    found = windows.compare(short, long)
    assert (found.days_compared, found.first_day, found.last_day) == (11, 2, 13)
    assert found.gain_difference == Summary(1, 11, 14, 1)
    back = windows.compare(long, short)
    assert back.gain_difference.value == -1


def test_a_comparison_worked_by_hand() -> None:
    """Differences of y, other - this: 2 0 1 1: mean 1, as B is the same for both.

    Deviations 1 -1 0 0: s = sqrt(2 / 3) = .8165; r = .4: n_eff = 4 * .6 / 1.4 = 1.714; se = .6236;
    t(3) = 3.182: half 1.985. Good days: y <= 3 on 3 of 4 against 2 of 4: .25.
    """
    found = windows.compare(days([3, 3, 2, 5]), days([5, 3, 3, 6]))
    assert found.gain_difference == Summary(1, 4, 4, 0, (-0.9846, 2.985))
    assert found.good_days_difference.value == 0.25
    told = found.as_dict()
    assert (told["days_compared"], told["first_day"], told["last_day"]) == (4, 1, 4)
    assert told["gain_difference"]["interval"] == [-0.9846, 2.985]


def test_a_window_of_another_course_is_counted_from_its_own_level() -> None:
    """Gains 7 - 4 = 3 and 9 - 5 = 4: one less, though the level itself is one better."""
    assert windows.compare(days([4] * 7), days([5] * 7, 9.0)).gain_difference.value == -1


def test_without_a_reference_good_days_are_still_compared() -> None:
    found = windows.compare(days([3] * 7), days([8] * 7, None))
    assert found.gain_difference.reason == "no_baseline"
    assert found.good_days_difference.value == 1
    assert found.good_days_difference.interval is not None


@pytest.mark.parametrize("common", [0, 3])
def test_too_few_common_days_are_not_compared(common: int) -> None:
    found = windows.compare(days([3] * 8), days([4] * common + [None] * 5))
    assert found.days_compared == common
    assert {found.gain_difference.reason, found.good_days_difference.reason} == {
        "too_few_common_days"
    }


def test_newcombes_interval_is_the_published_one() -> None:
    """Newcombe, Stat. Med. 17 (1998) 873, table II: 56/70 - 48/80, method 10."""
    low, high = statistics.newcombe((56, 70), (48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_the_best_window_is_that_of_the_highest_peak() -> None:
    def told(value: float | None) -> Summary:
        return Summary(value, 1, 1, 0, reason="too_few_days" if value is None else None)

    assert windows.best([]) is None
    assert windows.best([(told(None), told(3.0))]) is None
    assert windows.best([(told(4), told(None)), (told(3), told(3))]) == 0
    assert windows.best([(told(4), told(2)), (told(4), told(1)), (told(4), told(None))]) == 0
    assert windows.best([(told(4), told(2)), (told(4), told(2))]) == 1


@given(ANSWERS, ANSWERS, LEVELS, LEVELS)
@FEW
def test_a_comparison_turned_round_has_the_other_sign(
    mine: list[Any], theirs: list[Any], level: float, other: float
) -> None:
    here = windows.compare(days(mine, level), days(theirs, other))
    back = windows.compare(days(theirs, other), days(mine, level))
    for one, two in (
        (here.gain_difference, back.gain_difference),
        (here.good_days_difference, back.good_days_difference),
    ):
        assert (one.value is None) == (two.value is None)
        assert one.value is None or two.value is None or one.value == -two.value


@given(ANSWERS, ANSWERS, ANSWERS)
@FEW
def test_days_one_window_lacks_never_count(mine: list[Any], theirs: list[Any], more: Any) -> None:
    n = min(len(mine), len(theirs))
    here: Compared = windows.compare(days(mine[:n]), days(theirs[:n]))
    assert windows.compare(days(mine[:n]), days(theirs[:n] + more)) == here
    hidden = [None if y is None else x for x, y in zip(mine[:n], theirs[:n], strict=True)]
    assert windows.compare(days(hidden), days(theirs[:n])) == here


@given(ANSWERS, ANSWERS)
@FEW
def test_the_difference_of_gains_agrees_with_the_mann_whitney_statistic(
    mine: list[Any], theirs: list[Any]
) -> None:
    """NAP = U / (n1 n2): where every common day is better by as much, it is at least a half."""
    found = windows.compare(days(mine), days(theirs))
    n = found.days_compared
    if found.gain_difference.value is None:
        return
    paired = [
        (one, other)
        for one, other in zip(mine, theirs, strict=False)
        if one is not None and other is not None
    ]
    assert len(paired) == n
    better = [other - one for one, other in paired]
    assert found.gain_difference.value == float(f"{float(np.mean(better)):.4g}")
    if min(better) >= 0:
        after, before = zip(*paired, strict=True)
        assert stats.mannwhitneyu(before, after).statistic / n**2 >= 0.5
