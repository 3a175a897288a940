"""A summary number says what stands behind it, or why it is not there."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.coverage import NO_DAYS, Coverage, coverage
from clinical.diary import diary
from clinical.periods import Period, before_session, since_session
from clinical.summaries import REASONS, Summary, rounded, stated, withheld

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=60)
NAN = math.nan


@pytest.mark.parametrize(
    ("value", "reason"), [(None, None), (1.0, "too_few_days"), (None, "because")]
)
def test_a_value_is_null_exactly_when_a_reason_of_the_list_is_given(
    value: float | None, reason: str | None
) -> None:
    with pytest.raises(ValueError, match="reason"):
        Summary(value, 1, 1, 0, reason=reason)


def test_no_interval_stands_without_its_value() -> None:
    with pytest.raises(ValueError, match="interval"):
        Summary(None, 1, 1, 0, interval=(0.0, 1.0), reason="too_few_days")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_never_stated(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        stated(value, NO_DAYS)


def test_numbers_keep_four_significant_digits() -> None:
    told = {5.123456: 5.123, 0.000123456: 0.0001235, 123456.0: 123500.0, 9.99996: 10.0}
    assert {value: rounded(value) for value in told} == told
    assert math.copysign(1, rounded(-0.0)) == 1
    assert rounded(1 / 3 + 1 / 3 - 2 / 3 + 1e-16) == 0


def test_a_summary_shows_all_it_has() -> None:
    observed = Coverage(4, 7, 2)
    assert stated(5.25, observed, (4.0, 6.5)).as_dict() == {
        "value": 5.25,
        "n_observed": 4,
        "n_expected": 7,
        "longest_gap_days": 2,
        "interval": [4.0, 6.5],
        "reason": None,
    }
    nothing = {"value": None, "interval": None, "reason": "no_session"}
    assert withheld("no_session", observed).as_dict() == stated(1, observed).as_dict() | nothing
    assert len(set(REASONS)) == len(REASONS)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ([], (0, 0, 0)),
        ([NAN, NAN, NAN], (0, 3, 3)),
        ([1, 2, 3], (3, 3, 0)),
        ([NAN, NAN, 1, NAN, 2], (2, 5, 2)),  # the gap before the first day counts
        ([1, NAN, 2, NAN, NAN], (2, 5, 2)),  # and the one after the last
        ([1, NAN, NAN, NAN, 2, NAN], (2, 6, 3)),
    ],
)
def test_coverage_counts_days_and_the_longest_gap_edges_included(
    series: list[float], expected: tuple[int, int, int]
) -> None:
    assert coverage(np.array(series, dtype=float)) == Coverage(*expected)


@given(st.lists(st.booleans(), max_size=40))
@FEW
def test_the_longest_gap_is_the_longest_run_of_missing_days(observed: list[bool]) -> None:
    told = "".join("1" if there else "." for there in observed)
    longest = max((len(run) for run in told.split("1")), default=0)
    series = np.array([1.0 if there else NAN for there in observed])
    assert coverage(series) == Coverage(sum(observed), len(observed), longest)


def test_a_period_has_both_its_ends_and_as_many_days_before_it() -> None:
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    assert november.days == 30
    assert november.before() == Period(date(2026, 10, 2), date(2026, 10, 31))


def test_since_a_session_leaves_day_0_out_on_both_sides() -> None:
    """Session on the 10th, up to the 14th: 11-14 are 4 days; the 4 before are 6-9."""
    session = date(2026, 11, 10)
    since = since_session(session, date(2026, 11, 14))
    assert since == Period(date(2026, 11, 11), date(2026, 11, 14))
    before = before_session(session, since)
    assert before == Period(date(2026, 11, 6), date(2026, 11, 9))
    assert before.days == since.days


def test_where_no_day_follows_a_session_the_reason_is_told() -> None:
    session = date(2025, 11, 10)
    assert since_session(None, session) == "no_session"
    assert since_session(session, session) == "no_day_since_session"
    assert isinstance(since_session(session, date(2026, 11, 10)), Period)  # 365 days
    assert since_session(session, date(2026, 11, 11)) == "session_too_long_ago"


def test_a_diary_puts_each_answer_on_its_day_and_leaves_the_others_empty() -> None:
    days = [date(2026, 11, 3), date(2026, 11, 1), date(2026, 10, 30), date(2026, 11, 9)]
    span = Period(date(2026, 11, 1), date(2026, 11, 4))
    found = diary(days, {"mood": [3, None, 9, 9], "pain": [None, 0, 9, 9]}, span)
    mood, pain = found.cut("mood", span).tolist(), found.cut("pain", span).tolist()
    assert str(mood) == "[nan, nan, 3.0, nan]"
    assert str(pain) == "[0.0, nan, nan, nan]"  # zero is an answer, and null is none


def test_a_cut_outside_the_diary_is_empty() -> None:
    span = Period(date(2026, 11, 1), date(2026, 11, 4))
    found = diary([date(2026, 11, 2)], {"mood": [5]}, span)
    later = Period(date(2026, 11, 5), date(2026, 11, 9))
    earlier = Period(date(2026, 10, 1), date(2026, 10, 31))
    assert [found.cut("mood", outside).size for outside in (later, earlier)] == [0, 0]
    assert found.cut("mood", None).size == 0
    assert found.cut("mood", Period(date(2026, 10, 1), date(2026, 11, 2))).tolist()[1:] == [5.0]
