"""One database, SQLite or PostgreSQL: its transactions, its queue of writers, its round trips."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.engine import URL

from models.epoch import Epoch
from models.faults import Busy

WRITER_WAIT_SECONDS = 10
_SCHEMES = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


def database_url(text: str) -> URL:
    """The parsed URL with our drivers; ValueError for anything but SQLite and PostgreSQL."""
    url = make_url(text)
    scheme = url.get_backend_name()
    if scheme not in _SCHEMES:
        raise ValueError("DATABASE_URL must be sqlite:///path or postgresql://...")
    named = url.database or ""
    if scheme == "sqlite" and (named in ("", ":memory:") or named.startswith("file:")):
        raise ValueError("DATABASE_URL names no SQLite file: an in-memory database forgets")
    return url.set(drivername=_SCHEMES[scheme])


class Database:
    """Hands out connections with a transaction begun; whoever takes one commits it, once."""

    def __init__(self, url: str, *, pool_size: int = 8, prepare: bool = True) -> None:
        parsed = database_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        arguments = _sqlite_arguments() if self.is_sqlite else _postgresql_arguments(prepare)
        self.engine = create_engine(
            parsed,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            **arguments,
        )
        file = Path(str(parsed.database)).resolve() if self.is_sqlite else None
        self.epoch = Epoch(self.engine, file)
        # For each thread, how often it has begun to commit: what follows may already be done.
        self._commits = threading.local()
        event.listen(self.engine, "commit", self._count_commit)
        # Writers of one process queue here, in order, instead of polling SQLite's own lock.
        self._writer = threading.Lock()
        event.listen(self.engine, "checkin", _roll_back_what_is_left)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", self._begin_sqlite)
            event.listen(self.engine, "checkin", self._release_writer)
        else:
            event.listen(self.engine, "connect", _leave_begin_to_us)
            event.listen(self.engine, "before_cursor_execute", _begin_first)

    def begin(self, *, write: bool) -> Connection:
        """A connection inside a new transaction; `write` takes SQLite's single writer's place."""
        connection = self.engine.connect()
        try:
            connection.execution_options(sqlite_write=write)
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin_sqlite(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("sqlite_write"):
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("writer"):
            if not self._writer.acquire(timeout=WRITER_WAIT_SECONDS):
                raise Busy("writers are queueing")
            connection.info["writer"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _release_writer(self, _driver_connection: Any, record: Any) -> None:
        # When the connection goes back to the pool: SQLAlchemy's own commit event comes too early.
        if record.info.pop("writer", False):
            self._writer.release()

    def commits_begun(self) -> int:
        """How many commits this thread has begun; one that failed since may have been done."""
        begun: int = getattr(self._commits, "begun", 0)
        return begun

    def _count_commit(self, _connection: Connection) -> None:
        self._commits.begun = self.commits_begun() + 1

    def close(self) -> None:
        self.engine.dispose()


def restart_for_writing(connection: Connection) -> None:
    """Make a reading transaction able to write: on SQLite it has to begin anew.

    What was read before must be read again: another writer may have come in between. One that
    writes already goes on as it is.
    """
    writes = connection.get_execution_options().get("sqlite_write")
    if connection.dialect.name == "sqlite" and not writes:
        connection.rollback()
        connection.execution_options(sqlite_write=True)
        connection.begin()


def _roll_back_what_is_left(driver_connection: Any, _record: Any) -> None:
    """A COMMIT that failed (a full disk) may leave its transaction open, and SQLAlchemy believes it
    ended: the pool's next user would go on in it, and SQLite's other writers wait for ever."""
    if driver_connection is None:
        return  # it was lost
    if isinstance(driver_connection, sqlite3.Connection):
        is_open = driver_connection.in_transaction
    else:
        status = driver_connection.pgconn.transaction_status
        is_open = status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)
    if is_open:
        driver_connection.rollback()


def _leave_begin_to_us(driver_connection: Any, _record: Any) -> None:
    # psycopg waits for its own BEGIN to return; ours travels with the first statement.
    driver_connection.autocommit = True


def _begin_first(_connection: Any, cursor: Any, *_: Any) -> None:
    """Begin the transaction if this is its first statement, as psycopg itself would."""
    driver = cursor.connection
    if driver.pgconn.transaction_status != TransactionStatus.IDLE:
        return
    try:
        driver.execute("BEGIN")
    except psycopg.Error:
        if not driver.closed:
            raise
        # The statement itself fails next, where SQLAlchemy notices, and forgets all the pool's.


def _sqlite_arguments() -> dict[str, Any]:
    return {"connect_args": {"timeout": 5, "check_same_thread": False}, "paramstyle": "named"}


def _postgresql_arguments(prepare: bool) -> dict[str, Any]:
    # An acknowledged answer is on disk, whatever the database's own setting says.
    options = "-c timezone=UTC -c synchronous_commit=on"
    options += " -c statement_timeout=15000 -c lock_timeout=5000"
    # pgbouncer before 1.21 runs the wrong prepared statement: there, prepare nothing.
    return {
        "connect_args": {
            "options": options,
            "connect_timeout": 3,
            "prepare_threshold": 2 if prepare else None,
        },
        "pool_use_lifo": True,
    }


def _prepare_sqlite(driver_connection: Any, _record: Any) -> None:
    driver_connection.isolation_level = None  # we send BEGIN ourselves, or savepoints leak
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        driver_connection.execute(f"PRAGMA {pragma}")
