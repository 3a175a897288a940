"""/v1/patients: who is treated here: identity and contact, and the way in for each."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, ValidationError, fields
from sqlalchemy import func, select

from api.auth import connection, now, principal, services
from api.fields import Day, Email, Instant, PageQuery, Text, Timezone, country, language, optional
from api.preconditions import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    precondition_holds,
    request_digest,
    sent_key,
)
from api.problems import Problem
from api.replies import (
    ETAG_HEADER,
    after,
    bad_cursor,
    content_tag,
    cursor_id,
    cursor_of,
    page,
    reply,
    resource,
)
from api.routes import Routes
from care import access, idempotency, invitations, patients
from care.invitations import Invitee
from care.refusals import Conflict
from models.invitation import Invitation
from models.membership import Membership
from models.patient import Patient

blp = Routes("patients", "Who is treated here.")


class EmergencyContact(Schema):
    """Whom to call."""

    name = Text(200, required=True)
    phone = Text(40, required=True)
    relation = optional(Text(100))


def _born(birth_date: date) -> None:
    if birth_date.year < 1900 or birth_date > now().date():
        raise ValidationError("Must be from 1900 to today.")


class PatientIn(Schema):
    """A new patient. One without an e-mail can exist; with one, they are invited."""

    display_name = Text(200, required=True, metadata={"example": "Ada Example"})
    birth_date = Day(required=True, validate=_born, metadata={"example": "1984-05-02"})
    mrn = optional(Text(64, metadata={"description": "The clinic's own record number, unique."}))
    email = optional(Email())
    phone = optional(Text(40))
    country = country(required=True)
    language = language(required=True)
    timezone = Timezone(required=True, metadata={"example": "Europe/Berlin"})
    emergency_contact = optional(fields.Nested(EmergencyContact))


class PatientChange(Schema):
    """Only what is sent is changed."""

    display_name = Text(200)
    birth_date = Day(validate=_born)
    mrn = Text(64, allow_none=True)
    email = Email(allow_none=True)
    phone = Text(40, allow_none=True)
    country = country()
    language = language()
    timezone = Timezone()
    emergency_contact = fields.Nested(EmergencyContact, allow_none=True)


class InvitationBrief(Schema):
    """The token opens once; it is shown only in the answer to whoever invites."""

    token = fields.String(required=True, allow_none=True)
    expires_at = Instant(required=True)
    accepted_at = Instant(required=True, allow_none=True)


class PatientOut(Schema):
    """Identity and contact; no answers."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    birth_date = Day(required=True)
    mrn = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    country = fields.String(required=True)
    language = fields.String(required=True)
    timezone = fields.String(required=True)
    emergency_contact = fields.Nested(EmergencyContact, required=True, allow_none=True)
    created_at = Instant(required=True)
    has_login = fields.Boolean(required=True)
    invitation = fields.Nested(InvitationBrief, required=True, allow_none=True)


class PatientPage(Schema):
    """A page of patients, by name."""

    items = fields.List(fields.Nested(PatientOut), required=True)
    next = fields.String(required=True, allow_none=True)


_IDENTITY = tuple(PatientIn().fields)
# SQLite lowers A to Z alone: there, names that begin with another capital are listed after them.
_SORT_KEY = func.lower(Patient.display_name)


