"""Patients: taken on, with the stream that orders their writes and the team that may see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from care import audit
from care.invitations import Invitee, invite, revoke_other_invitations
from care.principal import Principal
from care.refusals import Conflict
from models.care_team import CareTeamMember
from models.db import new_id
from models.patient import Patient
from models.patient_stream import PatientStream


def register(
    connection: Connection,
    principal: Principal,
    identity: tuple[UUID, Mapping[str, Any]],
    now: datetime,
) -> UUID | None:
    """Create the patient; answers the invitation's id, None without an e-mail to invite.

    `identity` is the new id and the columns given. A clinician joins the care team. Conflict when
    another patient of the clinic has the MRN.
    """
    patient_id, given = identity
    _refuse_taken_mrn(connection, principal, given.get("mrn"), but=None)
    take_on(connection, principal, identity, now)
    if principal.role == "clinician" and principal.membership_id is not None:
        row = (patient_id, principal.membership_id, new_id())
        join_care_team(connection, principal, row, now)
    if not given.get("email"):
        return None
    return invite(connection, principal, Invitee(given["email"], "patient", patient_id), now)


def take_on(
    connection: Connection,
    principal: Principal,
    identity: tuple[UUID, Mapping[str, Any]],
    now: datetime,
) -> None:
    """Create the patient and the stream that orders their writes; nobody is invited."""
    patient_id, given = identity
    connection.execute(
        insert(Patient).values(
            clinic_id=principal.clinic_id, id=patient_id, created_at=now, **given
        )
    )
    connection.execute(
        insert(PatientStream).values(clinic_id=principal.clinic_id, patient_id=patient_id)
    )
    _write_event(connection, principal, "patient.create", (patient_id, now))


def lock(connection: Connection, principal: Principal, patient_id: UUID) -> None:
    """Let no other change of this patient's columns in before the caller's own is committed."""
    own = (Patient.clinic_id == principal.clinic_id, Patient.id == patient_id)
    connection.execute(select(Patient.id).where(*own).with_for_update())


def change(
    connection: Connection,
    principal: Principal,
    changes: tuple[UUID, Mapping[str, Any]],
    now: datetime,
) -> None:
    """Change a patient's own columns and count the revision; Conflict for a taken MRN."""
    patient_id, given = changes
    _refuse_taken_mrn(connection, principal, given.get("mrn"), but=patient_id)
    connection.execute(
        update(Patient)
        .where(Patient.clinic_id == principal.clinic_id, Patient.id == patient_id)
        .values(revision=Patient.revision + 1, **given)
    )
    if "email" in given:
        revoke_other_invitations(connection, principal, (patient_id, given["email"]), now)
    _write_event(connection, principal, "patient.change", (patient_id, now))


def join_care_team(
    connection: Connection, principal: Principal, row: tuple[UUID, UUID, UUID], now: datetime
) -> None:
    """Put a member on a care team from now on; `row` is (patient, membership, the new row's id).

    Conflict when that member is already on it.
    """
    patient_id, membership_id, row_id = row
    current = connection.execute(
        select(CareTeamMember.id).where(
            CareTeamMember.clinic_id == principal.clinic_id,
            CareTeamMember.patient_id == patient_id,
            CareTeamMember.membership_id == membership_id,
            CareTeamMember.until.is_(None),
        )
    ).first()
    if current is not None:
        raise Conflict("Already on this patient's care team.")
    connection.execute(
        insert(CareTeamMember).values(
            clinic_id=principal.clinic_id,
            id=row_id,
            patient_id=patient_id,
            membership_id=membership_id,
            since=now,
        )
    )
    _write_event(connection, principal, "care_team.join", (patient_id, now), membership_id)


def leave_care_team(
    connection: Connection, principal: Principal, member: Any, now: datetime
) -> None:
    """End a row of the care team now; the row stays, to explain access in the past.

    Conflict when it has ended meanwhile.
    """
    left = connection.execute(
        update(CareTeamMember)
        .where(CareTeamMember.clinic_id == principal.clinic_id, CareTeamMember.id == member.id)
        .where(CareTeamMember.until.is_(None))
        .values(until=now)
    )
    if left.rowcount == 0:
        raise Conflict("This member has left the care team already.")
    about = (member.patient_id, now)
    _write_event(connection, principal, "care_team.leave", about, member.membership_id)


def _refuse_taken_mrn(
    connection: Connection, principal: Principal, mrn: str | None, *, but: UUID | None
) -> None:
    if mrn is None:
        return
    holder = connection.execute(
        select(Patient.id).where(Patient.clinic_id == principal.clinic_id, Patient.mrn == mrn)
    ).first()
    if holder is not None and holder.id != but:
        raise Conflict("Another patient of this clinic has this MRN.")


def _write_event(
    connection: Connection,
    principal: Principal,
    action: str,
    about: tuple[UUID, datetime],
    member: UUID | None = None,
) -> None:
    patient_id, now = about
    subject = ("patient", patient_id) if member is None else ("membership", member)
    event = audit.event_values(principal, action, now, subject=subject, patient_id=patient_id)
    audit.write(connection, event)
