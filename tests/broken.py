"""A database that fails at the n-th thing it is asked, as the real ones do."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import get_ident
from typing import Any

import psycopg
from sqlalchemy import event

from models.engine import Database

Raise = Callable[[Any], None]


@dataclass
class Plan:
    """What goes wrong, and when: at the n-th statement, or at a COMMIT, before or after it is done.

    `seen` counts what this thread has asked since it was made; `has_struck` tells whether it came
    to that. It strikes once, or `always` from there on.
    """

    fault: Raise
    at: int = 0
    commit: str = ""
    always: bool = False
    seen: int = 0
    has_struck: bool = False

    def statement(self, driver: Any) -> None:
        self.seen += 1
        if self.at and (self.seen == self.at or (self.always and self.seen > self.at)):
            self.strike(driver)

    def strike(self, driver: Any) -> None:
        if self.always or not self.has_struck:
            self.has_struck = True
            self.fault(driver)


_plans: dict[int, Plan] = {}


class Struck:
    """In it, this thread's requests meet the plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __enter__(self) -> Plan:
        _plans[get_ident()] = self.plan
        return self.plan

    def __exit__(self, *_: object) -> None:
        del _plans[get_ident()]


def _asked(driver: Any) -> None:
    plan = _plans.get(get_ident())
    if plan is not None:
        plan.statement(driver)


def _committing(driver: Any, commit: Callable[[], None]) -> None:
    plan = _plans.get(get_ident())
    if plan is None or not plan.commit:
        commit()
        return
    if plan.commit == "after":
        commit()
    plan.strike(driver)
    if plan.commit == "before":
        commit()


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, *asked: Any) -> "_SqliteCursor":
        _asked(self.connection)
        super().execute(*asked)
        return self


class _Sqlite(sqlite3.Connection):
    def cursor(self, factory: Any = _SqliteCursor) -> Any:
        return super().cursor(factory)

    def execute(self, *asked: Any) -> Any:
        # The driver's own would ask through a cursor of ours: it counts once either way.
        return self.cursor().execute(*asked)

    def commit(self) -> None:
        _committing(self, super().commit)


class _PostgresCursor(psycopg.Cursor[Any]):
    def execute(self, *asked: Any, **options: Any) -> Any:
        _asked(self.connection)
        return super().execute(*asked, **options)


class _Postgres(psycopg.Connection[Any]):
    def commit(self) -> None:
        _committing(self, super().commit)


def breakable(database: Database) -> None:
    """Make every connection that is opened from now on one that meets plans."""

    def connect(_dialect: Any, _record: Any, words: Any, options: Any) -> Any:
        if database.is_sqlite:
            return sqlite3.connect(*words, **options, factory=_Sqlite)
        opened: Any = _Postgres.connect(*words, **options)
        opened.cursor_factory = _PostgresCursor
        return opened

    database.engine.dispose()
    event.listen(database.engine, "do_connect", connect)


def sqlite_fault(name: str) -> Raise:
    """Fails as SQLite does with this code."""

    def fail(_driver: Any) -> None:
        error = sqlite3.OperationalError(name)
        error.sqlite_errorcode = getattr(sqlite3, name)
        error.sqlite_errorname = name
        raise error

    return fail


def killed_connection(driver: Any) -> None:
    """The server ends the connection: what is asked next finds it so (57P01, or just gone)."""
    with psycopg.connect(driver.info.dsn, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", (driver.info.backend_pid,))


def lost_connection(driver: Any) -> None:
    """The network loses the connection, and what came back on it."""
    with suppress(psycopg.Error):
        driver.close()
    raise psycopg.OperationalError("the connection is lost")


def server_fault(sqlstate: str) -> Raise:
    """The server refuses with this SQLSTATE; the transaction is aborted, as it then is."""

    def fail(driver: Any) -> None:
        told = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$"
        driver.pgconn.exec_(told.encode()) if driver.pgconn.pipeline_status == 0 else None
        raise psycopg.errors.lookup(sqlstate)("no")

    return fail
