"""What speaks against a treatment, asked and answered; it blocks nothing by itself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.chart import CONTRAINDICATIONS, SOURCES
from models.db import Base, UTCDateTime, new_id, one_of


class Contraindication(Base):
    """`present` null = asked, and not known."""

    __tablename__ = "contraindication"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint(one_of("code", CONTRAINDICATIONS), name="code"),
        Index("ix_contraindication_patient", "clinic_id", "patient_id", "created_at"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(32))
    present: Mapped[bool | None]
    assessed_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(4000))
    source: Mapped[str] = mapped_column(String(7))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[UUID | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
