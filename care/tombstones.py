"""Tombstones are kept until every phone has had its time to see them, then collected.

The stream's floor tells up to which version that was done, so that a phone that comes later reads
from the start instead of keeping a day that was deleted (care/changes.py). The history stays, and
the revisions of a collected day count on.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)

from care import streams
from models.checkin import Checkin
from models.patient_stream import PatientStream

# A phone may be away for a season; a backup older than this is restored by nobody (u).
KEPT_FOR = timedelta(days=90)


def are_waiting(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether there is any to collect."""
    return bool(connection.scalar(select(exists().where(*_old(clinic_id, now)))))


def collect(connection: Connection, clinic_id: UUID, now: datetime) -> int:
    """Collect the clinic's old tombstones; answers how many. The caller commits."""
    patients = select(Checkin.patient_id).where(*_old(clinic_id, now)).distinct()
    waiting = connection.scalars(patients.order_by(Checkin.patient_id)).all()
    return sum(_collect_of(connection, (clinic_id, patient_id), now) for patient_id in waiting)


def _collect_of(connection: Connection, owner: tuple[UUID, UUID], now: datetime) -> int:
    clinic_id, patient_id = owner
    streams.lock_of(connection, owner)
    theirs = (*_old(clinic_id, now), Checkin.patient_id == patient_id)
    floor = connection.scalar(select(func.max(Checkin.version)).where(*theirs))
    if floor is None:  # logged anew meanwhile
        return 0
    collected = connection.execute(delete(Checkin).where(*theirs)).rowcount
    own = (PatientStream.clinic_id == clinic_id, PatientStream.patient_id == patient_id)
    raised = update(PatientStream).where(*own, PatientStream.gc_floor < floor)
    connection.execute(raised.values(gc_floor=floor))
    return collected


def _old(clinic_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Checkin.clinic_id == clinic_id,
        literal_column("deleted", Boolean()),  # as its index says it
        Checkin.received_at < now - KEPT_FOR,
    )
