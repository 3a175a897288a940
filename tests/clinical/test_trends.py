"""A measure's figures: worked by hand, and never out of thin air."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical import trends
from clinical.coverage import coverage
from clinical.summaries import Summary
from clinical.trends import FIGURES, Level

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=60)
NAN = math.nan
NONE = np.empty(0)
ANSWERS = st.lists(st.sampled_from([*range(11), *range(11), None, None]), max_size=60)


def series(answers: list[Any]) -> Any:
    return np.array(answers, dtype=float)


def told(answers: list[Any], previous: Any = NONE, baseline: Any = "no_baseline") -> Any:
    return trends.figures(series(answers), series(previous), baseline)


def test_a_week_worked_by_hand() -> None:
    """4 5 - 6 5 - 7: sum 27, mean 5.4.

    Deviations -1.4 -.4 .6 -.4 1.6: squares 1.96 .16 .36 .16 2.56, sum 5.2; / 4 = 1.3, root 1.140.
    Two pairs of neighbours are fewer than ten: r = .4; n_eff = 5 * .6 / 1.4 = 2.143;
    se = 1.1402 / 1.4639 = .7789; t(4) = 2.7764; half 2.1626: 3.237 to 7.563.
    Sorted 4 5 5 6 7: median 5, quartiles 5 and 6. Last 7. 5 of 7 days, the longest gap 1.
    """
    found = told([4, 5, None, 6, 5, None, 7])
    assert found["mean"] == Summary(5.4, 5, 7, 1, (3.237, 7.563))
    values = {name: summary.value for name, summary in found.items()}
    assert values["median"] == values["lower_quartile"] == 5
    assert (values["upper_quartile"], values["minimum"], values["maximum"]) == (6, 4, 7)
    assert (values["standard_deviation"], values["last"]) == (1.14, 7)
    assert values["coverage"] == 0.7143
    assert found["slope_per_week"].reason == "too_few_days"


def test_likeness_of_neighbouring_days_widens_the_interval() -> None:
    """0 0 1 1 2 2 ... 6: neighbours are alike, r is cut at .8 and n_eff is n / 9."""
    rising = [day // 2 for day in range(13)]
    mean = trends.level(series(rising))
    spread = float(np.std(rising, ddof=1))
    assert mean.standard_error == pytest.approx(spread / math.sqrt(13 / 9))
    turning = [day % 2 for day in range(13)]  # each day the opposite: r below 0 is taken for 0
    spread = float(np.std(turning, ddof=1))
    assert trends.level(series(turning)).standard_error == pytest.approx(spread / math.sqrt(13))


def test_where_all_days_are_equal_no_interval_is_made_up() -> None:
    found = told([5] * 7, [4, 5, 6, 5, 4, 5, 6])
    assert (found["mean"].value, found["mean"].interval) == (5, None)
    assert found["standard_deviation"].value == 0
    change = found["change_to_previous"]
    assert (change.value, change.interval) == (0, None)


def test_a_change_has_both_errors_in_its_interval() -> None:
    """6 - 4 = 2. se .5 and .4: root of .25 + .16 = .6403.

    Welch: .41^2 / (.25^2 / 6 + .16^2 / 4) = .1681 / .016817 = 9.996, 9 degrees: t = 2.262;
    half 1.448.
    """
    change, between = trends.difference(Level(6.0, 0.5, 6), Level(4.0, 0.4, 4))
    assert change == 2
    assert between == pytest.approx((2 - 1.4485, 2 + 1.4485), abs=5e-4)


def test_a_change_compares_means() -> None:
    """7 7 8 8 have the mean 7.5; before it was (4 + 5 + 6 + 5) / 4 = 5; at baseline 3."""
    found = told([7, 7, 8, 8], [4, 5, 6, 5], Level(3.0, 0.5, 5))
    assert found["change_to_previous"].value == 2.5
    assert found["change_to_baseline"].value == 4.5


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "no_days_expected"),
        ([5, 6, 7], "too_few_days"),
        ([5, 6, 7, 8, None, None, None], None),  # 4 of 7
        ([5, 6, 7, 8, None, None, None, None], "too_sparse"),  # 4 of 8
        ([5] * 16 + [None] * 12, None),  # 16 of 28 are 4 of 7
        ([5] * 15 + [None] * 13, "too_sparse"),
    ],
)
def test_a_level_needs_four_days_and_four_of_seven(answers: list[Any], reason: str | None) -> None:
    found = told(answers)
    named = ("mean", "median", "standard_deviation", "lower_quartile", "upper_quartile")
    for name in (*named, "minimum", "maximum"):
        assert found[name].reason == reason


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "no_days_expected"),
        ([*range(9), *[None] * 9], "too_few_days"),
        ([5, *[None] * 4, *range(8)], "too_few_days"),
        ([5, *[None] * 3, *range(9)], "too_short_a_span"),  # 10 days over 13
        ([5, *[None] * 4, *range(9)], None),  # 10 days over 14
        ([None, 5, *[None] * 3, *range(9), None], "too_short_a_span"),  # 15 expected, 13 spanned
    ],
)
def test_a_slope_needs_ten_days_over_fourteen(answers: list[Any], reason: str | None) -> None:
    assert told(answers)["slope_per_week"].reason == reason


def test_a_slope_is_per_week_in_days_that_passed() -> None:
    """Half a point a day with every third day missing: 3.5 a week, and all pairs say so."""
    answers = [None if day % 3 == 2 else day / 2 for day in range(21)]
    found = told(answers)["slope_per_week"]
    assert (found.value, found.interval) == (3.5, (3.5, 3.5))


def test_a_slope_is_of_the_last_365_days() -> None:
    steady = [0.0] * 100 + [day / 100 for day in range(365)]
    found = told(steady)["slope_per_week"]
    assert (found.value, found.n_expected, found.n_observed) == (0.07, 365, 365)


def test_what_is_compared_to_must_have_days_enough_too() -> None:
    here = [5, 6, 7, 8]
    for before in ([], [5, 6, 7], [5, 6, 7, 8, None, None, None, None]):
        found = told(here, before)
        assert found["change_to_previous"].reason == "too_few_days_before"
    assert told([5], here, Level(3.0, 0.5, 5))["change_to_baseline"].reason == "too_few_days"
    assert told(here)["change_to_baseline"].reason == "no_baseline"
    assert trends.baseline_level(None) == "no_baseline"
    assert trends.baseline_level(series([1, 2, 3, None])) == "too_few_baseline_days"
    assert isinstance(trends.baseline_level(series([1, 2, None, 3, 4])), Level)


@given(ANSWERS, ANSWERS, st.sampled_from(["no_baseline", Level(4.0, 0.6, 5)]))
@FEW
def test_every_figure_has_a_value_or_a_reason_and_never_more_days_than_there_were(
    answers: list[Any], previous: list[Any], baseline: Any
) -> None:
    found = told(answers, previous, baseline)
    assert tuple(found) == FIGURES
    observed = coverage(series(answers))
    for name, summary in found.items():
        assert (summary.value is None) == (summary.reason is not None)
        assert summary.n_observed <= observed.n_observed
        assert summary.n_expected == observed.n_expected
        if summary.value is not None and summary.interval is not None:
            low, high = summary.interval
            assert low <= summary.value <= high, name


@given(ANSWERS, ANSWERS, st.data())
@FEW
def test_removing_days_never_creates_a_number(
    answers: list[Any], previous: list[Any], data: Any
) -> None:
    def thinned(days: list[Any]) -> list[Any]:
        kept = data.draw(st.lists(st.booleans(), min_size=len(days), max_size=len(days)))
        return [day if keep else None for day, keep in zip(days, kept, strict=True)]

    full, thin = told(answers, previous), told(thinned(answers), thinned(previous))
    for name in FIGURES:
        if full[name].value is None:
            assert thin[name].value is None, name


@given(st.integers(0, 60), ANSWERS)
@FEW
def test_of_missing_days_alone_nothing_is_known_but_that(days: int, previous: list[Any]) -> None:
    found = told([None] * days, previous, Level(4.0, 0.6, 5))
    share = found.pop("coverage")
    assert {summary.value for summary in found.values()} == {None}
    assert share.value == (0 if days else None)


@given(ANSWERS, st.integers(-10, 10))
@FEW
def test_adding_a_constant_shifts_the_level_and_leaves_the_slope(
    answers: list[Any], more: int
) -> None:
    lifted = [None if answer is None else answer + more for answer in answers]
    here, there = told(answers, answers), told(lifted, answers)
    for name in ("mean", "median", "lower_quartile", "upper_quartile", "minimum", "last"):
        if here[name].value is None:
            assert there[name].value is None
        else:
            assert there[name].value == pytest.approx(here[name].value + more, abs=0.011)
    for name in ("slope_per_week", "standard_deviation", "coverage"):
        assert there[name] == here[name]
    if here["change_to_previous"].value is not None:
        assert there["change_to_previous"].value == more


@given(ANSWERS, ANSWERS)
@FEW
def test_the_other_way_round_a_change_has_the_other_sign(
    answers: list[Any], previous: list[Any]
) -> None:
    there = told(answers, previous)["change_to_previous"]
    back = told(previous, answers)["change_to_previous"]
    if there.value is not None and back.value is not None:
        assert there.value == -back.value


def test_no_figures_all_have_the_same_reason() -> None:
    found = trends.no_figures("no_session")
    assert {summary.reason for summary in found.values()} == {"no_session"}
    assert tuple(found) == FIGURES
