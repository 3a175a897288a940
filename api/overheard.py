"""What a body says of suicide although it could not be read: found in its text, wherever it stands.

Only for bodies that are refused. It errs on the side of hearing: a word that was meant as a note is
looked at by a human, an answer that was meant is not lost because of a comma.
"""

import json
import re
from contextlib import suppress
from typing import Any

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_THOUGHTS = re.compile(
    r"suicidal[_ -]?thoughts\W{1,12}(none|fleeting|often|most[_ -]of[_ -]the[_ -]time|declined)\b",
    re.IGNORECASE,
)
_RANK = ("none", "declined", "fleeting", "often", "most_of_the_time")
_INSTRUMENT = re.compile(r"instrument\W{1,12}([a-z0-9_]{2,40})\b", re.IGNORECASE)
_ITEMS = re.compile(r"items\W{1,12}?\[([^\[\]{}]{0,2000})", re.IGNORECASE)
_EXTRA = re.compile(r"past_3_months\W{1,12}([0-9])\b", re.IGNORECASE)


def found_in(raw: bytes) -> dict[str, Any]:
    """The answers of a day or of a scale that could be found, under the names they are sent by."""
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), _text(raw))
    return {**_thoughts(text), **_scale(text)}


def _text(raw: bytes) -> str:
    """UTF-16 is known by its zeros; what is no UTF-8 is taken byte by byte."""
    zeros = raw[:200].count(0)
    for encoding in ("utf-16" if zeros else "utf-8", "utf-16-le" if zeros else "utf-8"):
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            if "\x00" not in text:
                return text
    return raw.replace(b"\x00", b"").decode("latin-1")


def _thoughts(text: str) -> dict[str, Any]:
    """Of several answers the one that says most."""
    found = [re.sub(r"[ -]", "_", word.casefold()) for word in _THOUGHTS.findall(text)]
    most = max(found, key=_RANK.index, default=None)
    return {} if most is None else {"suicidal_thoughts": most}


def _scale(text: str) -> dict[str, Any]:
    named, listed, months = (found.search(text) for found in (_INSTRUMENT, _ITEMS, _EXTRA))
    told: dict[str, Any] = {} if named is None else {"instrument": named[1].lower()}
    if listed is not None:
        told["items"] = [_item(part) for part in listed[1].split(",")]
    if months is not None:
        told["extra"] = {"past_3_months": int(months[1])}
    return told


def _item(text: str) -> int | None:
    """A whole number, however it was written: 3, "3" and 3.0 are one answer."""
    with suppress(ValueError, OverflowError):  # text, nothing, or a number without end
        value = json.loads(text.strip().strip("\"'"))
        if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
            return int(value)
    return None
