"""/v1/me/assessments and /v1/patients/{id}/assessments: rating scales filled in, newest first."""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request
from marshmallow import Schema
from sqlalchemy import and_, or_, select

from api.assessment_fields import (
    AssessmentChange,
    AssessmentIn,
    AssessmentOut,
    AssessmentPage,
    AssessmentQuery,
    AssessmentWritten,
)
from api.assessments_refused import heard
from api.auth import connection, now, principal
from api.bodies import read_json
from api.chart_rows import claimed, entered, preconditions
from api.facts import VoidIn
from api.preconditions import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, sent_base, sent_key
from api.replies import ETAG_HEADER, after, bad_cursor, cursor_instant, cursor_of, page, reply
from api.routes import Routes, load
from api.safety_card import shown_card
from care import assessment_reading, assessments, instruments, rows
from care.assessments import AssessmentEntry
from care.principal import Chart
from care.refusals import Fault, Invalid
from models.assessment import Assessment
from models.scale_inputs import TOLD_AT

blp = Routes("assessments", "Rating scales filled in.")

_ME, _STAFF = "/v1/me/assessments", "/v1/patients/<uuid:patient_id>/assessments"
_ONE = "/<uuid:assessment_id>"
_OWN_READ, _READ = "own_chart.read", "chart.read"
_OWN_WRITE, _WRITE = "own_assessments.write", "assessments.write"
_BODY_PROBLEMS = ("unreadable", "unsupported-media-type", "invalid")
_NEW: Mapping[str, Any] = {
    "problems": (*_BODY_PROBLEMS, "not-found", "key-reused"),
    "parameters": [IDEMPOTENCY_KEY],
}
_CHANGED: Mapping[str, Any] = {
    "problems": (*_BODY_PROBLEMS, "not-found", "precondition-failed", "precondition-required"),
    "parameters": [IF_MATCH],
}
_VOIDED: Mapping[str, Any] = {
    "problems": ("not-found", "precondition-failed"),
    "parameters": [IF_MATCH],
}
_SEEN: Mapping[str, Any] = {"problems": ("not-found",), "parameters": [IF_NONE_MATCH]}


def _body(schema: type[Schema], example: Mapping[str, Any]) -> dict[str, Any]:
    content = {"schema": schema, "example": dict(example)}
    return {"required": True, "content": {"application/json": content}}


_NEW_BODY = _body(
    AssessmentIn,
    {"instrument": "phq9", "date": "2026-11-23", "items": [1, 2, 2, 1, 0, 1, 2, 0, 0]},
)
_CHANGE_BODY = _body(AssessmentChange, {"note": "The second item was meant."})


