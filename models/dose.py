"""A dose: one administration of one drug, in a session or, at home, in none."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.treatments import DRUGS, FORMULATIONS, PLACES, ROUTES
from models.db import Base, UTCDateTime, new_id, one_of


class Dose(Base):
    """mg/kg is derived from `weight_kg`, or else from the session's. A home dose cuts no window."""

    __tablename__ = "dose"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient_stream.clinic_id", "patient_stream.patient_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "session_id"],
            ["treatment_session.clinic_id", "treatment_session.patient_id", "treatment_session.id"],
        ),
        CheckConstraint(one_of("drug", DRUGS), name="drug"),
        CheckConstraint(one_of("formulation", FORMULATIONS), name="formulation"),
        CheckConstraint(one_of("route", ROUTES), name="route"),
        CheckConstraint(one_of("place", PLACES), name="place"),
        CheckConstraint("(place = 'home') = (session_id IS NULL)", name="session"),
        CheckConstraint("dose_mg > 0 AND dose_mg <= 2000", name="dose_mg"),
        CheckConstraint("weight_kg BETWEEN 20 AND 400", name="weight_kg"),
        CheckConstraint("duration_minutes BETWEEN 0 AND 1440", name="duration_minutes"),
        CheckConstraint("source IN ('staff', 'app', 'import')", name="source"),
        Index("ix_dose_patient_date", "clinic_id", "patient_id", "local_date"),
        Index("ix_dose_session", "clinic_id", "patient_id", "session_id"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID | None]
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    timezone: Mapped[str] = mapped_column(String(64))
    local_date: Mapped[date]
    place: Mapped[str] = mapped_column(String(6))
    drug: Mapped[str] = mapped_column(String(12))
    formulation: Mapped[str | None] = mapped_column(String(12))
    route: Mapped[str] = mapped_column(String(16))
    dose_mg: Mapped[float]
    duration_minutes: Mapped[int | None]
    weight_kg: Mapped[float | None]
    lot: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(String(4000))
    source: Mapped[str] = mapped_column(String(6))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
