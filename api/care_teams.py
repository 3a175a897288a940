"""/v1/care-teams: who treats whom, since when and until when."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import and_, select

from api.auth import connection, now, principal
from api.fields import Instant, PageQuery, optional
from api.preconditions import IDEMPOTENCY_KEY, request_digest, sent_key
from api.replies import after, cursor_id, cursor_of, page, reply
from api.routes import Routes
from care import access, idempotency, patients
from care.refusals import Conflict, NotYours
from models.account import Account
from models.care_team import CareTeamMember
from models.membership import STAFF_ROLES, Membership
from models.patient import Patient

blp = Routes("care teams", "Who treats whom.")


class CareTeamIn(Schema):
    """Put a clinician (or an admin who treats) on a patient's care team, from now on."""

    patient_id = fields.UUID(required=True)
    membership_id = fields.UUID(required=True)


class CareTeamOut(Schema):
    """One member of one patient's care team; current while `until` is null."""

    id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    membership_id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(STAFF_ROLES))
    since = Instant(required=True)
    until = Instant(required=True, allow_none=True)


class CareTeamPage(Schema):
    """A page of care-team members."""

    items = fields.List(fields.Nested(CareTeamOut), required=True)
    next = fields.String(required=True, allow_none=True)


class CareTeamQuery(PageQuery):
    """Of one patient, or of all."""

    patient_id = optional(fields.UUID())


_SELECT_MEMBER = (
    select(
        CareTeamMember.id,
        CareTeamMember.patient_id,
        CareTeamMember.membership_id,
        Account.display_name,
        Membership.role,
        CareTeamMember.since,
        CareTeamMember.until,
    )
    .join(
        Membership,
        and_(
            Membership.clinic_id == CareTeamMember.clinic_id,
            Membership.id == CareTeamMember.membership_id,
        ),
    )
    .join(Account, Account.id == Membership.account_id)
    .join(
        Patient,
        and_(
            Patient.clinic_id == CareTeamMember.clinic_id, Patient.id == CareTeamMember.patient_id
        ),
    )
)


@blp.serve("GET", "/v1/care-teams", "care_teams.read", problems=("not-found",))
@blp.arguments(CareTeamQuery, location="query")
@blp.response(200, CareTeamPage)
def list_care_teams(query: dict[str, Any]) -> Response:
    """Who is and was on the care teams of the clinic, or of one patient."""
    statement = _SELECT_MEMBER.where(access.visible_patients(principal(), now()))
    if query["patient_id"] is not None:  # who treats somebody is a look at them
        access.contact_data(connection(), principal(), query["patient_id"], now())
        statement = statement.where(CareTeamMember.patient_id == query["patient_id"])
    position = after(query["cursor"])
    if position is not None:
        statement = statement.where(CareTeamMember.id > cursor_id(position))
    ordered = statement.order_by(CareTeamMember.id).limit(query["limit"] + 1)
    rows = connection().execute(ordered).all()
    connection().commit()
    items = [row._asdict() for row in rows[: query["limit"]]]
    more = len(rows) > query["limit"]
    return page(items, cursor_of(str(items[-1]["id"])) if more else None)


@blp.serve(
    "POST",
    "/v1/care-teams",
    "care_teams.write",
    problems=("not-found", "conflict", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(CareTeamIn)
@blp.response(201, CareTeamOut)
def join_care_team(body: dict[str, Any]) -> Response:
    """Put somebody on a care team: from now on they see this patient."""
    access.contact_data(connection(), principal(), body["patient_id"], now())
    sent = (sent_key(), request_digest(body))
    row_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        _refuse_non_treating(body["membership_id"])
        pair = (body["patient_id"], body["membership_id"])
        patients.join_care_team(connection(), principal(), (*pair, row_id), now())
    answer = _one(row_id)._asdict()
    connection().commit()
    return reply(answer, 201)


def _refuse_non_treating(membership_id: UUID) -> None:
    member = access.colleague(connection(), principal(), membership_id)
    if member.role == "front_desk" or member.disabled_at is not None:
        raise Conflict("Only clinicians and admins who work here treat patients.")


@blp.serve(
    "DELETE",
    "/v1/care-teams/<uuid:member_id>",
    "care_teams.write",
    problems=("not-found", "conflict"),
)
@blp.response(204)
def leave_care_team(member_id: UUID) -> Response:
    """Take somebody off a care team: from now on they do not see this patient."""
    member = _one(member_id)
    if member.until is not None:
        raise Conflict("This member has left the care team already.")
    patients.leave_care_team(connection(), principal(), member, now())
    connection().commit()
    return Response(status=204)


def _one(member_id: UUID) -> Any:
    own = (CareTeamMember.clinic_id == principal().clinic_id, CareTeamMember.id == member_id)
    row = connection().execute(_SELECT_MEMBER.where(*own)).one_or_none()
    if row is None:
        reached = ("care_team", member_id)
        raise NotYours("No such member of a care team.", "care_teams.read", reached)
    return row
