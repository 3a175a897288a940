"""Whether and when a gain was lost: states, days and their doubt, from cases written out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.calibration import Case, judge, score, truth
from clinical.reference import Reference
from clinical.wear_off import Estimate, estimate, standard_error
from clinical.wear_off_rule import RuleResult, rule, trailing_medians

NAN = np.nan
BEFORE = Reference("course", 7.0, 0.6, 7.0, 7, None, None, None)
NOTHING = Reference(None, None, None, None, 0, None, None, "no_session")
# The vector of the clinical reference: B 7, P 3, threshold 5, half the gain gone on day 11.
VECTOR = np.array([3, 3, 4, 3, 4, 4, NAN, 4, 5, 4, 5, 6, 5, 6, 6])


def days(*values: float | None) -> np.ndarray:
    return np.array([NAN if value is None else value for value in values], float)


def test_the_rule_finds_day_11_of_the_vector() -> None:
    # Medians of three days: day 9 of (-, 4, 5) is 4.5, day 10 of (4, 5, 4) 4, day 11 of (5, 4, 5)
    # 5, day 12 of (4, 5, 6) 5: two running at 5.
    told = rule(VECTOR, BEFORE)
    assert told == RuleResult("worn_off", None, 11, (10, 11), 3.0, 4.0, 5.0)


def test_a_crossing_that_nobody_logged_lies_between_the_days_that_were() -> None:
    unseen = VECTOR.copy()
    unseen[7:10] = NAN  # days 8 to 10: no 3-day median on days 8 to 11
    told = rule(unseen, BEFORE)
    assert sorted(trailing_medians(unseen)) == [4, 5, 6, 7, 12, 13, 14, 15]
    assert (told.day, told.interval) == (12, (7, 12))


@pytest.mark.parametrize(
    ("y", "before", "state", "reason"),
    [
        (days(), BEFORE, "insufficient", "too_few_early_days"),
        (days(3, None, None, 3, 3), BEFORE, "insufficient", "too_few_early_days"),
        (days(3, 3, 3), BEFORE, "insufficient", "too_few_days"),
        (days(3, 3, 3, 3), NOTHING, "insufficient", "no_baseline"),
        (days(6, 6, 6, 6, 6), BEFORE, "no_response", None),  # 7 - 6 is less than 1.5
        (days(5.5, 5.5, 5.5, 5.5), BEFORE, "holding", None),
        (days(3, 3, 3, 3, 3, 7), BEFORE, "holding", None),  # one day is not two
        (days(3, 3, 3, 3, 3, 7, 7), BEFORE, "holding", None),  # medians 3 and 7: only one back
        (days(3, 3, 3, 3, 3, 7, 7, 7), BEFORE, "worn_off", None),
    ],
)
def test_the_rule_by_case(y: np.ndarray, before: Reference, state: str, reason: str | None) -> None:
    told = rule(y, before)
    assert (told.state, told.reason) == (state, reason)


@pytest.mark.parametrize(
    ("y", "before", "state", "reason"),
    [
        (days(), BEFORE, "insufficient", "too_few_days"),
        (days(3), BEFORE, "insufficient", "too_few_days"),
        (days(3, 3, 3), BEFORE, "insufficient", "too_few_days"),
        (days(*[None] * 20), BEFORE, "insufficient", "too_few_days"),
        (days(3, *[None] * 7, 3, 3, 3), BEFORE, "insufficient", "too_few_early_days"),
        (days(3, 3, 3, 3), NOTHING, "insufficient", "no_baseline"),
        (days(*[7] * 20), BEFORE, "no_response", None),
        (days(*[2] * 20), BEFORE, "holding", None),
        (days(*[2] * 400), BEFORE, "holding", None),  # at most a year is read
        (days(*[2] * 10, *[7] * 10), BEFORE, "worn_off", None),
    ],
)
def test_the_estimate_by_case(
    y: np.ndarray, before: Reference, state: str, reason: str | None
) -> None:
    told = estimate(y, before)
    assert (told.state, told.reason) == (state, reason)


def test_a_step_is_found_where_it_is() -> None:
    told = estimate(days(*[2] * 10, *[7] * 18), BEFORE)
    assert told.day is not None
    assert told.interval is not None
    assert abs(told.day - 11) <= 1
    first, last = told.interval
    assert last is not None
    assert first <= 11 <= last
    assert told.p_responded == pytest.approx(1, abs=0.01)
    assert told.gain is not None
    assert told.gain[1] < 5 < told.gain[2]  # 7 - 2
    assert list(told.kept) == [7, 14, 21]
    assert told.kept[7][0] > 0.75
    assert told.kept[21][0] < 0.2


def test_an_interval_that_passes_the_windows_end_is_open() -> None:
    told = estimate(VECTOR, BEFORE)
    assert (told.state, told.interval) == ("worn_off", (8, None))


def test_a_level_without_a_reference_still_has_its_ribbon() -> None:
    assert len(estimate(VECTOR, NOTHING).ribbon) == len(VECTOR)
    assert estimate(days(3, 3), NOTHING).ribbon == ()


def test_the_level_before_is_never_surer_than_its_days_allow() -> None:
    # 7 days at lag-1 .4 count for 7 * .6 / 1.4 = 3: 1.2 / sqrt(3) = .6928.
    assert standard_error(replace(BEFORE, standard_error=None)) == pytest.approx(0.6928, abs=1e-4)
    assert standard_error(replace(BEFORE, standard_error=0.1)) == pytest.approx(0.6928, abs=1e-4)
    assert standard_error(replace(BEFORE, standard_error=0.9)) == 0.9


answers = st.lists(st.one_of(st.integers(0, 10), st.none()), max_size=45)


def finite(told: Estimate) -> bool:
    numbers = [*(told.gain or ()), told.p_responded or 0, told.p_worn_off or 0]
    numbers += [number for spread in told.kept.values() for number in spread]
    numbers += [number for edge in told.ribbon for number in edge]
    return bool(np.isfinite(numbers).all())


@given(answers, st.integers(0, 10))
def test_every_window_is_answered_and_what_is_said_hangs_together(
    given_days: list[int | None], level: int
) -> None:
    y, before = days(*given_days), replace(BEFORE, level=float(level), median=float(level))
    told = estimate(y, before)
    assert finite(told)
    assert (told.reason is not None) == (told.state == "insufficient")
    assert (told.day is not None) == (told.interval is not None) == (told.state == "worn_off")
    if told.day is not None and told.interval is not None:
        first, last = told.interval
        assert 4 <= first <= told.day <= len(y)
        assert last is None or told.day <= last <= len(y)
    # A greater fraction of the gain is lost later, or not at all.
    lost = [crossing.p_worn_off for crossing in told.crossings if crossing.p_worn_off is not None]
    assert lost == sorted(lost, reverse=True)


@given(answers, st.integers(0, 10), st.integers(-10, 10))
def test_where_zero_lies_does_not_matter(
    given_days: list[int | None], level: int, shift: int
) -> None:
    y, before = days(*given_days), replace(BEFORE, level=float(level), median=float(level))
    moved = replace(before, level=float(level + shift), median=float(level + shift))
    here, there = estimate(y, before), estimate(y + shift, moved)
    assert (here.state, here.day, here.interval) == (there.state, there.day, there.interval)
    assert rule(y, before).day == rule(y + shift, moved).day


def test_the_interval_widens_in_the_median_when_days_round_the_crossing_are_lost() -> None:
    widths = []
    for seed in range(500):
        random = np.random.default_rng(seed)
        level = 7 - 4 * np.exp2(-np.arange(1, 29) / 10)
        y = np.clip(np.round(level + random.normal(0, 1, 28)), 0, 10)
        gappy = y.copy()
        gappy[7:15] = NAN  # half the gain is gone on day 12
        whole, part = (estimate(series, BEFORE).interval for series in (y, gappy))
        if whole is not None and part is not None:
            widths.append((part[1] or 29) - part[0] - (whole[1] or 29) + whole[0])
    assert len(widths) > 400
    assert np.median(widths) >= 1


def test_the_truth_is_told_by_the_same_rule() -> None:
    # 7 - 3 * 2^(-t/10): P is the mean of 4.20, 4.39, 4.56 = 4.384, G 2.616, the threshold 5.692;
    # day 11 is at 5.601, day 12 at 5.694.
    assert truth(7 - 3 * np.exp2(-np.arange(1, 28) / 10), 7.0) == ("worn_off", 12)
    assert truth(np.full(27, 4.0), 7.0) == ("holding", None)
    assert truth(np.full(27, 5.6), 7.0) == ("no_response", None)


def test_a_simulated_patient_is_judged_the_same_each_time() -> None:
    assert judge(Case(seed=3)) == judge(Case(seed=3))


def test_the_middle_cell_keeps_its_bar() -> None:
    """Goal: .66 right, at most .15 insufficient, 3.8 days, coverage .75-.95; here of 400 patients,
    with twice the standard error of a share near .7 allowed for: 2 * sqrt(.7 * .3 / 400) = .046."""
    estimated, ruled = score(Case(seed=70_000), 400)
    assert estimated.right >= 0.66 - 0.046
    assert estimated.insufficient <= 0.15
    assert estimated.error_days is not None
    assert estimated.error_days <= 3.8 + 0.4
    assert estimated.coverage is not None
    assert 0.75 <= estimated.coverage <= 0.97
    assert estimated.right > ruled.right
