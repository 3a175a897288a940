"""Days brought in from a file: through the door of every check-in, and never over a stored day."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import safety
from care.checkins import carry_out
from care.intake.run import (
    Outcome,
    Person,
    Row,
    Run,
    by_patient,
    date_fault,
    kept,
    known,
    lock,
    name_of,
    refused,
    sift,
    told_on,
)
from care.protocol import Entry, Operation, Verdict, decide
from care.refusals import Fault
from clinical.checkins import ANSWER_KEYS, answers_anything, clinic_faults, readable
from models.checkin import DAY_COLUMNS, Checkin

_ABSENT = SimpleNamespace(op_kind=None, revision=None)


def take(connection: Connection, run: Run, rows: Sequence[Row]) -> list[Outcome]:
    """What becomes of each row, in order; new days are written where the run writes."""
    stand, outcomes = sift(run, rows, _judge)
    telling = _telling(run, rows)
    if run.write:
        lock(connection, (person.chart for _, person in [*stand, *telling]))
    stored = _stored(connection, run, stand)
    for row, person in stand:
        operation = _operation(row, person)
        day = stored.get((person.chart.patient_id, row.values["date"]), _ABSENT)
        verdict = decide(day, operation)
        if verdict is Verdict.CREATE and run.write:
            carry_out(connection, run.principal, operation, run.now)
            run.touched.add(person.chart.patient_id)
        outcomes[row.number] = _outcome(row, verdict, day)
    if run.write:
        _ask_of(connection, run, telling, outcomes)
    return [outcomes[row.number] for row in rows]


def _telling(run: Run, rows: Sequence[Row]) -> list[tuple[Row, Person]]:
    """The rows that a safety rule may have something to say of, whatever becomes of them."""
    return [
        (row, person) for row, person in known(run, rows) if safety.may_fire(readable(row.values))
    ]


def _ask_of(
    connection: Connection,
    run: Run,
    telling: Sequence[tuple[Row, Person]],
    outcomes: Mapping[int, Outcome],
) -> None:
    """A file of the past raises nothing urgent; what it tells of is looked at all the same."""
    for row, person in telling:
        outcome = outcomes.get(row.number)
        word = "refused" if outcome is None else outcome.word
        day, key = told_on(run, row, person), name_of(row, "import|")
        asked = safety.DayAsked(
            person.chart, day, readable(row.values), "import", key, word, sent=key
        )
        safety.ask_of_day(connection, run.principal, asked, run.now)


def hear(connection: Connection, run: Run, rows: Sequence[Row]) -> None:
    """Put what can be read of rows that are left out to the safety rules."""
    telling = _telling(run, rows)
    lock(connection, (person.chart for _, person in telling))
    _ask_of(connection, run, telling, {})


def _judge(run: Run, row: Row, person: Person) -> Outcome | None:
    if not answers_anything(row.values):
        return Outcome(row.number, "empty")
    found = clinic_faults(
        row.values,
        run.principal.clinic.measures,
        asks_safety=run.principal.clinic.asks_safety,
    )
    faults = [Fault(pointer, detail) for pointer, detail in found]
    day = row.values["date"]
    fault = date_fault(person, day, run.now)
    faults += [] if fault is None else [fault]
    if not faults:
        fault = run.claim(row, (person.chart.patient_id, day))
        faults += [] if fault is None else [fault]
    return refused(row, *faults) if faults else None


def _operation(row: Row, person: Person) -> Operation:
    answers = {key: row.values.get(key) for key in ANSWER_KEYS}
    return Operation(person.chart, Entry(row.values["date"], answers), source="import")


def _stored(
    connection: Connection, run: Run, stand: Sequence[tuple[Row, Person]]
) -> Mapping[tuple[UUID, date], Any]:
    """The stored days among those asked about, as care.protocol.decide wants to see them."""
    asked = [(person.chart.patient_id, row.values["date"]) for row, person in stand]
    found = {}
    for patient_id, days in by_patient(asked).items():
        statement = select(*DAY_COLUMNS).where(
            Checkin.clinic_id == run.principal.clinic_id,
            Checkin.patient_id == patient_id,
            Checkin.local_date.in_(days),
        )
        for day in connection.execute(statement):
            found[patient_id, day.local_date] = SimpleNamespace(**day._mapping, op_kind=None)
    return found


def _outcome(row: Row, verdict: Verdict, day: Any) -> Outcome:
    if verdict is Verdict.CREATE:
        return Outcome(row.number, "new")
    if verdict is Verdict.DUPLICATE:
        return Outcome(row.number, "same")
    return kept(row, "This day was deleted here, and stays so.") if day.deleted else kept(row)
