"""Counts what one request costs the database: statements, commits, round trips. Deterministic."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg.pq import Trace
from sqlalchemy import event

from models.engine import Database


@dataclass
class Counts:
    """`round_trips`, `waits` and `rows` are PostgreSQL's; `steps`, of its machine, SQLite's.

    A wait is a Query or a Sync: in a long pipeline answers may begin to come before all is sent,
    and then one wait shows as two round trips.
    """

    statements: int = 0
    commits: int = 0
    round_trips: int = 0
    waits: int = 0
    rows: int = 0
    steps: int = 0
    seen: list[str] = field(default_factory=list)


@contextmanager
def counted(database: Database) -> Iterator[Counts]:
    """Counts everything sent to the database inside the block, BEGIN and COMMIT included."""
    counter = _sqlite if database.is_sqlite else _postgresql
    with counter(database) as counts:
        yield counts


@contextmanager
def _on_new_connections(database: Database, listen: Callable[..., None]) -> Iterator[None]:
    """Every connection opened inside the block is listened to; the pool starts empty."""
    database.engine.dispose()
    event.listen(database.engine, "connect", listen)
    try:
        # Opening a connection has costs of its own (pragmas, the epoch): not counted.
        with database.engine.connect() as connection:
            connection.rollback()
        database.epoch()
        yield
    finally:
        event.remove(database.engine, "connect", listen)
        database.engine.dispose()


@contextmanager
def _sqlite(database: Database) -> Iterator[Counts]:
    counts = Counts()

    def step() -> None:
        counts.steps += 1

    def listen(connection: sqlite3.Connection, _record: Any) -> None:
        connection.set_trace_callback(counts.seen.append)
        connection.set_progress_handler(step, 1)

    with _on_new_connections(database, listen):
        counts.seen.clear()
        counts.steps = 0
        yield counts
    # Triggers and foreign keys show as comments: only what was sent counts.
    counts.seen = [text for text in counts.seen if not text.startswith("--")]
    counts.statements = sum(not text.startswith("ROLLBACK") for text in counts.seen)
    counts.commits = sum(text.startswith("COMMIT") for text in counts.seen)


@contextmanager
def _postgresql(database: Database) -> Iterator[Counts]:
    """Reads libpq's own trace: a round trip is a change from sending (F) to receiving (B)."""
    counts = Counts()
    traces: list[int] = []
    traced: list[Any] = []

    def listen(connection: Any, _record: Any) -> None:
        handle, name = tempfile.mkstemp()
        os.unlink(name)  # noqa: PTH108 (only the open file is needed)
        connection.pgconn.trace(handle)
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        traces.append(handle)
        traced.append(connection)

    with _on_new_connections(database, listen):
        starts = {handle: _flushed_size(handle) for handle in traces}
        yield counts
        for connection in traced:
            connection.pgconn.untrace()
        for handle in traces:
            start = starts.get(handle, 0)
            text = os.pread(handle, _flushed_size(handle) - start, start).decode()
            _read_trace(text, counts)
            os.close(handle)


def _flushed_size(handle: int) -> int:
    return os.fstat(handle).st_size


def _read_trace(text: str, counts: Counts) -> None:
    previous = ""
    for line in text.splitlines():
        direction, _, message = line.partition("\t")
        if direction not in ("F", "B"):
            continue
        kind = message.split("\t")[1]
        counts.round_trips += direction == "B" and previous == "F"
        counts.statements += direction == "F" and kind in ("Query", "Execute")
        counts.commits += direction == "B" and '"COMMIT"' in message
        counts.waits += direction == "F" and kind in ("Query", "Sync")
        counts.rows += direction == "B" and kind == "DataRow"
        if direction == "F" and kind in ("Query", "Parse", "Execute", "Sync"):
            counts.seen.append(message)
        previous = direction
