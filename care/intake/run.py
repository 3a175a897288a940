"""One run of an intake: who it is done for, which rows have been claimed, whom it touched."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, select

from care import audit
from care.principal import Chart, ClinicRules, Principal, operator
from care.refusals import Fault, NotFound
from clinical.days import DayRules, local_day
from clinical.measures import custom_measures
from models.clinic import Clinic
from models.patient import Patient
from models.patient_stream import LOCK_STREAM
from models.reviewers import ASKS_SAFETY

# new: written (or to be); same: stored already; kept: stored otherwise, and left as it is;
# refused: cannot be; asked: unlikely, and not confirmed; empty: says nothing.
Word = Literal["new", "same", "kept", "refused", "asked", "empty"]
WORDS: tuple[Word, ...] = ("new", "same", "kept", "empty", "refused", "asked")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file, shaped like the API's body of its kind."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row; the reasons point into its values and never repeat one."""

    number: int
    word: Word
    reasons: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as an intake needs to know them."""

    chart: Chart
    birth_date: date


@dataclass(slots=True)
class Run:
    """What one run knows and remembers. `write` False: it only says what it would do."""

    principal: Principal
    now: datetime
    write: bool = False
    confirm_unlikely: bool = False
    people: dict[str, Person] = field(default_factory=dict)
    seen: dict[Hashable, int] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)

    def claim(self, row: Row, identity: Hashable) -> Fault | None:
        """The fault of a row whose identity an earlier row of the file has claimed."""
        first = self.seen.setdefault(identity, row.number)
        if first == row.number:
            return None
        return Fault("", f"Row {first} is about the same: only the first counts.")


NOBODY = Fault("/mrn", "No patient of this clinic has this MRN.")


def open_run(
    connection: Connection, clinic_id: UUID, now: datetime, *, write: bool, confirm_unlikely: bool
) -> Run:
    """A run for this clinic by whoever runs the command; NotFound when there is no such clinic."""
    of_clinic = select(Clinic, ASKS_SAFETY.label("asks_safety")).where(
        Clinic.clinic_id == clinic_id
    )
    clinic = connection.execute(of_clinic).one_or_none()
    if clinic is None:
        raise NotFound("No such clinic.")
    rules = ClinicRules(
        clinic.timezone,
        clinic.backfill_days,
        custom_measures(clinic.custom_measures),
        bool(clinic.asks_safety),
    )
    principal = replace(operator(clinic_id), clinic=rules)
    run = Run(principal, now, write, confirm_unlikely)
    run.people = _people(connection, principal)
    return run


def _people(connection: Connection, principal: Principal) -> dict[str, Person]:
    columns = (
        Patient.mrn, Patient.id, Patient.timezone, Patient.day_boundary_minutes, Patient.birth_date,
    )  # fmt: skip
    own = (Patient.clinic_id == principal.clinic_id, Patient.mrn.is_not(None))
    found = {}
    for row in connection.execute(select(*columns).where(*own)):
        days = DayRules(row.day_boundary_minutes, principal.clinic.backfill_days)
        chart = Chart(principal.clinic_id, row.id, row.timezone, days)
        found[row.mrn] = Person(chart, row.birth_date)
    return found


def close_run(connection: Connection, run: Run, kind: str) -> None:
    """One audit row for each patient the run has written something about."""
    for patient_id in sorted(run.touched):
        subject = ("patient", patient_id)
        event = audit.event_values(
            run.principal, f"intake.{kind}", run.now, subject=subject, patient_id=patient_id
        )
        audit.write(connection, event)


def lock(connection: Connection, charts: Iterable[Chart]) -> None:
    """Let no other write about these patients in; always in one order, so that two runs queue."""
    if connection.dialect.name == "sqlite":  # BEGIN IMMEDIATE already holds the only lock there is
        return
    for chart in sorted(set(charts), key=lambda chart: chart.patient_id):
        owner = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
        connection.execute(LOCK_STREAM, owner)


def known(run: Run, rows: Iterable[Row]) -> list[tuple[Row, Person]]:
    """The rows that are about a patient of the clinic, whatever else is in them."""
    found = ((row, run.people.get(row.values.get("mrn") or "")) for row in rows)
    return [(row, person) for row, person in found if person is not None]


def told_on(run: Run, row: Row, person: Person) -> date:
    """The day a row is about; where it cannot be read, the patient's today."""
    day: date | None = row.values.get("date")
    chart = person.chart
    return day or local_day(run.now, chart.timezone, chart.days.day_boundary_minutes)


def name_of(row: Row, kind: str) -> str:
    """What names a row of its kind for ever: its day, or all it says where that is unreadable."""
    day = row.values.get("date")
    if day is not None:
        return f"{kind}{day}"
    said = repr(sorted((key, repr(value)) for key, value in row.values.items()))
    return f"{kind}undated:{hashlib.sha256(said.encode()).hexdigest()}"


def date_fault(person: Person, day: date, now: datetime) -> Fault | None:
    """The fault of a day the patient cannot have lived yet, or had not begun to live."""
    if day < person.birth_date:
        return Fault("/date", "Is before the patient's birth.")
    today = local_day(now, person.chart.timezone, person.chart.days.day_boundary_minutes)
    return Fault("/date", "Is in the future.") if day > today else None


def refused(row: Row, *faults: Fault) -> Outcome:
    return Outcome(row.number, "refused", faults)


def kept(row: Row, why: str = "What is stored differs, and stays.") -> Outcome:
    return Outcome(row.number, "kept", (Fault("", why),))


Judge = Callable[[Run, Row, Person], Outcome | None]


def sift(
    run: Run, rows: Sequence[Row], judge: Judge
) -> tuple[list[tuple[Row, Person]], dict[int, Outcome]]:
    """The rows that are about a patient of the clinic and stand up to `judge`; and the outcomes of
    the others, by number."""
    stand, outcomes = [], {}
    for row in rows:
        person = run.people.get(row.values["mrn"])
        outcome = refused(row, NOBODY) if person is None else judge(run, row, person)
        if outcome is None and person is not None:
            stand.append((row, person))
        elif outcome is not None:
            outcomes[row.number] = outcome
    return stand, outcomes


def by_patient(asked: Iterable[tuple[UUID, date]]) -> dict[UUID, list[date]]:
    """The days asked about of each patient: of (patient, day) pairs in one statement SQLite would
    find none by its index."""
    days: dict[UUID, list[date]] = {}
    for patient_id, day in asked:
        days.setdefault(patient_id, []).append(day)
    return days
