"""A membership: what one account is in one clinic."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime, new_id

ROLES = ("patient", "clinician", "front_desk", "admin")
STAFF_ROLES = ("clinician", "front_desk", "admin")


class Membership(Base):
    """`patient_id` is set for the role patient alone; `timezone` and `language` are staff's."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"]),
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint("role IN ('patient', 'clinician', 'front_desk', 'admin')", name="role"),
        CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", name="patient"),
        Index("uq_membership_account", "clinic_id", "account_id", "role", unique=True),
        Index("uq_membership_patient", "clinic_id", "patient_id", unique=True),
        # The way in at login, when only the account is known yet.
        Index("ix_membership_account_id", "account_id"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(12))
    patient_id: Mapped[UUID | None]
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(35))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
