"""/v1/me/calendar and /v1/calendar/{feed}: one's appointments, for any calendar to subscribe to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, current_app
from marshmallow import Schema, fields
from sqlalchemy import or_, select

from api.auth import connection, now, principal, services
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, resource, subscribed
from api.routes import Routes
from care import access, patients, reminders
from care.access import PUBLIC
from care.refusals import NotFound
from clinical.visits import usual_minutes
from formats.calendar import Appointment, feed
from models.clinic import Clinic
from models.course import Course
from models.patient import Patient
from models.treatment_session import TreatmentSession, begins_at

blp = Routes("calendar", "Your appointments in any calendar.")

# A calendar keeps what it has read; older appointments leave the feed (u).
_BACK = timedelta(days=60)


class CalendarFeed(Schema):
    """Whoever has the address reads the feed: it is as secret as you keep it."""

    url = fields.String(required=True, allow_none=True)


@blp.serve("GET", "/v1/me/calendar", "own_reminders.read", parameters=[IF_NONE_MATCH])
@blp.response(200, CalendarFeed, headers=ETAG_HEADER)
def get_calendar() -> Response:
    """The address of your feed, if one is open."""
    return resource({"url": _url(_version())})


@blp.serve("PUT", "/v1/me/calendar", "own_reminders.write")
@blp.response(200, CalendarFeed, headers=ETAG_HEADER)
def open_calendar() -> Response:
    """Open a feed at a new address; one that was open is there no more."""
    _lock()
    version = abs(_version() or 0) + 1
    _change(version)
    connection().commit()
    return resource({"url": _url(version)})


@blp.serve("DELETE", "/v1/me/calendar", "own_reminders.write")
@blp.response(204)
def close_calendar() -> Response:
    """Close the feed: its address is worth nothing from now on."""
    _lock()
    version = _version()
    if version is not None and version > 0:
        _change(-version)
    connection().commit()
    return Response(status=204)


@blp.serve(
    "GET", "/v1/calendar/<feed_token>", PUBLIC, problems=("not-found",), parameters=[IF_NONE_MATCH]
)
@blp.response(200, {"type": "string"}, content_type="text/calendar", headers=ETAG_HEADER)
def read_calendar(feed_token: str) -> Response:
    """The feed: when, and not what for."""
    named = services().keys.feed_of(feed_token)
    patient = None if named is None else _patient(*named[:2])
    if named is None or patient is None or patient.calendar_version != named[2]:
        raise NotFound("No such feed.")
    shown = feed(_appointments(patient), patient.reminder_at, patient.language)
    return subscribed(shown, "text/calendar")


def _patient(clinic_id: UUID, patient_id: UUID) -> Any | None:
    """The patient, while they and their clinic are not shut out."""
    own = (Patient.clinic_id == clinic_id, Patient.id == patient_id)
    is_open = select(Clinic.clinic_id).where(
        Clinic.clinic_id == Patient.clinic_id, Clinic.disabled_at.is_(None)
    )
    found = reminders.SELECT_REMINDED.where(*own, is_open.exists())
    return connection().execute(found).one_or_none()


def _appointments(patient: Any) -> list[Appointment]:
    own = (
        TreatmentSession.clinic_id == patient.clinic_id,
        TreatmentSession.patient_id == patient.id,
    )
    of_course = (Course.clinic_id == TreatmentSession.clinic_id) & (
        (Course.patient_id == TreatmentSession.patient_id)
        & (Course.id == TreatmentSession.course_id)
    )
    rows = connection().execute(
        select(TreatmentSession, begins_at.label("begins"), Course.route.label("course_route"))
        .outerjoin(Course, of_course)
        .where(*own, begins_at >= now() - _BACK)
        .where(or_(TreatmentSession.status != "missed", TreatmentSession.voided_at.is_not(None)))
        .order_by(begins_at, TreatmentSession.id)
    )
    return [_appointment(row) for row in rows]


def _appointment(row: Any) -> Appointment:
    route = (row.planned or {}).get("route") or row.course_route
    minutes = row.scheduled_minutes or usual_minutes(route)
    return Appointment(
        uid=services().keys.feed_uid(row.id),
        begins=row.begins,
        ends=row.stopped_at or row.begins + timedelta(minutes=minutes),
        revision=row.revision,
        changed_at=row.created_at,
        is_cancelled=row.status == "cancelled" or row.voided_at is not None,
    )


def _version() -> int | None:
    chart = access.own_chart(principal())
    own = (Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    return connection().scalar(select(Patient.calendar_version).where(*own))


def _lock() -> None:
    patients.lock(connection(), principal(), access.own_chart(principal()).patient_id)


def _change(version: int) -> None:
    patient_id = access.own_chart(principal()).patient_id
    patients.change(connection(), principal(), (patient_id, {"calendar_version": version}), now())


def _url(version: int | None) -> str | None:
    if version is None or version < 0:
        return None
    chart = access.own_chart(principal())
    token = services().keys.feed_token(chart.clinic_id, chart.patient_id, version)
    base: str = current_app.extensions["settings"].public_url.rstrip("/")
    return f"{base}/v1/calendar/{token}"
