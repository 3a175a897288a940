"""A check-in: one patient's local day as last acknowledged, or the tombstone of a deleted one."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Select,
    SmallInteger,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.anchors import anchor_columns
from models.checkin_revision import APPLIED, CheckinRevision
from models.db import Base, JsonValue, UTCDateTime
from models.patient_stream import PatientStream

RATINGS = ("mood", "interest", "energy", "anxiety", "irritability")
ANSWERS = (
    *RATINGS,
    "sleep_hours",
    "sleep_quality",
    "suicidal_thoughts",
    "side_effects",
    "custom",
    "note",
)
_PAYLOAD_FREE = " AND ".join(f"{name} IS NULL" for name in (*ANSWERS, "recorded_at", "timezone"))


class Checkin(Base):
    """Identity is (clinic, patient, local date). A tombstone keeps its revision and no payload."""

    __tablename__ = "checkin"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient_stream.clinic_id", "patient_stream.patient_id"]
        ),
        *(CheckConstraint(f"{name} BETWEEN 0 AND 10", name=name) for name in RATINGS),
        CheckConstraint("sleep_hours BETWEEN 0 AND 24", name="sleep_hours"),
        CheckConstraint("sleep_quality BETWEEN 1 AND 5", name="sleep_quality"),
        CheckConstraint(
            "suicidal_thoughts IN ('none', 'fleeting', 'often', 'most_of_the_time', 'declined')",
            name="suicidal_thoughts",
        ),
        CheckConstraint("source IN ('app', 'staff', 'import')", name="source"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint(f"NOT deleted OR ({_PAYLOAD_FREE})", name="tombstone"),
        Index("uq_checkin_version", "clinic_id", "patient_id", "version", unique=True),
        # Few there are: what the jobs look for again and again must not be searched among all days.
        Index(
            "ix_checkin_tombstones",
            "clinic_id",
            "received_at",
            sqlite_where=text("deleted"),
            postgresql_where=text("deleted"),
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    local_date: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int]
    version: Mapped[int]
    deleted: Mapped[bool]
    timezone: Mapped[str | None] = mapped_column(String(64))
    utc_offset_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    skew_ms: Mapped[int | None]
    entered_late: Mapped[bool | None]
    clock_suspect: Mapped[bool]
    entered_by: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(6))
    mood: Mapped[int | None] = mapped_column(SmallInteger)
    interest: Mapped[int | None] = mapped_column(SmallInteger)
    energy: Mapped[int | None] = mapped_column(SmallInteger)
    anxiety: Mapped[int | None] = mapped_column(SmallInteger)
    irritability: Mapped[int | None] = mapped_column(SmallInteger)
    sleep_hours: Mapped[float | None]
    sleep_quality: Mapped[int | None] = mapped_column(SmallInteger)
    suicidal_thoughts: Mapped[str | None] = mapped_column(String(16))
    side_effects: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonValue)
    custom: Mapped[dict[str, int | None] | None] = mapped_column(JsonValue)
    note: Mapped[str | None] = mapped_column(String(4000))


DAY_COLUMNS = tuple(
    column
    for column in Checkin.__table__.columns
    if column.name not in ("clinic_id", "patient_id", "version", "skew_ms")
)
_KEY = ("clinic_id", "patient_id", "local_date")

_APPLIED = CheckinRevision.__table__.alias("written").c
# A day's revisions count on although its tombstone was collected: the history keeps them.
_LAST_REVISION = (
    select(func.max(_APPLIED.revision))
    .where(
        _APPLIED.clinic_id == bindparam("clinic_id"),
        _APPLIED.patient_id == bindparam("patient_id"),
        _APPLIED.local_date == bindparam("local_date"),
        _APPLIED.kind == APPLIED,
    )
    .scalar_subquery()
)

# Everything one write needs to know: the counter, the stored day, the session it belongs to, and
# whether the op id is known.
SELECT_DAY_AND_OPERATION = (
    select(
        PatientStream.version.label("stream_version"),
        *DAY_COLUMNS,
        _LAST_REVISION.label("last_revision"),
        CheckinRevision.kind.label("op_kind"),
        CheckinRevision.request_hash.label("op_request_hash"),
        CheckinRevision.body.label("op_body"),
        CheckinRevision.result.label("op_result"),
        *anchor_columns(bindparam("local_date", type_=Checkin.__table__.c.local_date.type)),
    )
    .outerjoin(
        Checkin,
        and_(
            Checkin.clinic_id == PatientStream.clinic_id,
            Checkin.patient_id == PatientStream.patient_id,
            Checkin.local_date == bindparam("local_date"),
        ),
    )
    .outerjoin(
        CheckinRevision,
        and_(
            CheckinRevision.clinic_id == PatientStream.clinic_id,
            CheckinRevision.patient_id == PatientStream.patient_id,
            CheckinRevision.op_id == bindparam("op_id"),
        ),
    )
    .where(
        PatientStream.clinic_id == bindparam("clinic_id"),
        PatientStream.patient_id == bindparam("patient_id"),
    )
)

INSERT_DAY = insert(Checkin).values(
    {column.name: bindparam(column.name) for column in Checkin.__table__.columns}
)

UPDATE_DAY = (
    update(Checkin)
    .where(*(Checkin.__table__.c[name] == bindparam(f"key_{name}") for name in _KEY))
    .values(
        {
            column.name: bindparam(column.name)
            for column in Checkin.__table__.columns
            if column.name not in _KEY
        }
    )
)

_LIVING = (
    Checkin.clinic_id == bindparam("clinic_id"),
    Checkin.patient_id == bindparam("patient_id"),
    Checkin.deleted.is_(False),
)

_ANCHORED = (*DAY_COLUMNS, *anchor_columns(Checkin.__table__.c.local_date))

SELECT_DAY = select(*_ANCHORED).where(*_LIVING, Checkin.local_date == bindparam("local_date"))

SELECT_DAYS = (
    select(*_ANCHORED)
    .where(
        *_LIVING,
        Checkin.local_date >= bindparam("first"),
        Checkin.local_date <= bindparam("last"),
    )
    .order_by(Checkin.local_date)
    .limit(bindparam("limit"))
)


def _measured(first: str, last: str) -> Select[Any]:
    """What a summary reads of one range of days; JSON as text, for most is never parsed."""
    return select(
        Checkin.local_date,
        Checkin.source,
        *(Checkin.__table__.c[name] for name in (*RATINGS, "sleep_hours", "sleep_quality")),
        cast(Checkin.side_effects, Text).label("side_effects_json"),
        cast(Checkin.custom, Text).label("custom_json"),
    ).where(
        *_LIVING,
        Checkin.local_date >= bindparam(first),
        Checkin.local_date <= bindparam(last),
    )


# Two ranges that do not overlap: one condition over both would read all days between them.
SELECT_MEASURED_DAYS = union_all(
    _measured("first", "last"), _measured("earlier_first", "earlier_last")
)
