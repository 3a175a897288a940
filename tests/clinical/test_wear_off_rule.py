"""The plain rule of wearing off: its vector, and n rules per case."""

import numpy as np
import pytest

from clinical.coverage import Series
from clinical.reference import Reference
from clinical.wear_off_rule import RuleResult, rule, trailing_medians

NAN = np.nan
# test_vectors.wear_off of the instruments: B 7, P 3, G 4, half lost at 5.
VECTOR = np.array([3, 3, 4, 3, 4, 4, NAN, 4, 5, 4, 5, 6, 5, 6, 6])


def before(level: float | None) -> Reference:
    return Reference("course", level, 0.5, level, 7, None, None, None)


def test_the_vector_wears_off_on_day_11() -> None:
    """3-day medians: day 9 of (4, 5) = 4.5, day 10 of (4, 5, 4) = 4, day 11 of (5, 4, 5) = 5 and
    day 12 of (4, 5, 6) = 5."""
    medians = trailing_medians(VECTOR)
    assert [medians[day] for day in (9, 10, 11, 12)] == [4.5, 4, 5, 5]
    assert rule(VECTOR, before(7.0)) == RuleResult("worn_off", None, 11, (10, 11), 3, 4, 5)


@pytest.mark.parametrize(("fraction", "theta", "day"), [(0.25, 4, 5), (0.5, 5, 11), (0.75, 6, 14)])
def test_a_larger_fraction_is_lost_later(fraction: float, theta: float, day: int) -> None:
    """Days 5 and 6: (4, 3, 4) and (3, 4, 4), 4; days 14 and 15: (6, 5, 6) and (5, 6, 6), 6."""
    found = rule(VECTOR, before(7.0), fraction)
    assert (found.threshold, found.day) == (theta, day)


def test_missing_days_before_it_leave_open_since_when() -> None:
    """Without days 7-11 the last median below 5 is day 7's, of (4, 4); days 8-12 have one value or
    none; the first at 5 or above is day 13's, of (6, 5)."""
    y = VECTOR.copy()
    y[7:11] = NAN
    found = rule(y, before(7.0))
    assert sorted(trailing_medians(y)) == [4, 5, 6, 7, 13, 14, 15]
    assert (found.day, found.interval) == (13, (7, 13))


@pytest.mark.parametrize(
    ("y", "level", "state", "reason"),
    [
        (VECTOR, None, "insufficient", "no_baseline"),
        (VECTOR[:0], 7.0, "insufficient", "too_few_early_days"),
        (np.full(28, NAN), 7.0, "insufficient", "too_few_early_days"),
        (np.array([3, NAN, NAN, 3, 3, 3.0]), 7.0, "insufficient", "too_few_early_days"),
        (VECTOR[:3], 7.0, "insufficient", "too_few_days"),
        (VECTOR, 4.4, "no_response", None),  # 4.4 - 3 = 1.4, less than 1.5
        (VECTOR, 4.5, "worn_off", None),
        (VECTOR[:11], 7.0, "holding", None),  # day 11 is back, and no later day says so too
        (np.full(120, 3.0), 7.0, "holding", None),
    ],
    ids=str,
)
def test_each_case_has_its_rule(
    y: Series, level: float | None, state: str, reason: str | None
) -> None:
    found = rule(y, before(level))
    assert (found.state, found.reason) == (state, reason)
    assert (found.day is None) == (state != "worn_off")


def test_one_day_back_is_not_enough() -> None:
    """Day 5 is at 7 and day 6 at 3 again: medians 3, 3, 3 do not move."""
    y = np.array([3, 3, 3, 3, 7, 3, 3, 3, 3.0])
    assert rule(y, before(7.0)).state == "holding"
