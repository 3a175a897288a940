"""/v1/me/checkins and /v1/patients/{id}/checkins: one local day each, put, read and deleted."""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from flask import Response, request

from api.answers import (
    EXAMPLE,
    Checkin,
    CheckinIn,
    CheckinPage,
    CheckinWritten,
    RangeQuery,
)
from api.auth import connection, now, principal
from api.bodies import read_json
from api.entries import read_entry, shown, tag
from api.heard_day import day_asked, hear_all_the_same
from api.preconditions import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, sent_base, sent_key
from api.problems import Problem
from api.replies import ETAG_HEADER, after, bad_cursor, cursor_of, page, reply
from api.routes import Routes
from api.safety_card import shown_card
from care import access, safety
from care.checkins import carry_out, day_of, stored_anchor
from care.principal import Chart
from care.protocol import APPLYING, Entry, Operation, Outcome, Verdict
from care.refusals import KeyReused, NotFound
from models.checkin import SELECT_DAY, SELECT_DAYS
from models.prepared import together

blp = Routes("check-ins", "One local day's answers.")

_BODY = {
    "required": True,
    "content": {"application/json": {"schema": CheckinIn, "example": dict(EXAMPLE)}},
}
_WRITE_PROBLEMS = (
    "unreadable",
    "unsupported-media-type",
    "invalid",
    "key-reused",
    "precondition-failed",
    "precondition-required",
)
_WRITE_HEADERS = [IF_MATCH, IF_NONE_MATCH, IDEMPOTENCY_KEY]


@blp.serve(
    "PUT",
    "/v1/me/checkins/<date:date>",
    "own_checkins.write",
    problems=(*_WRITE_PROBLEMS, "not-found"),
    parameters=_WRITE_HEADERS,
    requestBody=_BODY,
)
@blp.serve(
    "PUT",
    "/v1/patients/<uuid:patient_id>/checkins/<date:date>",
    "checkins.write",
    problems=(*_WRITE_PROBLEMS, "not-found", "patient-logged"),
    parameters=_WRITE_HEADERS,
    requestBody=_BODY,
)
@blp.response(
    200, CheckinWritten, headers=ETAG_HEADER, description="Replaced, or the same already."
)
@blp.alt_response(201, schema=CheckinWritten, headers=ETAG_HEADER, description="Stored, a new day.")
def put_checkin(date: datetime.date, patient_id: UUID | None = None) -> Response:
    """Store a day's answers; sending the same again changes nothing.

    Decided in this order: a known Idempotency-Key answers as before; answers equal to the stored
    day's change nothing; then If-Match must name the stored revision. Staff note a day only while
    the patient has not (a phone call), and the patient's own entry replaces it.

    Whatever becomes of the entry, what it says of suicidal thoughts reaches the clinic, and the
    answer, a refusal too, carries the card the patient is to be shown.
    """
    chart = _chart(patient_id)
    source: Literal["app", "staff"] = "app" if patient_id is None else "staff"
    try:
        raw = read_json(request)
        entry = read_entry(raw, date, chart)
        base, key = sent_base(), sent_key()
        op_id = key if source == "app" else _staff_op_id(key)
        operation = Operation(chart, entry, base, op_id, source=source)
        outcome = carry_out(connection(), principal(), operation, now())
        told = day_asked((chart, date, source), raw, outcome)
        card = safety.ask_of_day(connection(), principal(), told, now())
        connection().commit()
    except Exception:
        hear_all_the_same((chart, date, source))
        raise
    is_answered = (entry.answers or {})["suicidal_thoughts"] is not None
    beside = {"safety_card": shown_card(card)} if is_answered else {}
    return _answer(outcome, beside)


@blp.serve(
    "DELETE",
    "/v1/me/checkins/<date:date>",
    "own_checkins.write",
    problems=("not-found", "key-reused", "precondition-failed", "precondition-required", "invalid"),
    parameters=[IF_MATCH, IDEMPOTENCY_KEY],
)
@blp.response(204, description="Deleted; the ETag is the tombstone's, needed to log the day again.")
def delete_checkin(date: datetime.date) -> Response:
    """Delete a day. Its answers leave the chart; that it was there stays."""
    operation = Operation(access.own_chart(principal()), Entry(date, None), sent_base(), sent_key())
    outcome = carry_out(connection(), principal(), operation, now())
    connection().commit()
    return _answer(outcome, {})


