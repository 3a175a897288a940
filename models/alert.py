"""An alert: something a patient told that a human of the clinic must look at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from clinical.safety import SEVERITIES
from models.db import Base, UTCDateTime, new_id, one_of

OUTCOMES = (
    "reached",
    "safety_plan",
    "emergency_referral",
    "not_reached",
    "no_action_needed",
    "entered_in_error",
)

_OPEN = text("is_open")


class Alert(Base):
    """The present state of an alert; its events (models/alert_event.py) are what happened.

    `episode` names what it is about: of one episode at most one is open, with the highest severity.
    `due_at` is when somebody else is told, if nobody has acknowledged it by then; `escalation` how
    often that was done. `last_raised_at` is when it last asked for attention.
    """

    __tablename__ = "alert"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("severity", SEVERITIES), name="severity"),
        CheckConstraint(one_of("outcome", OUTCOMES), name="outcome"),
        CheckConstraint("is_open = (resolved_at IS NULL)", name="open"),
        CheckConstraint("is_open = (outcome IS NULL)", name="outcome_when_resolved"),
        Index(
            "uq_alert_episode",
            "clinic_id",
            "patient_id",
            "episode",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_alert_opened_at", "clinic_id", "is_open", "opened_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rule: Mapped[str] = mapped_column(String(4))
    episode: Mapped[str] = mapped_column(String(80))
    severity: Mapped[str] = mapped_column(String(6))
    is_open: Mapped[bool]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    escalation: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by: Mapped[UUID | None]
    assigned_to: Mapped[UUID | None]
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_by: Mapped[UUID | None]
    outcome: Mapped[str | None] = mapped_column(String(18))
    revision: Mapped[int] = mapped_column(default=1)
