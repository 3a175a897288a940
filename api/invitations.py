"""/v1/invitations: what an invited person sees, and how they accept."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import Schema, fields

from api.auth import connection, now, origin, services
from api.bodies import read_json
from api.fields import Instant, Matching, Text, Timezone, YesNo, optional
from api.preconditions import IDEMPOTENCY_KEY, IF_NONE_MATCH, sent_key
from api.replies import resource
from api.review_settings import ReviewHours
from api.routes import Routes, load
from api.sign_in import TokensOut, check_password, signed_in, this_device
from care import audit, invitations, logins, passwords
from care.access import PUBLIC
from care.invitations import Acceptance
from care.principal import ClinicRules, Principal
from care.refusals import Fault, Gone, Invalid

blp = Routes("invitations", "The way in for invited people.")

_ACCEPT_PROBLEMS = ("not-found", "gone", "conflict", "key-reused", "too-many-attempts")


class InvitationOut(Schema):
    """What is being accepted."""

    clinic_name = fields.String(required=True)
    role = fields.String(required=True)
    email = fields.String(required=True)
    timezone = fields.String(required=True, metadata={"description": "The clinic's."})
    expires_at = Instant(required=True)
    language = fields.String(required=True, allow_none=True)
    asks_safety = fields.Boolean(required=True)
    review_hours = fields.List(fields.Nested(ReviewHours), required=True, allow_none=True)


class AcceptIn(Schema):
    """The account to be. An e-mail that has an account already gives that account's password."""

    password = Text(passwords.MAXIMUM_LENGTH, required=True)
    display_name = Text(200, required=True)
    timezone = Timezone(required=True, metadata={"example": "Europe/Berlin"})
    consent_version = optional(
        Matching(
            "[A-Za-z0-9._-]{1,32}",
            "2026-11",
            metadata={"description": "The version of the consent text shown; patients must."},
        )
    )
    cookies = YesNo(load_default=False)


@blp.serve(
    "GET",
    "/v1/invitations/<token>",
    PUBLIC,
    problems=("not-found", "gone"),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, InvitationOut)
def get_invitation(token: str) -> Response:
    """What an invitation is for, while it is open."""
    invitation = invitations.find(connection(), services().keys.invitation_id(token))
    invitations.refuse_unless_open(invitation, now())
    return resource(
        {
            "clinic_name": invitation.clinic_name,
            "role": invitation.role,
            "email": invitation.email,
            "timezone": invitation.clinic_timezone,
            "expires_at": invitation.expires_at,
            # What the consent text tells of: shown before anybody has agreed to anything.
            "language": invitation.patient_language,
            "asks_safety": bool(invitation.asks_safety),
            "review_hours": invitation.review_hours,
        }
    )


@blp.serve(
    "POST",
    "/v1/invitations/<token>/accept",
    PUBLIC,
    problems=(*_ACCEPT_PROBLEMS, "invalid", "unreadable", "unsupported-media-type"),
    parameters=[IDEMPOTENCY_KEY],
    requestBody={"required": True, "content": {"application/json": {"schema": AcceptIn}}},
)
@blp.response(200, TokensOut)
def accept_invitation(token: str) -> Response:
    """Make the account, join the clinic, and be logged in. An invitation opens once."""
    raw = read_json(request)
    with services().database.begin(write=False) as own:
        invitation = invitations.find(own, services().keys.invitation_id(token))
        account = logins.find_account(own, invitation.email)
    body = load(AcceptIn(), raw, _acceptance_faults(invitation, account, raw))
    key, digest = sent_key(), invitations.acceptance_digest(body)
    if invitations.is_replay(invitation, key, digest):
        account_id = _proven_account(invitation, body["password"])
    else:
        invitations.refuse_unless_open(invitation, now())
        account_id = _accepted(invitation, account, (body, key, digest))
    places = [
        place
        for place in logins.memberships(connection(), account_id)
        if (place.clinic_id, place.role) == (invitation.clinic_id, invitation.role)
    ]
    if not places:  # sent again after the place was disabled
        raise Gone("This invitation was accepted, and its place is no longer open.")
    grant = logins.begin(connection(), places[0], this_device(None), now())
    connection().commit()
    return signed_in(grant, cookies=body["cookies"])


def _accepted(invitation: Any, account: Any | None, sent: tuple[Any, Any, str]) -> UUID:
    body, key, digest = sent
    acceptance = Acceptance(
        display_name=body["display_name"],
        timezone=body["timezone"],
        consent_version=body["consent_version"],
        password_hash=None if account else passwords.hash_password(body["password"]),
        account_id=_proven_account(invitation, body["password"]) if account else None,
        key=key,
    )
    joined = invitations.accept(connection(), invitation, acceptance, digest, now())
    event = audit.event_values(
        _newcomer(invitation, *joined),
        "invitation.accept",
        now(),
        subject=("invitation", invitation.id),
        patient_id=invitation.patient_id,
    )
    audit.write(connection(), event)
    return joined[0]


def _newcomer(invitation: Any, account_id: UUID, membership_id: UUID) -> Principal:
    """Who has just joined: not logged in yet."""
    role, rules = invitation.role, ClinicRules(invitation.clinic_timezone, backfill_days=0)
    clinic_id = invitation.clinic_id
    return Principal(clinic_id, membership_id, account_id, None, role, rules, origin())


def _acceptance_faults(invitation: Any, account: Any | None, raw: Any) -> list[Fault]:
    """What this invitation, while it is open, asks of the body besides its form."""
    is_over = invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= now()
    if is_over or not isinstance(raw, Mapping):
        return []
    faults = []
    password, name = raw.get("password"), raw.get("display_name")
    personal = (name if isinstance(name, str) else "", invitation.email.partition("@")[0])
    if account is None and isinstance(password, str):
        weakness = passwords.weakness(password, personal)
        faults += [Fault("/password", weakness)] if weakness else []
    if invitation.role == "patient" and raw.get("consent_version") is None:
        faults.append(Fault("/consent_version", "A patient states which consent text they accept."))
    return faults


def _proven_account(invitation: Any, password: str) -> UUID:
    """The account this e-mail has already, if the password is its own."""
    account = check_password(invitation.email, password)
    if account is None:
        raise Invalid([Fault("/password", "This e-mail has an account: give its password.")])
    proven: UUID = account.id
    return proven
