"""An invitation: the single-use way into a clinic, before the account exists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime, new_id


class Invitation(Base):
    """The token is derived from the id with a server key, so the table alone opens nothing.

    `accepted_key` and `accepted_digest` let the very same accepting request, sent again under its
    Idempotency-Key because the answer was lost, be answered again; the digest holds no password.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"]),
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint("role IN ('patient', 'clinician', 'front_desk', 'admin')", name="role"),
        CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", name="patient"),
        Index("ix_invitation_patient", "clinic_id", "patient_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(12))
    email: Mapped[str] = mapped_column(String(254))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_key: Mapped[str | None] = mapped_column(String(128))
    accepted_digest: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
