"""Levels before sessions that follow each other closely: their slope, or why there is none."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from clinical.coverage import NO_DAYS, Coverage
from clinical.periods import Period
from clinical.summaries import stated, withheld
from clinical.troughs import Trough, before, slope_per_week
from clinical.windows import Session

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


def test_a_session_finds_the_level_of_the_days_since_the_one_before() -> None:
    """Gaps of 3, 4, 5, 7, 10 and 11 days: 4 days between two are a level, after 11 it is no trough.

    The seven days before the one that came after 10; day 0 of the session before never.
    """
    days, day = [FIRST], FIRST
    for gap in (3, 4, 5, 7, 10, 11):
        day += timedelta(days=gap)
        days.append(day)
    found = {each.date: period for each, period in before([Session(uuid4(), day) for day in days])}
    at = {gap: days[number] for number, gap in enumerate((3, 4, 5, 7, 10, 11), 1)}
    first = {5: at[4] + timedelta(days=1), 7: at[5] + timedelta(days=1), 10: at[10] - timedelta(7)}
    assert found == {at[gap]: Period(first[gap], at[gap] - timedelta(days=1)) for gap in first}


def test_two_sessions_on_one_day_are_no_trough() -> None:
    assert list(before([Session(uuid4(), FIRST), Session(uuid4(), FIRST)])) == []
