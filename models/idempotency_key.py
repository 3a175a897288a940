"""What a POST with an Idempotency-Key created, so that sending it again creates nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime


class IdempotencyKey(Base):
    """Holds the id of the created object, never its body: the answer is drawn from the object."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "membership_id"], ["membership.clinic_id", "membership.id"]
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
