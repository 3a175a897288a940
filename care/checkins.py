"""Record or delete a check-in: lock, decide, write the day, its history and the audit row.

One path for every sender. The patient's stream is locked first, so that of two writers the second
decides (care/protocol.py) on what the first has left.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from care import audit
from care.principal import Chart, Principal
from care.protocol import APPLYING, Day, Entry, Operation, Outcome, Verdict, decide, request_hash
from care.refusals import Fault, Invalid
from clinical import days
from clinical.checkins import NO_ANSWERS, normalized
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


def carry_out(
    connection: Connection, principal: Principal, operation: Operation, now: datetime
) -> Outcome:
    """Lock, decide, and write if so decided; the caller commits.

    Raises Invalid for a date outside the allowed range, but only when it would be written.
    """
    stored = _lock_and_read(connection, operation)
    verdict = decide(stored, operation)
    day = operation.entry.date
    if verdict is Verdict.REPLAYED:
        created = stored.op_result["created"]
        return Outcome(verdict, _from_body(stored.op_body), created, stored_anchor(stored, day))
    if verdict in APPLYING:
        return _apply(connection, principal, operation, (stored, verdict, now))
    if verdict is Verdict.CONFLICT:
        _keep_loser(connection, principal, operation, now)
    current = None if stored.revision is None else day_of(stored)
    return Outcome(verdict, current, anchor=stored_anchor(stored, day))


def _lock_and_read(connection: Connection, operation: Operation) -> Any:
    values = {
        "clinic_id": operation.chart.clinic_id,
        "patient_id": operation.chart.patient_id,
        "local_date": operation.entry.date,
        "op_id": operation.op_id,
    }
    read = (SELECT_DAY_AND_OPERATION, values)
    if connection.dialect.name == "sqlite":  # BEGIN IMMEDIATE already holds the only lock there is
        return together(connection, read)[0][0]
    # Two statements: the second takes its snapshot after the lock was had, so it sees the winner.
    return together(connection, (LOCK_STREAM, values), read)[1][0]


def _apply(
    connection: Connection,
    principal: Principal,
    operation: Operation,
    decision: tuple[Any, Verdict, datetime],
) -> Outcome:
    stored, verdict, now = decision
    if verdict is not Verdict.DELETE and (
        faults := date_faults(operation.entry, operation.chart, now)
    ):
        raise Invalid(faults)
    day = _new_day(operation, (stored.revision or 0) + 1, principal, now)
    created = verdict is Verdict.CREATE or (verdict is Verdict.REPLACE and bool(stored.deleted))
    version = stored.stream_version + 1
    owner = {"clinic_id": operation.chart.clinic_id, "patient_id": operation.chart.patient_id}
    row = owner | dict(day) | {"version": version, "skew_ms": None}
    key = {f"key_{name}": row[name] for name in ("clinic_id", "patient_id", "local_date")}
    moved = {
        "in_clinic": owner["clinic_id"],
        "of_patient": owner["patient_id"],
        "version": version,
    }
    together(
        connection,
        (ADVANCE_STREAM, moved),
        (INSERT_DAY, row) if stored.revision is None else (UPDATE_DAY, row | key),
        (INSERT_REVISION, _history(operation, day, principal, (version, created))),
        (INSERT_AUDIT_EVENT, _audit(operation, principal, verdict, now)),
    )
    return Outcome(verdict, day, created, _written_anchor(stored, day, created))


def _keep_loser(
    connection: Connection, principal: Principal, operation: Operation, now: datetime
) -> None:
    """A losing edit stays in the history: somebody meant it."""
    day = _new_day(operation, max(operation.base or 0, 0), principal, now)
    together(
        connection,
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
        "request_hash": request_hash(operation.entry),
        "body": _to_body(day),
        "result": {"created": created},
        "device_id": principal.device_id,
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


def _to_body(day: Day) -> dict[str, Any]:
    """The day as JSON, whole, so that any revision can be shown again."""
    body: dict[str, Any] = orjson.loads(orjson.dumps(dict(day)))
    return body


_FROM_BODY = {
    "local_date": date.fromisoformat,
    "recorded_at": datetime.fromisoformat,
    "received_at": datetime.fromisoformat,
}


def _from_body(body: Mapping[str, Any]) -> Day:
    return {
        key: _FROM_BODY[key](value) if key in _FROM_BODY and value is not None else value
        for key, value in body.items()
    }
