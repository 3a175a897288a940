"""A diagnosis a clinician has made; nothing here is computed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.chart import DIAGNOSES, SOURCES
from models.db import Base, UTCDateTime, new_id, one_of


class Diagnosis(Base):
    """Current while `until` is null. `code` is ours; `icd_code` is the clinician's own."""

    __tablename__ = "diagnosis"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("code", DIAGNOSES), name="code"),
        CheckConstraint("until_date >= since_date", name="until_date"),
        Index("ix_diagnosis_patient", "clinic_id", "patient_id", "created_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(24))
    label: Mapped[str | None] = mapped_column(String(200))
    icd_code: Mapped[str | None] = mapped_column(String(12))
    since_date: Mapped[date | None]
    until_date: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(4000))
    source: Mapped[str] = mapped_column(String(7))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
