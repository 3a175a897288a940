"""The words of letters, by kind and language; letters.toml has them all."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """A letter's two texts; a text message has the second alone."""

    subject: str
    text: str


@cache
def _written() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def kinds() -> frozenset[str]:
    """Every kind of letter there are words for."""
    return frozenset(_written())


def compose(kind: str, language: str, facts: Mapping[str, object]) -> Words:
    """The letter in this language (BCP 47), in English where there is no other."""
    translations = _written()[kind]
    chosen = translations.get(language.partition("-")[0].lower(), translations[_FALLBACK])
    return Words(chosen["subject"], chosen["text"].strip().format_map(facts))
