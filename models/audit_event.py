"""Who did, read or was refused what: ids only, never a health value."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, bindparam, insert
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime, new_id


class AuditEvent(Base):
    """`read_hour` is set on a staff read only: one row per login, patient and hour.

    No foreign keys: the trail outlives what it speaks of, and a refused id may never have existed.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("outcome IN ('ok', 'denied', 'failed')", name="outcome"),
        Index("ix_audit_event_patient", "clinic_id", "patient_id", "at"),
        Index(
            "uq_audit_event_read", "clinic_id", "login_id", "patient_id", "read_hour", unique=True
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    membership_id: Mapped[UUID | None]
    login_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(24))
    object_id: Mapped[str | None] = mapped_column(String(64))
    patient_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(6))
    address: Mapped[str | None] = mapped_column(String(45))
    request_id: Mapped[str | None] = mapped_column(String(36))
    read_hour: Mapped[datetime | None] = mapped_column(UTCDateTime)


INSERT_AUDIT_EVENT = insert(AuditEvent).values(
    {column.name: bindparam(column.name) for column in AuditEvent.__table__.columns}
)
