"""Holds a treatment session to what is possible, to the patient's other ones, and to the likely."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from care import visits
from care.principal import Principal
from care.refusals import Conflict, Fault, Invalid, Questions
from care.visit_forms import SessionEntry
from care.visit_surroundings import around
from care.visits import Stored
from clinical.days import zone
from clinical.visit_doubts import unsettled
from clinical.visits import TAKES_TIME, Visit, faults, overlap
from models.treatment_session import TreatmentSession


def judge(
    connection: Connection,
    principal: Principal,
    told: tuple[SessionEntry, Visit, Stored | None],
    now: datetime,
) -> None:
    """Hold a session to be written, its entry and what is stored of it (`told`), to all rules.

    Invalid for what is impossible, Conflict for what overlaps, Questions for what is unlikely.
    """
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


def refuse_known_key(connection: Connection, entry: SessionEntry) -> None:
    """Conflict when a row of this import key was ever recorded, void or not."""
    if entry.import_key is None:
        return
    own = (visits.of_patient(entry.chart), TreatmentSession.import_key == entry.import_key)
    if connection.execute(select(TreatmentSession.id).where(*own)).first() is not None:
        raise Conflict("This row was imported before.")


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
    for other in visits.whole(connection, entry.chart, rows):
        if overlap(visit, other.visit):
            raise Conflict(f"Overlaps another session of this patient{_when(entry, other.visit)}.")


def _when(entry: SessionEntry, other: Visit) -> str:
    """When the other begins, on the wall clock of its place; whoever made a file is not told."""
    if entry.source == "import" or other.begins is None:
        return ""
    begins = other.begins.astimezone(zone(other["timezone"]))
    return f", on {begins:%Y-%m-%d} at {begins:%H:%M} ({other['timezone']})"
