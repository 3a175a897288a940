"""/v1/me: who is logged in, and what they set for themselves."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import Response, request
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import and_, select, update

from api.auth import connection, now, principal
from api.bodies import read_json
from api.fields import Text, Timezone, WallTime, language
from api.preconditions import IF_MATCH, IF_NONE_MATCH, precondition_holds
from api.problems import Problem
from api.replies import ETAG_HEADER, content_tag, reply
from api.routes import Routes, load
from care import audit, patients
from care.refusals import Fault
from models.account import Account
from models.clinic import Clinic
from models.membership import Membership
from models.patient import Patient

blp = Routes("me", "Who is logged in.")

_LATEST_BOUNDARY = time(12)


class ClinicBrief(Schema):
    """The clinic this login is in."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)
    timezone = fields.String(required=True)


class MeOut(Schema):
    """`day_boundary` and `reminder_at` are a patient's alone, null for staff."""

    id = fields.UUID(required=True)
    role = fields.String(
        required=True, validate=validate.OneOf(["patient", "clinician", "front_desk", "admin"])
    )
    display_name = fields.String(required=True)
    email = fields.String(required=True)
    patient_id = fields.UUID(required=True, allow_none=True)
    clinic = fields.Nested(ClinicBrief, required=True)
    country = fields.String(
        required=True,
        metadata={"description": "A patient's own, else the clinic's: ISO 3166, two capitals."},
    )
    timezone = fields.String(required=True)
    language = fields.String(required=True)
    day_boundary = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "When a new day begins on your wall clock.", "example": "04:00"},
    )
    reminder_at = fields.String(required=True, allow_none=True, metadata={"example": "20:00"})


def _in_the_first_half(boundary: time) -> None:
    if boundary > _LATEST_BOUNDARY:
        raise ValidationError("Must be from 00:00 to 12:00.")


class MeChange(Schema):
    """Only what is sent is changed."""

    display_name = Text(200)
    timezone = Timezone()
    language = language()
    day_boundary = WallTime(
        validate=_in_the_first_half,
        metadata={
            "description": "From 00:00 to 12:00.",
            "pattern": r"^(?:(0\d|1[01]):[0-5]\d|12:00)$",
            "example": "04:00",
        },
    )
    reminder_at = WallTime(allow_none=True, metadata={"example": "20:00"})


_SELECT_ME = (
    select(
        Account.display_name,
        Account.email,
        Membership.timezone,
        Membership.language,
        Clinic.name.label("clinic_name"),
        Clinic.country,
        Clinic.timezone.label("clinic_timezone"),
        Patient.timezone.label("patient_timezone"),
        Patient.language.label("patient_language"),
        Patient.country.label("patient_country"),
        Patient.day_boundary_minutes,
        Patient.reminder_at,
    )
    .join(Account, Account.id == Membership.account_id)
    .join(Clinic, Clinic.clinic_id == Membership.clinic_id)
    .outerjoin(
        Patient,
        and_(Patient.clinic_id == Membership.clinic_id, Patient.id == Membership.patient_id),
    )
)


@blp.serve("GET", "/v1/me", "self.read", parameters=[IF_NONE_MATCH])
@blp.response(200, MeOut, headers=ETAG_HEADER)
def get_me() -> Response:
    """Your own profile."""
    body = _shown()
    return reply(body, etag=content_tag(body))


@blp.serve(
    "PATCH",
    "/v1/me",
    "self.write",
    problems=("invalid", "unreadable", "unsupported-media-type", "precondition-failed"),
    parameters=[IF_MATCH],
    requestBody={"required": True, "content": {"application/json": {"schema": MeChange}}},
)
@blp.response(200, MeOut, headers=ETAG_HEADER)
def change_me() -> Response:
    """Change your own profile; a changed day boundary holds from now on, past days stay as cut."""
    who = principal()
    raw = read_json(request)
    body = load(MeChange(), raw, _patients_alone(raw))
    # Locked first, so that of two changes with one If-Match the second sees the first.
    own = select(Account.id).where(Account.id == who.account_id).with_for_update()
    connection().execute(own)
    if not precondition_holds(content_tag(_shown())):
        raise Problem("precondition-failed", "Your profile has changed meanwhile.")
    if body:
        _change(body)
    answer = _shown()
    connection().commit()
    return reply(answer, etag=content_tag(answer))


def _change(body: dict[str, Any]) -> None:
    who = principal()
    if "display_name" in body:
        name = body.pop("display_name")
        own = update(Account).where(Account.id == who.account_id)
        connection().execute(own.values(display_name=name))
    if body and who.patient is not None:
        minutes = _minutes(body.pop("day_boundary", None))
        if minutes is not None:
            body["day_boundary_minutes"] = minutes
        patients.change(connection(), who, (who.patient.patient_id, body), now())
    elif body:
        place = (Membership.clinic_id == who.clinic_id, Membership.id == who.membership_id)
        connection().execute(update(Membership).where(*place).values(**body))
    subject = ("membership", who.membership_id)
    audit.write(connection(), audit.event_values(who, "profile.change", now(), subject=subject))


def _patients_alone(raw: Any) -> list[Fault]:
    """What only a patient can set, where somebody else sent it."""
    if principal().patient is not None or not isinstance(raw, Mapping):
        return []
    names = [name for name in ("day_boundary", "reminder_at") if name in raw]
    return [Fault(f"/{name}", "Only patients have one.") for name in names]


def _minutes(boundary: time | None) -> int | None:
    return None if boundary is None else boundary.hour * 60 + boundary.minute


def _shown() -> dict[str, Any]:
    who = principal()
    row = (
        connection()
        .execute(
            _SELECT_ME.where(
                Membership.clinic_id == who.clinic_id, Membership.id == who.membership_id
            )
        )
        .one()
    )
    minutes = row.day_boundary_minutes
    return {
        "id": who.membership_id,
        "role": who.role,
        "display_name": row.display_name,
        "email": row.email,
        "patient_id": who.patient.patient_id if who.patient else None,
        "clinic": {
            "id": who.clinic_id,
            "name": row.clinic_name,
            "country": row.country,
            "timezone": row.clinic_timezone,
        },
        "country": row.patient_country or row.country,
        "timezone": row.patient_timezone or row.timezone,
        "language": row.patient_language or row.language,
        "day_boundary": None if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}",
        "reminder_at": row.reminder_at.strftime("%H:%M") if row.reminder_at else None,
    }
