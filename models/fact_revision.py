"""The history of courses, decisions and facts of a chart: what each said when, for ever.

Sessions and home doses have tables of their own for it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime


class FactRevision(Base):
    """Append-only; `body` is the whole row of the table that `kind` names."""

    __tablename__ = "fact_revision"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    actor: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