@blp.serve(
    "GET",
    "/v1/me/checkins/<date:date>",
    "own_checkins.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/checkins/<date:date>",
    "checkins.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, Checkin, headers=ETAG_HEADER)
def get_checkin(date: datetime.date, patient_id: UUID | None = None) -> Response:
    """One stored day."""
    chart = _chart(patient_id)
    values = {
        "clinic_id": chart.clinic_id,
        "patient_id": chart.patient_id,
        "local_date": date,
    }
    rows = together(connection(), (SELECT_DAY, values))[0]
    connection().commit()
    if not rows:
        raise NotFound("That day is not logged.")
    anchor = stored_anchor(rows[0], date)
    return reply(shown(day_of(rows[0]), anchor), etag=tag(rows[0].revision, anchor))


@blp.serve("GET", "/v1/me/checkins", "own_checkins.read")
@blp.serve(
    "GET", "/v1/patients/<uuid:patient_id>/checkins", "checkins.read", problems=("not-found",)
)
@blp.arguments(RangeQuery, location="query")
@blp.response(200, CheckinPage)
def list_checkins(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """The logged days of a period, oldest first."""
    chart = _chart(patient_id)
    values = {
        "clinic_id": chart.clinic_id,
        "patient_id": chart.patient_id,
        "first": _resumed(query),
        "last": query["last"],
        "limit": query["limit"] + 1,
    }
    rows = together(connection(), (SELECT_DAYS, values))[0]
    connection().commit()
    shown_rows = rows[: query["limit"]]
    items = [shown(day_of(row), stored_anchor(row, row.local_date)) for row in shown_rows]
    more = len(rows) > query["limit"]
    return page(items, cursor_of(str(rows[-1].local_date)) if more else None)


def _resumed(query: dict[str, Any]) -> datetime.date:
    """The first day to show: the cursor names the first one of its page."""
    position = after(query["cursor"])
    first: datetime.date = query["first"]
    if position is None:
        return first
    try:
        resumed = datetime.date.fromisoformat(position)
    except ValueError:
        raise bad_cursor() from None
    return max(first, resumed)


def _staff_op_id(key: str | None) -> str | None:
    """A staff member's key under a name of its own: it must never stand in the patient's way."""
    if key is None:
        return None
    told = f"{principal().membership_id}|{key}"
    return f"staff:{hashlib.sha256(told.encode()).hexdigest()}"


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())


def _answer(outcome: Outcome, beside: Mapping[str, Any]) -> Response:
    """The HTTP form of an outcome; `beside` is shown beside the day."""
    verdict = outcome.verdict
    if verdict is Verdict.MISMATCH:
        raise KeyReused("This Idempotency-Key was sent before with another request.")
    if verdict is Verdict.ABSENT:
        raise NotFound("That day is not logged.")
    current = None if outcome.day is None else shown(outcome.day, outcome.anchor)
    etag = {} if current is None else {"ETag": f'"{tag(current["revision"], outcome.anchor)}"'}
    if verdict is Verdict.PRECONDITION_MISSING:
        raise Problem("precondition-required", "Send If-Match.").with_headers(**etag)
    if verdict is Verdict.PATIENT_LOGGED:
        detail = "The patient has logged this day; their entry stays."
        raise Problem("patient-logged", detail, current=current).with_headers(**etag)
    if verdict in (Verdict.CONFLICT, Verdict.KNOWN_CONFLICT, Verdict.GONE):
        detail = "The day is not at that revision; merge with `current` and send again."
        raise Problem("precondition-failed", detail, current=current).with_headers(**etag)
    assert current is not None  # every other verdict tells of a day
    if current["deleted"]:
        return Response(status=204, headers=etag)
    created = outcome.created and (verdict in APPLYING or verdict is Verdict.REPLAYED)
    response = reply({**current, **beside}, 201 if created else 200)
    response.headers.update(etag)
    return response
