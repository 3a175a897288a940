"""A clinic: the tenant every other row hangs from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from clinical.days import DEFAULT_BACKFILL_DAYS
from models.db import Base, JsonValue, UTCDateTime, new_id


class Clinic(Base):
    """`custom_measures` and `holidays` are lists of objects; `revision` moves with every change.

    Safety answers are asked for where a reviewer is named and hours are (`review_hours`, a list of
    {weekdays, opens, closes} by the clinic's clock). A null in `silent_days`, `vitals_alarms`,
    `screens`, `crisis_lines` or `escalation_minutes` means the default of `clinical`.
    """

    __tablename__ = "clinic"
    __table_args__ = (CheckConstraint("backfill_days BETWEEN 0 AND 366", name="backfill_days"),)

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(64))
    holidays: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    custom_measures: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    backfill_days: Mapped[int] = mapped_column(default=DEFAULT_BACKFILL_DAYS)
    reviewer_id: Mapped[UUID | None]
    backup_reviewer_id: Mapped[UUID | None]
    review_hours: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonValue)
    escalation_minutes: Mapped[int | None]
    silent_days: Mapped[dict[str, int] | None] = mapped_column(JsonValue)
    vitals_alarms: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    screens: Mapped[dict[str, int | None] | None] = mapped_column(JsonValue)
    crisis_lines: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonValue)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
