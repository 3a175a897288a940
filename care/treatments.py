"""Record, change, sign and void a treatment session: lock, judge, write it whole, with its history.

One path for every sender. The patient's stream is locked first, so that of two writers the second
decides on what the first has left. Everything impossible is refused at once; then what overlaps
another session; then what is unlikely is asked, until the sender stands by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, insert, select

from care import audit, visits
from care.principal import Chart, Principal
from care.refusals import (
    BaseMissing,
    Conflict,
    Fault,
    Invalid,
    NotYours,
    Questions,
    Signed,
    Stale,
)
from care.visit_forms import filled_in
from care.visit_surroundings import around
from care.visits import Stored
from clinical.treatments import HAPPENED
from clinical.visit_doubts import unsettled
from clinical.visits import TAKES_TIME, Visit, faults, loses, overlap, same
from models.patient_stream import ADVANCE_INPUTS, LOCK_STREAM
from models.session_addendum import SessionAddendum
from models.treatment_session import TreatmentSession


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """What somebody says about one session: the values they sent, and what they stand by.

    `given` is as the API's body after its schema; `confirmed` holds the JSON pointers of unlikely
    values that were asked about; `import_key` names an imported row for ever.
    """

    chart: Chart
    session_id: UUID
    given: Mapping[str, Any]
    confirmed: frozenset[str] = frozenset()
    source: Literal["staff", "import"] = "staff"
    import_key: str | None = None


def record(
    connection: Connection, principal: Principal, entry: SessionEntry, now: datetime
) -> None:
    """Write a new session: booked, or one that has happened.

    Raises Invalid with every fault, Conflict when it overlaps another or the import key is known,
    Questions for what is unlikely and not confirmed.
    """
    lock(connection, entry.chart)
    visit = filled_in(entry, principal, None)
    _judge(connection, principal, (entry, visit, None), now)
    values = {
        **visit.columns,
        "id": entry.session_id,
        "source": entry.source,
        "import_key": entry.import_key,
        "created_at": now,
        "created_by": principal.membership_id,
    }
    visits.insert_row(connection, entry.chart, values)
    _write_below(connection, principal, (entry, visit, None), now)
    _written(connection, principal, (entry, "session.record"), now)


def change(
    connection: Connection,
    principal: Principal,
    entry: SessionEntry,
    base: int | None,
    now: datetime,
) -> None:
    """Change what is sent of a session; saying what it says already changes nothing.

    `base` is the revision the sender saw, None where they name none: enough while nothing that
    somebody recorded would be lost. Raises as `record` does, and NotYours, Signed, Conflict for a
    void one, Stale and BaseMissing.
    """
    stored = locked(connection, entry.chart, entry.session_id)
    refuse_closed(stored)
    visit = filled_in(entry, principal, stored.visit)
    if same(stored.visit, visit):
        return
    if base is not None and base != stored.revision:
        raise Stale(stored.revision)
    if base is None and stored.visit["status"] in HAPPENED and loses(stored.visit, visit):
        raise BaseMissing(stored.revision)
    _judge(connection, principal, (entry, visit, stored), now)
    visits.update_row(connection, entry.chart, stored.id, visit.columns)
    _write_below(connection, principal, (entry, visit, stored), now)
    _written(connection, principal, (entry, "session.change"), now)


def lock(connection: Connection, chart: Chart) -> None:
    """Let no other write about this patient in before the caller's own is committed."""
    if connection.dialect.name == "sqlite":  # BEGIN IMMEDIATE already holds the only lock there is
        return
    owner = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
    connection.execute(LOCK_STREAM, owner)


def locked(connection: Connection, chart: Chart, session_id: UUID) -> Stored:
    """The session as nobody else can change it now; NotYours when the patient has no such."""
    lock(connection, chart)
    return known(connection, chart, session_id)


def known(connection: Connection, chart: Chart, session_id: UUID) -> Stored:
    """The session; NotYours when the patient has no such."""
    stored = visits.find(connection, chart, session_id)
    if stored is None:
        reached = ("treatment_session", session_id)
        raise NotYours("No such session.", "session.read", reached)
    return stored


def refuse_closed(stored: Stored) -> None:
    """Conflict for a void session, Signed for a signed one."""
    if stored.stamps["voided_at"] is not None:
        raise Conflict("This session is void: it was entered in error.")
    if stored.stamps["signed_at"] is not None:
        raise Signed("This session is signed: write an addendum, or void it.")


def _judge(
    connection: Connection,
    principal: Principal,
    told: tuple[SessionEntry, Visit, Stored | None],
    now: datetime,
) -> None:
    entry, visit, stored = told
    surroundings, more = around(connection, principal, (entry.chart, entry.session_id, visit), now)
    found = [Fault(fault.pointer, fault.detail) for fault in faults(visit, surroundings)]
    if found or more:
        raise Invalid(found + more)
    _refuse_overlap(connection, entry, visit)
    before = None if stored is None else stored.visit
    asked = [
        Fault(doubt.pointer, doubt.detail)
        for doubt in unsettled(visit, before, surroundings)
        if doubt.pointer not in entry.confirmed
    ]
    if asked:
        raise Questions(asked)


