"""Scores in their course: which one is the baseline, and whether a session lies in the recall.

Days are the patient's local days. A session on the day of a score cuts it only where both times are
known, or where the score was given in that session and tells its minute: from the start on it is
after the dose. Of any other score without a time it is taken that it was given before the session,
as it is filled in on arrival (u).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from clinical.assessment_dates import BASELINE_DAYS

# No scale looks back further than a quarter of a year (u).
LONGEST_RECALL_DAYS = 92


@dataclass(frozen=True, slots=True)
class Held:
    """A session that took place: the course it belongs to, its day, and when its dose was given."""

    course: UUID | None
    date: date
    began: datetime | None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """When a score was given: its day, and what else is known.

    `at` is None where only the day is known; `minute` counts from the start of the session it was
    given in. `told_at` orders the scores of one day: when it was completed, or else entered.
    """

    date: date
    at: datetime | None = None
    session_id: UUID | None = None
    minute: int | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A complete score of one scale."""

    id: UUID
    instrument: str
    given: Moment
    total: float


def precedes(given: Moment, session: Held) -> bool:
    """Whether a score was given before a session's dose."""
    is_timed = given.at is not None and session.began is not None
    is_in_session = given.session_id is not None and given.session_id == session.id
    if is_in_session and given.minute is not None and not is_timed:
        return given.minute < 0
    if given.date != session.date:
        return given.date < session.date
    return given.at is None or session.began is None or given.at <= session.began


def first_session(sessions: Iterable[Held], given: Moment) -> Held | None:
    """The first session of the course a score belongs to: that of the last session before it.

    Where no session belongs to a course, all are taken for one. None before any session.
    """
    ordered = sorted(sessions, key=_when)
    before = [each for each in ordered if not precedes(given, each)]
    if not before:
        return None
    course = next((each.course for each in reversed(before) if each.course is not None), None)
    return next(each for each in ordered if each.course == course)


def baseline(scores: Iterable[Scored], instrument: str, first: Held | None) -> Scored | None:
    """The last score of this scale at most 14 days before the course's first dose."""
    if first is None:
        return None
    earliest = first.date - timedelta(days=BASELINE_DAYS)
    return last_before(scores, instrument, first, earliest)


def last_before(
    scores: Iterable[Scored], instrument: str, session: Held, earliest: date
) -> Scored | None:
    """The last score of this scale from `earliest` up to the session's dose."""
    found = [
        each
        for each in scores
        if each.instrument == instrument
        and earliest <= each.given.date
        and precedes(each.given, session)
    ]
    return max(found, key=_told_when, default=None)


def spans_session(recall_days: int | None, given: Moment, sessions: Sequence[Held]) -> bool | None:
    """Whether a session lies within the days a score looks back on; None for a scale of the moment.

    4-clinical 1f: 14 days of recall overlap sessions that are less than 14 days ago.
    """
    if recall_days is None:
        return None
    first = given.date - timedelta(days=recall_days)
    return any(first < each.date and not precedes(given, each) for each in sessions)


def _when(session: Held) -> tuple[date, float]:
    return session.date, 0.0 if session.began is None else session.began.timestamp()


def _told_when(score: Scored) -> tuple[date, float, str]:
    told_at = score.given.told_at or score.given.at
    return score.given.date, 0.0 if told_at is None else told_at.timestamp(), str(score.id)
