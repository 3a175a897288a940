"""A treatment session in the tables: row, doses, readings and addenda, read and written whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from care.principal import Chart
from clinical.doses import DOSE_KEYS
from clinical.visits import COLUMNS, Visit
from clinical.vitals import READINGS
from models.db import as_json, new_id
from models.dose import Dose
from models.session_addendum import SessionAddendum
from models.session_revision import SessionRevision
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession

# What a row says of itself, besides what the record says of the visit.
STAMPS = (
    "revision",
    "source",
    "created_at",
    "created_by",
    "signed_at",
    "signed_by",
    "voided_at",
    "voided_by",
    "void_reason",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One session as the tables have it."""

    id: UUID
    stamps: Mapping[str, Any]
    visit: Visit
    doses: Sequence[Any]
    readings: Sequence[Any]
    addenda: Sequence[Any]

    @property
    def revision(self) -> int:
        number: int = self.stamps["revision"]
        return number


def of_patient(chart: Chart) -> Any:
    """The condition that keeps to one patient's sessions."""
    return (TreatmentSession.clinic_id == chart.clinic_id) & (
        TreatmentSession.patient_id == chart.patient_id
    )


def find(connection: Connection, chart: Chart, session_id: UUID) -> Stored | None:
    """One session of the patient; None when there is no such."""
    own = select(TreatmentSession).where(of_patient(chart), TreatmentSession.id == session_id)
    found = whole(connection, chart, connection.execute(own).all())
    return found[0] if found else None


def whole(connection: Connection, chart: Chart, rows: Sequence[Any]) -> list[Stored]:
    """These rows with their doses, readings and addenda: one statement for each table."""
    ids = [row.id for row in rows]
    doses = _below(connection, chart, (Dose, ids), Dose.given_at, Dose.id)
    readings = _below(connection, chart, (SessionVitals, ids), SessionVitals.minute)
    addenda = _below(
        connection, chart, (SessionAddendum, ids), SessionAddendum.written_at, SessionAddendum.id
    )
    return [
        _stored(row, (doses.get(row.id, ()), readings.get(row.id, ()), addenda.get(row.id, ())))
        for row in rows
    ]


def _below(
    connection: Connection, chart: Chart, told: tuple[Any, list[UUID]], *order: Any
) -> dict[UUID, list[Any]]:
    table, ids = told
    if not ids:
        return {}
    statement = select(table).where(
        table.clinic_id == chart.clinic_id,
        table.patient_id == chart.patient_id,
        table.session_id.in_(ids),
    )
    found: dict[UUID, list[Any]] = {}
    for row in connection.execute(statement.order_by(*order)):
        found.setdefault(row.session_id, []).append(row)
    return found


def _stored(row: Any, below: tuple[Sequence[Any], ...]) -> Stored:
    doses, readings, addenda = below
    columns = {name: getattr(row, name) for name in (*COLUMNS, "local_date")}
    visit = Visit(
        columns,
        [{key: getattr(dose, key) for key in DOSE_KEYS} for dose in doses],
        {one.minute: {name: getattr(one, name) for name in READINGS} for one in readings},
    )
    stamps = {name: getattr(row, name) for name in STAMPS}
    return Stored(row.id, stamps, visit, doses, readings, addenda)


def insert_row(connection: Connection, chart: Chart, values: Mapping[str, Any]) -> None:
    """A new session's own row."""
    connection.execute(insert(TreatmentSession).values(**_owner(chart), **values))


def update_row(
    connection: Connection, chart: Chart, session_id: UUID, values: Mapping[str, Any]
) -> None:
    """Change a session's own row, and count the revision."""
    connection.execute(
        update(TreatmentSession)
        .where(of_patient(chart), TreatmentSession.id == session_id)
        .values(revision=TreatmentSession.revision + 1, **values)
    )


