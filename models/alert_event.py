"""What happened to an alert: numbered, append-only; the database refuses to change or delete."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime, one_of

KINDS = (
    "raised",
    "appended",
    "seen",
    "acknowledged",
    "assigned",
    "contact_tried",
    "escalated",
    "resolved",
    "reopened",
)


class AlertEvent(Base):
    """`evidence` is what was told and where: the rule, the answer, the day or the scale.

    `dedupe_key` names what was said, so that the same again adds nothing to an alert; `sent_key`
    one sending of it, which is judged once and never again.
    """

    __tablename__ = "alert_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "alert_id"],
            ["alert.clinic_id", "alert.patient_id", "alert.id"],
        ),
        CheckConstraint(one_of("kind", KINDS), name="kind"),
        Index(
            "uq_alert_event_dedupe_key",
            "clinic_id",
            "patient_id",
            "alert_id",
            "dedupe_key",
            unique=True,
        ),
        Index("uq_alert_event_sent_key", "clinic_id", "patient_id", "sent_key", unique=True),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(13))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[UUID | None]
    rule: Mapped[str | None] = mapped_column(String(4))
    severity: Mapped[str | None] = mapped_column(String(6))
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    outcome: Mapped[str | None] = mapped_column(String(18))
    assigned_to: Mapped[UUID | None]
    note: Mapped[str | None] = mapped_column(String(4000))
    dedupe_key: Mapped[str | None] = mapped_column(String(200))
    sent_key: Mapped[str | None] = mapped_column(String(200))