def _refuse_overlap(connection: Connection, entry: SessionEntry, visit: Visit) -> None:
    if visit["status"] not in TAKES_TIME:
        return
    near = timedelta(days=3)  # farther than the longest session and the farthest zone reach
    rows = connection.execute(
        select(TreatmentSession).where(
            visits.of_patient(entry.chart),
            TreatmentSession.id != entry.session_id,
            TreatmentSession.voided_at.is_(None),
            TreatmentSession.status.in_(TAKES_TIME),
            TreatmentSession.local_date >= visit["local_date"] - near,
            TreatmentSession.local_date <= visit["local_date"] + near,
        )
    ).all()
    if any(overlap(visit, other.visit) for other in visits.bare(rows)):
        raise Conflict("Overlaps another session of this patient.")


def _write_below(
    connection: Connection,
    principal: Principal,
    told: tuple[SessionEntry, Visit, Stored | None],
    now: datetime,
) -> None:
    entry, visit, stored = told
    target = (entry.session_id, visit)
    stamp = (principal.membership_id, entry.source, now)
    rows = () if stored is None else stored.doses
    visits.write_doses(connection, entry.chart, target, rows, stamp)
    readings = {} if stored is None else stored.visit.readings
    visits.write_readings(connection, entry.chart, target, readings, principal.membership_id)


def _written(
    connection: Connection, principal: Principal, told: tuple[SessionEntry, str], now: datetime
) -> None:
    """What each write leaves: the revision's whole text, an audit row, and summaries to renew."""
    entry, action = told
    chart = entry.chart
    stamp = (principal.membership_id, now)
    stored = known(connection, chart, entry.session_id)
    visits.write_history(connection, chart, stored, stamp, entry.confirmed)
    moved = {"in_clinic": chart.clinic_id, "of_patient": chart.patient_id}
    connection.execute(ADVANCE_INPUTS, moved)
    leave_trace(connection, principal, (chart, entry.session_id, action), now)


def leave_trace(
    connection: Connection, principal: Principal, told: tuple[Chart, UUID, str], now: datetime
) -> None:
    """The audit row of an action on a session."""
    chart, session_id, action = told
    subject = ("treatment_session", session_id)
    event = audit.event_values(principal, action, now, subject=subject, patient_id=chart.patient_id)
    audit.write(connection, event)


def sign(
    connection: Connection,
    principal: Principal,
    target: tuple[Chart, UUID],
    base: int | None,
    now: datetime,
) -> None:
    """Sign a session that has happened: from now on only addenda are added to it.

    Signing one's own signature again changes nothing. `base`, where given, must be the revision
    the signer saw.
    """
    chart, session_id = target
    stored = locked(connection, chart, session_id)
    signer, voided_at = stored.stamps["signed_by"], stored.stamps["voided_at"]
    if signer is not None and signer == principal.membership_id and voided_at is None:
        return
    refuse_closed(stored)
    if base is not None and base != stored.revision:
        raise Stale(stored.revision)
    if stored.visit["status"] not in HAPPENED:
        raise Conflict("Only what was completed or aborted is signed.")
    stamp = {"signed_at": now, "signed_by": principal.membership_id}
    visits.update_row(connection, chart, session_id, stamp)
    entry = SessionEntry(chart, session_id, {})
    _written(connection, principal, (entry, "session.sign"), now)


def void(
    connection: Connection,
    principal: Principal,
    target: tuple[Chart, UUID],
    reason: str,
    now: datetime,
) -> None:
    """Take a session back that was entered in error, signed or not: it counts nowhere, and its
    time is free again."""
    chart, session_id = target
    stored = locked(connection, chart, session_id)
    if stored.stamps["voided_at"] is not None:
        raise Conflict("This session is void already.")
    stamp = {"voided_at": now, "voided_by": principal.membership_id, "void_reason": reason}
    visits.update_row(connection, chart, session_id, stamp)
    visits.void_doses(connection, chart, session_id, stamp)
    entry = SessionEntry(chart, session_id, {})
    _written(connection, principal, (entry, "session.void"), now)


def add_addendum(
    connection: Connection,
    principal: Principal,
    target: tuple[Chart, UUID, UUID],
    text: str,
    now: datetime,
) -> None:
    """Add to a signed session; `target` ends with the addendum's id. Nothing in it is changed."""
    chart, session_id, addendum_id = target
    stored = locked(connection, chart, session_id)
    if stored.stamps["voided_at"] is not None:
        raise Conflict("This session is void: it was entered in error.")
    if stored.stamps["signed_at"] is None:
        raise Conflict("This session is not signed: change it instead.")
    connection.execute(
        insert(SessionAddendum).values(
            clinic_id=chart.clinic_id,
            patient_id=chart.patient_id,
            session_id=session_id,
            id=addendum_id,
            text=text,
            written_at=now,
            written_by=principal.membership_id,
        )
    )
    leave_trace(connection, principal, (chart, session_id, "session.addendum"), now)
