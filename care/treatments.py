"""Record, change, sign and void a treatment session: lock, judge, write it whole, with its history.

One path for every sender. The patient's stream is locked first, so that of two writers the second
decides on what the first has left. Everything impossible is refused at once; then what overlaps
another session; then what is unlikely is asked, until the sender stands by it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert

from care import audit, streams, visits
from care.principal import Chart, Principal
from care.refusals import (
    BaseMissing,
    Conflict,
    NotYours,
    Signed,
    Stale,
)
from care.visit_forms import SessionEntry, filled_in
from care.visit_rules import judge, refuse_known_key
from care.visits import Stored
from clinical.treatments import HAPPENED
from clinical.visits import Visit, loses, same
from models.session_addendum import SessionAddendum

__all__ = ["SessionEntry", "add_addendum", "change", "record", "sign", "void"]


def record(
    connection: Connection, principal: Principal, entry: SessionEntry, now: datetime
) -> None:
    """Write a new session: booked, or one that has happened.

    Raises Invalid with every fault, Conflict when it overlaps another or the import key is known,
    Questions for what is unlikely and not confirmed.
    """
    streams.lock(connection, entry.chart)
    refuse_known_key(connection, entry)
    visit = filled_in(entry, principal, None)
    judge(connection, principal, (entry, visit, None), now)
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
    if base is None and stored.visit.has_begun and loses(stored.visit, visit):
        raise BaseMissing(stored.revision)
    judge(connection, principal, (entry, visit, stored), now)
    visits.update_row(connection, entry.chart, stored.id, visit.columns)
    _write_below(connection, principal, (entry, visit, stored), now)
    _written(connection, principal, (entry, "session.change"), now)


def locked(connection: Connection, chart: Chart, session_id: UUID) -> Stored:
    """The session as nobody else can change it now; NotYours when the patient has no such."""
    streams.lock(connection, chart)
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
    streams.advance_inputs(connection, chart)
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
    told: tuple[str, int | None],
    now: datetime,
) -> None:
    """Take a session back that was entered in error, signed or not: it counts nowhere, and its
    time is free again.

    `told` is why, and the revision that was seen: where one is given, it must be the present.
    """
    (chart, session_id), (reason, base) = target, told
    stored = locked(connection, chart, session_id)
    if stored.stamps["voided_at"] is not None:
        raise Conflict("This session is void already.")
    if base is not None and base != stored.revision:
        raise Stale(stored.revision)
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
