"""A course of treatment: what it is for, its phase, and the plan it follows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.treatments import INDICATIONS, PHASES, ROUTES
from models.db import Base, JsonValue, UTCDateTime, new_id, one_of


class Course(Base):
    """`plan` is the course's own copy of a template (clinical/plans.py), free to be edited."""

    __tablename__ = "course"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("indication", INDICATIONS), name="indication"),
        CheckConstraint(one_of("phase", PHASES), name="phase"),
        CheckConstraint(one_of("route", ROUTES), name="route"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ended_on"),
        CheckConstraint("(phase = 'ended') = (ended_on IS NOT NULL)", name="ended"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indication: Mapped[str] = mapped_column(String(24))
    route: Mapped[str] = mapped_column(String(16))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    phase: Mapped[str] = mapped_column(String(12))
    plan: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    note: Mapped[str | None] = mapped_column(String(4000))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
