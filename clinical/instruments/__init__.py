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
    "SHIPPED_FILES",
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


# The files' own texts, for whoever begins one of their own with one of ours.
SHIPPED_FILES: Mapping[str, str] = {
    path.stem: path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.toml"))
}
INSTRUMENTS: Mapping[str, Instrument] = {
    key: read(text, key) for key, text in SHIPPED_FILES.items()
}
