"""Assessments as they are read: scored, and held against the baseline of their course."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from care import instruments
from care.principal import Chart
from clinical.course_scores import Held, Moment, Scored, baseline, first_session, spans_session
from clinical.instruments import Instrument, Score, band_of, score
from clinical.safety_reading import safety_of
from clinical.scale_points import GivenScore, baseline_shown, complete, meant
from models.prepared import together
from models.scale_inputs import SELECT_HELD_SESSIONS, SELECT_SCORES

_STORED = (
    *("id", "revision", "created_at", "created_by", "voided_at", "voided_by", "void_reason"),
    *("instrument", "instrument_revision", "completed_at", "timezone", "status", "items", "extra"),
    *("not_answered", "total", "prorated_total", "session_id", "minute", "note", "source"),
)
_OF_THE_SCALE = ("name", "total_minimum", "total_maximum", "direction", "recall_days")


@dataclass(frozen=True, slots=True)
class Course:
    """What scores are held against: sessions that took place and complete scores, oldest first."""

    sessions: Sequence[Held]
    scores: Sequence[Scored]


def course_of(connection: Connection, chart: Chart) -> Course:
    """All of the patient's, in one round trip."""
    owner = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
    whole = {"first": date.min, "last": date.max}
    asked = owner | whole | {f"earlier_{name}": day for name, day in whole.items()}
    sessions, scores = together(connection, (SELECT_HELD_SESSIONS, asked), (SELECT_SCORES, asked))
    return Course(held_of(sessions), complete(given_of(scores)))


def held_of(rows: Sequence[Any]) -> list[Held]:
    """The sessions of rows of SELECT_HELD_SESSIONS."""
    return [Held(row.course_id, row.local_date, row.began, row.id) for row in rows]


def given_of(rows: Sequence[Any]) -> list[GivenScore]:
    """The scores of rows of SELECT_SCORES."""
    return [
        GivenScore(row.id, row.instrument, _moment(row, row.told_at), row.total, row.prorated_total)
        for row in rows
    ]


def _moment(row: Any, told_at: datetime | None = None) -> Moment:
    return Moment(row.local_date, row.completed_at, row.session_id, row.minute, told_at)


def shown(connection: Connection, chart: Chart, found: Sequence[Any]) -> list[dict[str, Any]]:
    """Each of these rows with what follows from it, in their order."""
    if not found:
        return []
    forms = instruments.forms_of(connection, chart.clinic_id, found)
    course = course_of(connection, chart)
    return [_shown(row, forms[row.id], course) for row in found]


def _shown(row: Any, scale: Instrument, course: Course) -> dict[str, Any]:
    judged = score(scale, row.items, row.extra or {})
    return {
        **{name: getattr(row, name) for name in _STORED},
        **{name: getattr(scale, name) for name in _OF_THE_SCALE},
        "date": row.local_date,
        "band": band_of(scale, row.total),
        "level": judged.level,
        "least_level": judged.least_level,
        "subscores": dict(judged.subscores),
        "needs_review": list(judged.needs_review),
        "safety": _safety(row, scale, judged),
        "recall_spans_session": spans_session(scale.recall_days, _moment(row), course.sessions),
        "meaning": _meaning(row, scale, course),
    }


def _safety(row: Any, scale: Instrument, judged: Score) -> dict[str, Any] | None:
    told = {name: getattr(row, name) for name in ("items", "extra", "total", "not_answered")}
    read = safety_of(scale, told, judged)
    return None if read is None else asdict(read)


def _meaning(row: Any, scale: Instrument, course: Course) -> dict[str, Any]:
    """What the score means against the course's baseline; null where that says nothing."""
    first = first_session(course.sessions, _moment(row))
    before = baseline(course.scores, row.instrument, first)
    reason = None
    if row.total is None:
        reason = "no_score"
    elif before is None:
        reason = "no_session" if first is None else "no_baseline"
    told = {"baseline": baseline_shown(before), "reason": reason}
    return told | meant(scale, row.total, before)
