"""Invitations: how a person gets an account and a place in a clinic; each opens once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, insert, select, update

from care import audit, invitation_letters
from care.principal import Principal
from care.refusals import Conflict, Gone, KeyReused, NotFound
from models.account import Account
from models.clinic import Clinic
from models.consent import Consent
from models.db import new_id
from models.invitation import Invitation
from models.membership import Membership
from models.patient import Patient
from models.reviewers import ASKS_SAFETY

LIFETIME = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to invite as what; `patient_id` exactly for the role patient."""

    email: str
    role: str
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the invited person answers with; `password_hash` only where the account is new."""

    display_name: str
    timezone: str
    consent_version: str | None
    password_hash: str | None
    account_id: UUID | None
    key: str | None


def invite(
    connection: Connection,
    principal: Principal,
    invitee: Invitee,
    now: datetime,
    invitation_id: UUID | None = None,
) -> UUID:
    """The id of a new invitation; an open earlier one for the same person and role is revoked.

    Conflict when the person has that role in the clinic already.
    """
    email = invitee.email.lower()
    _lock_invited(connection, principal, invitee)
    if invitee.patient_id is None:
        _refuse_member(connection, principal, (email, invitee.role))
    _revoke_earlier(connection, principal, invitee, now)
    invitation_id = invitation_id or new_id()
    connection.execute(
        insert(Invitation).values(
            id=invitation_id,
            clinic_id=principal.clinic_id,
            patient_id=invitee.patient_id,
            role=invitee.role,
            email=email,
            created_by=principal.membership_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    subject, patient_id = ("invitation", invitation_id), invitee.patient_id
    event = audit.event_values(
        principal, "invitation.create", now, subject=subject, patient_id=patient_id
    )
    audit.write(connection, event)
    made = (invitation_id, now, now + LIFETIME)
    invitation_letters.put(connection, principal.clinic_id, invitee, made)
    return invitation_id


def _revoke_earlier(
    connection: Connection, principal: Principal, invitee: Invitee, now: datetime
) -> None:
    # A patient's is theirs whatever address it went to: the address may have been corrected.
    same_person = Invitation.email == invitee.email.lower()
    if invitee.patient_id is not None:
        same_person = Invitation.patient_id == invitee.patient_id
    connection.execute(
        update(Invitation)
        .where(
            Invitation.clinic_id == principal.clinic_id,
            Invitation.role == invitee.role,
            same_person,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _lock_invited(connection: Connection, principal: Principal, invitee: Invitee) -> None:
    """Of two who invite the same person at once, the second revokes the first's."""
    row = select(Clinic.clinic_id).where(Clinic.clinic_id == principal.clinic_id)
    if invitee.patient_id is not None:
        own = (Patient.clinic_id == principal.clinic_id, Patient.id == invitee.patient_id)
        row = select(Patient.id).where(*own)
    connection.execute(row.with_for_update(key_share=True))  # rows that refer to it may come


def _refuse_member(connection: Connection, principal: Principal, wanted: tuple[str, str]) -> None:
    email, role = wanted
    place = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.clinic_id == principal.clinic_id)
        .where(Membership.role == role, Account.email == email)
    )
    if connection.execute(place).first() is not None:
        raise Conflict("This person has this role here already. If disabled, enable them.")


