"""A patient's safety plan, in their own words: the state now; its history is in fact_revision."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime


class SafetyPlan(Base):
    """`body` holds lists of the patient's own words and contacts; `id` is the patient's."""

    __tablename__ = "safety_plan"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    body: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
