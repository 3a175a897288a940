"""Completed rating scales brought in from a file: one for each patient, scale and day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from care import audit, safety
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
from care.refusals import Fault
from care.safety import ScaleAsked
from clinical.assessment_answers import readable_items
from clinical.instruments import INSTRUMENTS, Instrument, faults_of
from models.assessment import Assessment
from models.db import new_id
from models.patient_stream import ADVANCE_INPUTS

Key = tuple[UUID, str, date]


def take(connection: Connection, run: Run, rows: Sequence[Row]) -> list[Outcome]:
    """What becomes of each row, in order; new assessments are written where the run writes."""
    stand, outcomes = sift(run, rows, _judge)
    if run.write:
        lock(connection, (person.chart for _, person in known(run, rows)))
    stored = _stored(connection, run, [_key(row, person) for row, person in stand])
    for row, person in stand:
        there = stored.get(_key(row, person), ())
        if there:
            is_same = any(_same(one, row.values) for one in there)
            outcomes[row.number] = Outcome(row.number, "same") if is_same else kept(row)
            continue
        if run.write:
            _write(connection, run, row, person)
        outcomes[row.number] = Outcome(row.number, "new")
    if run.write:
        _ask(connection, run, rows, outcomes)
    return [outcomes[row.number] for row in rows]


def _ask(
    connection: Connection, run: Run, rows: Sequence[Row], outcomes: Mapping[int, Outcome]
) -> None:
    """Put every readable answer to the safety rules, of rows that were refused or kept out too."""
    for row, person in known(run, rows):
        scale, outcome = _scale(row), outcomes.get(row.number)
        if scale is None or (outcome is not None and outcome.word == "same"):
            continue
        name = name_of(row, f"import:{scale.key}:")
        asked = ScaleAsked(
            chart=person.chart,
            assessment_id=new_id(),
            revision=0,
            instrument=scale.key,
            items=readable_items(scale, row.values.get("items")),
            extra={},
            total=_told_total(scale, row.values.get("total")),
            local_date=told_on(run, row, person),
            source="import",
            key=name,
            sent=name,
        )
        safety.ask_of_scale(connection, run.principal, asked, run.now)


def hear(connection: Connection, run: Run, rows: Sequence[Row]) -> None:
    """Put what can be read of rows that are left out to the safety rules."""
    lock(connection, (person.chart for _, person in known(run, rows)))
    _ask(connection, run, rows, {})


def _told_total(scale: Instrument, total: Any) -> float | None:
    """A total tells of an answer only where no other answers could give it."""
    return None if total is None or faults_of(scale, total, None) else float(total)


def _scale(row: Row) -> Instrument | None:
    return INSTRUMENTS.get(row.values.get("instrument") or "")


def _key(row: Row, person: Person) -> Key:
    return person.chart.patient_id, row.values["instrument"], row.values["date"]


def _judge(run: Run, row: Row, person: Person) -> Outcome | None:
    values = row.values
    if values["total"] is None:
        if values["items"] is None:
            return Outcome(row.number, "empty")
        return refused(row, Fault("/total", "Is missing: answers alone are not scored here."))
    found = faults_of(INSTRUMENTS[values["instrument"]], values["total"], values["items"])
    faults = [Fault("/" + field.replace(".", "/"), words) for field, words in found]
    fault = date_fault(person, values["date"], run.now)
    faults += [] if fault is None else [fault]
    if not faults:
        fault = run.claim(row, _key(row, person))
        faults += [] if fault is None else [fault]
    return refused(row, *faults) if faults else None


def _stored(connection: Connection, run: Run, keys: Sequence[Key]) -> Mapping[Key, list[Any]]:
    """What is stored of these patients on these days, from whatever source."""
    found: dict[Key, list[Any]] = {}
    asked = [(patient_id, day) for patient_id, _, day in keys]
    for patient_id, days in by_patient(asked).items():
        statement = select(Assessment).where(
            Assessment.clinic_id == run.principal.clinic_id,
            Assessment.patient_id == patient_id,
            Assessment.local_date.in_(days),
        )
        for one in connection.execute(statement):
            found.setdefault((patient_id, one.instrument, one.local_date), []).append(one)
    return found


def _same(stored: Any, values: Mapping[str, Any]) -> bool:
    """Whether the same was said: a file that has totals alone says nothing of the items."""
    items = values["items"]
    return stored.total == values["total"] and items in (None, stored.items)


def _write(connection: Connection, run: Run, row: Row, person: Person) -> None:
    clinic_id, patient_id = run.principal.clinic_id, person.chart.patient_id
    values, assessment_id = row.values, new_id()
    connection.execute(
        insert(Assessment).values(
            clinic_id=clinic_id,
            patient_id=patient_id,
            id=assessment_id,
            instrument=values["instrument"],
            local_date=values["date"],
            items=values["items"],
            total=float(values["total"]),
            source="import",
            # Two runs at once that both found nothing meet in this key, and one of them fails.
            import_key=f"{values['instrument']}:{values['date']}",
            created_at=run.now,
        )
    )
    connection.execute(ADVANCE_INPUTS, {"in_clinic": clinic_id, "of_patient": patient_id})
    subject = ("assessment", assessment_id)
    event = audit.event_values(
        run.principal, "assessment.create", run.now, subject=subject, patient_id=patient_id
    )
    audit.write(connection, event)
    run.touched.add(patient_id)
