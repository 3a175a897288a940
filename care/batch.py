"""Many operations of one patient in one transaction, each with an outcome of its own.

Decided in the order they were sent, each upon what those before it leave, and written together: the
round trips do not grow with their number. Where the database will not take one of them, which no
rule foresees, they are carried out one by one, and that one alone waits.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import psycopg
import sqlalchemy.exc
import structlog
from sqlalchemy import Connection

from care import checkins
from care.checkins import Planned, Step
from care.principal import Principal
from care.protocol import NO_BASE, Operation, Outcome, operation_hash
from care.refusals import Fault, Invalid


@dataclass(frozen=True, slots=True)
class Refused:
    """An item whose day cannot have been logged then; nothing of it is stored."""

    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Postponed:
    """An item the database would not take, while it took the others."""


Result = Outcome | Refused | Postponed

# A row that cannot be stored; not what is over in a moment, when the whole batch is sent again.
_NEVER_TAKEN = (
    sqlalchemy.exc.DataError,
    sqlalchemy.exc.IntegrityError,
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.InternalError,
    sqlite3.DataError,
    sqlite3.IntegrityError,
)


def of_this_history(operation: Operation, theirs: str | None, ours: str) -> Operation:
    """The operation as this server's history sees it.

    A base learnt from another history names no revision of this one, even where the number is the
    same: it matches nothing.
    """
    is_foreign = theirs is not None and theirs != ours
    return replace(operation, base=NO_BASE) if is_foreign and operation.base else operation


def carry_out(
    connection: Connection, principal: Principal, operations: Sequence[Operation], now: datetime
) -> list[Result]:
    """The result of each operation, in order, all of one patient; the caller commits."""
    if not operations:
        return []
    try:
        with connection.begin_nested():
            return _all_at_once(connection, principal, operations, now)
    except _NEVER_TAKEN as error:
        structlog.get_logger().error("batch taken apart", error=type(error).__name__)
    return [_alone(connection, principal, operation, now) for operation in operations]


def _alone(
    connection: Connection, principal: Principal, operation: Operation, now: datetime
) -> Result:
    try:
        with connection.begin_nested():
            return checkins.carry_out(connection, principal, operation, now)
    except Invalid as invalid:
        return Refused(invalid.faults)
    except _NEVER_TAKEN:
        return Postponed()


def _all_at_once(
    connection: Connection, principal: Principal, operations: Sequence[Operation], now: datetime
) -> list[Result]:
    rows = checkins.lock_and_read(connection, operations)
    left = _Left(rows[0].stream_version)
    results: list[Result] = []
    for operation, row in zip(operations, rows, strict=True):
        try:
            planned = checkins.plan(left.seen_by(operation, row), principal, operation, now)
        except Invalid as invalid:
            results.append(Refused(invalid.faults))
            continue
        left.take(operation, planned)
        results.append(planned.outcome)
    moved = left.version if left.version > rows[0].stream_version else None
    checkins.write(connection, operations[0].chart, left.steps, moved)
    return results


@dataclass
class _Left:
    """What the operations decided so far leave: not written yet, but there for the next."""

    version: int
    steps: list[Step] = field(default_factory=list)
    days: dict[date, Mapping[str, Any]] = field(default_factory=dict)
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def seen_by(self, operation: Operation, row: Any) -> Any:
        """The stored row as it will be once those before are written."""
        after = self.days.get(operation.entry.date, {})
        known = self.known.get(operation.op_id or "", {})
        return row._replace(stream_version=self.version, **after, **known)

    def take(self, operation: Operation, planned: Planned) -> None:
        """Count an operation in; one that leaves nothing behind changes nothing here."""
        self.steps += planned.steps
        self.version += planned.advances
        if operation.op_id is not None and planned.steps:
            self.known[operation.op_id] = _op_columns(operation, planned)
        if planned.advances and planned.outcome.day is not None:
            self.days[operation.entry.date] = _day_columns(planned)


def _op_columns(operation: Operation, planned: Planned) -> dict[str, Any]:
    written = planned.outcome.day if planned.advances else None
    return {
        "op_kind": "applied" if planned.advances else "conflict",
        "op_request_hash": operation_hash(operation),
        "op_body": None if written is None else checkins.to_body(written),
        "op_result": {"created": planned.outcome.created},
    }


def _day_columns(planned: Planned) -> dict[str, Any]:
    day = dict(planned.outcome.day or {})
    columns = day | {"last_revision": day["revision"]}
    if planned.outcome.created:
        is_told = day["recorded_at"] is not None and not day["clock_suspect"]
        columns["first_recorded_at"] = day["recorded_at"].isoformat() if is_told else None
    return columns
