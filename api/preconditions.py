"""What a request says besides its body: preconditions, and its own name for itself."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from flask import request

from api.auth import services
from api.replies import TAG
from care.protocol import NO_BASE
from care.refusals import Fault, Invalid

_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_REVISION_TAG = re.compile(r'(?:W/)?"r([1-9]\d{0,8})(?:\.[0-9a-f]+)?"')


def sent_base() -> int | None:
    """The revision the client's edit is based on: None without a precondition, 0 for "must be
    absent" (If-None-Match: *), NO_BASE for one that names no revision of ours."""
    if_match = request.headers.get("If-Match")
    if if_match is not None:
        matched = _REVISION_TAG.fullmatch(if_match.strip())
        return int(matched.group(1)) if matched else NO_BASE
    return 0 if request.headers.get("If-None-Match", "").strip() == "*" else None


def sent_key() -> str | None:
    """The Idempotency-Key, None without one; Invalid when it is not 1-128 visible characters."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid([Fault("/Idempotency-Key", "Must be 1 to 128 visible ASCII characters.")])
    return key


def readable_key() -> str | None:
    """The same of a request that is refused: None for one that is no key."""
    key = request.headers.get("Idempotency-Key")
    return key if key is not None and _KEY.fullmatch(key) else None


def precondition_holds(etag: str) -> bool:
    """Whether an If-Match (where one was sent) names this content."""
    if_match = request.headers.get("If-Match")
    if if_match is None:
        return True
    return any(tag in ("*", f'"{etag}"') for tag in TAG.findall(if_match))


def request_digest(body: Mapping[str, Any]) -> str:
    """Binds an Idempotency-Key to this request: the route and what was asked."""
    asked = [str(request.url_rule), request.view_args, body]
    canonical = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    return services().keys.request_digest(canonical)


IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
    "description": "The sender's own name for this request, kept for ever: sending it again with "
    "the same body changes nothing and is answered the same.",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The ETag of the state the change is based on.",
    "example": '"r1.44136fa3"',
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "description": "On GET: an ETag already held (304). On PUT: `*`, the day must be absent.",
}
