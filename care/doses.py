"""Doses taken at home: recorded, changed and taken back. They belong to no session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from care import audit, streams
from care.principal import Chart, Principal
from care.refusals import BaseMissing, Conflict, Fault, Invalid, NotYours, Questions, Stale
from care.safety_doses import ask_of_dose
from clinical.days import local_day
from clinical.home_doses import HOME_KEYS, home_doubts, home_faults
from models.db import as_json
from models.dose import Dose
from models.dose_revision import DoseRevision
from models.patient import Patient

_KEPT = (*HOME_KEYS, "local_date")


@dataclass(frozen=True, slots=True)
class DoseEntry:
    """What somebody says about one home dose; `confirmed` as in a SessionEntry."""

    chart: Chart
    dose_id: UUID
    given: Mapping[str, Any]
    confirmed: frozenset[str] = frozenset()


def record_home(
    connection: Connection, principal: Principal, entry: DoseEntry, now: datetime
) -> None:
    """Write a new home dose. Raises Invalid with every fault, Questions for what is unlikely."""
    streams.lock(connection, entry.chart)
    dose = _filled_in(entry, None)
    _judge(connection, entry, (dose, None), now)
    connection.execute(
        insert(Dose).values(
            clinic_id=entry.chart.clinic_id,
            patient_id=entry.chart.patient_id,
            id=entry.dose_id,
            place="home",
            source="staff",
            created_at=now,
            created_by=principal.membership_id,
            **dose,
        )
    )
    row = _written(connection, principal, (entry.chart, entry.dose_id, "dose.record"), now)
    ask_of_dose(connection, principal, (entry.chart, row), now)


def change_home(
    connection: Connection,
    principal: Principal,
    entry: DoseEntry,
    base: int | None,
    now: datetime,
) -> None:
    """Change what is sent of a home dose; saying what it says already changes nothing.

    Whoever replaces a value must name the revision they saw: Stale, BaseMissing otherwise.
    Conflict for a void dose, and for a session's, which is changed with its session.
    """
    stored = _locked_home(connection, entry.chart, entry.dose_id)
    before = {name: getattr(stored, name) for name in _KEPT}
    dose = _filled_in(entry, before)
    if dose == before:
        return
    if base is not None and base != stored.revision:
        raise Stale(stored.revision)
    replaced = [name for name in HOME_KEYS if before[name] not in (None, dose[name])]
    if base is None and replaced:
        raise BaseMissing(stored.revision)
    _judge(connection, entry, (dose, before), now)
    _update(connection, entry.chart, entry.dose_id, dose)
    row = _written(connection, principal, (entry.chart, entry.dose_id, "dose.change"), now)
    ask_of_dose(connection, principal, (entry.chart, row), now)


def void_home(
    connection: Connection,
    principal: Principal,
    target: tuple[Chart, UUID],
    told: tuple[str, int | None],
    now: datetime,
) -> None:
    """Take back a home dose entered in error: it counts nowhere from now on.

    `told` is why, and the revision that was seen: where one is given, it must be the present.
    """
    (chart, dose_id), (reason, base) = target, told
    stored = _locked_home(connection, chart, dose_id)
    if base is not None and base != stored.revision:
        raise Stale(stored.revision)
    stamp = {"voided_at": now, "voided_by": principal.membership_id, "void_reason": reason}
    _update(connection, chart, dose_id, stamp)
    _written(connection, principal, (chart, dose_id, "dose.void"), now)


def _locked_home(connection: Connection, chart: Chart, dose_id: UUID) -> Any:
    streams.lock(connection, chart)
    row = connection.execute(select(Dose).where(*_own(chart, dose_id))).one_or_none()
    if row is None:
        raise NotYours("No such dose.", "dose.read", ("dose", dose_id))
    if row.session_id is not None:
        raise Conflict("This dose was given in a session: change it there.")
    if row.voided_at is not None:
        raise Conflict("This dose is void: it was entered in error.")
    return row


def _own(chart: Chart, dose_id: UUID) -> tuple[Any, ...]:
    return (
        Dose.clinic_id == chart.clinic_id,
        Dose.patient_id == chart.patient_id,
        Dose.id == dose_id,
    )


def _update(connection: Connection, chart: Chart, dose_id: UUID, values: Mapping[str, Any]) -> None:
    own = update(Dose).where(*_own(chart, dose_id))
    connection.execute(own.values(revision=Dose.revision + 1, **values))


def _filled_in(entry: DoseEntry, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The dose as it would be: what is not sent stays, and its day moves with its time alone."""
    dose = dict(before or dict.fromkeys(_KEPT))
    dose |= {name: entry.given[name] for name in HOME_KEYS if name in entry.given}
    dose["timezone"] = dose["timezone"] or entry.chart.timezone
    dose["given_at"] = dose["given_at"].astimezone(UTC)
    when = ("given_at", "timezone")
    if before is None or any(dose[name] != before[name] for name in when):
        boundary = entry.chart.days.day_boundary_minutes
        dose["local_date"] = local_day(dose["given_at"], dose["timezone"], boundary)
    return dose


def _judge(
    connection: Connection,
    entry: DoseEntry,
    told: tuple[Mapping[str, Any], Mapping[str, Any] | None],
    now: datetime,
) -> None:
    dose, before = told
    own = (Patient.clinic_id == entry.chart.clinic_id, Patient.id == entry.chart.patient_id)
    birth_date = connection.scalars(select(Patient.birth_date).where(*own)).one()
    found = [Fault(fault.pointer, fault.detail) for fault in home_faults(dose, birth_date, now)]
    if found:
        raise Invalid(found)
    settled = [] if before is None else home_doubts(before)
    asked = [
        Fault(doubt.pointer, doubt.detail)
        for doubt in home_doubts(dose)
        if doubt not in settled and doubt.pointer not in entry.confirmed
    ]
    if asked:
        raise Questions(asked)


def _written(
    connection: Connection, principal: Principal, told: tuple[Chart, UUID, str], now: datetime
) -> Any:
    """What each write leaves: the revision's whole text, an audit row, and summaries to renew.
    Answers the dose as it is now."""
    chart, dose_id, action = told
    row = connection.execute(select(Dose).where(*_own(chart, dose_id))).one()
    connection.execute(
        insert(DoseRevision).values(
            clinic_id=chart.clinic_id,
            patient_id=chart.patient_id,
            dose_id=dose_id,
            revision=row.revision,
            body=as_json(row._asdict()),
            actor=principal.membership_id,
            changed_at=now,
        )
    )
    streams.advance_inputs(connection, chart)
    event = audit.event_values(
        principal, action, now, subject=("dose", dose_id), patient_id=chart.patient_id
    )
    audit.write(connection, event)
    return row