@blp.serve("GET", _ME, _OWN_READ)
@blp.serve("GET", _STAFF, _READ, problems=("not-found",))
@blp.arguments(AssessmentQuery, location="query")
@blp.response(200, AssessmentPage)
def list_assessments(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Rating scales filled in, newest first, each with its score and what that means."""
    chart = entered(patient_id)
    statement = select(Assessment).where(*rows.of_chart(Assessment, chart))
    if query["instrument"] is not None:
        if query["instrument"] not in instruments.own(connection(), chart.clinic_id):
            raise Invalid([Fault("/instrument", "No such scale in this clinic.")])
        statement = statement.where(Assessment.instrument == query["instrument"])
    if not query["void"]:
        statement = statement.where(Assessment.voided_at.is_(None))
    position = after(query["cursor"])
    if position is not None:
        statement = statement.where(_older(position))
    newest = (column.desc() for column in (Assessment.local_date, TOLD_AT, Assessment.id))
    statement = statement.order_by(*newest)
    found = connection().execute(statement.limit(query["limit"] + 1)).all()
    items = assessment_reading.shown(connection(), chart, found[: query["limit"]])
    connection().commit()
    following = None
    if len(found) > query["limit"]:
        following = cursor_of(_position(items[-1]))
    return page(items, following)


@blp.serve("POST", _ME, _OWN_WRITE, requestBody=_NEW_BODY, **_NEW)
@blp.serve("POST", _STAFF, _WRITE, requestBody=_NEW_BODY, **_NEW)
@blp.response(201, AssessmentWritten, headers=ETAG_HEADER)
def record_assessment(patient_id: UUID | None = None) -> Response:
    """A scale filled in, wholly or in part: what is there is kept, and scored when it is complete.

    An answer about suicide is asked about whatever becomes of the request: the card for the patient
    comes back with it, in a refusal too.
    """
    chart = entered(patient_id)
    with heard(chart, None):
        body = load(AssessmentIn(), read_json(request))
        assessment_id, fresh = claimed(body)
        entry = _entry(chart, assessment_id, body, patient_id)
        if fresh:
            card = assessments.record(connection(), principal(), entry, now())
        else:
            card = assessments.asked(connection(), principal(), entry, now())
    return _written(chart, assessment_id, card, 201)


@blp.serve("GET", _ME + _ONE, _OWN_READ, **_SEEN)
@blp.serve("GET", _STAFF + _ONE, _READ, **_SEEN)
@blp.response(200, AssessmentOut, headers=ETAG_HEADER)
def get_assessment(assessment_id: UUID, patient_id: UUID | None = None) -> Response:
    """One scale filled in, void or not, with its score and what that means."""
    chart = entered(patient_id)
    shown = _shown(chart, assessment_id)
    connection().commit()
    return reply(shown, etag=_tag(shown))


@blp.serve("PATCH", _ME + _ONE, _OWN_WRITE, requestBody=_CHANGE_BODY, **_CHANGED)
@blp.serve("PATCH", _STAFF + _ONE, _WRITE, requestBody=_CHANGE_BODY, **_CHANGED)
@blp.response(200, AssessmentWritten, headers=ETAG_HEADER)
def change_assessment(assessment_id: UUID, patient_id: UUID | None = None) -> Response:
    """Correct it, or complete one that was left in part: only what is sent is changed.

    To replace an answer, send If-Match; what it said before is kept. What a patient answered, they
    alone change.
    """
    chart = entered(patient_id)
    with heard(chart, assessment_id), preconditions():
        body = load(AssessmentChange(), read_json(request))
        entry = _entry(chart, assessment_id, body, patient_id)
        card = assessments.change(connection(), principal(), entry, sent_base(), now())
    return _written(chart, assessment_id, card, 200)


@blp.serve("POST", f"{_ME}{_ONE}/void", _OWN_WRITE, **_VOIDED)
@blp.serve("POST", f"{_STAFF}{_ONE}/void", _WRITE, **_VOIDED)
@blp.arguments(VoidIn)
@blp.response(200, AssessmentOut, headers=ETAG_HEADER)
def void_assessment(
    body: dict[str, Any], assessment_id: UUID, patient_id: UUID | None = None
) -> Response:
    """Mark it as entered in error, for ever; what it raised stays raised."""
    chart = entered(patient_id)
    entry = AssessmentEntry(chart, assessment_id, body, _source(patient_id))
    with preconditions():
        assessments.void(connection(), principal(), entry, sent_base(), now())
    shown = _shown(chart, assessment_id)
    connection().commit()
    return reply(shown, etag=_tag(shown))


def _position(shown: Mapping[str, Any]) -> str:
    told_at = shown["completed_at"] or shown["created_at"]
    return f"{shown['date']}\n{told_at.isoformat()}\n{shown['id']}"


def _older(position: str) -> Any:
    """Past the assessment a cursor names: by its day, when it was completed or entered, its id."""
    day, _, rest = position.partition("\n")
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise bad_cursor() from None
    at, last_id = cursor_instant(rest)
    told_at: Any = TOLD_AT
    same = and_(told_at == at, Assessment.id < last_id)
    same_day = and_(Assessment.local_date == date, or_(told_at < at, same))
    return or_(Assessment.local_date < date, same_day)


def _source(patient_id: UUID | None) -> Any:
    return "app" if patient_id is None else "staff"


def _entry(
    chart: Chart, assessment_id: UUID, body: Mapping[str, Any], patient_id: UUID | None
) -> AssessmentEntry:
    given = {"local_date" if name == "date" else name: value for name, value in body.items()}
    name = sent_key() if request.method == "POST" else None
    return AssessmentEntry(chart, assessment_id, given, _source(patient_id), name)


def _shown(chart: Chart, assessment_id: UUID) -> dict[str, Any]:
    row = rows.find(connection(), Assessment, chart, assessment_id)
    return assessment_reading.shown(connection(), chart, [row])[0]


def _written(chart: Chart, assessment_id: UUID, card: Any, status: int) -> Response:
    shown = _shown(chart, assessment_id)
    connection().commit()
    return reply(shown | {"safety_card": shown_card(card)}, status, etag=_tag(shown))


def _tag(shown: Mapping[str, Any]) -> str:
    """`r<revision>.<hash>`: the hash moves with the sessions and scores around it, and the form."""
    told = hashlib.sha256(orjson.dumps(shown)).hexdigest()[:8]
    return f"r{shown['revision']}.{told}"
