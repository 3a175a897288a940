"""Assessments recorded, corrected and voided; every readable answer is asked about, each time.

What was said before a correction stays (fact_revision). A score is there only where its scale says
so; nothing is filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from care import instruments, rows, safety, streams
from care.life import life
from care.principal import Chart, Principal
from care.refusals import Conflict, Fault, Invalid
from care.safety import SafetyCard, ScaleAsked
from clinical.assessment_answers import answer_faults, status_of
from clinical.days import CLOCK_AHEAD_TOLERANCE, local_day
from clinical.instruments import Instrument, score
from models.assessment import Assessment
from models.treatment_session import TreatmentSession

# A scale begun before the day's boundary may be finished after it.
_A_DAY_OFF = timedelta(days=1)
_CHANGEABLE = (
    "local_date",
    "completed_at",
    "timezone",
    "items",
    "total",
    "extra",
    "not_answered",
    "session_id",
    "minute",
    "note",
)


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    """`given` holds an assessment's columns by name, or the reason of a void; `name` is the
    sender's own for a new one."""

    chart: Chart
    id: UUID
    given: Mapping[str, Any]
    source: Literal["staff", "app"]
    name: str | None = None


def record(
    connection: Connection, principal: Principal, entry: AssessmentEntry, now: datetime
) -> SafetyCard | None:
    """A new assessment, whole or in part; Invalid with every fault."""
    streams.lock(connection, entry.chart)
    told = {name: entry.given.get(name) for name in _CHANGEABLE}
    scale = instruments.own(connection, entry.chart.clinic_id).get(entry.given["instrument"])
    if scale is None or scale.retired:
        raise Invalid([Fault("/instrument", "No such scale in use in this clinic.")])
    _refuse(_faults(connection, entry, (scale, told), now))
    row = {**rows.key(entry.chart, entry.id), **told, **_scored(scale, told)}
    row |= {"instrument": scale.key, "instrument_revision": scale.revision}
    row |= {"source": entry.source, "created_at": now, "created_by": principal.membership_id}
    connection.execute(insert(Assessment).values(**row))
    _written(connection, principal, "create", entry, now)
    return asked(connection, principal, entry, now)


def change(
    connection: Connection,
    principal: Principal,
    entry: AssessmentEntry,
    base: int | None,
    now: datetime,
) -> SafetyCard | None:
    """Correct or complete it with what is given; what is as it was writes nothing.

    Whoever replaces a value names the revision they saw: Stale, BaseMissing otherwise. Conflict for
    a void one, and for answers that are somebody else's: a patient's are changed by nobody but the
    patient, and the patient changes no others.
    """
    streams.lock(connection, entry.chart)
    stored = rows.find(connection, Assessment, entry.chart, entry.id)
    if stored.voided_at is not None:
        raise Conflict("This was entered in error and is void: it is changed no more.")
    if (principal.role == "patient") != (stored.source == "app"):
        raise Conflict("Somebody else's answers: only who entered them may change them.")
    told = {name: getattr(stored, name) for name in _CHANGEABLE}
    if stored.items is not None or entry.given.get("items") is not None:
        told["total"] = None  # it is worked out again
    told |= entry.given
    scale = instruments.form_of(connection, entry.chart.clinic_id, stored)
    is_total = stored.items is None
    _refuse(_faults(connection, entry, (scale, told), now, by_total=is_total))
    row = told | _scored(scale, told)
    if any(value != getattr(stored, name) for name, value in row.items()):
        rows.refuse_unseen(stored, entry.given, base)
        _update(connection, entry, row)
        _written(connection, principal, "change", entry, now)
    return asked(connection, principal, entry, now)


def void(
    connection: Connection,
    principal: Principal,
    entry: AssessmentEntry,
    base: int | None,
    now: datetime,
) -> None:
    """Mark it as entered in error, for the `reason` given; it stays, and counts nowhere.

    Again, it changes nothing. Conflict for a patient who would void what others entered.
    """
    streams.lock(connection, entry.chart)
    stored = rows.find(connection, Assessment, entry.chart, entry.id)
    if principal.role == "patient" and stored.source != "app":
        raise Conflict("Somebody else's answers: ask the clinic to void them.")
    if stored.voided_at is not None:
        return
    rows.refuse_unseen(stored, {}, base)
    marks = {"voided_at": now, "voided_by": principal.membership_id}
    _update(connection, entry, marks | {"void_reason": entry.given["reason"]})
    _written(connection, principal, "void", entry, now)


