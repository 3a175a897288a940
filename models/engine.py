"""One database, SQLite or PostgreSQL: its transactions, its queue of writers, its round trips."""

import hashlib
import threading
from typing import Any

import orjson
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, create_engine, event, make_url, select, update
from sqlalchemy.engine import URL

from models.db import new_id
from models.server_meta import ServerMeta

WRITER_WAIT_SECONDS = 10
_SCHEMES = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


class Busy(Exception):
    """The database could not take the write now; nothing was written, trying again is safe."""


def database_url(text: str) -> URL:
    """The parsed URL with our drivers; ValueError for anything but SQLite and PostgreSQL."""
    url = make_url(text)
    scheme = url.get_backend_name()
    if scheme not in _SCHEMES:
        raise ValueError("DATABASE_URL must be sqlite:///path or postgresql://...")
    if scheme == "sqlite" and url.database in (None, "", ":memory:"):
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
        self._epoch: str | None = None
        event.listen(self.engine, "connect", self._forget_epoch)
        # Writers of one process queue here, in order, instead of polling SQLite's own lock.
        self._writer = threading.Lock()
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

    def epoch(self) -> str:
        """What the Epoch header says: it differs after a restore, a failover or a new database.

        Asked anew whenever a connection had to be opened, since that is when it may have changed.
        """
        known = self._epoch
        if known is None:
            known = self._epoch = self._read_epoch()
        return known

    def _read_epoch(self) -> str:
        with self.engine.connect() as connection:
            stored = connection.scalar(select(ServerMeta.epoch)) or ""
            marks = [] if self.is_sqlite else list(connection.exec_driver_sql(_CLUSTER_MARKS).one())
            connection.rollback()
        return hashlib.sha256("|".join([stored, *map(str, marks)]).encode()).hexdigest()[:16]

    def _forget_epoch(self, _driver_connection: Any, _record: Any) -> None:
        self.forget_epoch()

    def begin_another_history(self, connection: Connection) -> None:
        """Change the epoch for good; the caller commits, then forgets the one it knew."""
        connection.execute(update(ServerMeta).values(epoch=str(new_id())))

    def forget_epoch(self) -> None:
        """Ask anew at the next answer."""
        self._epoch = None

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


# A promoted or restored cluster has another timeline or another identity.
_CLUSTER_MARKS = """
    SELECT (pg_control_system()).system_identifier,
           CASE WHEN pg_is_in_recovery() THEN 'standby'
                ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END
"""


def _leave_begin_to_us(driver_connection: Any, _record: Any) -> None:
    # psycopg waits for its own BEGIN to return; ours travels with the first statement.
    driver_connection.autocommit = True


def _begin_first(_connection: Any, cursor: Any, *_: Any) -> None:
    """Begin the transaction if this is its first statement, as psycopg itself would."""
    driver = cursor.connection
    if driver.pgconn.transaction_status == TransactionStatus.IDLE:
        driver.execute("BEGIN")


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
