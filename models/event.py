"""Something outside the treatment that a trend should be read with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.chart import EVENTS, SOURCES
from models.db import Base, UTCDateTime, new_id, one_of


class Event(Base):
    """From `started_on` to `ended_on`, both included; null = one day, or still going on."""

    __tablename__ = "event"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("kind", EVENTS), name="kind"),
        CheckConstraint("ended_on >= started_on", name="ended_on"),
        Index("ix_event_patient", "clinic_id", "patient_id", "created_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    is_ongoing: Mapped[bool]
    note: Mapped[str | None] = mapped_column(String(4000))
    source: Mapped[str] = mapped_column(String(7))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
