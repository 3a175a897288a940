"""What a phone saw, one line for each event, on disk before the next is done."""

import os
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

Event = Mapping[str, Any]


class History:
    """The log of one phone: `invoke` of an operation, then `ok`, `fail` or `info`; `edit` of a day,
    `answer` to a question, every response of the server as `http`. `last_ok` is when a write was
    last acknowledged.

    Several threads may write: a request that was late reports for itself.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.last_ok = 0.0
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, events: Iterable[Event]) -> None:
        """Append events, all with the time of now; they are on disk when this returns."""
        at = time.monotonic()
        told = [{"at": at, **event} for event in events]
        lines = b"".join(orjson.dumps(event) + b"\n" for event in told)
        with self._lock:
            os.write(self._handle, lines)
            os.fsync(self._handle)
        if any(event["what"] == "ok" for event in told):
            self.last_ok = at

    def read(self) -> list[Event]:
        return [orjson.loads(line) for line in self._file.read_bytes().splitlines()]

    def close(self) -> None:
        os.close(self._handle)


def root_of(op_id: str) -> str:
    """The edit that an operation carries, under whatever name it was offered."""
    return op_id.partition(".")[0]
