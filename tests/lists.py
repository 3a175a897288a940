"""Walks lists page by page, and forges cursors that no list gave out."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from tests.people import Person

_ID = str(UUID(int=7))


def walk(
    person: Person, path: str, limit: int, between: Callable[[], object] = lambda: None
) -> list[Any]:
    """Every item of a list, asked for `limit` at a time; `between` happens after each page."""
    items: list[Any] = []
    path, _, asked = path.partition("?")
    query: dict[str, Any] = dict(parse_qsl(asked)) | {"limit": limit}
    while True:
        answer = person.get(path, query_string=query)
        assert answer.status_code == 200, answer.json
        assert len(answer.json["items"]) <= limit
        items += answer.json["items"]
        if answer.json["next"] is None:
            return items
        query["cursor"] = answer.json["next"]
        between()


def encoded(text: str | bytes) -> str:
    """Text in the form cursors have."""
    raw = text.encode() if isinstance(text, str) else text
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(cursor: str) -> str:
    """What a cursor says to whoever looks into it."""
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


# What no list of ours gave out, whatever it is sorted by.
FORGED = (
    "",
    "x",
    "!!!",
    "\0",
    "ü",
    "0" * 2001,
    encoded("\0"),
    encoded(b"\xff\xfe"),
    encoded(f"a\0\n{_ID}"),
    encoded(f"{_ID}x"),
    encoded("a\n"),
    encoded(f"{_ID}\n"),
    encoded("2026-11-23T00:00:00+00:00\n"),
)

# Cursors of other lists, by what those are sorted by.
BY_ID = encoded(_ID)
BY_DATE = encoded("2026-11-23")
BY_INSTANT = encoded(f"2026-11-23T00:00:00+00:00\n{_ID}")

# Instants that are none, or that no clock can show in UTC.
BAD_INSTANTS = (
    encoded(f"2026-11-23T00:00:00\n{_ID}"),
    encoded(f"2026-11-23\n{_ID}"),
    encoded(f"0001-01-01T00:00:00+23:59\n{_ID}"),
    encoded(f"9999-12-31T23:59:59-23:59\n{_ID}"),
    encoded(f"yesterday\n{_ID}"),
)


def refused(person: Person, path: str, cursor: str) -> bool:
    """Whether the list says that this is no cursor, and that alone."""
    answer = person.get(path, query_string={"cursor": cursor})
    pointers = [error["pointer"] for error in (answer.json or {}).get("errors", ())]
    return answer.status_code == 422 and pointers == ["/cursor"]
