"""A clinician's decision about what comes next, and why; never one of ours."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime, new_id


class Decision(Base):
    """`next_in_days` counts from `decided_on`; null = no further session planned."""

    __tablename__ = "decision"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "course_id"],
            ["course.clinic_id", "course.patient_id", "course.id"],
        ),
        CheckConstraint("next_in_days BETWEEN 1 AND 730", name="next_in_days"),
        Index("ix_decision_patient", "clinic_id", "patient_id", "created_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID | None]
    decided_on: Mapped[date]
    next_in_days: Mapped[int | None]
    reasons: Mapped[list[str]] = mapped_column(JsonValue)
    note: Mapped[str | None] = mapped_column(String(4000))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
