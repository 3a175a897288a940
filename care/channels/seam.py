"""What every channel takes and how it may fail; no sending lasts longer than its deadline."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One letter in its words; `id` lets the receiver know it again if it comes twice."""

    id: UUID
    recipient: str
    subject: str
    text: str
    at: datetime


class NotSent(Exception):
    """Why it did not go out; `is_refused`: the receiver said that it never will."""

    def __init__(self, fault: str, *, is_refused: bool = False) -> None:
        super().__init__(fault)
        self.fault = fault
        self.is_refused = is_refused


class Carrier(Protocol):
    """Carries a letter outside, or raises NotSent."""

    def send(self, outgoing: Outgoing) -> None: ...


# By the channel's name; a channel nobody has set up is not there.
Channels = Mapping[str, Carrier]


def send(channels: Channels, channel: str, outgoing: Outgoing) -> None:
    """Send by that channel; NotSent says why not."""
    if channel not in channels:
        raise NotSent("no_channel")
    channels[channel].send(outgoing)


@contextmanager
def deadline(seconds: float, socket_now: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut the socket when the time is up: a timeout of its own counts from each byte anew."""

    def cut() -> None:
        held = socket_now()
        if held is not None:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
