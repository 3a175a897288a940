"""Serves what is measured: a durable database for each side, granian in front, a quiet machine."""

import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from flask import Flask

from api.app import create_app
from api.settings import Settings
from tests import postgres

ROOT = Path(__file__).parent.parent
GOALS: dict[str, Any] = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())
SECRET = "bench-only-0123456789-abcdefghijklmnop"
WORKERS = {"sqlite": 1, "postgresql": 2}
OURS = ("wsgi:app",)
PATIENCE_SECONDS = float(os.environ.get("BENCH_PATIENCE_SECONDS", "20"))


@contextmanager
def databases(name: str, sides: Iterable[str]) -> Iterator[dict[str, str]]:
    """A durable database of its own for each side."""
    (ROOT / "var").mkdir(exist_ok=True)  # on disk: a memory file system would sync for nothing
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        if name == "sqlite":
            yield {side: f"sqlite:///{folder}/{side}.sqlite" for side in sides}
            return
        with postgres.server(durable=True) as server:
            yield {side: postgres.create_database(server, side) for side in sides}


@contextmanager
def served(
    targets: Mapping[str, Sequence[str]], urls: Mapping[str, str], *, workers: int
) -> Iterator[dict[str, int]]:
    """The port on which each side answers."""
    processes, ports = [], {}
    try:
        for side, target in targets.items():
            ports[side] = _free_port()
            processes.append(_serve(target, ports[side], urls[side], workers))
        for port in ports.values():
            _wait_for(port)
        yield ports
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)


def migrated_app(url: str) -> Flask:
    """An app on that database, its tables made."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    return create_app(
        Settings(database_url=url, secret_key=SECRET, environment="test", log_level="error")
    )


def _serve(target: Sequence[str], port: int, url: str, workers: int) -> subprocess.Popen[bytes]:
    given = {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "INTERLUDE_ENVIRONMENT": "test",
        "INTERLUDE_LOG_LEVEL": "error",
        "INTERLUDE_DATABASE_POOL": "16",
    }
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    sized = ["--port", str(port), "--workers", str(workers), "--blocking-threads", "8"]
    return subprocess.Popen(
        [*granian, *sized, "--no-ws", "--log-level", "error", *target],
        env=os.environ | given,
        cwd=ROOT,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def wait_for_quiet() -> None:
    """Up to 20 s (BENCH_PATIENCE_SECONDS) until the machine does little else; then anyway."""
    for _ in range(round(PATIENCE_SECONDS * 2)):
        before = Path("/proc/stat").read_text().split()[1:9] if Path("/proc/stat").exists() else []
        time.sleep(0.5)
        if not before:
            return
        after = Path("/proc/stat").read_text().split()[1:9]
        spent = [int(end) - int(start) for start, end in zip(before, after, strict=True)]
        if spent[3] + spent[4] > 0.8 * sum(spent):
            return


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
