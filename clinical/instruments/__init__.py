"""The rating scales: one TOML file each, read strictly, scored by rules that have names."""

from collections.abc import Mapping
from pathlib import Path

from clinical.instruments.form import (
    DIRECTIONS,
    ENTRIES,
    LEVELS,
    RATERS,
    SCORINGS,
    Band,
    Domain,
    Extra,
    Gate,
    Instrument,
    Item,
    SafetyItem,
    differences,
)
from clinical.instruments.layout import KEY, LONGEST_FILE
from clinical.instruments.meaning import Meaning, meaning
from clinical.instruments.reading import BadInstrument, read
from clinical.instruments.scoring import Score, band_of, faults_of, score

__all__ = [
    "DIRECTIONS",
    "ENTRIES",
    "INSTRUMENTS",
    "KEY",
    "LEVELS",
    "LONGEST_FILE",
    "RATERS",
    "SCORINGS",
    "BadInstrument",
    "Band",
    "Domain",
    "Extra",
    "Gate",
    "Instrument",
    "Item",
    "Meaning",
    "SafetyItem",
    "Score",
    "band_of",
    "differences",
    "faults_of",
    "meaning",
    "read",
    "score",
]


def _shipped() -> dict[str, Instrument]:
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {path.stem: read(path.read_text("utf-8"), path.stem) for path in files}


INSTRUMENTS: Mapping[str, Instrument] = _shipped()
