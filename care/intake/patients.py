"""Patients brought in from a file, known by their MRN; none of them is invited by that."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import patients
from care.intake.run import Outcome, Row, Run, kept, refused
from care.refusals import Fault
from clinical.days import local_day
from models.account import Account
from models.db import new_id
from models.membership import Membership
from models.patient import Patient

EARLIEST_BIRTH_YEAR = 1900  # as for a patient entered by hand
_COLUMNS = (
    "mrn", "display_name", "birth_date", "email", "phone", "country", "language", "timezone",
    "emergency_contact",
)  # fmt: skip


def take(connection: Connection, run: Run, rows: Sequence[Row]) -> list[Outcome]:
    """What becomes of each row, in order; new patients are taken on where the run writes."""
    stored = _stored(connection, run, [row.values["mrn"] for row in rows])
    clinicians = _clinicians(connection, run, rows)
    outcomes = []
    for row in rows:
        email = row.values.get("clinician_email")
        faults = _faults(run, row)
        if email is not None and email.lower() not in clinicians:
            told = "No clinician of this clinic, or not in service, has this e-mail."
            faults.append(Fault("/clinician_email", told))
        there = stored.get(row.values["mrn"])
        if faults:
            outcomes.append(refused(row, *faults))
        elif there is not None:
            is_same = all(getattr(there, name) == value for name, value in _given(row).items())
            outcomes.append(Outcome(row.number, "same") if is_same else kept(row))
        else:
            if run.write:
                _write(connection, run, row, clinicians.get((email or "").lower()))
            outcomes.append(Outcome(row.number, "new"))
    return outcomes


def _given(row: Row) -> dict[str, Any]:
    given = {name: row.values[name] for name in _COLUMNS if name in row.values}
    email = given.get("email")
    return given if email is None else given | {"email": email.lower()}


def _faults(run: Run, row: Row) -> list[Fault]:
    faults = []
    born = row.values["birth_date"]
    if born.year < EARLIEST_BIRTH_YEAR or born > local_day(run.now, row.values["timezone"], 0):
        faults.append(Fault("/birth_date", f"Must be from {EARLIEST_BIRTH_YEAR} to today."))
    contact = row.values.get("emergency_contact") or {}
    for name in ("name", "phone") if contact else ():
        if contact.get(name) is None:
            faults.append(Fault(f"/emergency_contact/{name}", "An emergency contact needs it."))
    twice = None if faults else run.claim(row, row.values["mrn"])
    return faults if twice is None else [twice]


def _stored(connection: Connection, run: Run, mrns: Sequence[str]) -> Mapping[str, Any]:
    statement = select(Patient).where(
        Patient.clinic_id == run.principal.clinic_id, Patient.mrn.in_(mrns)
    )
    return {row.mrn: row for row in connection.execute(statement)}


def _clinicians(connection: Connection, run: Run, rows: Sequence[Row]) -> Mapping[str, UUID]:
    """The clinicians who are named, by e-mail: whoever treats a patient sees their chart."""
    named = {str(row.values.get("clinician_email") or "").lower() for row in rows} - {""}
    if not named:
        return {}
    statement = (
        select(Account.email, Membership.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.clinic_id == run.principal.clinic_id,
            Membership.role == "clinician",
            Membership.disabled_at.is_(None),
            Account.email.in_(named),
        )
    )
    return {row.email: row.id for row in connection.execute(statement)}


def _write(connection: Connection, run: Run, row: Row, clinician: UUID | None) -> None:
    patient_id = new_id()
    patients.take_on(connection, run.principal, (patient_id, _given(row)), run.now)
    if clinician is not None:
        place = (patient_id, clinician, new_id())
        patients.join_care_team(connection, run.principal, place, run.now)
    run.touched.add(patient_id)
