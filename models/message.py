"""The outbox: what is to be sent, written in the transaction of what it tells of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime, new_id, one_of

CHANNELS = ("email", "webhook")
_WAITING = text("settled_at IS NULL")


class Message(Base):
    """`params` are what its words are made of at sending: ids and dates, no health words, no token.

    `dedupe_key` names the occasion, so that it is put in once. Whoever sends claims the row until
    `claimed_until`; `settled_at` is when it was sent, or given up (`fault` then says why).
    """

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"]),
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        Index("uq_message_dedupe_key", "clinic_id", "dedupe_key", unique=True),
        Index(
            "ix_message_due_at",
            "clinic_id",
            "due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(7))
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(35))
    params: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    dedupe_key: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fault: Mapped[str | None] = mapped_column(String(40))
