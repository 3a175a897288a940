"""What a pull reads of one patient's days: all in one statement, so that it is of one moment."""

from typing import Any

from sqlalchemy import ScalarSelect, bindparam, select, true

from models.checkin import DAY_COLUMNS, Checkin
from models.checkin_revision import CheckinRevision
from models.patient_stream import PatientStream

_HISTORY = CheckinRevision.__table__


def _op_at(version: Any) -> ScalarSelect[Any]:
    """The operation that took this version of the stream."""
    at = _HISTORY.alias()
    return (
        select(at.c.op_id)
        .where(
            at.c.clinic_id == bindparam("clinic_id"),
            at.c.patient_id == bindparam("patient_id"),
            at.c.version == version,
        )
        .scalar_subquery()
    )


_CHANGED = (
    select(*DAY_COLUMNS, Checkin.version)
    .where(
        Checkin.clinic_id == bindparam("clinic_id"),
        Checkin.patient_id == bindparam("patient_id"),
        Checkin.version > bindparam("after"),
    )
    .order_by(Checkin.version)
    .limit(bindparam("limit"))
    .subquery("changed")
)

# One row for each day changed after version `after`, oldest change first; with nothing to tell one
# row whose day is null. Every row carries the stream as it stands.
SELECT_CHANGES = (
    select(
        PatientStream.version.label("stream_version"),
        PatientStream.gc_floor,
        _op_at(bindparam("after")).label("op_at_cursor"),
        _op_at(PatientStream.version).label("op_at_head"),
        *(_CHANGED.c[column.name] for column in DAY_COLUMNS),
        _CHANGED.c.version.label("day_version"),
        _op_at(_CHANGED.c.version).label("op_id"),
    )
    .outerjoin(_CHANGED, true())
    .where(
        PatientStream.clinic_id == bindparam("clinic_id"),
        PatientStream.patient_id == bindparam("patient_id"),
    )
    .order_by(_CHANGED.c.version)
)
