"""An SQLite database with its mark, as a file that can be copied and put back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from models.marks import Marks
from tests.apps import own_database


class File:
    """One SQLite database, its copies, and what it calls its history."""

    def __init__(self, folder: Path, made: Path | None = None) -> None:
        """A new one, or a copy of one that was made."""
        folder.mkdir(exist_ok=True)
        self.url = f"sqlite:///{folder}/own.sqlite"
        if made is None:
            own_database(None, folder)
        else:
            shutil.copyfile(made, folder / "own.sqlite")
        self.path = folder / "own.sqlite"
        self.beside = folder / "own.sqlite.epoch"
        self.marks = Marks(self.path)

    def value(self, column: str) -> Any:
        with closing(sqlite3.connect(self.path)) as own:
            return own.execute(f"SELECT {column} FROM server_meta").fetchone()[0]  # noqa: S608

    def epoch(self) -> str:
        return str(self.value("epoch"))

    def copy(self, name: str) -> Path:
        """As `cp` does it, with no process that has it open."""
        return Path(shutil.copyfile(self.path, self.path.with_name(name)))

    def put_back(self, copy: Path) -> None:
        for leftover in ("-wal", "-shm"):  # of a process that was killed: it is of no other file
            self.path.with_name(f"own.sqlite{leftover}").unlink(missing_ok=True)
        shutil.copyfile(copy, self.path)

    def twin(self, folder: Path) -> "File":
        """The same in another folder, with all that is beside it."""
        shutil.copytree(self.path.parent, folder)
        return File(folder, self.path)