@blp.serve(
    "POST",
    "/v1/patients",
    "patients.write",
    problems=("not-found", "conflict", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(PatientIn)
@blp.response(201, PatientOut, headers=ETAG_HEADER)
def create_patient(body: dict[str, Any]) -> Response:
    """Take on a patient; a clinician joins the care team, an e-mail gets an invitation."""
    sent = (sent_key(), request_digest(body))
    patient_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        patients.register(connection(), principal(), (patient_id, body), now())
    else:  # who sends it again may have left the care team meanwhile
        # As of this instant: the first request may have begun, and joined, later than this one.
        access.contact_data(connection(), principal(), patient_id, services().clock())
    seen, answer = _shown(patient_id), _shown(patient_id, with_token=True)
    connection().commit()
    return reply(answer, 201, etag=content_tag(seen))  # the tag of what a later GET shows


@blp.serve("GET", "/v1/patients", "patients.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, PatientPage)
def list_patients(query: dict[str, Any]) -> Response:
    """The patients you may see, by name: a clinician's own, the whole clinic for desk and admin."""
    visible = access.listed_patients(connection(), principal(), now())
    statement = _SELECT_PATIENT.where(visible)
    position = after(query["cursor"])
    if position is not None:
        statement = statement.where(_beyond(cursor_id(position), visible))
    statement = statement.order_by(_SORT_KEY, Patient.id)
    rows = connection().execute(statement.limit(query["limit"] + 1)).all()
    connection().commit()
    items = [_as_shown(row) for row in rows[: query["limit"]]]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(str(items[-1]["id"]))
    return page(items, following)


def _beyond(last_id: UUID, visible: Any) -> Any:
    """Past this patient in the list. The cursor is their id alone: URLs are logged, names are not
    for logs."""
    key = _SORT_KEY
    name = connection().scalar(select(key).where(visible, Patient.id == last_id))
    if name is None:  # gone, or not theirs to see: which of the two is not told
        raise bad_cursor()
    return (key > name) | ((key == name) & (Patient.id > last_id))


@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>",
    "patients.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, PatientOut, headers=ETAG_HEADER)
def get_patient(patient_id: UUID) -> Response:
    """One patient's identity and contact."""
    access.contact_data(connection(), principal(), patient_id, now())
    answer = _shown(patient_id)
    connection().commit()
    return resource(answer)


@blp.serve(
    "PATCH",
    "/v1/patients/<uuid:patient_id>",
    "patients.write",
    problems=("not-found", "conflict", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.arguments(PatientChange)
@blp.response(200, PatientOut, headers=ETAG_HEADER)
def change_patient(body: dict[str, Any], patient_id: UUID) -> Response:
    """Change identity or contact; If-Match, where sent, must name the present state."""
    access.contact_data(connection(), principal(), patient_id, now())
    patients.lock(connection(), principal(), patient_id)  # of two on one state, one is told
    if not precondition_holds(content_tag(_shown(patient_id))):
        raise Problem("precondition-failed", "The patient has changed meanwhile.")
    if body:
        patients.change(connection(), principal(), (patient_id, body), now())
    answer = _shown(patient_id)
    connection().commit()
    return resource(answer)


@blp.serve(
    "POST",
    "/v1/patients/<uuid:patient_id>/invitations",
    "patients.write",
    problems=("not-found", "conflict", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.response(201, InvitationBrief)
def invite_patient(patient_id: UUID) -> Response:
    """Invite a patient (again): an open earlier invitation no longer works."""
    access.contact_data(connection(), principal(), patient_id, now())
    sent = (sent_key(), request_digest({}))
    invitation_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        _invite(patient_id, invitation_id)
    row = connection().execute(select(Invitation).where(Invitation.id == invitation_id)).one()
    is_open = row.accepted_at is None and row.revoked_at is None and row.expires_at > now()
    answer = {
        "token": services().keys.invitation_token(row.id) if is_open else None,
        "expires_at": row.expires_at,
        "accepted_at": row.accepted_at,
    }
    connection().commit()
    return reply(answer, 201)


def _invite(patient_id: UUID, invitation_id: UUID) -> None:
    patient = _shown(patient_id)
    if patient["has_login"]:
        raise Conflict("This patient has a login already.")
    if patient["email"] is None:
        raise Conflict("This patient has no e-mail: add one first.")
    invitee = Invitee(patient["email"], "patient", patient_id)
    invitations.invite(connection(), principal(), invitee, now(), invitation_id)


_HAS_LOGIN = (
    select(Membership.id)
    .where(Membership.clinic_id == Patient.clinic_id, Membership.patient_id == Patient.id)
    .exists()
)
_NEWEST_INVITATION = (
    select(Invitation.id)
    .where(
        Invitation.clinic_id == Patient.clinic_id,
        Invitation.patient_id == Patient.id,
        Invitation.revoked_at.is_(None),
    )
    .order_by(Invitation.created_at.desc())
    .limit(1)
    .correlate(Patient)
    .scalar_subquery()
)
_SELECT_PATIENT = select(
    Patient,
    _HAS_LOGIN.label("has_login"),
    Invitation.id.label("invitation_id"),
    Invitation.created_by.label("invited_by"),
    Invitation.expires_at.label("invitation_expires_at"),
    Invitation.accepted_at.label("invitation_accepted_at"),
).outerjoin(Invitation, Invitation.id == _NEWEST_INVITATION)


def _shown(patient_id: UUID, *, with_token: bool = False) -> dict[str, Any]:
    """The patient, through a door the caller has passed; the token only to whoever invites."""
    own = (Patient.clinic_id == principal().clinic_id, Patient.id == patient_id)
    row = connection().execute(_SELECT_PATIENT.where(*own)).one()
    return _as_shown(row, with_token=with_token)


def _as_shown(row: Any, *, with_token: bool = False) -> dict[str, Any]:
    body = {name: getattr(row, name) for name in ("id", *_IDENTITY, "created_at", "has_login")}
    invitation = None
    if row.invitation_id is not None:
        is_open = row.invitation_accepted_at is None and row.invitation_expires_at > now()
        is_own = row.invited_by == principal().membership_id
        token = services().keys.invitation_token(row.invitation_id)
        invitation = {
            "token": token if with_token and is_open and is_own else None,
            "expires_at": row.invitation_expires_at,
            "accepted_at": row.invitation_accepted_at,
        }
    return body | {"invitation": invitation}
