"""Levels before sessions that follow each other closely: their slope, or why there is none."""

from datetime import date, timedelta

import pytest

from clinical.coverage import NO_DAYS, Coverage
from clinical.summaries import stated, withheld
from clinical.troughs import Trough, slope_per_week

FIRST = date(2026, 3, 2)


def troughs(*levels: float | None, apart: int = 10) -> list[Trough]:
    told = [
        withheld("too_few_days", NO_DAYS) if level is None else stated(level, Coverage(7, 7, 0))
        for level in levels
    ]
    return [Trough(FIRST + timedelta(days=apart * at), each) for at, each in enumerate(told)]


def test_levels_half_a_point_higher_each_ten_days_rise_a_third_a_week() -> None:
    """.5 / 10 days * 7 = .35 a week, between any two of them."""
    found = slope_per_week(troughs(4, 4.5, 5, 5.5))
    assert found.value == 0.35
    assert found.interval == pytest.approx((0.35, 0.35))
    assert (found.n_observed, found.n_expected) == (4, 4)


def test_two_levels_have_no_slope() -> None:
    found = slope_per_week(troughs(4, None, 5))
    assert (found.value, found.reason, found.n_observed) == (None, "too_few_windows", 2)
    assert slope_per_week([]).reason == "too_few_windows"
