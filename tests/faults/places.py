"""Where the server keeps its rows: a database that can be killed, backed up and put back."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from sqlalchemy import create_engine, text

from models.db import new_id
from models.engine import database_url
from tests import postgres
from tests.conftest import migrated
from tests.contract import ROOT
from tests.faults.server import SECRET, children, kill

# Connections of a server that was killed are not all gone at once; a restore refuses company.
RESTORES_WITHIN_SECONDS = 20.0


class Place(Protocol):
    """One database. What is put back is put back while no server runs."""

    engine: str
    url: str

    def back_up(self) -> None:
        """By `flask backup`, while the server works on."""

    def put_back(self) -> None:
        """By `flask restore`."""

    def keep_disk(self) -> None:
        """Copy the files as they are."""

    def put_back_disk(self) -> None:
        """Without a word to anybody."""


@dataclass
class SqliteFile:
    """A file below `folder`."""

    folder: Path
    engine: str = "sqlite"

    def __post_init__(self) -> None:
        self.file = self.folder / "clinic.sqlite"
        self.url = migrated(f"sqlite:///{self.file}")

    def back_up(self) -> None:
        _flask(self.url, "backup", self.folder / "backup")

    def put_back(self) -> None:
        _flask(self.url, "restore", "--replace", self.folder / "backup")

    def keep_disk(self) -> None:
        """What a copy of the folder finds that catches no write half done."""
        _flask(self.url, "backup", self.folder / "old")

    def put_back_disk(self) -> None:
        """The file beside it, which tells an old copy, stays as it is."""
        for end in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        shutil.copyfile(self.folder / "old", self.file)


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
        _flask(self.url, "backup", self.folder / "backup", path=self._own.binaries)

    def put_back(self) -> None:
        words = ("restore", "--replace", self.folder / "backup")
        until = time.monotonic() + RESTORES_WITHIN_SECONDS
        while True:
            try:
                return _flask(self.url, *words, path=self._own.binaries)
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise

    def end_backends(self) -> None:
        """Every connection to the database is told to end."""
        engine = create_engine(database_url(self.server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(_END_BACKENDS, {"name": self.name})
        engine.dispose()

    def kill_backend(self, random: Random) -> None:
        """One process that serves a connection, without a word: all others end with it."""
        backends = [one for one in children(self._own.process_id()) if _serves(one)]
        if backends:
            kill(random.choice(backends))

    def restart(self) -> None:
        """Stopped as a loss of power would, and started again."""
        self._own.stop("immediate")
        self._own.start()

    def keep_disk(self) -> None:
        """Taken while the cluster stands still."""
        self._own.stop("fast")
        _copy(self._own.folder, self._own.root / "old")
        self._own.start()

    def put_back_disk(self) -> None:
        self._own.stop("immediate")
        shutil.rmtree(self._own.folder)
        _copy(self._own.root / "old", self._own.folder)
        self._own.start()

    @property
    def _own(self) -> postgres.Cluster:
        assert self.cluster is not None, "others use this cluster"
        return self.cluster


_END_BACKENDS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = :name AND pid <> pg_backend_pid()"
)


def _serves(process_id: int) -> bool:
    """Whether a child of the cluster's first process serves a connection of a client."""
    try:
        title = Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return False
    return title.startswith("postgres: tests ")


def _copy(source: Path, target: Path) -> None:
    """With its owner, or PostgreSQL would refuse it."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def _flask(url: str, *words: object, path: Path | None = None) -> None:
    """One of this project's own commands on that database."""
    found = os.environ["PATH"] if path is None else f"{path}{os.pathsep}{os.environ['PATH']}"
    settings: Mapping[str, str] = {
        "PATH": found,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "INTERLUDE_ENVIRONMENT": "test",
        "INTERLUDE_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, words)]
    subprocess.run(command, cwd=ROOT, env=settings, check=True, capture_output=True)
