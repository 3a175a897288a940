"""Clinics and their staff: opened, changed, and shut out at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from care import audit, invitations, logins, review_settings
from care.principal import Principal, operator
from care.refusals import Conflict
from models.clinic import Clinic
from models.db import new_id
from models.login import Login
from models.membership import Membership


def open_clinic(connection: Connection, given: Mapping[str, Any], now: datetime) -> UUID:
    """Create a clinic from its name, country and zone; answers its id."""
    clinic_id = new_id()
    connection.execute(insert(Clinic).values(clinic_id=clinic_id, created_at=now, **given))
    event = audit.event_values(
        operator(clinic_id), "clinic.create", now, subject=("clinic", clinic_id)
    )
    audit.write(connection, event)
    return clinic_id


def change(
    connection: Connection, principal: Principal, given: Mapping[str, Any], now: datetime
) -> None:
    """Change the clinic's settings and count the revision.

    Conflict when a custom measure would vanish or turn round: its days are kept as they were meant,
    so it is retired, and another key takes its place.
    """
    if "custom_measures" in given:
        _refuse_lost_measures(connection, principal, given["custom_measures"])
    connection.execute(
        update(Clinic)
        .where(Clinic.clinic_id == principal.clinic_id)
        .values(revision=Clinic.revision + 1, **given)
    )
    subject = ("clinic", principal.clinic_id)
    audit.write(connection, audit.event_values(principal, "clinic.change", now, subject=subject))


def _refuse_lost_measures(
    connection: Connection, principal: Principal, wanted: Sequence[Mapping[str, Any]]
) -> None:
    # Read again under a lock: the principal was read before a colleague may have added one.
    own = select(Clinic.custom_measures).where(Clinic.clinic_id == principal.clinic_id)
    stored = connection.scalars(own.with_for_update()).one()
    meanings = {measure["key"]: _meaning(measure) for measure in wanted}
    lost = sorted(
        measure["key"] for measure in stored if meanings.get(measure["key"]) != _meaning(measure)
    )
    if lost:
        told = (
            "The list replaces the whole one. A measure in it is retired, never removed or given "
        )
        raise Conflict(told + "another direction or other ends: " + ", ".join(lost))


def _meaning(measure: Mapping[str, Any]) -> tuple[str, str, str]:
    """What its stored days were answered to; the prompt may be worded better."""
    return measure["direction"], measure["low_end"], measure["high_end"]


def set_disabled(
    connection: Connection,
    principal: Principal,
    member: tuple[UUID, bool],
    now: datetime,
    *,
    even_last_reviewer: bool = False,
) -> None:
    """Shut a member out or let them in again.

    Shut out, their logins end now, and so do the invitations they sent or were sent. Conflict for
    oneself, for the last admin, and for the last who looks at safety answers.
    """
    membership_id, disabled = member
    if membership_id == principal.membership_id:
        raise Conflict("Nobody disables their own place.")
    if disabled:
        _refuse_last_admin(connection, principal, membership_id)
        if not even_last_reviewer:
            _refuse_last_reviewer(connection, principal, membership_id)
    of_member = (Membership.clinic_id == principal.clinic_id, Membership.id == membership_id)
    # Shut out twice, they stay shut out since the first time.
    since = func.coalesce(Membership.disabled_at, now) if disabled else None
    connection.execute(update(Membership).where(*of_member).values(disabled_at=since))
    if disabled:
        alive = (Login.clinic_id == principal.clinic_id, Login.membership_id == membership_id)
        ids = connection.scalars(select(Login.id).where(*alive, Login.ended_at.is_(None))).all()
        logins.end(connection, ids, "disabled", now)
        invitations.revoke_of_member(connection, principal, membership_id, now)
    action = "membership.disable" if disabled else "membership.enable"
    subject = ("membership", membership_id)
    audit.write(connection, audit.event_values(principal, action, now, subject=subject))


def _refuse_last_admin(connection: Connection, principal: Principal, membership_id: UUID) -> None:
    # One at a time: of two admins who disable each other, the second finds themself the last.
    clinic = select(Clinic.clinic_id).where(Clinic.clinic_id == principal.clinic_id)
    connection.execute(clinic.with_for_update(key_share=True))
    admins = select(Membership.id).where(
        Membership.clinic_id == principal.clinic_id,
        Membership.role == "admin",
        Membership.disabled_at.is_(None),
    )
    is_operator = principal.membership_id is None  # who can invite another
    if not is_operator and connection.scalars(admins).all() == [membership_id]:
        raise Conflict("This is the clinic's last admin.")


def _refuse_last_reviewer(
    connection: Connection, principal: Principal, membership_id: UUID
) -> None:
    # The clinic is locked: nobody who is named meanwhile, or shut out, is missed.
    if review_settings.is_last_reviewer(connection, principal.clinic_id, membership_id):
        raise Conflict(
            "Nobody else looks at this clinic's safety answers: without them the question about "
            "suicidal thoughts would be asked no more. Name another first, in the clinic's review "
            "settings (PATCH /v1/clinic, `reviewer_id` or `backup_reviewer_id`)."
        )


def set_clinic_disabled(
    connection: Connection, clinic_id: UUID, disabled: bool, now: datetime
) -> None:
    """Shut a whole clinic out, ending its logins, or let it in again."""
    connection.execute(
        update(Clinic)
        .where(Clinic.clinic_id == clinic_id)
        .values(disabled_at=func.coalesce(Clinic.disabled_at, now) if disabled else None)
    )
    if disabled:
        alive = select(Login.id).where(Login.clinic_id == clinic_id, Login.ended_at.is_(None))
        logins.end(connection, connection.scalars(alive).all(), "clinic disabled", now)
    action = "clinic.disable" if disabled else "clinic.enable"
    event = audit.event_values(operator(clinic_id), action, now, subject=("clinic", clinic_id))
    audit.write(connection, event)
