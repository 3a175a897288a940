"""The real server as `make run` starts it, in a group of processes that can be killed."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.served import free_port

SECRET = "broken-on-purpose-0123456789-abcdefghij"
STARTS_WITHIN_SECONDS = 60.0
GROWN_SECONDS = 6.0
_OPTIONS = ("--interface", "wsgi", "--host", "127.0.0.1", "--blocking-threads", "8", "--no-ws")


class Server:
    """granian on `tree`, a copy of this project or itself, with `workers` processes."""

    def __init__(self, tree: Path, database_url: str, *, workers: int, log: Path) -> None:
        self.port = free_port()
        self._tree, self._workers, self._log = tree, workers, log
        self._settings: Mapping[str, str] = {
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "INTERLUDE_ENVIRONMENT": "test",
            "INTERLUDE_LOG_LEVEL": "warning",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers that it is ready."""
        sized = ("--port", str(self.port), "--workers", str(self._workers))
        again = ("--respawn-failed-workers", "--respawn-interval", "0.1")
        command = [sys.executable, "-m", "granian", *_OPTIONS, *sized, *again, "wsgi:app"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._tree,
                env=self._settings,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until:
            if _is_ready(self.port):
                return
            time.sleep(0.05)
        raise TimeoutError(f"The server is not ready:\n{self._log.read_text()[-2000:]}")

    def kill(self) -> None:
        """All its processes at once, without a word."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill_worker(self, random: Random) -> bool:
        """One of the processes that answer; the first process starts another.

        granian gives up when one dies soon after it was started again: that is left to whatever
        starts the server (docs/deploy.md), and here to `kill`.
        """
        assert self._process is not None
        grown = [one for one in children(self._process.pid) if age_seconds(one) > GROWN_SECONDS]
        if grown:
            kill(random.choice(grown))
        return bool(grown)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def children(process_id: int) -> list[int]:
    """The processes a process has started, in order."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = status.read_text().rpartition(")")[2].split()[1]
            if int(parent) == process_id:
                found.append(int(status.parent.name))
    return sorted(found)


def age_seconds(process_id: int) -> float:
    """How long a process has been running; 0 for one that is gone."""
    with suppress(OSError):
        told = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        return uptime - int(told[19]) / os.sysconf("SC_CLK_TCK")
    return 0.0


def kill(process_id: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)
