"""The rating scales whose totals are kept: one TOML file each, read strictly; no item's wording."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

# How a total comes from its items; only what `_COMPUTED` knows is held against the items sent.
SCORINGS = ("sum", "four_times_sum", "sum_with_reversed_items", "qids")
RATERS = ("self", "clinician")
DIRECTIONS = ("higher_is_better", "higher_is_worse")

_COMPUTED: Mapping[str, Callable[[Sequence[int]], int]] = {
    "sum": sum,
    "four_times_sum": lambda items: 4 * sum(items),
}
_REQUIRED: Mapping[str, type] = {
    "key": str,
    "name": str,
    "rater": str,
    "items": int,
    "item_minimum": int,
    "total_minimum": int,
    "total_maximum": int,
    "scoring": str,
    "direction": str,
    "licence": str,
    "source": str,
}
_OPTIONAL: Mapping[str, type] = {
    "recall_days": int,
    "item_maximum": int,
    "item_maxima": list,
    "loinc": dict,
}


@dataclass(frozen=True, slots=True)
class Instrument:
    """One scale. `item_ranges` has (lowest, highest) per item, in order; `recall_days` None = now.

    LOINC codes are there only where they were confirmed.
    """

    key: str
    name: str
    rater: str
    recall_days: int | None
    item_ranges: tuple[tuple[int, int], ...]
    total_minimum: int
    total_maximum: int
    scoring: str
    direction: Literal["higher_is_better", "higher_is_worse"]
    licence: str
    source: str
    loinc_panel: str | None = None
    loinc_total: str | None = None
    loinc_items: tuple[str, ...] = ()


class BadInstrument(ValueError):
    """A scale's file that says too little, too much, or what cannot be; names every fault."""


def read(text: str, key: str) -> Instrument:
    """The scale a file describes; `key` is the file's own name."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInstrument(f"{key}: not TOML: {error}") from None
    faults = _faults_of_form(told) or _faults_of_meaning(told, key)
    if faults:
        raise BadInstrument(f"{key}: " + "; ".join(faults))
    loinc = told.get("loinc", {})
    plain = ("key", "name", "rater", "total_minimum", "total_maximum", "scoring", "direction")
    return Instrument(
        **{name: told[name] for name in (*plain, "licence", "source")},
        recall_days=told.get("recall_days"),
        item_ranges=_item_ranges(told),
        loinc_panel=loinc.get("panel"),
        loinc_total=loinc.get("total"),
        loinc_items=tuple(loinc.get("items", ())),
    )


def _faults_of_form(told: Mapping[str, Any]) -> list[str]:
    known = {**_REQUIRED, **_OPTIONAL}
    faults = [f"{name} is missing" for name in _REQUIRED if name not in told]
    faults += [f"{name} is not known" for name in told if name not in known]
    faults += [
        f"{name} is no {known[name].__name__}"
        for name, value in told.items()
        if name in known and type(value) is not known[name]  # true is no number here
    ]
    if ("item_maximum" in told) == ("item_maxima" in told):
        faults.append("either item_maximum or item_maxima")
    return faults


def _faults_of_meaning(told: Mapping[str, Any], key: str) -> list[str]:
    codes = {"rater": RATERS, "scoring": SCORINGS, "direction": DIRECTIONS}
    faults = [f"{name} is none of {codes[name]}" for name in codes if told[name] not in codes[name]]
    faults += ["key is not the file's name"] if told["key"] != key else []
    faults += ["loinc"] if set(told.get("loinc", {})) - {"panel", "total", "items"} else []
    maxima = told.get("item_maxima", [])
    if not all(type(maximum) is int for maximum in maxima) or len(maxima) not in (0, told["items"]):
        return [*faults, "item_maxima has not one number for each item"]
    ranges = _item_ranges(told)
    faults += ["an item has no range"] if any(low >= high for low, high in ranges) else []
    computed = _COMPUTED.get(told["scoring"])
    if computed is not None:
        lowest, highest = computed([low for low, _ in ranges]), computed([up for _, up in ranges])
        if (lowest, highest) != (told["total_minimum"], told["total_maximum"]):
            faults.append(f"the items give {lowest} to {highest}")
    return faults


def _item_ranges(told: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    maxima = told.get("item_maxima") or [told.get("item_maximum")] * told["items"]
    return tuple((told["item_minimum"], maximum) for maximum in maxima)


def faults_of(
    instrument: Instrument, total: float, items: Sequence[int | None] | None
) -> list[tuple[str, str]]:
    """(field, words) for everything that cannot be true of a completed scale.

    A total that is computed from its items must agree with them, so these must then be whole.
    """
    low, high = instrument.total_minimum, instrument.total_maximum
    step = 4 if instrument.scoring == "four_times_sum" else 1
    faults = []
    if not low <= total <= high or (total - low) % step:
        every = "whole number" if step == 1 else f"multiple of {step}"
        faults.append(
            ("total", f"The total of {instrument.name} is a {every} from {low} to {high}.")
        )
    if items is None:
        return faults
    if len(items) != len(instrument.item_ranges):
        told = f"{instrument.name} has {len(instrument.item_ranges)} items."
        return [*faults, ("items", told)]
    for number, (value, (lowest, highest)) in enumerate(
        zip(items, instrument.item_ranges, strict=True), 1
    ):
        if value is not None and not lowest <= value <= highest:
            faults.append((f"items.{number}", f"This item goes from {lowest} to {highest}."))
    return faults + ([] if faults else _disagreement(instrument, total, items))


def _disagreement(
    instrument: Instrument, total: float, items: Sequence[int | None]
) -> list[tuple[str, str]]:
    computed = _COMPUTED.get(instrument.scoring)
    if computed is None:
        return []
    answered = [value for value in items if value is not None]
    if len(answered) < len(items):
        return [("items", "An item is missing, so the total cannot be held against them.")]
    return (
        [] if computed(answered) == total else [("total", "The total is not what its items give.")]
    )


def _shipped() -> dict[str, Instrument]:
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {path.stem: read(path.read_text("utf-8"), path.stem) for path in files}


INSTRUMENTS: Mapping[str, Instrument] = _shipped()