def asked(
    connection: Connection, principal: Principal, entry: AssessmentEntry, now: datetime
) -> SafetyCard | None:
    """What the safety rules say of the assessment as it is stored; sent again, it adds nothing."""
    stored = rows.find(connection, Assessment, entry.chart, entry.id)
    state = f"assessment:{stored.id}:{stored.revision}"
    told = ScaleAsked(
        chart=entry.chart,
        assessment_id=stored.id,
        revision=stored.revision,
        instrument=stored.instrument,
        items=None if stored.items is None else tuple(stored.items),
        extra=stored.extra or {},
        total=stored.total,
        local_date=stored.local_date,
        source=entry.source,
        # What was refused under the same name has been told, where its alert is still open.
        key=state if entry.name is None else safety.name_of(principal, entry.name, None),
        sent=state,
    )
    return safety.ask_of_scale(connection, principal, told, now)


def _faults(
    connection: Connection,
    entry: AssessmentEntry,
    answered: tuple[Instrument, Mapping[str, Any]],
    now: datetime,
    *,
    by_total: bool = False,
) -> list[Fault]:
    scale, told = answered
    found = answer_faults(scale, told, by_total=by_total)
    faults = [Fault(pointer, words) for pointer, words in found]
    if entry.source == "app":
        faults += _faults_of_a_patients(scale, told)
    faults += life(connection, entry.chart, now).faults("/date", told["local_date"])
    faults += _time_faults(entry.chart, told, now)
    session_id = told["session_id"]
    if session_id is None:
        return faults + ([] if told["minute"] is None else [_MINUTE_OF_NONE])
    mine = (*rows.of_chart(TreatmentSession, entry.chart), TreatmentSession.id == session_id)
    own = select(TreatmentSession.local_date, TreatmentSession.started_at).where(*mine)
    session = connection.execute(own).one_or_none()
    if session is None:
        return [*faults, Fault("/session_id", "No such session of this patient.")]
    return faults + (_faults_beside(session, told) if entry.given.keys() & _OF_A_SESSION else [])


# Sent again: a note is taken whatever has become of the session meanwhile.
_OF_A_SESSION = frozenset({"local_date", "session_id", "minute", "completed_at"})
# Filling one in takes time, and a clock is read by eye: further apart they contradict (u).
_MINUTES_OFF = 30


def _faults_beside(session: Any, told: Mapping[str, Any]) -> list[Fault]:
    """Of a day or a minute that cannot be the session's."""
    faults = []
    if abs(session.local_date - told["local_date"]) > _A_DAY_OFF:
        faults.append(Fault("/session_id", "Is of another day than `date`."))
    if _contradicts(session.started_at, told["minute"], told["completed_at"]):
        words = f"Is over {_MINUTES_OFF} minutes from `completed_at`, by the session's start."
        faults.append(Fault("/minute", words))
    return faults


def _contradicts(began: datetime | None, minute: int | None, at: datetime | None) -> bool:
    if began is None or minute is None or at is None:
        return False
    return abs(at - began - timedelta(minutes=minute)) > timedelta(minutes=_MINUTES_OFF)


_MINUTE_OF_NONE = Fault("/minute", "Is counted from a session's start: name the session.")


def _faults_of_a_patients(scale: Instrument, told: Mapping[str, Any]) -> list[Fault]:
    faults = []
    if scale.rater == "clinician":
        faults.append(Fault("/instrument", "This scale is filled in by the clinic."))
    faults += [
        Fault(f"/{name}", "Is entered by the clinic.")
        for name in ("total", "session_id", "minute")
        if told[name] is not None
    ]
    return faults


def _time_faults(chart: Chart, told: Mapping[str, Any], now: datetime) -> list[Fault]:
    """Of an instant that has not come, or is of another day than the one it is told of."""
    at: datetime | None = told["completed_at"]
    if at is None:
        return []
    if at - now > CLOCK_AHEAD_TOLERANCE:
        return [Fault("/completed_at", "Must not lie ahead.")]
    day = local_day(at, told["timezone"] or chart.timezone, chart.days.day_boundary_minutes)
    if abs(day - told["local_date"]) <= _A_DAY_OFF:
        return []
    return [Fault("/completed_at", "Is of another day than `date`.")]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise Invalid(faults)


def _scored(scale: Instrument, told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from the answers."""
    scored = score(scale, told["items"], told["extra"] or {})
    by_total = told["items"] is None
    reasons = told["not_answered"] or {}
    return {
        "total": told["total"] if by_total else scored.total,
        "prorated_total": scored.prorated_total,
        "status": status_of(scored, reasons, by_total=by_total),
    }


def _update(connection: Connection, entry: AssessmentEntry, values: Mapping[str, Any]) -> None:
    mine = (*rows.of_chart(Assessment, entry.chart), Assessment.id == entry.id)
    changed = update(Assessment).where(*mine)
    connection.execute(changed.values(revision=Assessment.revision + 1, **values))


def _written(
    connection: Connection, principal: Principal, action: str, entry: AssessmentEntry, now: datetime
) -> None:
    streams.advance_inputs(connection, entry.chart)
    rows.note(connection, principal, action, (entry.chart, Assessment, entry.id), now)
