"""A device with its faults: storage that survives it, and a way to the server that loses things."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Literal

from tests.sync.client import Client, Device
from tests.sync.wire import Reply, Unanswered

# What befalls one request. The last three: the server's database breaks around the commit.
Fate = Literal["arrives", "dropped", "lost", "before commit", "after commit", "hiccup"]
FATES: tuple[Fate, ...] = ("dropped", "lost", "before commit", "after commit", "hiccup")


class Crash(Exception):
    """The device went off in the middle of something."""


class Memory:
    """Storage that outlives its device; `crash_in` saves from now it goes off before one."""

    def __init__(self) -> None:
        self.document: bytes | None = None
        self.crash_in: int | None = None

    def load(self) -> bytes | None:
        return self.document

    def save(self, document: bytes) -> None:
        if self.crash_in is not None:
            self.crash_in -= 1
            if self.crash_in < 0:
                self.crash_in = None
                raise Crash
        self.document = document


Ask = Callable[[str, str, Any, Any, Fate], Reply]


class Wire:
    """One device's way to the server. `fate` befalls the next request; `note` is told of each batch
    that leaves the device, `hear` of each answer that comes back."""

    def __init__(
        self, ask: Ask, hear: Callable[[str, Any, Reply], None], note: Callable[[Any], None]
    ) -> None:
        self.ask, self.hear, self.note = ask, hear, note
        self.fate: Fate = "arrives"

    def __call__(self, method: str, path: str, *, query: Any, body: Any) -> Reply:
        fate, self.fate = self.fate, "arrives"
        if method == "POST":
            self.note(body)
        if fate == "dropped":
            raise Unanswered
        reply = self.ask(method, path, query, body, fate)
        if fate == "lost":
            raise Unanswered
        self.hear(method, body, reply)
        return reply


class Phone:
    """One device of one patient; `off` is how wrong its clock is."""

    def __init__(self, name: str, wire: Callable[["Phone"], Wire], now: Any) -> None:
        self.name, self.now, self.off = name, now, timedelta()
        self.memory, self.wire = Memory(), wire(self)
        self.numbers = count(1)
        self.live: set[str] = set()  # the edits under way when it was last looked at
        self.known: dict[str, set[str]] = {}  # by day: the edits it has seen the effect of
        self.client = self._started()

    def clock(self) -> datetime:
        told: datetime = self.now()
        return told + self.off

    def restart(self) -> None:
        """Only what was durable is left."""
        self.memory.crash_in = None
        self.client = self._started()

    def _started(self) -> Client:
        return Client(
            Device(
                device_id=self.name,
                patient_id=self.name[0],
                storage=self.memory,
                transport=self.wire,
                clock=self.clock,
                new_root=lambda: f"{self.name}-{next(self.numbers)}",
            )
        )
