"""The epoch names one unbroken history of acknowledged writes; what breaks it is noticed here."""

import hashlib
import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, event, select, update

from models.db import new_id
from models.marks import Marks
from models.server_meta import ServerMeta

# A copy is told from the file as it is now once the mark has moved (u).
MARKED_EVERY = timedelta(minutes=1)

# A promoted or restored cluster has another timeline or identity; a dump that was brought back is
# in another database, or at least in a table made anew.
_CLUSTER_MARKS = """
    SELECT (pg_control_system()).system_identifier,
           CASE WHEN pg_is_in_recovery() THEN 'standby'
                ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END,
           (SELECT oid FROM pg_database WHERE datname = current_database()),
           'server_meta'::regclass::oid
"""


def new_epoch(connection: Connection) -> None:
    """Begin another history, in the caller's transaction: every client offers again what it kept.

    After the commit, `Epoch.forget`: or this process tells the old one until its next request.
    """
    connection.execute(update(ServerMeta).values(epoch=str(new_id())))


class Epoch:
    """What one process knows of its database's epoch. `file` is the SQLite file, else None."""

    def __init__(self, engine: Engine, file: Path | None) -> None:
        self._engine = engine
        self._marks = None if file is None else Marks(file)
        self._marked_at: datetime | None = None
        self._told: str | None = None
        self._stored: str | None = None
        event.listen(engine, "connect", lambda *_: self.forget())

    def start(self, now: datetime) -> None:
        """Mark the file as a server starts; one that is not there yet is marked when first asked.

        EpochUnkept where nothing can be written beside it.
        """
        with suppress(sqlite3.Error):
            self.mark(now)

    def mark(self, now: datetime) -> None:
        """Give an SQLite file its next mark, at most once a minute; EpochUnkept, sqlite3.Error."""
        last = self._marked_at
        if self._marks is None or (last and timedelta() <= now - last < MARKED_EVERY):
            return
        self._marks.move()
        self._marked_at = now
        self.forget()

    def is_known(self) -> bool:
        """Whether it is told without asking the database."""
        return self._told is not None

    def __call__(self) -> str:
        """What the Epoch header says: it differs after a restore, a failover or a new database.

        Asked anew whenever a connection had to be opened, since that is when it may have changed.
        """
        told = self._told
        if told is None:
            told = self._told = self._read()
        return told

    def notice(self, stored: str) -> None:
        """Another process may have begun another history; `stored` is what a request has read."""
        if stored != self._stored:
            self.forget()

    def forget(self) -> None:
        """Ask the database when the epoch is next told."""
        self._told = None

    def _read(self) -> str:
        if self._marks is not None:
            self._see_to(self._marks)
        with self._engine.connect() as connection:
            stored = connection.scalar(select(ServerMeta.epoch)) or ""
            is_ours = self._marks is not None
            marks = [] if is_ours else list(connection.exec_driver_sql(_CLUSTER_MARKS).one())
            connection.rollback()
        self._stored = stored
        return hashlib.sha256("|".join([stored, *map(str, marks)]).encode()).hexdigest()[:16]

    def _see_to(self, marks: Marks) -> None:
        with self._engine.connect() as connection:
            found = connection.execute(select(ServerMeta.mark, ServerMeta.next_mark)).one()
            connection.rollback()
        if self._marked_at is None or not marks.agree(found.mark, found.next_mark):
            marks.move()  # which looks again, while nobody else writes
