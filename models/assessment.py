"""An assessment: one rating scale, answered on one local day, wholly or in part."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime, new_id


class Assessment(Base):
    """`total` is null where it cannot be scored; `items` are the answers in order, null = none.

    `instrument` is a key of clinical/instruments or of the clinic's own; `instrument_revision` the
    latter's. `not_answered` says why an item has no answer, by its number; `extra` are answers
    that no total counts. `import_key` names an imported row for ever. What it said before a
    correction is in fact_revision.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient_stream.clinic_id", "patient_stream.patient_id"]
        ),
        CheckConstraint("source IN ('app', 'staff', 'import')", name="source"),
        CheckConstraint("total IS NOT NULL OR items IS NOT NULL", name="answered"),
        Index("ix_assessment_patient_date", "clinic_id", "patient_id", "local_date"),
        Index("uq_assessment_import_key", "clinic_id", "patient_id", "import_key", unique=True),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    instrument: Mapped[str] = mapped_column(String(40))
    local_date: Mapped[date]
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    items: Mapped[list[Any] | None] = mapped_column(JsonValue)
    total: Mapped[float | None]
    prorated_total: Mapped[float | None]
    status: Mapped[str] = mapped_column(String(8), default="complete", server_default="complete")
    not_answered: Mapped[dict[str, str] | None] = mapped_column(JsonValue)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    instrument_revision: Mapped[int | None]
    session_id: Mapped[UUID | None]
    minute: Mapped[int | None]
    timezone: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(4000))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    source: Mapped[str] = mapped_column(String(6))
    import_key: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
