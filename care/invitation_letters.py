"""What tells an invited person; the token is drawn from the invitation's id when it is sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import outbox
from care.outbox import Letter
from models.patient import Patient


def put(
    connection: Connection, clinic_id: UUID, invitee: Any, made: tuple[UUID, datetime, datetime]
) -> None:
    """Put in the letter; `made` is the invitation's id, when it was made and when it runs out."""
    invitation_id, now, expires_at = made
    letter = Letter(
        clinic_id=clinic_id,
        kind="invitation",
        channel="email",
        recipient=invitee.email.lower(),
        language=_language(connection, clinic_id, invitee.patient_id),
        params={"invitation_id": invitation_id},
        dedupe_key=f"invitation:{invitation_id}",
        due_at=now,
        patient_id=invitee.patient_id,
        expires_at=expires_at,
    )
    outbox.put(connection, letter, now)


def _language(connection: Connection, clinic_id: UUID, patient_id: UUID | None) -> str:
    """The patient's; of somebody to be employed nobody knows it yet."""
    if patient_id is None:
        return "en"
    own = (Patient.clinic_id == clinic_id, Patient.id == patient_id)
    return connection.scalars(select(Patient.language).where(*own)).one()
