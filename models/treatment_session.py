"""A treatment session: one visit, booked, then completed, aborted, cancelled or missed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKeyConstraint, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from clinical.treatments import PREGNANCY_STATUSES, STATUS_REASONS, STATUSES
from models.db import Base, JsonValue, UTCDateTime, new_id, one_of


class TreatmentSession(Base):
    """`local_date` is the patient's day it belongs to, fixed with `timezone` when it was written.

    A signed session is never changed; a void one was entered in error and counts nowhere.
    `adverse_effects` null = not asked, [] = none. `import_key` names an imported row for ever.
    """

    __tablename__ = "treatment_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient_stream.clinic_id", "patient_stream.patient_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "course_id"],
            ["course.clinic_id", "course.patient_id", "course.id"],
        ),
        CheckConstraint(one_of("status", STATUSES), name="status"),
        CheckConstraint(one_of("status_reason", STATUS_REASONS), name="status_reason"),
        CheckConstraint(one_of("pregnancy_status", PREGNANCY_STATUSES), name="pregnancy_status"),
        CheckConstraint("source IN ('staff', 'import')", name="source"),
        CheckConstraint(
            "status NOT IN ('completed', 'aborted') OR started_at IS NOT NULL", name="started"
        ),
        CheckConstraint("scheduled_at IS NOT NULL OR started_at IS NOT NULL", name="when"),
        CheckConstraint("stopped_at >= started_at", name="stopped_at"),
        CheckConstraint("weight_kg BETWEEN 20 AND 400", name="weight_kg"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed"),
        Index("ix_treatment_session_date", "clinic_id", "local_date"),
        Index("ix_treatment_session_patient_date", "clinic_id", "patient_id", "local_date"),
        Index("ix_treatment_session_course", "clinic_id", "patient_id", "course_id", "local_date"),
        Index(
            "uq_treatment_session_import_key", "clinic_id", "patient_id", "import_key", unique=True
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    course_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(String(9))
    status_reason: Mapped[str | None] = mapped_column(String(24))
    status_note: Mapped[str | None] = mapped_column(String(500))
    scheduled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scheduled_minutes: Mapped[int | None]
    timezone: Mapped[str] = mapped_column(String(64))
    local_date: Mapped[date]
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    planned: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    weight_kg: Mapped[float | None]
    last_food_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_drink_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    driver_confirmed: Mapped[bool | None]
    pregnancy_status: Mapped[str | None] = mapped_column(String(16))
    adverse_effects: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonValue)
    rescue_medications: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonValue)
    ready_to_leave_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_by: Mapped[UUID | None]
    note: Mapped[str | None] = mapped_column(String(4000))
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by: Mapped[UUID | None]
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(6))
    import_key: Mapped[str | None] = mapped_column(String(128))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]


# When a session began, or is booked to: what lists are sorted by.
begins_at: ColumnElement[datetime] = func.coalesce(
    TreatmentSession.started_at, TreatmentSession.scheduled_at
)
