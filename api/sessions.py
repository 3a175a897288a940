"""/v1/patients/{id}/sessions and /v1/me/sessions: treatment sessions, booked to signed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import or_, select

from api.auth import connection, now, principal
from api.facts import VoidIn
from api.preconditions import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    request_digest,
    sent_base,
    sent_key,
)
from api.problems import Problem
from api.replies import (
    ETAG_HEADER,
    after,
    bad_cursor,
    content_tag,
    cursor_instant,
    cursor_of,
    page,
    reply,
)
from api.routes import Routes
from api.session_marks import shown_marks
from api.visits import (
    AddendumIn,
    Session,
    SessionChange,
    SessionIn,
    SessionPage,
    SessionQuery,
    shown,
)
from care import access, idempotency, session_marks, treatments, visits
from care.principal import Chart
from care.refusals import BaseMissing, Stale
from care.session_marks import OpenAlerts
from care.treatments import SessionEntry
from care.visits import Stored
from clinical.vitals_alarms import alarms_of
from models.treatment_session import TreatmentSession, begins_at

blp = Routes("sessions", "Treatment sessions: booked, given, signed.")

_ALL = "/v1/patients/<uuid:patient_id>/sessions"
_ONE = f"{_ALL}/<uuid:session_id>"


@blp.serve("GET", "/v1/me/sessions", "own_sessions.read")
@blp.serve("GET", _ALL, "sessions.read", problems=("not-found",))
@blp.arguments(SessionQuery, location="query")
@blp.response(200, SessionPage)
def list_sessions(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """The sessions of one patient, newest first; void ones only with `void=true`."""
    chart = _chart(patient_id)
    statement = select(TreatmentSession).where(visits.of_patient(chart), *_asked(query))
    day, begins, row_id = TreatmentSession.local_date, begins_at, TreatmentSession.id
    ordered = statement.order_by(day.desc(), begins.desc(), row_id).limit(query["limit"] + 1)
    rows = connection().execute(ordered).all()
    found = visits.whole(connection(), chart, rows[: query["limit"]])
    items = _shown(chart, found)
    connection().commit()
    following = None
    if len(rows) > query["limit"]:
        last = found[-1]
        began = last.visit["started_at"] or last.visit["scheduled_at"]
        following = cursor_of(f"{last.visit['local_date']}\n{began.isoformat()}\n{last.id}")
    return page(items, following)


def _asked(query: dict[str, Any]) -> list[Any]:
    """The conditions of a list's query, the cursor's included."""
    asked: list[Any] = [] if query["void"] else [TreatmentSession.voided_at.is_(None)]
    if query["first"] is not None:
        asked.append(TreatmentSession.local_date >= query["first"])
    if query["last"] is not None:
        asked.append(TreatmentSession.local_date <= query["last"])
    if query["status"] is not None:
        asked.append(TreatmentSession.status == query["status"])
    position = after(query["cursor"])
    if position is not None:
        asked.append(_beyond(position))
    return asked


def _beyond(position: str) -> Any:
    """Past this place in the list: its day, the instant it began, its id."""
    day, _, rest = position.partition("\n")
    try:
        last_day = date.fromisoformat(day)
    except ValueError:
        raise bad_cursor() from None
    began, last_id = cursor_instant(rest)
    same_day = TreatmentSession.local_date == last_day
    return or_(
        TreatmentSession.local_date < last_day,
        same_day & (began > begins_at),
        same_day & (began == begins_at) & (TreatmentSession.id > last_id),
    )


@blp.serve(
    "GET",
    "/v1/me/sessions/<uuid:session_id>",
    "own_sessions.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.serve("GET", _ONE, "sessions.read", problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, Session, headers=ETAG_HEADER)
def get_session(session_id: UUID, patient_id: UUID | None = None) -> Response:
    """One session whole, void or not."""
    return _answer(_chart(patient_id), session_id)


@blp.serve(
    "POST",
    _ALL,
    "sessions.write",
    problems=("not-found", "conflict", "questions", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(SessionIn)
@blp.response(201, Session, headers=ETAG_HEADER)
def record_session(body: dict[str, Any], patient_id: UUID) -> Response:
    """Book a session, or record one that has happened, with its doses and readings."""
    chart = _chart(patient_id)
    sent = (sent_key(), request_digest(body))
    session_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        treatments.record(connection(), principal(), _entry(chart, session_id, body), now())
    return _answer(chart, session_id, 201)


@blp.serve(
    "PATCH",
    _ONE,
    "sessions.write",
    problems=(
        "not-found",
        "conflict",
        "signed",
        "questions",
        "precondition-failed",
        "precondition-required",
    ),
    parameters=[IF_MATCH],
)
@blp.arguments(SessionChange)
@blp.response(200, Session, headers=ETAG_HEADER)
def change_session(body: dict[str, Any], patient_id: UUID, session_id: UUID) -> Response:
    """Complete or correct a session; what is the same already changes nothing.

    Nobody's record is lost: whatever replaces a value of a session that has happened must name in
    If-Match the state it was seen in. Readings are merged minute by minute.
    """
    chart = _chart(patient_id)
    entry = _entry(chart, session_id, body)
    try:
        treatments.change(connection(), principal(), entry, sent_base(), now())
    except (Stale, BaseMissing) as refusal:
        raise _tagged(refusal, chart, session_id) from None
    return _answer(chart, session_id)


@blp.serve(
    "POST",
    f"{_ONE}/sign",
    "sessions.write",
    problems=("not-found", "conflict", "signed", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.response(200, Session, headers=ETAG_HEADER)
def sign_session(patient_id: UUID, session_id: UUID) -> Response:
    """Sign a session that has happened; If-Match, where sent, must name what is signed."""
    chart = _chart(patient_id)
    try:
        treatments.sign(connection(), principal(), (chart, session_id), sent_base(), now())
    except Stale as refusal:
        raise _tagged(refusal, chart, session_id) from None
    return _answer(chart, session_id)


@blp.serve(
    "POST",
    f"{_ONE}/addenda",
    "sessions.write",
    problems=("not-found", "conflict", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(AddendumIn)
@blp.response(201, Session, headers=ETAG_HEADER)
def add_addendum(body: dict[str, Any], patient_id: UUID, session_id: UUID) -> Response:
    """Add to a signed session; what it says stays as it was signed."""
    chart = _chart(patient_id)
    sent = (sent_key(), request_digest(body))
    addendum_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        target = (chart, session_id, addendum_id)
        treatments.add_addendum(connection(), principal(), target, body["text"], now())
    return _answer(chart, session_id, 201)


@blp.serve(
    "POST",
    f"{_ONE}/void",
    "sessions.write",
    problems=("not-found", "conflict", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.arguments(VoidIn)
@blp.response(200, Session, headers=ETAG_HEADER)
def void_session(body: dict[str, Any], patient_id: UUID, session_id: UUID) -> Response:
    """Take back a session entered in error, signed or not: it counts nowhere from now on.

    If-Match, where sent, must name what is taken back.
    """
    chart = _chart(patient_id)
    told = (body["reason"], sent_base())
    try:
        treatments.void(connection(), principal(), (chart, session_id), told, now())
    except Stale as refusal:
        raise _tagged(refusal, chart, session_id) from None
    return _answer(chart, session_id)


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())


def _entry(chart: Chart, session_id: UUID, body: dict[str, Any]) -> SessionEntry:
    given = {name: value for name, value in body.items() if name != "confirmed"}
    return SessionEntry(chart, session_id, given, frozenset(body.get("confirmed") or ()))


def _answer(chart: Chart, session_id: UUID, status: int = 200) -> Response:
    (body,) = _shown(chart, [treatments.known(connection(), chart, session_id)])
    connection().commit()
    return reply(body, status, etag=_tag(body))


def _shown(chart: Chart, found: Sequence[Stored]) -> list[dict[str, Any]]:
    """Sessions of one patient; those who treat the patient find them marked."""
    if principal().role == "patient":
        return [shown(stored, None) for stored in found]
    alerts = session_marks.open_alerts(connection(), chart.clinic_id, [chart.patient_id])
    limits = session_marks.limits(connection(), chart.clinic_id)
    mine = alerts.get(chart.patient_id, OpenAlerts())
    bodies = []
    for stored in found:
        readings = [{"minute": minute, **read} for minute, read in stored.visit.readings.items()]
        bodies.append(shown(stored, shown_marks(alarms_of(readings, limits), mine)))
    return bodies


def _tag(body: dict[str, Any]) -> str:
    """`r<revision>.<content>`: addenda and marks move the second part, and no revision."""
    return f"r{body['revision']}.{content_tag(body)}"


def _tagged(refusal: Stale | BaseMissing, chart: Chart, session_id: UUID) -> Problem:
    """The refusal with the tag of the present state."""
    (body,) = _shown(chart, [treatments.known(connection(), chart, session_id)])
    return Problem(refusal.slug, refusal.detail).with_headers(ETag=f'"{_tag(body)}"')