def revoke_of_member(
    connection: Connection, principal: Principal, membership_id: UUID, now: datetime
) -> None:
    """A member is shut out: what they sent to others, or others to them, opens nothing more."""
    address = (
        select(Account.email)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.clinic_id == principal.clinic_id, Membership.id == membership_id)
    )
    theirs = (Invitation.created_by == membership_id) | Invitation.email.in_(address)
    connection.execute(
        update(Invitation)
        .where(
            Invitation.clinic_id == principal.clinic_id,
            theirs,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def revoke_other_invitations(
    connection: Connection, principal: Principal, addressed: tuple[UUID, str | None], now: datetime
) -> None:
    """The patient's address is another now: what went to the old one opens nothing any more."""
    patient_id, email = addressed
    connection.execute(
        update(Invitation)
        .where(
            Invitation.clinic_id == principal.clinic_id,
            Invitation.patient_id == patient_id,
            Invitation.email != (email or ""),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def find(connection: Connection, invitation_id: UUID | None) -> Any:
    """The invitation with its clinic's name; NotFound for a token that was never one."""
    row = connection.execute(
        select(
            Invitation,
            Clinic.name.label("clinic_name"),
            Clinic.timezone.label("clinic_timezone"),
            Clinic.disabled_at.label("clinic_disabled_at"),
            Patient.language.label("patient_language"),
            Clinic.review_hours,
            ASKS_SAFETY.label("asks_safety"),
        )
        .join(Clinic, Clinic.clinic_id == Invitation.clinic_id)
        .outerjoin(
            Patient,
            (Patient.clinic_id == Invitation.clinic_id) & (Patient.id == Invitation.patient_id),
        )
        .where(Invitation.id == invitation_id)
    ).one_or_none()
    if row is None or row.clinic_disabled_at is not None:
        raise NotFound("No such invitation.")
    return row


def is_open(invitation: Any, now: datetime) -> bool:
    """Whether it can still be accepted."""
    is_over = invitation.accepted_at is not None or invitation.revoked_at is not None
    return not is_over and invitation.expires_at > now


def refuse_unless_open(invitation: Any, now: datetime) -> None:
    """Gone for an invitation that was accepted, revoked or has expired."""
    if invitation.accepted_at is not None:
        raise Gone("This invitation was accepted. Log in instead.")
    if invitation.revoked_at is not None or invitation.expires_at <= now:
        raise Gone("This invitation has expired. Ask the clinic for a new one.")


def acceptance_digest(body: Mapping[str, Any]) -> str:
    """Binds an Idempotency-Key to the acceptance; the password is checked against its own hash."""
    told = {name: value for name, value in body.items() if name != "password"}
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_replay(invitation: Any, key: str | None, digest: str) -> bool:
    """Whether this acceptance was carried out before under this key; KeyReused for another body."""
    if invitation.accepted_at is None or key is None or invitation.accepted_key != key:
        return False
    if invitation.accepted_digest != digest:
        raise KeyReused("This Idempotency-Key was sent before with another request.")
    return True


def accept(
    connection: Connection, invitation: Any, acceptance: Acceptance, digest: str, now: datetime
) -> tuple[UUID, UUID]:
    """Make the membership (and the account, where new); answers the ids of account and membership.

    Gone when somebody else was quicker, Conflict when the place is already taken.
    """
    opened = connection.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(accepted_at=now, accepted_key=acceptance.key, accepted_digest=digest)
    )
    if opened.rowcount == 0:
        raise Gone("This invitation was accepted. Log in instead.")
    account_id = acceptance.account_id or _new_account(connection, invitation, acceptance, now)
    membership_id = new_id()
    _refuse_second_place(connection, invitation, account_id)
    connection.execute(
        insert(Membership).values(
            clinic_id=invitation.clinic_id,
            id=membership_id,
            account_id=account_id,
            role=invitation.role,
            patient_id=invitation.patient_id,
            timezone=acceptance.timezone,
            language=invitation.patient_language or "en",
            created_at=now,
        )
    )
    if invitation.patient_id is not None:
        _settle_patient(connection, invitation, acceptance, now)
    return account_id, membership_id


def _new_account(
    connection: Connection, invitation: Any, acceptance: Acceptance, now: datetime
) -> UUID:
    account_id = new_id()
    connection.execute(
        insert(Account).values(
            id=account_id,
            email=invitation.email,
            password_hash=acceptance.password_hash,
            display_name=acceptance.display_name,
            created_at=now,
        )
    )
    return account_id


def _refuse_second_place(connection: Connection, invitation: Any, account_id: UUID) -> None:
    taken = Membership.account_id == account_id
    if invitation.patient_id is not None:
        taken = taken | (Membership.patient_id == invitation.patient_id)
    same_role = Membership.role == invitation.role
    clinic = Membership.clinic_id == invitation.clinic_id
    if connection.execute(select(Membership.id).where(clinic, same_role, taken)).first():
        raise Conflict("This person already has this place in the clinic. Log in instead.")


def _settle_patient(
    connection: Connection, invitation: Any, acceptance: Acceptance, now: datetime
) -> None:
    of_patient = (Patient.clinic_id == invitation.clinic_id, Patient.id == invitation.patient_id)
    connection.execute(update(Patient).where(*of_patient).values(timezone=acceptance.timezone))
    connection.execute(
        insert(Consent).values(
            clinic_id=invitation.clinic_id,
            id=new_id(),
            patient_id=invitation.patient_id,
            version=acceptance.consent_version,
            given_at=now,
        )
    )
