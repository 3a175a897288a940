"""/v1/staff: who works here, inviting them, and shutting them out."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from api.auth import connection, now, principal, services
from api.fields import Code, Email, Instant, PageQuery, YesNo
from api.preconditions import IDEMPOTENCY_KEY, request_digest, sent_key
from api.replies import after, cursor_id, cursor_of, page, reply
from api.routes import Routes
from care import access, clinics, idempotency, invitations
from care.invitations import Invitee
from models.account import Account
from models.invitation import Invitation
from models.membership import STAFF_ROLES, Membership

blp = Routes("staff", "Who works here.")


class StaffIn(Schema):
    """Whom to invite as what."""

    email = Email(required=True)
    role = Code(STAFF_ROLES, required=True)


class StaffInvitation(Schema):
    """An open invitation; its token opens once."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(STAFF_ROLES))
    token = fields.String(required=True, allow_none=True)
    expires_at = Instant(required=True)


class StaffChange(Schema):
    """Disabling ends the member's logins at once."""

    disabled = YesNo(required=True)


class StaffOut(Schema):
    """One member of staff; `id` is the membership's."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(STAFF_ROLES))
    created_at = Instant(required=True)
    disabled_at = Instant(required=True, allow_none=True)


class StaffPage(Schema):
    """A page of staff."""

    items = fields.List(fields.Nested(StaffOut), required=True)
    next = fields.String(required=True, allow_none=True)


_SELECT_STAFF = select(
    Membership.id,
    Account.display_name,
    Account.email,
    Membership.role,
    Membership.created_at,
    Membership.disabled_at,
).join(Account, Account.id == Membership.account_id)


@blp.serve("GET", "/v1/staff", "staff.read")
@blp.arguments(PageQuery, location="query")
@blp.response(200, StaffPage)
def list_staff(query: dict[str, Any]) -> Response:
    """Everybody who works or worked here."""
    statement = _SELECT_STAFF.where(
        Membership.clinic_id == principal().clinic_id, Membership.role.in_(STAFF_ROLES)
    )
    position = after(query["cursor"])
    if position is not None:
        statement = statement.where(Membership.id > cursor_id(position))
    rows = connection().execute(statement.order_by(Membership.id).limit(query["limit"] + 1)).all()
    items = [row._asdict() for row in rows[: query["limit"]]]
    more = len(rows) > query["limit"]
    return page(items, cursor_of(str(items[-1]["id"])) if more else None)


@blp.serve(
    "POST",
    "/v1/staff",
    "staff.write",
    problems=("conflict", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(StaffIn)
@blp.response(201, StaffInvitation)
def invite_staff(body: dict[str, Any]) -> Response:
    """Invite somebody to work here; an open earlier invitation of theirs no longer works."""
    sent = (sent_key(), request_digest(body))
    invitation_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        invitee = Invitee(body["email"], body["role"])
        invitations.invite(connection(), principal(), invitee, now(), invitation_id)
    row = connection().execute(select(Invitation).where(Invitation.id == invitation_id)).one()
    is_open = row.accepted_at is None and row.revoked_at is None and row.expires_at > now()
    answer = {
        "id": row.id,
        "email": row.email,
        "role": row.role,
        "token": services().keys.invitation_token(row.id) if is_open else None,
        "expires_at": row.expires_at,
    }
    connection().commit()
    return reply(answer, 201)


@blp.serve(
    "PATCH", "/v1/staff/<uuid:membership_id>", "staff.write", problems=("not-found", "conflict")
)
@blp.arguments(StaffChange)
@blp.response(200, StaffOut)
def change_staff(body: dict[str, Any], membership_id: UUID) -> Response:
    """Shut a member out, at once, or let them in again."""
    access.colleague(connection(), principal(), membership_id)
    member = (membership_id, body["disabled"])
    clinics.set_disabled(connection(), principal(), member, now())
    own = (Membership.clinic_id == principal().clinic_id, Membership.id == membership_id)
    answer = connection().execute(_SELECT_STAFF.where(*own)).one()._asdict()
    connection().commit()
    return reply(answer)
