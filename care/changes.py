"""What changed in one patient's days since a version: how a phone learns what others did.

The version is handed out while the patient's stream is locked until the commit, so that for one
patient the order of commits is the order of versions: who has seen one has seen all below it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from care.checkins import day_of
from care.principal import Chart
from care.refusals import Refusal
from models.changes import SELECT_CHANGES
from models.prepared import together


@dataclass(frozen=True, slots=True)
class Position:
    """How far a device has read. `floor` is what had been collected when it began from the start;
    `mark` names the operation at `version`, which only another history would have changed."""

    version: int
    floor: int
    mark: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Days with their `op_id`, oldest change first, and how far they reach."""

    items: Sequence[Mapping[str, Any]]
    reached: Position
    more: bool


class MustRefetch(Refusal):
    """What the device knows cannot be brought up to date by changes: it reads from the start."""

    slug = "must-refetch"


class RolledBack(MustRefetch):
    """The device has read what this server no longer has: its disk is older than it was."""


def read(connection: Connection, chart: Chart, since: Position | None, limit: int) -> Changes:
    """At most `limit` days changed after a position, None for all there are.

    Raises MustRefetch where deletions were forgotten that the device has not seen.
    """
    values = {
        "clinic_id": chart.clinic_id,
        "patient_id": chart.patient_id,
        "after": 0 if since is None else since.version,
        "limit": limit + 1,
    }
    rows = together(connection, (SELECT_CHANGES, values))[0]
    stream = rows[0]
    start = Position(0, stream.gc_floor, mark_of(None)) if since is None else since
    _refuse_what_is_gone(start, stream)
    days = [row for row in rows if row.revision is not None]
    more = len(days) > limit
    last = days[limit - 1] if more else None
    reached = Position(
        stream.stream_version if last is None else last.day_version,
        start.floor,
        mark_of(stream.op_at_head if last is None else last.op_id),
    )
    items = [{**day_of(row), "op_id": row.op_id} for row in days[:limit]]
    return Changes(items, reached, more)


def _refuse_what_is_gone(since: Position, stream: Any) -> None:
    is_known = since.version == 0 or since.mark == mark_of(stream.op_at_cursor)
    if since.version > stream.stream_version or not is_known:
        raise RolledBack("This server no longer has what you have read: read from the start.")
    if max(since.version, since.floor) < stream.gc_floor:
        raise MustRefetch("Deletions you have not seen are forgotten: read from the start.")


def mark_of(op_id: str | None) -> str:
    """A short name of an operation, for a cursor."""
    return hashlib.sha256((op_id or "").encode()).hexdigest()[:16]
