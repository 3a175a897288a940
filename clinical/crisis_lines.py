"""Whom a patient can call, by country: numbers nobody has confirmed, or a clinic's own."""

import tomllib
from collections.abc import Iterable, Mapping
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


@lru_cache(maxsize=1)
def shipped() -> tuple[CrisisLine, ...]:
    """The numbers of clinical/crisis_lines.toml."""
    text = (Path(__file__).parent / "crisis_lines.toml").read_text(encoding="utf-8")
    return tuple(CrisisLine(**line) for line in tomllib.loads(text)["line"])


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
