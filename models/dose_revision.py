"""The history of a home dose: what it said after each change, for ever.

A session's doses are in the history of their session.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime


class DoseRevision(Base):
    """Append-only; `body` is the whole dose."""

    __tablename__ = "dose_revision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "dose_id"],
            ["dose.clinic_id", "dose.patient_id", "dose.id"],
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    dose_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    actor: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