def write_doses(
    connection: Connection,
    chart: Chart,
    target: tuple[UUID, Visit],
    stored: Iterable[Any],
    stamp: tuple[UUID | None, str, datetime],
) -> None:
    """Make the session's doses those of the visit; one that stays as it was keeps its id.

    `stamp` is who writes, from which source, when.
    """
    session_id, visit = target
    left = list(stored)
    fresh = []
    for dose in visit.doses:
        kept = next((row for row in left if _same_dose(row, dose, visit)), None)
        if kept is None:
            fresh.append(dose)
        else:
            left.remove(kept)
    if left:
        own = (Dose.clinic_id == chart.clinic_id, Dose.patient_id == chart.patient_id)
        connection.execute(delete(Dose).where(*own, Dose.id.in_([row.id for row in left])))
    actor, source, now = stamp
    # A session's dose belongs to the session's own day, though it may be given after its boundary.
    shared = {
        **_owner(chart),
        "session_id": session_id,
        "place": "clinic",
        "timezone": visit["timezone"],
        "local_date": visit["local_date"],
        "source": source,
        "revision": 1,
        "created_at": now,
        "created_by": actor,
    }
    rows = [shared | {"id": new_id()} | {key: dose[key] for key in DOSE_KEYS} for dose in fresh]
    if rows:
        connection.execute(insert(Dose), rows)


def void_doses(
    connection: Connection, chart: Chart, session_id: UUID, stamp: Mapping[str, Any]
) -> None:
    """Void what was given in a session that is void, so that it counts nowhere either."""
    own = (Dose.clinic_id == chart.clinic_id, Dose.patient_id == chart.patient_id)
    connection.execute(update(Dose).where(*own, Dose.session_id == session_id).values(**stamp))


def _same_dose(row: Any, dose: Mapping[str, Any], visit: Visit) -> bool:
    placed = (row.timezone, row.local_date) == (visit["timezone"], visit["local_date"])
    return placed and all(getattr(row, key) == dose[key] for key in DOSE_KEYS)


def write_readings(
    connection: Connection,
    chart: Chart,
    target: tuple[UUID, Visit],
    stored: Mapping[int, Mapping[str, Any]],
    taken_by: UUID | None,
) -> None:
    """Make the session's readings those of the visit; the others' minutes are not touched."""
    session_id, visit = target
    moved = [
        minute
        for minute in {*stored, *visit.readings}
        if stored.get(minute) != visit.readings.get(minute)
    ]
    own = (
        SessionVitals.clinic_id == chart.clinic_id,
        SessionVitals.patient_id == chart.patient_id,
        SessionVitals.session_id == session_id,
    )
    if any(minute in stored for minute in moved):
        connection.execute(delete(SessionVitals).where(*own, SessionVitals.minute.in_(moved)))
    shared = {**_owner(chart), "session_id": session_id, "taken_by": taken_by}
    rows = [
        shared | {"minute": minute} | dict(visit.readings[minute])
        for minute in moved
        if minute in visit.readings
    ]
    if rows:
        connection.execute(insert(SessionVitals), rows)


def write_history(
    connection: Connection,
    chart: Chart,
    stored: Stored,
    stamp: tuple[UUID | None, datetime],
    confirmed: Iterable[str] = (),
) -> None:
    """What the session says now, whole, for ever; and which unlikely values were stood by."""
    body = {
        **stored.visit.columns,
        **stored.stamps,
        "doses": [
            {"id": row.id} | {key: getattr(row, key) for key in DOSE_KEYS} for row in stored.doses
        ],
        "vitals": [
            {"minute": row.minute, "taken_by": row.taken_by}
            | {name: getattr(row, name) for name in READINGS}
            for row in stored.readings
        ],
        "confirmed": sorted(confirmed),
    }
    actor, now = stamp
    connection.execute(
        insert(SessionRevision).values(
            **_owner(chart),
            session_id=stored.id,
            revision=stored.revision,
            body=as_json(body),
            actor=actor,
            changed_at=now,
        )
    )


def _owner(chart: Chart) -> dict[str, UUID]:
    return {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
