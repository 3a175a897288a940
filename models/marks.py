"""The mark by which an SQLite file is told from an older copy of itself.

The database has it, and a file beside it (`<file>.epoch`). It moves: an older copy put in the place
of the file has one that was. The database learns the next mark before the file beside it does, and
both are written while SQLite's one writer's place is held: wherever a process is killed, the two
still agree, and a copy from before agrees no more once the file beside it has the next.
"""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from models.db import new_id

_WAIT_SECONDS = 5
_NOTHING, _UNREADABLE = "", "unreadable"
_MARK = re.compile(r"[0-9a-f-]{36}")


class EpochUnkept(Exception):
    """The file beside the database cannot be read or written: a copy would go unnoticed."""


class Marks:
    """The mark of one SQLite file, in it and beside it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._beside = file.with_name(f"{file.name}.epoch")

    def agree(self, mark: str | None, next_mark: str | None) -> bool:
        """Whether a database with these two is the one that the file beside it was written for."""
        return _agree(self._kept(), (mark, next_mark))

    def move(self) -> None:
        """Give the database its next mark; a new epoch too, if the present one is not its own.

        sqlite3.Error where there is no database of ours or it is busy; EpochUnkept.
        """
        coming = str(new_id())
        with closing(self._connected()) as own:
            self._announce(own, coming)
            self._settle(own, coming)

    def _announce(self, own: sqlite3.Connection, coming: str) -> None:
        own.execute("BEGIN IMMEDIATE")
        kept = self._kept()
        if not _agree(kept, own.execute("SELECT mark, next_mark FROM server_meta").fetchone()):
            own.execute("UPDATE server_meta SET epoch = ?", (str(new_id()),))
        own.execute("UPDATE server_meta SET mark = ?, next_mark = ?", (kept, coming))
        own.execute("COMMIT")

    def _settle(self, own: sqlite3.Connection, coming: str) -> None:
        own.execute("BEGIN IMMEDIATE")
        (announced,) = own.execute("SELECT next_mark FROM server_meta").fetchone()
        if announced == coming:  # else another process has announced one since, and settles it
            self._keep(coming)
            own.execute("UPDATE server_meta SET mark = ?", (coming,))
        own.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        # A connection of its own: a thread that holds one of the pool's may ask. It makes no file.
        place = f"file:{quote(str(self._file))}?mode=rw"
        own = sqlite3.connect(place, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        own.execute("PRAGMA synchronous=FULL")
        return own

    def _kept(self) -> str:
        try:
            text = self._beside.read_text("ascii", "replace").strip()
        except FileNotFoundError:
            return _NOTHING
        except OSError as error:
            raise self._unkept("read", error) from None
        return text if _MARK.fullmatch(text) else _UNREADABLE

    def _keep(self, mark: str) -> None:
        """Replace the file beside the database, as private as that, on disk before this returns."""
        new = self._beside.with_name(f"{self._beside.name}.new")
        try:
            with new.open("w") as file:
                os.fchmod(file.fileno(), self._file.stat().st_mode & 0o666)
                file.write(f"{mark}\n")
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._beside)
            sync_folder(self._beside.parent)
        except OSError as error:
            raise self._unkept("written", error) from None

    def _unkept(self, what: str, error: OSError) -> EpochUnkept:
        return EpochUnkept(
            f"{self._beside} cannot be {what} ({error.strerror}): "
            "a restored copy of the database would go unnoticed."
        )


def _agree(kept: str, marks: tuple[str | None, str | None]) -> bool:
    # Never marked and nothing beside it: new, or from before there were marks.
    return kept in marks or (marks == (None, None) and kept == _NOTHING)


def sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
