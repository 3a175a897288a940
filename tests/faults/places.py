"""Where the server keeps its rows: a database that can be killed, backed up and put back."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from sqlalchemy import create_engine, text

from models.db import new_id
from models.engine import database_url
from tests import postgres
from tests.conftest import migrated
from tests.faults.server import children, kill


class Place(Protocol):
    """One database. What is put back is put back while no server runs."""

    engine: str
    url: str

    def back_up(self) -> None: ...

    def put_back(self) -> None: ...


@dataclass
class SqliteFile:
    """A file below `folder`."""

    folder: Path
    engine: str = "sqlite"

    def __post_init__(self) -> None:
        self.file = self.folder / "clinic.sqlite"
        self.url = migrated(f"sqlite:///{self.file}")

    def back_up(self) -> None:
        with (
            closing(sqlite3.connect(self.file)) as now,
            closing(sqlite3.connect(self.folder / "backup.sqlite")) as copy,
        ):
            now.backup(copy)

    def put_back(self) -> None:
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        shutil.copyfile(self.folder / "backup.sqlite", self.file)


@dataclass
class PostgresDatabase:
    """A database on the cluster at `server`; whoever owns that cluster may also break it."""

    server: str
    folder: Path
    cluster: postgres.Cluster | None = None
    engine: str = "postgresql"

    def __post_init__(self) -> None:
        self.name = f"faults_{new_id().hex}"
        self.url = migrated(postgres.create_database(self.server, self.name))

    def back_up(self) -> None:
        """A dump, as `pg_dump` writes it."""
        self._run("pg_dump", "--format=custom", "--file", self._dump, self.url)

    def put_back(self) -> None:
        """The dump in a new database of the same name."""
        self._tell(f'DROP DATABASE "{self.name}" WITH (FORCE)')
        postgres.create_database(self.server, self.name)
        self._run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", self.url, self._dump)

    @property
    def _dump(self) -> Path:
        return self.folder / "backup.dump"

    def end_backends(self) -> None:
        """Every connection to the database is told to end."""
        self._tell(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{self.name}' AND pid <> pg_backend_pid()"
        )

    def kill_backend(self, random: Random) -> None:
        """One process that serves a connection, without a word: all others end with it."""
        assert self.cluster is not None
        backends = [one for one in children(self.cluster.process_id()) if _serves(one)]
        if backends:
            kill(random.choice(backends))

    def restart(self) -> None:
        """Stopped as a loss of power would, and started again."""
        assert self.cluster is not None
        self.cluster.stop("immediate")
        self.cluster.start()

    def keep_disk(self) -> None:
        """A copy of all files of the cluster, taken while it stands still."""
        assert self.cluster is not None
        self.cluster.stop("fast")
        self._copy(self.cluster.folder, self.cluster.root / "old")
        self.cluster.start()

    def put_back_disk(self) -> None:
        assert self.cluster is not None
        self.cluster.stop("immediate")
        shutil.rmtree(self.cluster.folder)
        self._copy(self.cluster.root / "old", self.cluster.folder)
        self.cluster.start()

    def _copy(self, source: Path, target: Path) -> None:
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)

    def _run(self, binary: str, *words: object) -> None:
        assert self.cluster is not None
        command = [str(self.cluster.binaries / binary), *map(str, words)]
        subprocess.run(command, check=True, capture_output=True)

    def _tell(self, sql: str) -> None:
        engine = create_engine(database_url(self.server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(sql))
        engine.dispose()


def _serves(process_id: int) -> bool:
    """Whether a child of the cluster's first process serves a connection of a client."""
    try:
        title = Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return False
    return title.startswith("postgres: tests ")
