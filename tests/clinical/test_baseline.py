"""The days before treatment that changes are told against, and the burden of side effects."""

from datetime import date, timedelta
from typing import Any

import pytest

from clinical.baseline import Baseline, LoggedDay, choose
from clinical.burden import Reported, by_code, summary_of
from clinical.coverage import Coverage
from clinical.periods import Period

SESSION = date(2026, 11, 10)


def before(days: int, source: str = "app") -> LoggedDay:
    """A day logged so many days before the session."""
    return LoggedDay(SESSION - timedelta(days=days), source)


def days_before(baseline: Baseline) -> list[int]:
    return sorted((SESSION - day).days for day in baseline.days)


def test_the_week_before_the_first_session_is_the_baseline() -> None:
    logged = [before(days) for days in (9, 8, 7, 5, 2, 1, 0, -1)]
    found = choose(SESSION, logged, [])
    assert (found.source, days_before(found)) == ("course", [1, 2, 5, 7])
    assert found.period == Period(date(2026, 11, 3), date(2026, 11, 9))
    assert choose(SESSION, logged[::-1], []) == found


def test_with_fewer_than_four_days_of_that_week_imported_history_stands_in() -> None:
    logged = [before(days) for days in (7, 5, 2)]
    imported = [before(days, "import") for days in (61, 60, 50, 40, 30, 20, 18, 16, 14)]
    found = choose(SESSION, logged + imported, [])
    assert (found.source, days_before(found)) == ("imported", [14, 16, 18, 20, 30, 40, 50])
    assert found.period == Period(SESSION - timedelta(days=50), SESSION - timedelta(days=14))
    few = choose(SESSION, logged + imported[-3:], [])
    assert few == Baseline(None, reason="too_few_baseline_days")
    assert days_before(choose(SESSION, imported[:5], [])) == [30, 40, 50, 60]  # not the 61st


def test_an_imported_week_before_the_session_is_the_courses_own() -> None:
    found = choose(SESSION, [before(days, "import") for days in (1, 2, 3, 4)], [])
    assert found.source == "course"


def test_the_day_of_an_earlier_session_is_never_in_a_baseline() -> None:
    logged = [before(days) for days in (1, 2, 3, 4)]
    acute = [SESSION - timedelta(days=3)]
    assert choose(SESSION, logged, acute).reason == "too_few_baseline_days"
    assert days_before(choose(SESSION, [*logged, before(5)], acute)) == [1, 2, 4, 5]


def test_without_a_session_there_is_no_before() -> None:
    assert choose(None, [before(1)] * 9, []) == Baseline(None, reason="no_session")


def ticked(**effects: int) -> Any:
    return [{"code": code, "severity": severity} for code, severity in effects.items()]


def test_side_effects_are_told_in_the_order_of_the_list() -> None:
    asked = [ticked(headache=1, nausea=2), [], ticked(nausea=4, dizziness=1)]
    assert by_code(asked) == [
        Reported("dizziness", (1,)),
        Reported("nausea", (2, 4)),
        Reported("headache", (1,)),
    ]


def test_burden_is_a_sum_over_days_asked_and_severity_a_mean_over_days_present() -> None:
    """Severities 2, 1 and 3 on 3 of 14 asked days: share .2143, mean 2, burden 6 / 14 = .4286.

    Wilson: centre (3/14 + 3.8415/28) / (1 + 3.8415/14) = .3514 / 1.2744 = .2758; half 1.96 *
    sqrt(.2143 * .7857 / 14 + 3.8415 / 784) / 1.2744 = .2000: .0757 to .4759.
    """
    told = summary_of(Reported("nausea", (2, 1, 3)), Coverage(14, 20, 3))
    assert told["share"]["value"] == 0.2143
    assert told["share"]["interval"] == pytest.approx([0.0757, 0.4759], abs=5e-4)
    assert (told["days"], told["worst_severity"], told["label"]) == (3, 3, "Nausea")
    assert (told["mean_severity"]["value"], told["burden"]["value"]) == (2, 0.4286)


def test_asked_too_seldom_a_side_effect_has_neither_share_nor_burden() -> None:
    for observed, reason in (
        (Coverage(3, 4, 1), "too_few_days"),
        (Coverage(4, 8, 4), "too_sparse"),
    ):
        told = summary_of(Reported("nausea", (2,)), observed)
        assert [told[name]["reason"] for name in ("share", "burden")] == [reason] * 2
        assert (told["days"], told["worst_severity"], told["mean_severity"]["value"]) == (1, 2, 2)
