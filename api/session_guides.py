"""/v1/me/sessions/{id}/guide: what to do before a session of one's own, and not after it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import select

from api.auth import connection, principal
from api.fields import Instant
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, resource
from api.routes import Routes
from care import access, treatments
from care.principal import Chart
from care.visits import Stored
from clinical.session_guide import Advice, Ahead, afterwards, minutes_on_site, prepare
from clinical.treatments import HAPPENED
from models.course import Course
from models.patient import Patient

blp = Routes("session_guides", "What to do before a session, and not after it.")


class AdviceOut(Schema):
    """One thing to do, or not to do."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    at = Instant(required=True, allow_none=True)


class SessionGuide(Schema):
    """Before a session that is booked, and after one that is booked or has happened.

    Both lists are empty for one that was cancelled, missed or entered in error.
    """

    session_id = fields.UUID(required=True)
    route = fields.String(required=True, allow_none=True)
    begins_at = Instant(required=True)
    timezone = fields.String(required=True)
    minutes_on_site = fields.Integer(required=True)
    prepare = fields.List(fields.Nested(AdviceOut), required=True)
    afterwards = fields.List(fields.Nested(AdviceOut), required=True)


@blp.serve(
    "GET",
    "/v1/me/sessions/<uuid:session_id>/guide",
    "own_sessions.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, SessionGuide, headers=ETAG_HEADER)
def get_session_guide(session_id: UUID) -> Response:
    """What to do before a session, and not after it, in your language as far as it is there."""
    chart = access.own_chart(principal())
    stored = treatments.known(connection(), chart, session_id)
    visit = stored.visit
    begins = visit.begins
    assert begins is not None  # every session has a beginning, or one it is booked to
    ahead = Ahead(_route(chart, stored), begins, visit["scheduled_minutes"])
    before, after = _advice(chart, stored, ahead)
    body = {
        "session_id": session_id,
        "route": ahead.route,
        "begins_at": begins,
        "timezone": visit["timezone"],
        "minutes_on_site": minutes_on_site(ahead),
        "prepare": [_shown(advice) for advice in before],
        "afterwards": [_shown(advice) for advice in after],
    }
    return resource(body)


def _route(chart: Chart, stored: Stored) -> str | None:
    """By which it was or is planned to be, else its course's."""
    if stored.visit.route is not None or stored.visit["course_id"] is None:
        return stored.visit.route
    own = (Course.clinic_id == chart.clinic_id, Course.patient_id == chart.patient_id)
    this = select(Course.route).where(*own, Course.id == stored.visit["course_id"])
    return connection().scalars(this).one()


def _advice(chart: Chart, stored: Stored, ahead: Ahead) -> tuple[Any, Any]:
    visit = stored.visit
    if stored.stamps["voided_at"] is not None or visit["status"] in ("cancelled", "missed"):
        return (), ()
    own = (Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    language = connection().scalars(select(Patient.language).where(*own)).one()
    before = () if visit.has_begun else prepare(ahead, language)
    after = afterwards(
        _last_dose_at(stored, ahead),
        language,
        timezone=chart.timezone,
        day_boundary_minutes=chart.days.day_boundary_minutes,
    )
    return before, after


def _last_dose_at(stored: Stored, ahead: Ahead) -> datetime:
    """When the last dose had been given; the session's end where none is told, or it is ahead."""
    ends = [
        row.given_at + timedelta(minutes=row.duration_minutes or 0)
        for row in stored.doses
        if row.given_at is not None
    ]
    if ends and stored.visit["status"] in HAPPENED:
        last: datetime = max(ends)
        return last
    expected: datetime | None = stored.visit.ends
    return expected or ahead.begins


def _shown(advice: Advice) -> dict[str, Any]:
    return {"code": advice.code, "text": advice.text, "at": advice.at}
