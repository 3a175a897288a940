"""The answers to one rating scale: what in them cannot be, and whether anything is left open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clinical.instruments import Instrument, Score, faults_of, score

# Why an item has no answer (4-clinical 1b, after the codes of NHANES).
NOT_ANSWERED = ("skipped", "declined", "not_shown", "timeout")
STATUSES = ("partial", "complete")
# More items than any scale has, and room for one of a clinic's own.
MOST_ITEMS = 100

Faults = Iterator[tuple[str, str]]


def answer_faults(
    instrument: Instrument, told: Mapping[str, Any], *, by_total: bool = False
) -> list[tuple[str, str]]:
    """(JSON pointer, words) of everything that cannot be true; never an answer in the words.

    `by_total`: a total alone is taken whatever the scale, as a file of the past brought it in.
    """
    items, total = told["items"], told["total"]
    if items is None and total is None:
        wanted = "its answers" if instrument.entry == "items" else "its answers or its total"
        return [("/items", f"Of {instrument.name}, send {wanted}.")]
    return [
        *_item_faults(instrument, items),
        *_reason_faults(instrument, items, told["not_answered"] or {}),
        *_extra_faults(instrument, told["extra"] or {}),
        *_total_faults(instrument, items, total, by_total=by_total),
    ]


def _item_faults(instrument: Instrument, items: Sequence[int | None] | None) -> Faults:
    if items is None:
        return
    wanted = len(instrument.items)
    if len(items) != wanted:
        yield "/items", f"{instrument.name} has {wanted} items: send one answer for each, or null."
        return
    for at, (value, item) in enumerate(zip(items, instrument.items, strict=True)):
        if value is not None and not item.minimum <= value <= item.maximum:
            yield f"/items/{at}", f"Must be from {item.minimum} to {item.maximum}."


def _reason_faults(
    instrument: Instrument, items: Sequence[int | None] | None, reasons: Mapping[str, str]
) -> Faults:
    """A reason for no answer belongs to an item that has none."""
    numbers = {str(number) for number in range(1, len(instrument.items) + 1)}
    for key in reasons:
        pointer = f"/not_answered/{key}"
        if key not in numbers or items is None:
            yield pointer, "No such item."
        elif len(items) == len(numbers) and items[int(key) - 1] is not None:
            yield pointer, "This item has an answer."


def _extra_faults(instrument: Instrument, extra: Mapping[str, int | None]) -> Faults:
    known = {item.key: item for item in instrument.extra}
    for key, value in extra.items():
        if key not in known:
            yield f"/extra/{key}", "This scale has no such item."
        elif value is not None and not known[key].minimum <= value <= known[key].maximum:
            low, high = known[key].minimum, known[key].maximum
            yield f"/extra/{key}", f"Must be from {low} to {high}."


def _total_faults(
    instrument: Instrument,
    items: Sequence[int | None] | None,
    total: float | None,
    *,
    by_total: bool,
) -> Faults:
    """A total that was sent: only of a scale of score entry, and never against its items."""
    if total is None:
        return
    if items is None:
        if instrument.entry == "items" and not by_total:
            yield "/total", f"The total of {instrument.name} comes from its answers: send these."
            return
        for pointer, words in faults_of(instrument, total, None):
            yield f"/{pointer}", words
        return
    if len(items) == len(instrument.items) and score(instrument, items, {}).total != total:
        yield "/total", "The total is not what its items give."


def status_of(scored: Score, reasons: Mapping[str, str], *, by_total: bool) -> str:
    """`complete` where nothing is left open: scored, or a reason for every item without answer."""
    if by_total or scored.total is not None or not scored.unanswered:
        return "complete"
    is_explained = all(str(number) in reasons for number in scored.unanswered)
    return "complete" if is_explained else "partial"


def readable_items(instrument: Instrument, sent: Any) -> tuple[int | None, ...] | None:
    """Each answer that is one; of a list too long or too short, those that are there."""
    if not isinstance(sent, Sequence) or isinstance(sent, str):
        return None
    found: list[int | None] = [None] * len(instrument.items)
    for at, (value, item) in enumerate(zip(sent, instrument.items, strict=False)):
        if _is_answer(value, item.minimum, item.maximum):
            found[at] = value
    return None if all(value is None for value in found) else tuple(found)


def readable_extra(instrument: Instrument, sent: Any) -> dict[str, int | None]:
    """The extra questions' answers that are ones."""
    if not isinstance(sent, Mapping):
        return {}
    known = {item.key: item for item in instrument.extra}
    return {
        key: value
        for key, value in sent.items()
        if key in known and _is_answer(value, known[key].minimum, known[key].maximum)
    }


def _is_answer(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
