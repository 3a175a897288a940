"""What a database's error means: worth another try, not now, or our own fault."""

import sqlite3

import psycopg
import sqlalchemy.exc

from models.marks import EpochUnkept


class Busy(Exception):
    """The database could not take the write now; nothing was written, trying again is safe."""


# Whatever a database may raise, through SQLAlchemy or past it.
DATABASE_ERRORS = (Busy, EpochUnkept, sqlalchemy.exc.SQLAlchemyError, psycopg.Error, sqlite3.Error)

# Undone by the server on behalf of others, or the server went away: another try may well pass.
# 0A000 and 26000: a prepared statement from before a migration; a new connection has none.
_PASSING = {"40001", "40P01", "57P01", "57P02", "57P03", "0A000", "26000"}
# Read-only after a failover, told to end, out of disk, memory or connections, or simply too slow.
_NOT_NOW = {"25006", "25P03", "55P03", "57014", "58030"}
_NOT_NOW_CLASSES = ("53", "08")
_SQLITE_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def is_passing(error: BaseException) -> bool:
    """Whether the same again, on a new connection, may well be done.

    Not what has waited its time already: a queue of writers, a lock, a pool.
    """
    cause = _cause(error)
    if isinstance(cause, sqlite3.OperationalError):
        return _primary_code(cause) in _SQLITE_PASSING
    if not isinstance(cause, psycopg.Error):
        return False
    if cause.sqlstate is None:  # not the server's word: the connection is gone, or was never there
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return cause.sqlstate in _PASSING or cause.sqlstate.startswith("08")


def is_unavailable(error: BaseException) -> bool:
    """Whether the database cannot do it now, through no fault of what was asked."""
    if isinstance(error, Busy | EpochUnkept | sqlalchemy.exc.TimeoutError) or is_passing(error):
        return True
    cause = _cause(error)
    if isinstance(cause, sqlite3.OperationalError | psycopg.InterfaceError):
        return True
    if not isinstance(cause, psycopg.Error):
        return isinstance(error, sqlalchemy.exc.OperationalError | sqlalchemy.exc.InterfaceError)
    state = cause.sqlstate or ""
    is_operational = isinstance(cause, psycopg.OperationalError)
    return is_operational or state in _NOT_NOW or state.startswith(_NOT_NOW_CLASSES)


def is_unique_violation(error: BaseException) -> bool:
    """Whether two met in a unique key."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.IntegrityError):
        named = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
        return getattr(cause, "sqlite_errorname", None) in named
    return isinstance(cause, psycopg.errors.UniqueViolation)


def _cause(error: BaseException) -> BaseException:
    """The driver's own error; prebuilt statements go past SQLAlchemy, which would wrap it."""
    return getattr(error, "orig", None) or error


def _primary_code(error: sqlite3.Error) -> int:
    # The extended code's lower byte: SQLITE_BUSY_SNAPSHOT is a SQLITE_BUSY.
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
