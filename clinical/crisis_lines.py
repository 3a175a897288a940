"""Whom a patient can call, by country: numbers nobody has confirmed, or a clinic's own."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

KINDS = ("emergency", "call", "text", "web")
FIND_A_HELPLINE = "findahelpline.com"  # 5c, for a country without a line, and beside every other


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """One way to reach somebody. `last_verified` is when the clinic's admin confirmed it."""

    country: str | None
    kind: str
    name: str
    number: str
    last_verified: date | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name or None,
            "number": self.number,
            "last_verified": self.last_verified,
        }


# A number has at most 15 digits (ITU E.164), and no line we know of fewer than three (u).
FEWEST_DIGITS, MOST_DIGITS, MOST_CHARACTERS = 3, 15, 30
_NOT_DIALLED = re.compile(r"[^0-9 +()-]")
_ADDRESS = re.compile(r"(?:https://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[a-z0-9._~/-]*)?", re.IGNORECASE)


def number_faults(kind: str, number: str) -> Iterator[str]:
    """Everything about a number that nobody could dial; of a `web` line, about its address."""
    if kind == "web":
        if not _ADDRESS.fullmatch(number):
            yield f"Must be an address such as {FIND_A_HELPLINE}."
        return
    if _NOT_DIALLED.search(number):
        yield "Takes digits, spaces, +, -, ( and ) alone."
    if not FEWEST_DIGITS <= len(re.findall("[0-9]", number)) <= MOST_DIGITS:
        yield f"Must have from {FEWEST_DIGITS} to {MOST_DIGITS} digits."
    if len(number) > MOST_CHARACTERS:
        yield f"Must have at most {MOST_CHARACTERS} characters."


@lru_cache(maxsize=1)
def shipped() -> tuple[CrisisLine, ...]:
    """The numbers of clinical/crisis_lines.toml."""
    return read_lines((Path(__file__).parent / "crisis_lines.toml").read_text(encoding="utf-8"))


def read_lines(text: str) -> tuple[CrisisLine, ...]:
    """The lines of a file; ValueError names everything that cannot be dialled."""
    lines = tuple(CrisisLine(**line) for line in tomllib.loads(text)["line"])
    faults = [
        f"{line.country} {line.name or line.kind}: {fault}"
        for line in lines
        for fault in number_faults(line.kind, line.number)
    ]
    if faults:
        raise ValueError("\n".join(faults))
    return lines


def stored_lines(stored: Iterable[Mapping[str, Any]] | None) -> tuple[CrisisLine, ...]:
    """A clinic's own lines, as its settings hold them."""
    return tuple(
        CrisisLine(
            one["country"],
            one["kind"],
            one["name"] or "",
            one["number"],
            date.fromisoformat(one["last_verified"]) if one["last_verified"] else None,
        )
        for one in stored or ()
    )


def lines_of(
    country: str, stored: Iterable[Mapping[str, Any]] | None = None
) -> tuple[CrisisLine, ...]:
    """The lines of a country: the clinic's own where it has any for it, emergency first.

    An emergency number is always among them where one is known; a place to search comes last.
    """
    own = [line for line in stored_lines(stored) if line.country == country]
    known = [line for line in shipped() if line.country == country]
    kept = own or known
    if not any(line.kind == "emergency" for line in kept):
        kept = [line for line in known if line.kind == "emergency"] + kept
    ordered = sorted(kept, key=lambda line: line.kind != "emergency")
    return (*ordered, CrisisLine(None, "web", "", FIND_A_HELPLINE))
