"""Answers as bytes: JSON with an ETag, pages with a cursor."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request

from care.refusals import Fault, Invalid

TAG = re.compile(r'(?:W/)?"[^"]*"|\*')


def reply(body: Any, status: int = 200, *, etag: str | None = None) -> Response:
    """A JSON answer; with an ETag that the client already has, 304 without a body."""
    text = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    response = Response(text, status, content_type="application/json")
    if etag is not None:
        response.headers["ETag"] = f'"{etag}"'
        if status == 200 and (same := unchanged(etag)):
            return same
    return response


def unchanged(etag: str) -> Response | None:
    """304 when the client already has this state; None when the answer is still to be made."""
    if request.method != "GET" or not _client_has(etag):
        return None
    response = Response(status=304)
    response.headers["ETag"] = f'"{etag}"'
    return response


def content_tag(body: Any) -> str:
    """An ETag of what is shown."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def resource(body: Mapping[str, Any], status: int = 200) -> Response:
    """A single resource, tagged by its content."""
    return reply(body, status, etag=content_tag(body))


def cacheable(body: bytes, content_type: str) -> Response:
    """A public file: kept by whoever asked, who asks each time whether it is still that one."""
    response = Response(body, content_type=f"{content_type}; charset=utf-8")
    response.headers["ETag"] = f'"{content_tag([body.decode()])}"'
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.make_conditional(request)
    return response


def subscribed(body: bytes, content_type: str) -> Response:
    """Bytes of somebody's own that a program reads again and again: kept nowhere on the way."""
    etag = content_tag([body.decode()])
    response = Response(body, content_type=f"{content_type}; charset=utf-8")
    response.headers["ETag"] = f'"{etag}"'
    return unchanged(etag) or response


def page(items: Sequence[Any], following: str | None) -> Response:
    """A page of a list; `following` is the cursor of the next, None at the end."""
    return reply({"items": items, "next": following})


def cursor_of(value: str) -> str:
    """The opaque cursor that continues after this sort key."""
    return urlsafe_b64encode(value.encode()).decode().rstrip("=")


def after(cursor: str | None) -> str | None:
    """The sort key in a cursor; Invalid for text that is no cursor of ours."""
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        raise bad_cursor() from None
    if "\0" in text:
        raise bad_cursor()
    return text


def cursor_id(text: str) -> UUID:
    """The id in a cursor's sort key."""
    try:
        return UUID(text)
    except ValueError:
        raise bad_cursor() from None


def cursor_instant(position: str) -> tuple[datetime, UUID]:
    """The instant and the id of a list that is sorted by these."""
    at, _, last_id = position.partition("\n")
    try:
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise bad_cursor()
        return instant.astimezone(UTC), cursor_id(last_id)
    except (ValueError, OverflowError):  # the last for the ends of the calendar
        raise bad_cursor() from None


def bad_cursor() -> Invalid:
    return Invalid([Fault("/cursor", "Not a cursor: use the `next` of the page before.")])


def _client_has(etag: str) -> bool:
    sent = TAG.findall(request.headers.get("If-None-Match", ""))
    return any(tag == "*" or tag.removeprefix("W/") == f'"{etag}"' for tag in sent)


ETAG_HEADER = {
    "ETag": {"schema": {"type": "string"}, "description": "The tag of this state."},
}
