"""Scores in their course, on a calendar worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from clinical.course_scores import Held, Scored, baseline, first_session, spans_session

DAY = timedelta(days=1)
FIRST = date(2026, 3, 2)
DOSE = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
COURSE = uuid4()


def held(offset: int, course: UUID | None = COURSE) -> Held:
    """A session so many days after FIRST, its dose at 10:00 UTC."""
    return Held(course, FIRST + offset * DAY, DOSE + offset * DAY)


def scored(offset: int, hours: float | None = None, total: float = 10) -> Scored:
    """A PHQ-9 so many days after FIRST, so many hours before or after that day's dose."""
    at = None if hours is None else DOSE + offset * DAY + timedelta(hours=hours)
    return Scored(uuid4(), "phq9", FIRST + offset * DAY, at, total)


def test_the_baseline_is_the_last_score_within_two_weeks_before_the_first_dose() -> None:
    old, oldest, last = scored(-15), scored(-14), scored(-3)
    assert baseline([old], "phq9", held(0)) is None
    assert baseline([old, oldest], "phq9", held(0)) is oldest
    assert baseline([last, old, oldest, scored(1)], "phq9", held(0)) is last
    assert baseline([last], "gad7", held(0)) is None


@pytest.mark.parametrize(("hours", "counts"), [(-1, True), (0, True), (0.5, False), (None, True)])
def test_on_the_day_of_the_first_dose_only_what_precedes_it_counts(
    hours: float | None, counts: bool
) -> None:
    score = scored(0, hours)
    assert (baseline([score], "phq9", held(0)) is score) is counts


def test_without_a_session_there_is_no_baseline() -> None:
    assert baseline([scored(-1)], "phq9", None) is None
    assert first_session([], FIRST, None) is None
    assert first_session([held(3)], FIRST, None) is None


def test_a_score_belongs_to_the_course_of_the_last_session_before_it() -> None:
    later = uuid4()
    sessions = [held(0), held(14), held(200, later), held(214, later)]
    for offset, first in ((1, 0), (100, 0), (200, 0), (201, 200), (300, 200)):
        assert (
            first_session(sessions, FIRST + offset * DAY, None)
            == sessions[[0, 14, 200, 214].index(first)]
        )


def test_sessions_of_no_course_are_taken_for_one() -> None:
    sessions = [held(28, None), held(0, None)]
    assert first_session(sessions, FIRST + 40 * DAY, None) == held(0, None)
    # One that was left out of the course is no course of its own.
    assert first_session([held(0), held(7, None)], FIRST + 8 * DAY, None) == held(0)


@pytest.mark.parametrize(
    ("ago", "recall_days", "spans"),
    [(14, 14, False), (13, 14, True), (1, 14, True), (7, 7, False), (6, 7, True), (1, None, None)],
)
def test_a_recall_spans_a_session_that_is_fewer_days_ago(
    ago: int, recall_days: int | None, spans: bool | None
) -> None:
    assert spans_session(recall_days, FIRST + ago * DAY, None, [held(0)]) is spans


def test_on_the_day_of_a_session_its_dose_decides() -> None:
    before, after = scored(0, -1), scored(0, 3)
    assert spans_session(14, before.date, before.completed_at, [held(0)]) is False
    assert spans_session(14, after.date, after.completed_at, [held(0)]) is True
    assert spans_session(14, FIRST, None, [held(0)]) is False
    assert spans_session(14, FIRST - DAY, None, [held(0)]) is False
