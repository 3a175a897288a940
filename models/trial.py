"""A trial of an antidepressant: what was tried, how much, how long, and what came of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.chart import SOURCES, TRIAL_OUTCOMES
from models.db import Base, UTCDateTime, new_id, one_of


class Trial(Base):
    """Failed trials are what makes a depression treatment-resistant."""

    __tablename__ = "trial"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("outcome", TRIAL_OUTCOMES), name="outcome"),
        CheckConstraint("weeks BETWEEN 0 AND 1040", name="weeks"),
        CheckConstraint("dose_mg > 0 AND dose_mg <= 10000", name="dose_mg"),
        Index("ix_trial_patient", "clinic_id", "patient_id", "created_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    drug: Mapped[str] = mapped_column(String(100))
    dose_mg: Mapped[float | None]
    weeks: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(16))
    started_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(4000))
    source: Mapped[str] = mapped_column(String(7))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
