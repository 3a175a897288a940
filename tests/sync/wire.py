"""One request and its answer, whatever carries them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol


class Unanswered(Exception):
    """The request may or may not have arrived."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: Any


class Transport(Protocol):
    """`query` and `body` are plain values; the transport adds who is logged in."""

    def __call__(self, method: str, path: str, *, query: Any, body: Any) -> Reply: ...


@dataclass(frozen=True, slots=True)
class Round:
    """What one request came to: `status` 0 where there was no answer, None where nothing was to be
    asked; `more` where the same should be asked again."""

    status: int | None
    more: bool = False
    retry_after: float | None = None


def retry_after(reply: Reply) -> float | None:
    told = reply.headers.get("Retry-After")
    return float(told) if told is not None else None


def date_of(reply: Reply) -> datetime | None:
    told = reply.headers.get("Date")
    return None if told is None else parsedate_to_datetime(told).astimezone(UTC)
