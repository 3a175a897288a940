"""Whether what a scale's file says can be true together: counts, ranges, bands, cut-offs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from clinical.instruments.form import (
    DIRECTIONS,
    ENTRIES,
    RATERS,
    SCORINGS,
    Extra,
    Instrument,
    Item,
)
from clinical.instruments.layout import LAYOUT, MOST_ITEMS
from clinical.instruments.scoring import PAST_3_MONTHS, raw_range

_CODES = {"rater": RATERS, "scoring": SCORINGS, "direction": DIRECTIONS, "entry": ENTRIES}
# What a reliable change is worked out from, where no source names it.
RELIABLE_CHANGE_PARTS = ("standard_deviation", "reliability")
# A list of these has one for each item.
_BY_ITEM = ("item_maxima", "labels")
_MOST_RECALL_DAYS = 366


# The names a fault is about, and the fault in words.
Faults = Iterator[tuple[tuple[str, ...], str]]


def faults_of_sizes(told: Mapping[str, Any], key: str, gone: Collection[str]) -> Faults:
    """What must hold before the scale can be put together at all.

    `told` is without what is `gone`: names with a fault of their own, or missing.
    """
    for name, codes in _CODES.items():
        if name in told and told[name] not in codes:
            yield (name,), f"{name} is none of {', '.join(codes)}"
    if told.get("key", key) != key:
        yield ("key",), "key is not the file's name"
    maxima = ("item_maximum", "item_maxima")
    if not any(name in gone for name in maxima) and (maxima[0] in told) == (maxima[1] in told):
        yield maxima, "either item_maximum or item_maxima"
    if not 1 <= told.get("items", 1) <= MOST_ITEMS:
        yield ("items",), f"items is not from 1 to {MOST_ITEMS}"
    elif "items" in told:
        yield from _faults_of_lists(told)
        yield from _faults_of_numbers(told)
    yield from _faults_of_reliable_change(told.get("change", {}))


def _faults_of_lists(told: Mapping[str, Any]) -> Faults:
    """A list that goes by the items has one for each."""
    listed = {name: told[name] for name in _BY_ITEM if name in told}
    wording = told.get("wording", {})
    listed |= {f"wording.{name}": wording.get(name) for name in ("items", "item_answers")}
    listed["loinc.items"] = told.get("loinc", {}).get("items")
    for name, values in listed.items():
        if values is not None and len(values) != told["items"]:
            yield (name.partition(".")[0],), f"{name} has not one for each item"


def _faults_of_reliable_change(change: Mapping[str, Any]) -> Faults:
    parts = [change[name] for name in RELIABLE_CHANGE_PARTS if name in change]
    if not parts:
        return
    if len(parts) < len(RELIABLE_CHANGE_PARTS) or "reliable_change" in change:
        yield ("change",), "change: either reliable_change, or standard_deviation with reliability"
    elif not (parts[0] > 0 and 0 <= parts[1] < 1):
        yield ("change",), "change: standard_deviation is above 0, reliability from 0 to below 1"


def _faults_of_numbers(told: Mapping[str, Any]) -> Faults:
    """Every number of an item is one of an item's, and stands once in its list."""
    lists = {
        **{name: told.get(name, ()) for name in ("scored_items", "reversed_items")},
        "missing.never_imputed": told.get("missing", {}).get("never_imputed", ()),
        **{f"domains.{name}": numbers for name, numbers in told.get("domains", {}).items()},
        "gates.items": [number for gate in told.get("gates", ()) for number in gate["items"]],
    }
    for name, numbers in lists.items():
        if len(set(numbers)) < len(numbers) or not all(map(_is_item(told), numbers)):
            at = name.partition(".")[0]
            yield (at,), f"{name} names an item twice, or one that is not there"
    named = [("gates", gate) for gate in told.get("gates", ())]
    named += [("extra", one["gate"]) for one in told.get("extra", ()) if "gate" in one]
    named += [("safety", told["safety"])] if "safety" in told else []
    for at, one in named:
        if not _is_item(told)(one["item"]):
            yield (at,), f"{at} names an item that is not there"


def _is_item(told: Mapping[str, Any]) -> Any:
    return lambda number: 1 <= number <= told["items"]


# What the raw score and its ends rest on.
_SCORED = frozenset(
    {"scoring", "scored_items", "reversed_items", "domains", "t_table"}
    | {"total_minimum", "total_maximum"}
)


def faults_of_scale(
    scale: Instrument, told: Mapping[str, Any], gone: Collection[str]
) -> Iterator[str]:
    """What the scale as it was put together contradicts; `gone` it was put together without."""
    if any(low >= high for low, high in scale.item_ranges):
        yield "an item has no range"
        return
    if scale.recall_days is not None and not 1 <= scale.recall_days <= _MOST_RECALL_DAYS:
        yield f"recall_days is not from 1 to {_MOST_RECALL_DAYS}; left out, it asks about now"
    if not set(scale.unconfirmed) <= _names():
        yield "unconfirmed names what no file has"
    yield from _faults_of_answers(scale, told)
    yield from _faults_of_extra(scale.extra)
    if scale.safety is not None:
        yield from _faults_of_safety(scale)
    if _SCORED & set(gone):
        return
    if "extra" not in gone:
        yield from _faults_of_scoring(scale)
    yield from _faults_of_missing(scale)
    if scale.has_total:
        yield from _faults_of_total(scale, is_directed="direction" not in gone)
    elif scale.bands or told.get("change"):
        yield "bands and change are about a total, and there is none"


def _names() -> set[str]:
    inner = (place.within or {} for place in LAYOUT.values())
    return {*LAYOUT, *(name for layout in inner for name in layout)}


