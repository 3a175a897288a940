"""Treatment sessions brought in from a file: through the door of every session, judged as new ones.

A session is judged beside those before it, and so do the rows of a file beside each other. Each is
therefore written within a savepoint, also where the run only asks; the caller undoes that.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import treatments, visits
from care.intake.run import Outcome, Person, Row, Run, kept, lock, refused, sift
from care.refusals import Conflict, Fault, Invalid, Questions
from care.treatments import SessionEntry
from care.visit_forms import filled_in
from clinical.days import local_day, zone
from clinical.treatments import HAPPENED
from clinical.visits import COLUMNS, same
from models.db import new_id
from models.treatment_session import TreatmentSession

_TWICE = "That time of day came twice, or not at all: the clocks were changed."
_DAY_BEFORE = "At the assumed time of day it is still the day before for this patient."


def take(connection: Connection, run: Run, rows: Sequence[Row]) -> list[Outcome]:
    """What becomes of each row, in order; every new one is written, for the caller to keep."""
    stand, outcomes = sift(run, rows, _judge)
    lock(connection, (person.chart for _, person in stand))
    for row, person in stand:
        outcomes[row.number] = _taken(connection, run, row, person)
    return [outcomes[row.number] for row in rows]


def import_key(values: Mapping[str, Any]) -> str:
    """What names an imported session for ever: the other system's id, or else its time as the file
    has it, so that another assumed time of day makes no second session of it."""
    if values.get("external_id") is not None:
        return f"id:{values['external_id']}"
    if values.get("started_at") is not None:
        return f"at:{values['started_at'].isoformat()}"
    clock = values.get("time")
    return f"on:{values['date']}" + ("" if clock is None else f"T{clock.isoformat()}")


def _judge(run: Run, row: Row, person: Person) -> Outcome | None:
    values = row.values
    faults = []
    if values.get("started_at") is None and values.get("date") is None:
        faults.append(Fault("/started_at", "Is missing."))
    elif values.get("started_at") is None and _clock(values) is None:
        faults.append(Fault("/time", "Is missing, and the mapping states no `default_time`."))
    else:
        for name, moment in _moments(row, person).items():
            if moment is not None and _instant(moment, person, values) is None:
                faults.append(Fault(f"/{name}", _TWICE))
    if not faults and _falls_on_the_day_before(row, person):
        faults.append(Fault("/date", _DAY_BEFORE))
    if not faults:
        twice = run.claim(row, (person.chart.patient_id, import_key(values)))
        faults += [] if twice is None else [twice]
    return refused(row, *faults) if faults else None


def _falls_on_the_day_before(row: Row, person: Person) -> bool:
    """Whether a time nobody gave would move the session off the day that somebody did."""
    values = row.values
    if values.get("started_at") is not None or values.get("time") is not None:
        return False
    began = _moments(row, person)["started_at"]
    at = None if began is None else _instant(began, person, values)
    assert at is not None  # _judge has seen to it
    place, boundary = values["timezone"] or person.chart.timezone, person.chart.days
    fell_on = local_day(at, place, boundary.day_boundary_minutes)
    return bool(fell_on != values["date"])


def _clock(values: Mapping[str, Any]) -> time | None:
    """The time of day of a row that has only a date, where one is given or assumed."""
    given: time | None = values.get("time") or values["default_time"]
    return given


def _moments(row: Row, person: Person) -> dict[str, datetime | None]:
    """When it began and stopped, as the file has it: on the wall clock where no offset is given."""
    values = row.values
    began = values.get("started_at")
    if began is None:
        clock = _clock(values)
        assert clock is not None  # _judge has seen to it
        began = datetime.combine(values["date"], clock)
    return {"started_at": began, "stopped_at": values.get("stopped_at")}


def _instant(moment: datetime, person: Person, values: Mapping[str, Any]) -> datetime | None:
    """The instant in UTC; None for a wall time that the zone had twice, or never."""
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    place = zone(values["timezone"] or person.chart.timezone)
    first, second = (moment.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    return first.astimezone(UTC) if first.utcoffset() == second.utcoffset() else None


def _taken(connection: Connection, run: Run, row: Row, person: Person) -> Outcome:
    key = import_key(row.values)
    given = _given(row, person)
    there = _stored(connection, person, key)
    if there is not None:
        return _compared(run, row, SessionEntry(person.chart, there.id, given), there)
    entry = SessionEntry(person.chart, new_id(), given, source="import", import_key=key)
    try:
        _record(connection, run, entry)
    except Invalid as invalid:
        return refused(row, *invalid.faults)
    except Conflict as conflict:
        return refused(row, Fault("", conflict.detail))
    except Questions as questions:
        return Outcome(row.number, "asked", tuple(questions.faults))
    run.touched.add(person.chart.patient_id)
    return Outcome(row.number, "new")


def _record(connection: Connection, run: Run, entry: SessionEntry) -> None:
    """Record it; what is unlikely is stood by where the operator has said so."""
    try:
        with connection.begin_nested():
            treatments.record(connection, run.principal, entry, run.now)
    except Questions as questions:
        if not run.confirm_unlikely:
            raise
        confirmed = frozenset(fault.pointer for fault in questions.faults)
        with connection.begin_nested():
            treatments.record(connection, run.principal, _confirmed(entry, confirmed), run.now)


def _confirmed(entry: SessionEntry, pointers: frozenset[str]) -> SessionEntry:
    return SessionEntry(
        entry.chart, entry.session_id, entry.given, pointers, entry.source, entry.import_key
    )


def _given(row: Row, person: Person) -> dict[str, Any]:
    """The row as the body of a session: what did not happen was booked for that time."""
    values = row.values
    given = {name: values[name] for name in COLUMNS if values.get(name) is not None}
    given["status"] = values.get("status") or "completed"
    given["timezone"] = values["timezone"] or person.chart.timezone
    moments = _moments(row, person)
    began, stopped = (
        None if moment is None else _instant(moment, person, values) for moment in moments.values()
    )
    happened = given["status"] in HAPPENED
    given |= {"started_at": began} if happened else {"scheduled_at": began, "started_at": None}
    return given | {"stopped_at": stopped, "doses": values["doses"], "vitals": values["vitals"]}


def _stored(connection: Connection, person: Person, key: str) -> visits.Stored | None:
    chart = person.chart
    own = select(TreatmentSession.id).where(
        visits.of_patient(chart), TreatmentSession.import_key == key
    )
    session_id: UUID | None = connection.scalar(own)
    return None if session_id is None else visits.find(connection, chart, session_id)


def _compared(run: Run, row: Row, entry: SessionEntry, there: visits.Stored) -> Outcome:
    if there.stamps["voided_at"] is not None:
        return kept(row, "This session was voided here, and stays so.")
    is_same = same(there.visit, filled_in(entry, run.principal, there.visit))
    return Outcome(row.number, "same") if is_same else kept(row)
