"""The demo clinic on a real server: a process of its own on a free loopback port."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract import ROOT

PYTHON = Path(sys.executable)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, port: int) -> dict[str, str]:
    """What `make demo` sets, for a database in `folder`; nothing of the caller's own settings."""
    return {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "served-to-tests-0123456789-abcdefghij",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite",
        "INTERLUDE_ENVIRONMENT": "demo",
        "INTERLUDE_LOG_LEVEL": "warning",
        "PORT": str(port),
    }


# The eight stories and the first patient alone: for a test that looks at anything else.
SMALL = ("--patients", "1")


def made_once(shared: Path, name: str, *options: str) -> Path:
    """A folder below `shared` with a demo's database, and in told.txt what making it printed.

    Whoever asks first makes it; other processes of the same run wait for that.
    """
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "told.txt").exists():
            folder.mkdir()
            told = make(environment(folder, 8000), *options)
            (folder / "told.txt").write_text(told)
    return folder


def make(settings: dict[str, str], *options: str) -> str:
    """What `flask demo` prints, having made a demo with these settings."""
    run(["alembic", "upgrade", "head"], settings)
    return run(["flask", "--app", "wsgi", "demo", *options], settings)


def copied(made: Path, folder: Path) -> str:
    """The URL of a copy of a made demo's database."""
    for file in made.glob("demo.sqlite*"):
        shutil.copy(file, folder)
    return f"sqlite:///{folder}/demo.sqlite"


@contextmanager
def demo(folder: Path, made: Path | None = None) -> Iterator[str]:
    """The URL of a demo clinic of the caller's own, served as long as the block; from a made one,
    or it is made anew."""
    port = free_port()
    settings = environment(folder, port)
    if made is None:
        make(settings, *SMALL)
    else:
        copied(made, folder)
    with _granian(settings, folder / "server.log") as server:
        try:
            yield f"http://localhost:{port}"
        finally:
            server.terminate()


def run(command: list[str], settings: dict[str, str]) -> str:
    """What one of this environment's commands prints."""
    words = [str(PYTHON), "-m", *command]
    done = subprocess.run(words, check=True, cwd=ROOT, env=settings, capture_output=True, text=True)  # noqa: S603
    return done.stdout


def _granian(settings: dict[str, str], log: Path) -> subprocess.Popen[str]:
    """The server of `make run`, once it says that its worker has started."""
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    command = [str(PYTHON), "-m", "granian", *options, "--port", settings["PORT"], "wsgi:app"]
    with log.open("w") as errors:
        server = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert server.stdout is not None
    for line in server.stdout:
        if "Started worker" in line:
            return server
    server.wait()
    raise AssertionError(f"The server did not start:\n{log.read_text()}")
