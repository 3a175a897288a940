"""A patient of one clinic: identity, contact, and how their days are cut."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.days import DEFAULT_DAY_BOUNDARY_MINUTES, LATEST_DAY_BOUNDARY_MINUTES
from models.db import Base, JsonValue, UTCDateTime, new_id


class Patient(Base):
    """`day_boundary_minutes` after local midnight a new day begins (240 = 04:00).

    `calendar_version` names the calendar feed that is open, below zero the last that was closed:
    none is ever opened again.
    """

    __tablename__ = "patient"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"]),
        CheckConstraint(
            f"day_boundary_minutes BETWEEN 0 AND {LATEST_DAY_BOUNDARY_MINUTES}", name="day_boundary"
        ),
        Index("uq_patient_mrn", "clinic_id", "mrn", unique=True),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    display_name: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date]
    mrn: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(35))
    timezone: Mapped[str] = mapped_column(String(64))
    emergency_contact: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    day_boundary_minutes: Mapped[int] = mapped_column(default=DEFAULT_DAY_BOUNDARY_MINUTES)
    reminder_at: Mapped[time | None]
    reminder_channel: Mapped[str | None] = mapped_column(String(7))
    reminders_snoozed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders_paused_until: Mapped[date | None]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    calendar_version: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
