"""The history of check-ins: every accepted edit and every edit that lost, for ever."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    String,
    bindparam,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, JsonValue, UTCDateTime


class CheckinRevision(Base):
    """Append-only. An `applied` row tells the revision it made and the stream's version then; a
    `conflict` row the revision it was based on, for the stream did not move. `op_id` is the
    client's own, or ours where it sent none; `request_hash` binds it to what was asked."""

    __tablename__ = "checkin_revision"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient_stream.clinic_id", "patient_stream.patient_id"]
        ),
        CheckConstraint("kind IN ('applied', 'conflict')", name="kind"),
        CheckConstraint("(kind = 'applied') = (version IS NOT NULL)", name="version"),
        Index("uq_checkin_revision_version", "clinic_id", "patient_id", "version", unique=True),
        Index(
            "uq_checkin_revision_applied",
            "clinic_id",
            "patient_id",
            "local_date",
            "revision",
            unique=True,
            sqlite_where=text("kind = 'applied'"),
            postgresql_where=text("kind = 'applied'"),
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    op_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    local_date: Mapped[date]
    revision: Mapped[int]
    version: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(8))
    request_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    result: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    device_id: Mapped[str | None] = mapped_column(String(64))
    actor: Mapped[UUID | None]
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)


# Written out, not bound: the index of what was applied is found by nothing else.
APPLIED: ColumnElement[str] = literal_column("'applied'")

INSERT_REVISION = insert(CheckinRevision).values(
    {column.name: bindparam(column.name) for column in CheckinRevision.__table__.columns}
)

# What was applied to one day, oldest first: who gave each answer its present value.
SELECT_APPLIED = (
    select(CheckinRevision.op_id, CheckinRevision.revision, CheckinRevision.body)
    .where(
        CheckinRevision.clinic_id == bindparam("clinic_id"),
        CheckinRevision.patient_id == bindparam("patient_id"),
        CheckinRevision.local_date == bindparam("local_date"),
        CheckinRevision.kind == APPLIED,
    )
    .order_by(CheckinRevision.revision)
)
