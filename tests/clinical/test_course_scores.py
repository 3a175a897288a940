"""Scores in their course, on a calendar worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from clinical.course_scores import Held, Moment, Scored, baseline, first_session, spans_session

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
    return Scored(uuid4(), "phq9", Moment(FIRST + offset * DAY, at), total)


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
    assert first_session([], Moment(FIRST)) is None
    assert first_session([held(3)], Moment(FIRST)) is None


def test_a_score_belongs_to_the_course_of_the_last_session_before_it() -> None:
    later = uuid4()
    sessions = [held(0), held(14), held(200, later), held(214, later)]
    for offset, first in ((1, 0), (100, 0), (200, 0), (201, 200), (300, 200)):
        assert (
            first_session(sessions, Moment(FIRST + offset * DAY))
            == sessions[[0, 14, 200, 214].index(first)]
        )


def test_sessions_of_no_course_are_taken_for_one() -> None:
    sessions = [held(28, None), held(0, None)]
    assert first_session(sessions, Moment(FIRST + 40 * DAY)) == held(0, None)
    # One that was left out of the course is no course of its own.
    assert first_session([held(0), held(7, None)], Moment(FIRST + 8 * DAY)) == held(0)


@pytest.mark.parametrize(
    ("ago", "recall_days", "spans"),
    [(14, 14, False), (13, 14, True), (1, 14, True), (7, 7, False), (6, 7, True), (1, None, None)],
)
def test_a_recall_spans_a_session_that_is_fewer_days_ago(
    ago: int, recall_days: int | None, spans: bool | None
) -> None:
    assert spans_session(recall_days, Moment(FIRST + ago * DAY), [held(0)]) is spans


def test_on_the_day_of_a_session_its_dose_decides() -> None:
    before, after = scored(0, -1), scored(0, 3)
    assert spans_session(14, before.given, [held(0)]) is False
    assert spans_session(14, after.given, [held(0)]) is True
    assert spans_session(14, Moment(FIRST), [held(0)]) is False
    assert spans_session(14, Moment(FIRST - DAY), [held(0)]) is False


@pytest.mark.parametrize(
    ("minute", "is_before"), [(-240, True), (-1, True), (0, False), (40, False), (None, True)]
)
def test_in_a_session_without_a_time_of_its_own_the_minute_decides(
    minute: int | None, is_before: bool
) -> None:
    session = Held(COURSE, FIRST, DOSE, uuid4())
    given = Moment(FIRST, None, session.id, minute)
    score = Scored(uuid4(), "phq9", given, 9)
    assert (baseline([score], "phq9", session) is score) is is_before
    assert spans_session(14, given, [session]) is not is_before
    assert (first_session([session], given) is None) is is_before
    # After the session's midnight too, and whether or not its dose has a time.
    untimed = Held(COURSE, FIRST - DAY, None, session.id)
    assert (first_session([untimed], given) is None) is (is_before and minute is not None)


def test_the_minute_says_nothing_of_another_session() -> None:
    given = Moment(FIRST, None, uuid4(), 40)
    assert first_session([Held(COURSE, FIRST, DOSE, uuid4())], given) is None


def test_a_time_of_its_own_is_more_than_a_minute() -> None:
    """At minute 5 of a session whose dose was given at minute 15."""
    session = Held(COURSE, FIRST, DOSE, uuid4())
    given = Moment(FIRST, DOSE - timedelta(minutes=10), session.id, 5)
    score = Scored(uuid4(), "phq9", given, 9)
    assert baseline([score], "phq9", session) is score


def test_of_two_scores_of_one_day_the_baseline_is_the_one_told_later() -> None:
    early, late = (
        Scored(UUID(int=number), "phq9", Moment(FIRST, told_at=DOSE + timedelta(hours=hours)), 9)
        for number, hours in ((2, 1), (1, 2))
    )
    assert baseline([late, early], "phq9", held(0)) is late
