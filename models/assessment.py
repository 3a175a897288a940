"""An assessment: one rating scale, completed on one local day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime, new_id


class Assessment(Base):
    """`total` is null where it cannot be scored; `items` are the answers in order, null = none.

    `instrument` is a key of clinical/instruments. `import_key` names an imported row for ever.
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
    source: Mapped[str] = mapped_column(String(6))
    import_key: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
