"""The level a session's gain is counted from: which days, from which source, or why none."""

from datetime import date, timedelta

import pytest

from clinical.reference import Answered, Reference, reference

FIRST = date(2026, 3, 2)


def before(start: date, *values: float | None) -> dict[date, float]:
    """One value for each day up to the day before `start`, the nearest first."""
    return {
        start - timedelta(days=back): value
        for back, value in enumerate(values, start=1)
        if value is not None
    }


def test_the_week_before_the_course_comes_first() -> None:
    """7, 6, 8, 7 -> mean 7, median 7; the day before that week does not count."""
    values = before(FIRST, 7, 6, None, 8, None, None, 7, 1)
    found = reference(Answered(values), [FIRST], {FIRST})
    assert (found.source, found.level, found.median, found.n_observed) == ("course", 7, 7, 4)
    assert (found.first, found.last) == (FIRST - timedelta(days=7), FIRST - timedelta(days=1))
    assert found.standard_error == pytest.approx(0.6236, abs=1e-4)
    # s = sqrt(2/3) = .8165; n_eff = 4 * (1 - .4) / (1 + .4) = 1.714; .8165 / sqrt(1.714) = .6236


def test_then_imported_days() -> None:
    values = before(FIRST, *[None] * 20, 5, 6, 7, 6)
    found = reference(Answered(values, values), [FIRST], {FIRST})
    assert (found.source, found.level) == ("imported", 6)
    assert reference(Answered(values), [FIRST], {FIRST}).reason == "too_few_baseline_days"


def test_then_the_usual_level_before_a_session_of_at_least_three() -> None:
    """Of the weeks before three later sessions: 4 days of 6, 5 days of 7, 4 days of 8 ->
    median 7, mean (24 + 35 + 32) / 13 = 7."""
    starts = [FIRST + timedelta(days=28 * number) for number in range(4)]
    values = {
        **before(starts[1], 6, 6, 6, 6),
        **before(starts[2], 7, 7, 7, 7, 7),
        **before(starts[3], 8, 8, 8, 8),
    }
    found = reference(Answered(values), starts, set(starts))
    assert (found.source, found.level, found.median, found.n_observed) == ("pre_session", 7, 7, 13)
    # With a day less before one of them only two sessions are left to pool.
    del values[starts[3] - timedelta(days=1)]
    few = reference(Answered(values), starts, set(starts))
    assert few == Reference(None, None, None, None, 0, None, None, "too_few_baseline_days")


def test_the_day_of_a_session_is_never_counted() -> None:
    values = before(FIRST, 7, 7, 7, 7)
    acute = FIRST - timedelta(days=2)
    assert reference(Answered(values), [FIRST], {FIRST, acute}).source is None


def test_equal_days_do_not_tell_how_sure_they_are() -> None:
    found = reference(Answered(before(FIRST, 7, 7, 7, 7)), [FIRST], {FIRST})
    assert (found.level, found.standard_error) == (7, None)


def test_without_a_session_there_is_nothing_to_count_from() -> None:
    assert reference(Answered(before(FIRST, 7, 7, 7, 7)), [], ()).reason == "no_session"
