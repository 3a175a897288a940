"""What else a patient takes, with the classes that bear on a session marked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.chart import MEDICATION_CLASSES, SOURCES
from models.db import Base, UTCDateTime, new_id, one_of


class Medication(Base):
    """Current while `stopped_on` is null. `dose_text` is as written: "20 mg in the morning"."""

    __tablename__ = "medication"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("drug_class", MEDICATION_CLASSES), name="drug_class"),
        CheckConstraint("stopped_on >= started_on", name="stopped_on"),
        Index("ix_medication_patient", "clinic_id", "patient_id", "created_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    drug: Mapped[str] = mapped_column(String(100))
    drug_class: Mapped[str] = mapped_column(String(16))
    dose_text: Mapped[str | None] = mapped_column(String(100))
    started_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(4000))
    source: Mapped[str] = mapped_column(String(7))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
