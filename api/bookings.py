"""/v1/patients/{id}/bookings: sessions as the front desk books, moves and cancels them."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, missing

from api.auth import connection, now, principal
from api.fields import Code, Day, Instant, Timezone, Whole, YesNo, optional
from api.preconditions import IDEMPOTENCY_KEY, IF_MATCH, request_digest, sent_base, sent_key
from api.problems import Problem
from api.replies import ETAG_HEADER, content_tag, reply
from api.routes import Routes
from api.visits import confirmed
from care import access, bookings, idempotency, treatments
from care.bookings import BOOKING_COLUMNS, desk_reason
from care.principal import Chart
from care.refusals import Stale
from care.treatments import SessionEntry
from clinical.treatments import DESK_REASONS, STATUSES
from clinical.visits import LEAST_MINUTES, MOST_MINUTES

blp = Routes("bookings", "Sessions as the front desk sees them.")


class BookingIn(Schema):
    """A session to be booked."""

    scheduled_at = Instant(required=True)
    scheduled_minutes = optional(Whole(LEAST_MINUTES, MOST_MINUTES))
    timezone = optional(
        Timezone(metadata={"description": "IANA time zone of the place; null: the clinic's."})
    )
    course_id = optional(fields.UUID())
    driver_confirmed = optional(YesNo())
    confirmed = confirmed()


class BookingChange(BookingIn):
    """Only what is sent is changed: move it, cancel it, or say that nobody came."""

    status = Code(("booked", "cancelled", "missed"))
    status_reason = optional(Code(DESK_REASONS))

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required, field_obj.load_default = False, missing


class Booking(Schema):
    """A session's booking; nothing of it is clinical."""

    id = fields.UUID(required=True)
    course_id = fields.UUID(required=True, allow_none=True)
    status = Code(STATUSES, required=True)
    status_reason = Code(DESK_REASONS, required=True, allow_none=True)
    scheduled_at = Instant(required=True, allow_none=True)
    scheduled_minutes = fields.Integer(required=True, allow_none=True)
    timezone = fields.String(required=True)
    driver_confirmed = fields.Boolean(required=True, allow_none=True)
    date = Day(required=True)
    revision = fields.Integer(required=True)


@blp.serve(
    "POST",
    "/v1/patients/<uuid:patient_id>/bookings",
    "bookings.write",
    problems=("not-found", "conflict", "questions", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(BookingIn)
@blp.response(201, Booking, headers=ETAG_HEADER)
def book_session(body: dict[str, Any], patient_id: UUID) -> Response:
    """Book a session."""
    chart = access.contact_data(connection(), principal(), patient_id, now())
    sent = (sent_key(), request_digest(body))
    session_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        entry = _entry(chart, session_id, body | {"status": "booked"})
        treatments.record(connection(), principal(), entry, now())
    return _answer(chart, session_id, 201)


@blp.serve(
    "PATCH",
    "/v1/patients/<uuid:patient_id>/bookings/<uuid:session_id>",
    "bookings.write",
    problems=("not-found", "conflict", "signed", "questions", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.arguments(BookingChange)
@blp.response(200, Booking, headers=ETAG_HEADER)
def change_booking(body: dict[str, Any], patient_id: UUID, session_id: UUID) -> Response:
    """Move or cancel a booking, or say that nobody came; not once the session has begun."""
    chart = access.contact_data(connection(), principal(), patient_id, now())
    entry = _entry(chart, session_id, body)
    try:
        bookings.change(connection(), principal(), entry, sent_base(), now())
    except Stale as refusal:
        etag = f'"{_tag(_shown(chart, session_id))}"'
        raise Problem(refusal.slug, refusal.detail).with_headers(ETag=etag) from None
    return _answer(chart, session_id)


def _entry(chart: Chart, session_id: UUID, body: dict[str, Any]) -> SessionEntry:
    given = {name: value for name, value in body.items() if name != "confirmed"}
    return SessionEntry(chart, session_id, given, frozenset(body.get("confirmed") or ()))


def _answer(chart: Chart, session_id: UUID, status: int = 200) -> Response:
    body = _shown(chart, session_id)
    connection().commit()
    return reply(body, status, etag=_tag(body))


def _shown(chart: Chart, session_id: UUID) -> dict[str, Any]:
    stored = treatments.known(connection(), chart, session_id)
    told = {name: stored.visit[name] for name in BOOKING_COLUMNS}
    return told | {
        "status_reason": desk_reason(told["status"], told["status_reason"]),
        "id": stored.id,
        "date": stored.visit["local_date"],
        "revision": stored.revision,
    }


def _tag(body: dict[str, Any]) -> str:
    return f"r{body['revision']}.{content_tag(body)}"
