"""What a pull reads of one patient's days: all in one statement, so that it is of one moment."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, select

from models.checkin import DAY_COLUMNS, Checkin
from models.checkin_revision import CheckinRevision
from models.patient_stream import PatientStream

_WROTE = CheckinRevision.__table__.alias("wrote")  # the operation that made the day what it is
_AT = CheckinRevision.__table__.alias("at")  # the operation at the cursor's version
_HEAD = CheckinRevision.__table__.alias("head")  # the operation at the stream's version


def _at_version(history: FromClause, version: Any) -> ColumnElement[bool]:
    return and_(
        history.c.clinic_id == PatientStream.clinic_id,
        history.c.patient_id == PatientStream.patient_id,
        history.c.version == version,
    )


# One row for each day changed after version `after`, oldest change first; with nothing to tell one
# row whose day is null. Every row carries the stream as it stands.
SELECT_CHANGES = (
    select(
        PatientStream.version.label("stream_version"),
        PatientStream.gc_floor,
        _AT.c.op_id.label("op_at_cursor"),
        _HEAD.c.op_id.label("op_at_head"),
        *DAY_COLUMNS,
        Checkin.version.label("day_version"),
        _WROTE.c.op_id,
    )
    .outerjoin(
        Checkin,
        and_(
            Checkin.clinic_id == PatientStream.clinic_id,
            Checkin.patient_id == PatientStream.patient_id,
            Checkin.version > bindparam("after"),
        ),
    )
    .outerjoin(_WROTE, _at_version(_WROTE, Checkin.version))
    .outerjoin(_AT, _at_version(_AT, bindparam("after")))
    .outerjoin(_HEAD, _at_version(_HEAD, PatientStream.version))
    .where(
        PatientStream.clinic_id == bindparam("clinic_id"),
        PatientStream.patient_id == bindparam("patient_id"),
    )
    .order_by(Checkin.version)
    .limit(bindparam("limit"))
)
