"""Record or delete a check-in: lock, decide, write the day, its history and the audit row.

One path for every sender. The patient's stream is locked first, so that of two writers the second
decides (care/protocol.py) on what the first has left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Executable

from care import audit
from care.principal import Chart, Principal
from care.protocol import APPLYING, Day, Entry, Operation, Outcome, Verdict, decide, operation_hash
from care.refusals import Fault, Invalid
from clinical import days
from clinical.checkins import NO_ANSWERS, clinic_faults, normalized
from clinical.windows import NO_ANCHOR, Anchor, Session, anchor
from models.audit_event import INSERT_AUDIT_EVENT
from models.checkin import DAY_COLUMNS, INSERT_DAY, SELECT_DAY_AND_OPERATION, UPDATE_DAY
from models.checkin_revision import INSERT_REVISION
from models.db import new_id
from models.patient_stream import ADVANCE_STREAM, LOCK_STREAM
from models.prepared import together


def date_faults(entry: Entry, chart: Chart, now: datetime) -> list[Fault]:
    """The fault of a date that cannot have been logged then; imports are not held to it."""
    if entry.recorded_at is None or entry.timezone is None:
        return []
    first, last = days.allowed_dates(entry.recorded_at, entry.timezone, chart.days, now)
    if first <= entry.date <= last:
        return []
    return [Fault("/date", f"Must be from {first} to {last} for an entry recorded then.")]


Step = tuple[Executable, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Planned:
    """What an operation comes to, and what is to be written for it; `advances`: it takes the next
    version of the stream."""

    outcome: Outcome
    steps: tuple[Step, ...] = ()
    advances: bool = False


def carry_out(
    connection: Connection, principal: Principal, operation: Operation, now: datetime
) -> Outcome:
    """Lock, decide, and write if so decided; the caller commits.

    Raises Invalid for a date outside the allowed range, but only when it would be written.
    """
    stored = lock_and_read(connection, [operation])[0]
    planned = plan(stored, principal, operation, now)
    version = stored.stream_version + 1 if planned.advances else None
    write(connection, operation.chart, planned.steps, version)
    return planned.outcome


def lock_and_read(connection: Connection, operations: Sequence[Operation]) -> list[Any]:
    """The stream locked, then for each operation, all of one patient, a row of
    SELECT_DAY_AND_OPERATION; in one round trip on PostgreSQL."""
    reads = [(SELECT_DAY_AND_OPERATION, _asked(operation)) for operation in operations]
    if connection.dialect.name == "sqlite":  # BEGIN IMMEDIATE already holds the only lock there is
        return [rows[0] for rows in together(connection, *reads)]
    # Statements of their own: they take their snapshot after the lock was had, so see the winner.
    locked = together(connection, (LOCK_STREAM, reads[0][1]), *reads)
    return [rows[0] for rows in locked[1:]]


def _asked(operation: Operation) -> dict[str, Any]:
    return {
        "clinic_id": operation.chart.clinic_id,
        "patient_id": operation.chart.patient_id,
        "local_date": operation.entry.date,
        "op_id": operation.op_id,
    }


def write(connection: Connection, chart: Chart, steps: Sequence[Step], version: int | None) -> None:
    """Write what was planned, the stream first: to that version, None where it does not move."""
    moved = {"in_clinic": chart.clinic_id, "of_patient": chart.patient_id, "version": version}
    first = () if version is None else ((ADVANCE_STREAM, moved),)
    if first or steps:
        together(connection, *first, *steps)


def plan(stored: Any, principal: Principal, operation: Operation, now: datetime) -> Planned:
    """Decide on what is stored, a row of SELECT_DAY_AND_OPERATION; nothing is written yet.

    Raises Invalid for what cannot be logged here, or no longer, but only when it would be written.
    """
    verdict = decide(stored, operation)
    day = operation.entry.date
    if verdict is Verdict.REPLAYED:
        created = stored.op_result["created"]
        replayed = from_body(stored.op_body)
        return Planned(Outcome(verdict, replayed, created, stored_anchor(stored, day)))
    if verdict in APPLYING:
        return _applied(principal, operation, (stored, verdict, now))
    steps: tuple[Step, ...] = ()
    if verdict is Verdict.CONFLICT:
        steps = _kept_loser(principal, operation, now)
    current = None if stored.revision is None else day_of(stored)
    return Planned(Outcome(verdict, current, anchor=stored_anchor(stored, day)), steps)


def _applied(
    principal: Principal, operation: Operation, decision: tuple[Any, Verdict, datetime]
) -> Planned:
    stored, verdict, now = decision
    if verdict is not Verdict.DELETE:
        faults = _faults_here(principal, operation, stored)
        faults += date_faults(operation.entry, operation.chart, now)
        if faults:
            raise Invalid(faults)
    day = _new_day(operation, (stored.last_revision or 0) + 1, principal, now)
    created = verdict is Verdict.CREATE or (verdict is Verdict.REPLACE and bool(stored.deleted))
    version = stored.stream_version + 1
    owner = {"clinic_id": operation.chart.clinic_id, "patient_id": operation.chart.patient_id}
    row = owner | dict(day) | {"version": version, "skew_ms": operation.skew_ms}
    key = {f"key_{name}": row[name] for name in ("clinic_id", "patient_id", "local_date")}
    steps: tuple[Step, ...] = (
        (INSERT_DAY, row) if stored.revision is None else (UPDATE_DAY, row | key),
        (INSERT_REVISION, _history(operation, day, principal, (version, created))),
        (INSERT_AUDIT_EVENT, _audit(operation, principal, verdict, now)),
    )
    outcome = Outcome(verdict, day, created, _written_anchor(stored, day, created))
    return Planned(outcome, steps, advances=True)


def _faults_here(principal: Principal, operation: Operation, stored: Any) -> list[Fault]:
    """What this clinic does not take, or no longer; what is stored already stays as it is.

    Asked last: a known operation and an equal day are what they were, whatever the clinic asks now.
    """
    answers = operation.entry.answers
    if answers is None or operation.source == "import":  # which is judged by its own rules
        return []
    rules, kept = principal.clinic, stored.custom or {}
    is_kept = answers["suicidal_thoughts"] == stored.suicidal_thoughts
    custom = {key: value for key, value in (answers["custom"] or {}).items() if key not in kept}
    found = clinic_faults(
        {**answers, "custom": custom}, rules.measures, asks_safety=rules.asks_safety or is_kept
    )
    return [Fault(pointer, detail) for pointer, detail in found]


def _kept_loser(principal: Principal, operation: Operation, now: datetime) -> tuple[Step, ...]:
    """A losing edit stays in the history: somebody meant it."""
    day = _new_day(operation, max(operation.base or 0, 0), principal, now)
    return (
        (INSERT_REVISION, _history(operation, day, principal, None)),
        (INSERT_AUDIT_EVENT, _audit(operation, principal, Verdict.CONFLICT, now)),
    )


def _new_day(operation: Operation, revision: int, principal: Principal, now: datetime) -> Day:
    entry, rules = operation.entry, operation.chart.days
    answers = NO_ANSWERS if entry.answers is None else normalized(entry.answers)
    instant = entry.recorded_at
    suspect = instant is not None and days.clock_suspect(instant, now)
    day = {
        "local_date": entry.date,
        "revision": revision,
        "deleted": entry.answers is None,
        "timezone": entry.timezone,
        "utc_offset_minutes": None,
        "recorded_at": instant,
        "received_at": now,
        "entered_late": None,
        "clock_suspect": suspect,
        "entered_by": principal.membership_id,
        "source": operation.source,
        **answers,
    }
    if instant is not None and entry.timezone is not None:
        day["utc_offset_minutes"] = days.utc_offset_minutes(instant, entry.timezone)
        if not suspect:  # a clock that cannot be right says nothing about lateness
            day["entered_late"] = days.entered_late(
                instant, entry.date, entry.timezone, rules.day_boundary_minutes
            )
    return day


def _history(
    operation: Operation, day: Day, principal: Principal, applied: tuple[int, bool] | None
) -> dict[str, Any]:
    """The history row; `applied` is the stream's version and whether the day is new, None for an
    edit that lost."""
    version, created = applied or (None, False)
    return {
        "clinic_id": operation.chart.clinic_id,
        "patient_id": operation.chart.patient_id,
        "op_id": operation.op_id or f"server:{new_id()}",
        "local_date": day["local_date"],
        "revision": day["revision"],
        "version": version,
        "kind": "conflict" if applied is None else "applied",
        "request_hash": operation_hash(operation),
        "body": to_body(day),
        "result": {"created": created},
        "device_id": operation.device_id or principal.device_id,
        "actor": principal.membership_id,
        "received_at": day["received_at"],
    }


def _audit(
    operation: Operation, principal: Principal, verdict: Verdict, now: datetime
) -> dict[str, Any]:
    return audit.event_values(
        principal,
        f"checkin.{verdict.value}",
        now,
        subject=("checkin", operation.entry.date),
        patient_id=operation.chart.patient_id,
        outcome="failed" if verdict is Verdict.CONFLICT else "ok",
    )


def day_of(row: Any) -> Day:
    """A stored day from any row that carries DAY_COLUMNS."""
    return {column.name: getattr(row, column.name) for column in DAY_COLUMNS}


def stored_anchor(row: Any, day: date) -> Anchor:
    """Where a stored day stands, from any row that carries models.anchors' columns of it."""
    told = row.first_recorded_at
    return _anchor(row, day, None if told is None else datetime.fromisoformat(told))


def _written_anchor(stored: Any, day: Day, created: bool) -> Anchor:
    """Where a day stands that was just written; `stored` tells of it as it was before."""
    if not created:
        return stored_anchor(stored, day["local_date"])
    first = None if day["clock_suspect"] else day["recorded_at"]
    return _anchor(stored, day["local_date"], first)


def _anchor(row: Any, day: date, first_recorded_at: datetime | None) -> Anchor:
    if row.anchor_session_id is None:
        return NO_ANCHOR
    session = Session(row.anchor_session_id, row.anchor_date, row.anchor_began_at)
    return anchor(day, first_recorded_at, [session])


def to_body(day: Day) -> dict[str, Any]:
    """The day as JSON, whole, so that any revision can be shown again."""
    body: dict[str, Any] = orjson.loads(orjson.dumps(dict(day)))
    return body


_FROM_BODY = {
    "local_date": date.fromisoformat,
    "recorded_at": datetime.fromisoformat,
    "received_at": datetime.fromisoformat,
}


def from_body(body: Mapping[str, Any]) -> Day:
    return {
        key: _FROM_BODY[key](value) if key in _FROM_BODY and value is not None else value
        for key, value in body.items()
    }
