"""How a scale's file is laid out: every name it may hold, and what may stand there."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

# Room for every scale known to us and far more; a number in a file ends up in JSON.
MOST_ITEMS = 100
MOST_DOMAINS = 20
MOST_EXTRA = 20
LARGEST_NUMBER = 1000
LONGEST_FILE = 60_000  # characters
LONGEST_TEXT = 1000
MOST_DOTS = 100  # in one line
_LONGEST_NAME = 60

KEY = "[a-z][a-z0-9_]{0,39}"
_LOINC = re.compile(r"[0-9]{1,7}-[0-9]")
_LOINC_ANSWER = re.compile(r"LA[0-9]{1,7}-[0-9]")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
# What api/bodies.py refuses in any text; a file may hide them behind its own escapes.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_NAME = re.compile("[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Place:
    """What may stand in one place: `judge` answers the fault in words, None where it fits."""

    judge: Callable[[Any], str | None]
    required: bool = False
    within: "Mapping[str, Place] | None" = None  # of a table, or of each table of a list
    named: bool = False  # a table whose names are the file's own, each with a list of numbers


def faults_of_table(told: Any, layout: Mapping[str, Place], at: str = "") -> Iterator[str]:
    """Everything that does not fit the layout, by its dotted name."""
    yield from (f"{at}{name} is missing" for name in layout if _lacks(told, layout, name))
    for name, value in told.items():
        place = layout.get(name)
        if place is None:
            yield f"{at}{_shown(name)} is not known"
            continue
        fault = place.judge(value)
        if fault is not None:
            yield f"{at}{name} {fault}"
        elif place.named:
            yield from _faults_of_named(value, f"{at}{name}.")
        elif place.within is not None:
            yield from _faults_within(value, place.within, f"{at}{name}.")


def _lacks(told: Any, layout: Mapping[str, Place], name: str) -> bool:
    return layout[name].required and name not in told


def _faults_within(value: Any, layout: Mapping[str, Place], at: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from faults_of_table(value, layout, at)
        return
    for number, table in enumerate(value, start=1):
        yield from faults_of_table(table, layout, f"{at}{number}.")


def _faults_of_named(value: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, numbers in value.items():
        if not re.fullmatch(KEY, name):
            yield f"{at}{_shown(name)} is no name like sleep_quality"
        elif (fault := _wholes(numbers)) is not None:
            yield f"{at}{name} {fault}"


def _shown(name: str) -> str:
    return name if _NAME.fullmatch(name) else "a name"


def text(value: Any) -> str | None:
    """One line that says something."""
    if not isinstance(value, str) or not value.strip():
        return "is no text"
    if len(value) > LONGEST_TEXT:
        return f"has more than {LONGEST_TEXT} characters"
    return "has a line break or another control character" if _CONTROLS.search(value) else None


def _short(value: Any) -> str | None:
    fault = text(value)
    if fault is None and len(value) > _LONGEST_NAME:
        return f"has more than {_LONGEST_NAME} characters"
    return fault


def _like(pattern: re.Pattern[str], example: str) -> Callable[[Any], str | None]:
    def judge(value: Any) -> str | None:
        fits = isinstance(value, str) and pattern.fullmatch(value)
        return None if fits else f"does not look like {example}"

    return judge


def whole(value: Any) -> str | None:
    """A whole number; true is none."""
    if type(value) is not int:
        return "is no whole number"
    return _within_reason(value)


def _number(value: Any) -> str | None:
    # A whole number is never infinite, and may be too long to ask.
    if type(value) is not int and (type(value) is not float or not isfinite(value)):
        return "is no number"
    return _within_reason(value)


def _within_reason(value: float) -> str | None:
    fits = -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    return None if fits else f"is not from -{LARGEST_NUMBER} to {LARGEST_NUMBER}"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "is neither true nor false"


def _table(value: Any) -> str | None:
    return None if isinstance(value, dict) else "is no table"


def _named_table(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "is no table"
    return f"has more than {MOST_DOMAINS}" if len(value) > MOST_DOMAINS else None


def _each(
    judge: Callable[[Any], str | None], most: int = MOST_ITEMS
) -> Callable[[Any], str | None]:
    def judge_all(value: Any) -> str | None:
        if not isinstance(value, list):
            return "is no list"
        if len(value) > most:
            return f"has more than {most}"
        faults = enumerate(map(judge, value), start=1)
        return next((f"{fault}: its number {n}" for n, fault in faults if fault is not None), None)

    return judge_all


_wholes = _each(whole)
_texts = _each(text)
_tables = _each(_table)
_TEXT, _SHORT, _WHOLE, _NUMBER = Place(text), Place(_short), Place(whole), Place(_number)
_SOME_TEXT, _SOME_SHORT = Place(text, required=True), Place(_short, required=True)
_SOME_WHOLE, _SOME_NUMBER = Place(whole, required=True), Place(_number, required=True)
_GATE = Place(_table, within={"item": _SOME_WHOLE, "at_least": _SOME_WHOLE})

_BANDS = Place(
    _each(_table),
    within={"minimum": _SOME_NUMBER, "maximum": _SOME_NUMBER, "label": _SOME_SHORT},
)
_CHANGE = Place(
    _table,
    within={
        **dict.fromkeys(("remission_at_most", "remission_at_least", "response_share"), _NUMBER),
        **dict.fromkeys(("reliable_change", "meaningful_change"), _NUMBER),
        **dict.fromkeys(("worsening", "caseness"), _NUMBER),
        **dict.fromkeys(("standard_deviation", "reliability"), _NUMBER),
        "change_source": _TEXT,
    },
)
_MISSING = Place(_table, within={"never_imputed": Place(_wholes), "prorate_from": _WHOLE})
_SAFETY = Place(
    _table, within={"item": _SOME_WHOLE, "task_from": _SOME_WHOLE, "urgent_from": _WHOLE}
)
_CODES = Place(
    _table,
    within={
        "panel": Place(_like(_LOINC, "44249-1")),
        "total": Place(_like(_LOINC, "44261-6")),
        "level": Place(_like(_LOINC, "93374-7")),
        "items": Place(_each(_like(_LOINC, "44250-9"))),
        "answers": Place(_each(_like(_LOINC_ANSWER, "LA6568-5"))),
    },
)
_WORDING = Place(
    _table,
    within={
        "language": Place(_like(_LANGUAGE, "de"), required=True),
        "stem": _TEXT,
        "notice": _TEXT,
        "items": Place(_texts, required=True),
        "answers": Place(_texts),
        "item_answers": Place(_each(_texts)),
        "low_end": _SHORT,
        "high_end": _SHORT,
    },
)
_EXTRA = Place(
    _each(_table, MOST_EXTRA),
    within={
        "key": Place(_like(re.compile(KEY), "difficulty"), required=True),
        "minimum": _SOME_WHOLE,
        "maximum": _SOME_WHOLE,
        "text": _TEXT,
        "label": _SHORT,
        "answers": Place(_texts),
        "loinc": Place(_like(_LOINC, "69722-7")),
        "gate": _GATE,
        "is_needed": Place(_flag),
    },
)
_GATES = Place(
    _tables,
    within={"items": Place(_wholes, required=True), "item": _SOME_WHOLE, "at_least": _SOME_WHOLE},
)

LAYOUT: Mapping[str, Place] = {
    "key": Place(_like(re.compile(KEY), "sleep_diary"), required=True),
    "name": _SOME_SHORT,
    "rater": _SOME_SHORT,
    "recall_days": _WHOLE,
    "items": _SOME_WHOLE,
    "item_minimum": _SOME_WHOLE,
    "item_maximum": _WHOLE,
    "item_maxima": Place(_wholes),
    "labels": Place(_each(_short)),
    "total_minimum": _NUMBER,
    "total_maximum": _NUMBER,
    "scoring": _SOME_SHORT,
    "reversed_items": Place(_wholes),
    "scored_items": Place(_wholes),
    "t_table": Place(_each(_number, LARGEST_NUMBER)),
    "direction": _SOME_SHORT,
    "entry": _SHORT,
    "entry_note": _TEXT,
    "licence": _SOME_TEXT,
    "source": _SOME_TEXT,
    "unconfirmed": Place(_each(_short)),
    "domains": Place(_named_table, named=True),
    "missing": _MISSING,
    "bands": _BANDS,
    "change": _CHANGE,
    "safety": _SAFETY,
    "loinc": _CODES,
    "wording": _WORDING,
    "extra": _EXTRA,
    "gates": _GATES,
}


def sound(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of a file, the names that are known and whose values fit throughout."""
    return {
        name: value
        for name, value in told.items()
        if name in LAYOUT and not any(faults_of_table({name: value}, {name: LAYOUT[name]}))
    }
