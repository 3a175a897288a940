"""Windows told by their gain, and against each other: worked by hand, and on the same days only."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from clinical import window_comparison as windows
from clinical.coverage import coverage
from clinical.summaries import Summary
from clinical.window_comparison import Days

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
NAN = math.nan
ANSWERS = st.lists(st.sampled_from([*range(11), *range(11), None, None]), max_size=40)
LEVELS = st.sampled_from([4.0, 7.0, 8.5])


def days(answers: list[Any], level: float | None = 7.0, per_y: float = 1.0) -> Days:
    reason = "no_baseline" if level is None else None
    return Days(np.array(answers, dtype=float), level, reason, per_y)


def test_a_window_worked_by_hand() -> None:
    """B 7; y 6 4 - 3 2 3 4 5 5 6 over 10 days: gains 1 3 - 4 5 4 3 2 2 1.

    Trailing medians: day 2 of 1 3: 2; day 3 the same; day 4 of 3 4: 3.5; day 5 of 4 5: 4.5; day 6
    of 4 5 4: 4; day 7: 4; day 8: 3; day 9: 2; day 10: 2. The best is 4.5 on day 5.
    Half of it is 2.25: day 1 has 1; day 2 has 3 and day 4, one day apart, 4: onset on day 2.
    Area: 2 + 2 * 3.5 + 4.5 + 4.5 + 3.5 + 2.5 + 2 + 1.5 = 27.5 over the 9 days from 1 to 10: 3.056.
    Good days, y <= 3: 3 2 3 of nine: .3333.
    """
    window = days([6, 4, None, 3, 2, 3, 4, 5, 5, 6])
    assert windows.peak(window) == (Summary(4.5, 9, 10, 1), 5)
    assert windows.onset_day(window) == Summary(2, 9, 10, 1)
    assert windows.area_per_day(window) == Summary(3.056, 9, 10, 1)
    low, high = stats.binomtest(3, 9).proportion_ci(method="wilson")
    told = windows.good_days(window.y)
    assert told.value == 0.3333
    assert told.interval == pytest.approx((low, high), abs=5e-5)


def test_nine_good_days_of_fourteen() -> None:
    """4-clinical 4a.10: 9/14 -> .388 to .837."""
    told = windows.good_days(np.array([3.0] * 9 + [3.5] * 5))
    assert (told.value, told.interval) == (0.6429, (0.3876, 0.8366))
    assert windows.good_days(np.array([3.0] * 9 + [3.5] * 5), at_most=4).value == 1
    assert windows.good_days(np.array([0.0] * 4)).interval == (0.5101, 1.0)


def test_half_of_the_peak_on_a_single_day_is_no_onset() -> None:
    """Peak 4, half 2: day 1 alone reached it; from day 4 on it is held, day 3 was not answered."""
    window = days([4, 7, None, 4, 3, 3, 3, 4])
    told = windows.onset_day(window)
    assert told == Summary(4, 7, 8, 1, (2, 4))


def test_an_onset_before_the_first_answered_day_has_an_interval_from_day_0() -> None:
    told = windows.onset_day(days([None, None, 3, 3, 3, 4, 4]))
    assert told == Summary(3, 5, 7, 2, (0, 3))
    assert windows.onset_day(days([3, 3, 3, 3])).interval is None


def test_days_far_apart_are_not_running() -> None:
    """Peak: of days 7 and 9, 6 and 0: median 3; half of it: days 3, 7, 10, each alone."""
    window = days([None, None, 1, None, None, None, 1, None, 7, None, None, 1, 7])
    assert windows.peak(window)[0].value == 3
    assert windows.onset_day(window).reason == "no_onset_seen"


def test_a_gain_that_cannot_be_told_from_none_has_no_onset() -> None:
    """A peak of 1.4 is below 1.5: its day is told, an onset is not."""
    assert windows.onset_day(days([5.6] * 7)).reason == "no_measurable_gain"
    assert windows.onset_day(days([5.5] * 7)).value == 1
    assert windows.peak(days([5.6] * 7)) == (Summary(1.4, 7, 7, 0), 2)
    # On a scale of 1 to 5 a unit of y is .4: 1.5 of y are .6, and 1.4 are .56.
    assert windows.onset_day(days([5.6] * 7, per_y=0.4)).reason == "no_measurable_gain"
    assert windows.onset_day(days([5.5] * 7, per_y=0.4)).value == 1
    assert windows.peak(days([5.5] * 7, per_y=0.4))[0].value == 0.6


@pytest.mark.parametrize(
    ("answers", "level", "reason"),
    [
        ([], 7.0, "no_days_expected"),
        ([3, 3, 3], 7.0, "too_few_days"),
        ([None] * 20, 7.0, "too_few_days"),
        ([3, 3, 3, 3], None, "no_baseline"),
        ([3, *[None] * 6, 3, 3, 3], 7.0, "too_few_early_days"),
        ([3, None, None, 3, None, None, 3, None, None, 3], 7.0, "too_sparse"),  # never 2 of 3
        ([3, 3, *[None] * 40, 3, 3], 7.0, None),
    ],
)
def test_a_peak_needs_its_days(answers: list[Any], level: float | None, reason: str | None) -> None:
    highest, day = windows.peak(days(answers, level))
    assert (highest.reason, windows.onset_day(days(answers, level)).reason) == (reason, reason)
    assert (day is None) == (highest.value is None)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "no_days_expected"),
        ([3, 3, 3], "too_few_days"),
        ([3, 3, 3, 3, None, None, None], None),
        ([3, 3, 3, 3, None, None, None, None], "too_sparse"),
    ],
)
def test_area_and_good_days_need_as_many_days_as_a_level(
    answers: list[Any], reason: str | None
) -> None:
    assert windows.area_per_day(days(answers)).reason == reason
    assert windows.good_days(days(answers).y).reason == reason
    assert windows.level_before(days(answers).y).reason == reason
    assert windows.area_per_day(days(answers, None)).reason == "no_baseline"


def test_the_level_before_is_a_level() -> None:
    """tests/clinical/test_trends.py works this week by hand."""
    week = np.array([4, 5, NAN, 6, 5, NAN, 7])
    assert windows.level_before(week) == Summary(5.4, 5, 7, 1, (3.237, 7.563))


def test_gain_kept_is_the_estimates_or_says_why_not() -> None:
    """20 days, the last 6 of them after an event, the last one before it logged on day 10."""
    observed = coverage(np.full(14, 3.0))
    shares = {7: (0.9, 0.7, 1.1)}
    told = windows.gain_kept(windows.Kept(shares, 30, 20, 10, None), observed)
    assert [each["day"] for each in told] == [7, 14, 21]
    assert (told[0]["share"]["value"], told[0]["share"]["interval"]) == (0.9, [0.7, 1.1])
    assert [each["share"]["reason"] for each in told[1:]] == [
        "not_logged_so_long",
        "after_an_event",
    ]


@pytest.mark.parametrize(
    ("kept", "reasons"),
    [
        (windows.Kept({}, 20, 20, 20, None), ["no_measurable_gain"] * 2 + ["window_too_short"]),
        (windows.Kept({}, 20, 20, 20, "too_few_days"), ["too_few_days"] * 3),
    ],
)
def test_a_share_that_is_not_told_has_its_reason(kept: windows.Kept, reasons: list[str]) -> None:
    told = windows.gain_kept(kept, coverage(np.full(20, 3.0)))
    assert [each["share"]["reason"] for each in told] == reasons


@given(ANSWERS)
@FEW
def test_trailing_medians_are_numpys(answers: list[Any]) -> None:
    gains = days(answers).gains
    for at, median in enumerate(windows.trailing_medians(gains)):
        three = gains[max(at - 2, 0) : at + 1]
        known = three[~np.isnan(three)]
        assert (math.isnan(median)) == (len(known) < 2)
        assert math.isnan(median) or median == np.median(known)


def told(window: Days) -> list[Summary]:
    """All that is told of a window but its level."""
    highest, _ = windows.peak(window)
    return [highest, windows.onset_day(window), windows.area_per_day(window)]


@given(ANSWERS, LEVELS, st.integers(-5, 5))
@FEW
def test_moving_the_ratings_and_their_reference_alike_changes_no_gain(
    answers: list[Any], level: float, more: int
) -> None:
    moved = [None if answer is None else answer + more for answer in answers]
    assert told(days(moved, level + more)) == told(days(answers, level))


@given(ANSWERS, LEVELS)
@FEW
def test_a_measure_of_another_width_tells_the_same_days_and_a_gain_in_its_own_units(
    answers: list[Any], level: float
) -> None:
    highest, onset, area = told(days(answers, level))
    wide, wide_onset, wide_area = told(days(answers, level, 2.0))
    assert wide_onset == onset
    for one, other in ((highest, wide), (area, wide_area)):
        if one.value is None:
            assert other.reason == one.reason
        else:
            assert other.value == pytest.approx(2 * one.value, rel=2e-3)


@given(ANSWERS, ANSWERS, LEVELS)
@FEW
def test_every_figure_is_finite_or_has_a_reason(
    mine: list[Any], theirs: list[Any], level: float
) -> None:
    found = windows.compare(days(mine, level), days(theirs, level))
    for summary in (*told(days(mine, level)), found.gain_difference, found.good_days_difference):
        assert (summary.value is None) == (summary.reason is not None)
        if summary.interval is not None and summary.value is not None:
            assert summary.interval[0] <= summary.value <= summary.interval[1]
