"""Copies of an SQLite file: taken under load by SQLite itself, stamped, put back whole."""

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from commands.backups import contents
from commands.backups.refused import Refused, new_file, sync_file
from models.engine import Database, database_url
from models.marks import sync_folder

# What a copy has for its mark: no file beside a database ever says that.
_STAMP = "backup "
_LOGS = ("-wal", "-shm")


def backup(url: URL, target: Path, now: datetime) -> None:
    """The whole database as it is at one moment, checked; whatever restores it begins an epoch."""
    place = Path(str(url.database))
    if not place.exists():
        raise Refused(f"There is no database at {place}.")
    with new_file(target) as filling:
        try:
            with closing(_opened(place)) as source, closing(_opened(filling)) as copy:
                source.backup(copy)  # in one step: writers go on beside it
            _set_marks(filling, f"{_STAMP}{now:%Y-%m-%d %H:%M:%S} UTC")
            _check(filling, target)
        except sqlite3.Error as error:
            raise Refused(f"The database cannot be copied ({type(error).__name__}).") from None


def restore(url: str, source: Path, *, replace: bool) -> str:
    """Put the backup in the database's place, whole; answers when it was taken."""
    place = Path(str(database_url(url).database))
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as folder:
        coming = _brought(source, Path(folder))
        taken = _look_at(coming, source)
        if place.exists():
            _refuse_data(url, place, replace=replace)
        contents.migrate(f"sqlite:///{coming}")
        # Wherever this is killed, what stands in the place is noticed to be another history.
        _set_marks(coming, "restored")
        sync_file(coming)
        for log in _LOGS:  # or SQLite would play the old one's into the new one
            place.with_name(f"{place.name}{log}").unlink(missing_ok=True)
        coming.replace(place)
    sync_folder(place.parent)
    return taken


def _brought(source: Path, folder: Path) -> Path:
    """A copy of our own, of a plain copy's log too: that is played when it is opened."""
    coming = folder / "coming.sqlite"
    shutil.copyfile(source, coming)
    log = source.with_name(f"{source.name}-wal")
    if log.exists():
        shutil.copyfile(log, folder / "coming.sqlite-wal")
    coming.chmod(0o600)
    return coming


def _look_at(coming: Path, source: Path) -> str:
    """When it was taken; Refused for what is no whole backup that this code can read."""
    try:
        _check(coming, source)
        with closing(_opened(coming)) as own:
            found = own.execute("SELECT version_num FROM alembic_version").fetchone()
            contents.refuse_newer(None if found is None else found[0])
            mark = None
            with suppress(sqlite3.OperationalError):  # from before there were marks
                mark = own.execute("SELECT mark FROM server_meta").fetchone()[0]
    except (sqlite3.Error, TypeError):
        raise Refused(f"{source} is no backup of Interlude's, or damaged.") from None
    if mark is None or not mark.startswith(_STAMP):
        return "at a time it does not tell"
    return str(mark.removeprefix(_STAMP))


def _set_marks(file: Path, mark: str) -> None:
    """One file without a log, which no file beside it can agree with."""
    with closing(_opened(file)) as own:
        own.execute("PRAGMA journal_mode=DELETE")
        own.execute("PRAGMA synchronous=FULL")
        with suppress(sqlite3.OperationalError):  # tables from before there were marks
            own.execute("UPDATE server_meta SET mark = ?, next_mark = NULL", (mark,))


def _check(file: Path, named: Path) -> None:
    with closing(_opened(file)) as own:
        if own.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Refused(f"{named} is damaged: its integrity_check fails.")
        if own.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise Refused(f"{named} is damaged: rows are missing that others name.")


def _refuse_data(url: str, place: Path, *, replace: bool) -> None:
    try:
        with closing(Database(url)) as database:
            is_used = contents.has_data(database)
        with closing(_opened(place)) as own:
            # Only the last connection there is can leave the write-ahead log.
            own.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError:
        raise Refused("The database is in use: stop the server and its jobs first.") from None
    except (sqlite3.Error, SQLAlchemyError):  # damaged: it may have been everything
        is_used = True
    if is_used and not replace:
        raise Refused(f"{place} has data: with --replace it is lost.")


def _opened(file: Path) -> sqlite3.Connection:
    place = f"file:{quote(str(file.resolve()))}?mode=rw"
    return sqlite3.connect(place, uri=True, timeout=1, isolation_level=None)
