"""Reads a request's JSON strictly: what a lenient parser would bend is refused instead."""

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, NoReturn

from flask import Request

from api.overheard import found_in
from api.problems import Problem

MAXIMUM_BYTES = 1_048_576
MAXIMUM_DEPTH = 16
MAXIMUM_INTEGER_DIGITS = 16
# Strings are skipped whole, so that a brace inside one does not count as depth; one that never ends
# is skipped too, or every quote in it would be searched for an end again.
_STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_ALLOWED_CONTROLS = frozenset("\n\r\t")
# Normalizing a run of combining marks takes its length squared; no script needs more than a few.
_MAXIMUM_COMBINING = 30
# More than the largest request there is: what a parser has to walk, an attacker makes long.
_MAXIMUM_VALUES = 50_000


class Unreadable(ValueError):
    """What is wrong, in words that repeat nothing of the body."""


def read_json(request: Request, *, apart: str | None = None) -> Any:
    """The parsed body. 413 too large, 415 not JSON, 400 for anything that is not strict JSON.

    What stands under `apart` is not `cleaned` yet: whoever reads its parts one by one does that.
    """
    raw = buffer(request)
    if request.mimetype != "application/json":
        raise Problem("unsupported-media-type", "Send Content-Type: application/json.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise Problem("unsupported-media-type", "JSON is sent as UTF-8.")
    try:
        return parse(raw, apart=apart)
    except Unreadable as fault:
        raise Problem("unreadable", str(fault)) from None


def read_leniently(request: Request) -> dict[str, Any]:
    """The body's object; what it says of suicide also where it, or all of it, cannot be read."""
    try:
        told = read_json(request)
    except Problem:
        return found_in(raw_of(request))
    whole = dict(told) if isinstance(told, Mapping) else {}
    if isinstance(whole.get("suicidal_thoughts"), str):
        return whole
    found = found_in(raw_of(request))
    return {**found, **whole, **{name: found[name] for name in _BENT if name in found}}


# An answer that is no word, or an item that is no whole number, is taken as it was found.
_BENT = ("suicidal_thoughts", "items")


def raw_of(request: Request) -> bytes:
    """The body's bytes, at most the limit; of one that is too large, its beginning."""
    length = request.content_length
    if length is not None and length > MAXIMUM_BYTES:
        read: bytes = request.environ["wsgi.input"].read(MAXIMUM_BYTES)
        return read
    request.max_content_length = MAXIMUM_BYTES + 1
    return request.get_data(cache=True)[:MAXIMUM_BYTES]


def buffer(request: Request) -> bytes:
    """The whole body, read once: before anything is held that others wait for. 413 too large."""
    too_large = Problem("too-large", f"A body may have at most {MAXIMUM_BYTES} bytes.")
    if request.content_length is not None and request.content_length > MAXIMUM_BYTES:
        raise too_large
    # A body that tells no length is cut at the limit without a word: the byte beyond it tells.
    request.max_content_length = MAXIMUM_BYTES + 1
    raw = request.get_data(cache=True)
    if len(raw) > MAXIMUM_BYTES:
        raise too_large
    return raw


def has_body(request: Request) -> bool:
    """Whether anything was sent at all, its length told or not."""
    return bool(request.content_length) or "chunked" in request.headers.get("Transfer-Encoding", "")


def parse(raw: bytes, *, apart: str | None = None) -> Any:
    """The value of a strict JSON text; ValueError says what is wrong with it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8.") from None
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_integer,
        )
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("The body is not valid JSON.") from None
    if apart is None or not isinstance(value, dict) or apart not in value:
        return cleaned(value)
    rest = {key: inner for key, inner in value.items() if key != apart}
    return {**cleaned(rest), apart: value[apart]}


def cleaned(value: Any) -> Any:
    """The value with its text in NFC; Unreadable for characters no database should be handed, and
    for more values than any request has."""
    return _clean(value, count(1))


def _refuse_depth(text: str) -> None:
    depth = 0
    for match in _STRUCTURE.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            if depth > MAXIMUM_DEPTH:
                raise Unreadable(f"The body is nested deeper than {MAXIMUM_DEPTH}.")
        elif mark in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("An object names the same key twice.")
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise Unreadable("NaN and Infinity are no JSON numbers.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable("A number is too large.")
    return number


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAXIMUM_INTEGER_DIGITS:
        raise Unreadable(f"A number has more than {MAXIMUM_INTEGER_DIGITS} digits.")
    return int(text)


def _clean(value: Any, seen: Iterator[int]) -> Any:
    if next(seen) > _MAXIMUM_VALUES:
        raise Unreadable(f"The body holds more than {_MAXIMUM_VALUES} values.")
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [_clean(item, seen) for item in value]
    if isinstance(value, dict):
        return {_clean_text(key): _clean(item, seen) for key, item in value.items()}
    return value


def _clean_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    combining = 0
    for character in text:
        category = unicodedata.category(character)
        combining = combining + 1 if unicodedata.combining(character) else 0
        if combining > _MAXIMUM_COMBINING:
            raise Unreadable("A text piles up more combining marks than any script does.")
        if category == "Cs" or (category == "Cc" and character not in _ALLOWED_CONTROLS):
            raise Unreadable("A text holds a control character or half a character.")
    return unicodedata.normalize("NFC", text)