def _faults_of_scoring(scale: Instrument) -> Iterator[str]:
    is_triage = scale.scoring == "columbia_triage"
    if is_triage and not _is_columbia(scale):
        yield f"columbia_triage needs six items of 0-1 and the extra question {PAST_3_MONTHS}"
    if (scale.total_minimum is None) != is_triage or (scale.total_maximum is None) != is_triage:
        yield "total_minimum and total_maximum: both, but none with columbia_triage"
    if any(one.is_reversed for one in scale.items) != (scale.scoring == "sum_with_reversed_items"):
        yield "reversed_items go with sum_with_reversed_items"
    if scale.scoring == "sum_of_domain_maxima":
        members = sorted(number for domain in scale.domains for number in domain.items)
        if members != list(range(1, len(scale.items) + 1)) or scale.scored_items:
            yield "sum_of_domain_maxima needs every item in one of the domains, and all scored"
    if any(not domain.items for domain in scale.domains):
        yield "a domain has no items"
    if scale.entry == "items_or_total" and is_triage:
        yield "entry: there is no total to enter"


def _is_columbia(scale: Instrument) -> bool:
    extra = [(one.key, one.minimum, one.maximum) for one in scale.extra]
    return scale.item_ranges == ((0, 1),) * 6 and (PAST_3_MONTHS, 0, 1) in extra


def _faults_of_answers(scale: Instrument, told: Mapping[str, Any]) -> Iterator[str]:
    """A form that shows words for answers has one for each answer."""
    wording = told.get("wording", {})
    if "answers" in wording and "item_answers" in wording:
        yield "wording: either answers or item_answers"
    questions: dict[str, Item | Extra] = {f"item {one.number}": one for one in scale.items}
    questions |= {f"extra {one.key}": one for one in scale.extra}
    for name, one in questions.items():
        if one.answers and len(one.answers) != one.maximum - one.minimum + 1:
            yield f"{name} has not one word for each answer"
    if scale.loinc_answers:
        spans = {high - low + 1 for low, high in scale.item_ranges}
        if spans != {len(scale.loinc_answers)}:
            yield "loinc.answers has not one for each answer"


def _faults_of_extra(extra: Sequence[Extra]) -> Iterator[str]:
    keys = [one.key for one in extra]
    if len(set(keys)) < len(keys):
        yield "extra has a key twice"
    if any(one.minimum >= one.maximum for one in extra):
        yield "an extra question has no range"


def _faults_of_missing(scale: Instrument) -> Iterator[str]:
    least = scale.prorate_from
    if least is None:
        return
    if scale.scoring != "sum" or scale.scored_items or scale.t_table:
        yield "missing.prorate_from is for the plain sum of all items"
    if not 1 <= least < len(scale.items):
        yield "missing.prorate_from is not fewer than all items"


def _faults_of_safety(scale: Instrument) -> Iterator[str]:
    assert scale.safety is not None
    low, high = scale.item_ranges[scale.safety.item - 1]
    urgent = high if scale.safety.urgent_from is None else scale.safety.urgent_from
    if not low < scale.safety.task_from <= urgent <= high:
        yield "safety is not within the answers of its item, task_from first"


def _faults_of_total(scale: Instrument, *, is_directed: bool) -> Iterator[str]:
    low, high = raw_range(scale)
    ends: tuple[float, float] = (low, high)
    if scale.t_table:
        if len(scale.t_table) != high - low + 1 or any(a >= b for a, b in pairwise(scale.t_table)):
            yield f"t_table does not rise from the raw score {low} to {high}"
            return
        ends = (scale.t_table[0], scale.t_table[-1])
    elif scale.scoring == "four_times_sum":
        ends = (4 * low, 4 * high)
    if ends != (scale.total_minimum, scale.total_maximum):
        yield f"the items give {ends[0]:g} to {ends[1]:g}"
    yield from _faults_of_bands(scale, ends)
    if is_directed:
        yield from _faults_of_change(scale, ends)


def _faults_of_bands(scale: Instrument, ends: tuple[float, float]) -> Iterator[str]:
    """Every total has one name: T scores come in tenths, the others in whole numbers."""
    bands = scale.bands
    if not bands:
        return
    step = 0.1 if scale.t_table else 1
    if any(band.minimum > band.maximum for band in bands):
        yield "a band ends before it begins"
    if any(abs(b.minimum - a.maximum - step) > 1e-6 for a, b in pairwise(bands)):
        yield f"a band does not begin {step:g} after the one before it"
    if bands[0].minimum > ends[0] or bands[-1].maximum < ends[1]:
        yield "the bands do not reach from the lowest to the highest total"


def _faults_of_change(scale: Instrument, ends: tuple[float, float]) -> Iterator[str]:
    is_worse = scale.direction == "higher_is_worse"
    if (scale.remission_at_least if is_worse else scale.remission_at_most) is not None:
        yield f"remission of a scale that is {scale.direction} is the other way round"
    for name in ("remission_at_most", "remission_at_least", "caseness"):
        value = getattr(scale, name)
        if value is not None and not ends[0] <= value <= ends[1]:
            yield f"{name} is no total of this scale"
    for name in ("reliable_change", "meaningful_change", "worsening"):
        value = getattr(scale, name)
        if value is not None and not 0 < value <= ends[1] - ends[0]:
            yield f"{name} is a size without a sign, and fits in the scale"
    share = scale.response_share
    if share is not None and (not 0 < share <= 1 or not is_worse or ends[0] != 0):
        yield "response_share is a share of 1, of a scale from 0 on that is higher_is_worse"
