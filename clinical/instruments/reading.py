"""From a scale's file to the scale: read strictly, every fault named at once."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clinical.instruments.checks import (
    RELIABLE_CHANGE_PARTS,
    faults_of_scale,
    faults_of_sizes,
)
from clinical.instruments.form import (
    Band,
    Domain,
    Extra,
    Gate,
    Instrument,
    Item,
    SafetyItem,
)
from clinical.instruments.layout import LAYOUT, LONGEST_FILE, MOST_DOTS, faults_of_table, sound
from clinical.instruments.meaning import reliable_difference
from clinical.instruments.syntax import fault_of_syntax

# Without these there are no items, and nothing else can be judged.
_CORE = frozenset({"items", "item_minimum", "item_maximum", "item_maxima"})
_BYTE_ORDER_MARK = "\ufeff"  # some editors begin a file with it
_PLAIN = (
    *("key", "name", "rater", "scoring", "direction", "licence", "source"),
    *("recall_days", "total_minimum", "total_maximum", "entry_note"),
)
_OF_WORDING = ("language", "stem", "notice")
_OF_EXTRA = ("key", "minimum", "maximum", "text", "label", "loinc")


class BadInstrument(ValueError):
    """A scale's file that says too little, too much, or what cannot be; `faults` is every fault."""

    def __init__(self, key: str, faults: Sequence[str]) -> None:
        super().__init__(f"{key}: " + "; ".join(faults))
        self.faults = tuple(faults)


def read(text: str, key: str) -> Instrument:
    """The scale a file describes; `key` is the file's own name."""
    if len(text) > LONGEST_FILE:
        raise BadInstrument(key, [f"has more than {LONGEST_FILE} characters"])
    told = _parsed(text.removeprefix(_BYTE_ORDER_MARK), key)
    faults = list(faults_of_file(told, key))
    if faults:
        raise BadInstrument(key, faults)
    return _built(told)


def faults_of_file(told: Mapping[str, Any], key: str) -> Iterator[str]:
    """Every fault; what rests on a faulty part is judged when that part is mended."""
    yield from faults_of_table(told, LAYOUT)
    kept = sound(told)
    gone = {name for name, place in LAYOUT.items() if place.required or name in told} - kept.keys()
    faults = list(faults_of_sizes(kept, key, gone))
    yield from (words for _, words in faults)
    gone |= {name for names, _ in faults for name in names}
    if not gone & _CORE:
        whole = {name: value for name, value in kept.items() if name not in gone}
        yield from faults_of_scale(_built(whole), whole, gone)


def _parsed(text: str, key: str) -> Mapping[str, Any]:
    # Python's reader takes time as the square of a key's parts: a.a.a.a...
    if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        raise BadInstrument(key, [f"a line has more than {MOST_DOTS} dots"])
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # the last where it nests a thousand deep
        raise BadInstrument(key, [fault_of_syntax(error)]) from None


def _built(told: Mapping[str, Any]) -> Instrument:
    missing, loinc = told.get("missing", {}), told.get("loinc", {})
    wording = told.get("wording", {})
    safety = told.get("safety")
    plain: dict[str, Any] = {name: told.get(name) for name in _PLAIN}
    plain |= {name: wording.get(name) for name in _OF_WORDING}
    return Instrument(
        **plain,
        **_change(told.get("change", {})),
        items=tuple(_item(told, number) for number in range(1, told["items"] + 1)),
        entry=told.get("entry", "items"),
        extra=tuple(map(_extra, told.get("extra", ()))),
        scored_items=tuple(told.get("scored_items", ())),
        domains=tuple(
            Domain(name, tuple(numbers)) for name, numbers in told.get("domains", {}).items()
        ),
        t_table=tuple(told.get("t_table", ())),
        prorate_from=missing.get("prorate_from"),
        bands=tuple(Band(**band) for band in told.get("bands", ())),
        safety=None if safety is None else SafetyItem(**safety),
        loinc_panel=loinc.get("panel"),
        loinc_total=loinc.get("total"),
        loinc_level=loinc.get("level"),
        loinc_answers=tuple(loinc.get("answers", ())),
        unconfirmed=tuple(told.get("unconfirmed", ())),
    )


def _change(told: Mapping[str, Any]) -> dict[str, Any]:
    """The cut-offs; a reliable change is worked out from what it rests on, where these are told."""
    change = dict(told)
    deviation, reliability = (change.pop(name, None) for name in RELIABLE_CHANGE_PARTS)
    if deviation is not None and reliability is not None:
        change["reliable_change"] = reliable_difference(deviation, reliability)
    return change


def _item(told: Mapping[str, Any], number: int) -> Item:
    wording = told.get("wording", {})
    gates = [one for one in told.get("gates", ()) if number in one["items"]]
    maxima = told.get("item_maxima")
    answers = wording.get("answers", ())
    return Item(
        number,
        told["item_minimum"],
        told["item_maximum"] if maxima is None else maxima[number - 1],
        text=_at(wording.get("items"), number),
        label=_at(told.get("labels"), number),
        answers=tuple(_at(wording.get("item_answers"), number) or answers),
        low_end=wording.get("low_end"),
        high_end=wording.get("high_end"),
        loinc=_at(told.get("loinc", {}).get("items"), number),
        never_imputed=number in _never_imputed(told),
        is_reversed=number in told.get("reversed_items", ()),
        gate=Gate(gates[0]["item"], gates[0]["at_least"]) if gates else None,
    )


def _never_imputed(told: Mapping[str, Any]) -> list[int]:
    """The item about suicide is one of them, whether the file says so or not."""
    safety = [told["safety"]["item"]] if "safety" in told else []
    return [*told.get("missing", {}).get("never_imputed", ()), *safety]


def _at(listed: Sequence[Any] | None, number: int) -> Any:
    return None if listed is None else listed[number - 1]


def _extra(told: Mapping[str, Any]) -> Extra:
    plain: dict[str, Any] = {name: told.get(name) for name in _OF_EXTRA}
    return Extra(
        **plain,
        answers=tuple(told.get("answers", ())),
        gate=Gate(**told["gate"]) if "gate" in told else None,
        is_needed=told.get("is_needed", False),
    )
