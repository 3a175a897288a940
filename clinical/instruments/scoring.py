"""From answers to a total: the rules of scoring by name, and the one rule for missing items.

4-clinical 1b: a total needs every scored item. Of a few scales a total is prorated from most of
them; it stands apart, is no total, and never stands in for an item about suicide.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, isfinite

from clinical.instruments.form import Domain, Extra, Instrument, Item

Answers = Sequence[int | None]
PAST_3_MONTHS = "past_3_months"
_LAST_BIT = 1e-6  # T scores come in tenths, which floats hold but nearly


@dataclass(frozen=True, slots=True)
class Score:
    """What answers come to; None where they do not say.

    `raw` is what is turned into the total. `level` is of scales that have levels; `least_level`
    what the answers given prove already, whatever is still open. `unanswered` are items that are
    wanted and have no answer; `needs_review` those of them, and of the extra questions, that nobody
    may pass over, by number or key.
    """

    total: float | None = None
    prorated_total: float | None = None
    raw: int | None = None
    band: str | None = None
    level: str | None = None
    least_level: str | None = None
    subscores: Mapping[str, int | None] = field(default_factory=dict)
    unanswered: tuple[int, ...] = ()
    needs_review: tuple[str, ...] = ()


def score(
    instrument: Instrument,
    items: Answers | None,
    extra: Mapping[str, int | None],
    *,
    total: float | None = None,
) -> Score:
    """The score of answers without faults; of a total alone, where there are no items."""
    if items is None:
        return Score(total=total, band=band_of(instrument, total))
    unanswered = tuple(_unanswered(instrument, items))
    raw = None if _holds_back(instrument, items) else _raw(instrument, items)
    scored = _total(instrument, raw)
    level, least_level = _levels(instrument, items, extra)
    return Score(
        total=scored,
        prorated_total=_prorated(instrument, items),
        raw=raw,
        band=band_of(instrument, scored),
        level=level,
        least_level=least_level,
        subscores={one.name: _subscore(instrument, one, items) for one in instrument.domains},
        unanswered=unanswered,
        needs_review=_needs_review(instrument, items, extra, unanswered),
    )


def band_of(instrument: Instrument, total: float | None) -> str | None:
    """What a total is called; None where there is no total, or no name for it."""
    if total is None:
        return None
    fitting = (band for band in instrument.bands if band.minimum <= total <= band.maximum)
    return next((band.label for band in fitting), None)


def raw_range(instrument: Instrument) -> tuple[int, int]:
    """The lowest and the highest raw score the items give."""
    ends = list(zip(*instrument.item_ranges, strict=True))
    if any(item.is_reversed for item in instrument.items):
        ends = [  # an item turned round is least where its answer is highest
            tuple(item.maximum if item.is_reversed else item.minimum for item in instrument.items),
            tuple(item.minimum if item.is_reversed else item.maximum for item in instrument.items),
        ]
    return _raw(instrument, ends[0]), _raw(instrument, ends[1])


def _value(item: Item, answer: int) -> int:
    return item.minimum + item.maximum - answer if item.is_reversed else answer


def _scored(instrument: Instrument, items: Answers) -> Iterator[int]:
    """The values of the scored items that have an answer."""
    for item, answer in zip(instrument.items, items, strict=True):
        if answer is not None and _is_scored(instrument, item.number):
            yield _value(item, answer)


def _is_scored(instrument: Instrument, number: int) -> bool:
    return not instrument.scored_items or number in instrument.scored_items


def _sum(instrument: Instrument, items: Answers) -> int:
    return sum(_scored(instrument, items))


def _sum_of_domain_maxima(instrument: Instrument, items: Answers) -> int:
    return sum(_maximum(domain, items) or 0 for domain in instrument.domains)


# `sum_with_reversed_items` is the sum too: what is turned round is said of the items themselves.
_RAW: Mapping[str, Callable[[Instrument, Answers], int]] = {
    "sum": _sum,
    "four_times_sum": _sum,
    "sum_with_reversed_items": _sum,
    "sum_of_domain_maxima": _sum_of_domain_maxima,
    "columbia_triage": lambda _instrument, _items: 0,
}


def _raw(instrument: Instrument, items: Answers) -> int:
    return _RAW[instrument.scoring](instrument, items)


def _total(instrument: Instrument, raw: int | None) -> float | None:
    if raw is None or not instrument.has_total:
        return None
    if instrument.t_table:
        return instrument.t_table[raw - raw_range(instrument)[0]]
    return 4 * raw if instrument.scoring == "four_times_sum" else raw


def _holds_back(instrument: Instrument, items: Answers) -> bool:
    """Whether an answer is missing that a total needs."""
    if not instrument.has_total:
        return True
    missing = [item for item, value in zip(instrument.items, items, strict=True) if value is None]
    if instrument.scoring == "sum_of_domain_maxima":
        is_open = any(_maximum(domain, items) is None for domain in instrument.domains)
        return is_open or any(item.never_imputed for item in missing)
    return any(_is_scored(instrument, item.number) for item in missing)


def _unanswered(instrument: Instrument, items: Answers) -> Iterator[int]:
    """Of a domain of several items one answer is enough: they are either-or (QIDS 6/7, 8/9), but
    for an item that nothing stands in for."""
    enough: set[int] = set()
    if instrument.scoring == "sum_of_domain_maxima":
        for domain in instrument.domains:
            enough |= set(domain.items) if _maximum(domain, items) is not None else set()
    for item, answer in zip(instrument.items, items, strict=True):
        is_open = answer is None and (item.never_imputed or item.number not in enough)
        if is_open and _is_wanted(item, items):
            yield item.number


def _is_wanted(question: Item | Extra, items: Answers) -> bool:
    if question.gate is None:
        return True
    answer = items[question.gate.item - 1]
    return answer is None or answer >= question.gate.at_least


def _maximum(domain: Domain, items: Answers) -> int | None:
    values = (items[number - 1] for number in domain.items)
    return max((value for value in values if value is not None), default=None)


def _subscore(instrument: Instrument, domain: Domain, items: Answers) -> int | None:
    if instrument.scoring == "sum_of_domain_maxima":
        return _maximum(domain, items)
    members = [(instrument.items[number - 1], items[number - 1]) for number in domain.items]
    if any(answer is None for _, answer in members):
        return None
    return sum(_value(item, answer) for item, answer in members if answer is not None)


def _prorated(instrument: Instrument, items: Answers) -> float | None:
    """The mean of what is answered, for every item, rounded half up: only where the scale allows it
    and no item is missing that is never imputed."""
    answered = [value for value in items if value is not None]
    if instrument.prorate_from is None or len(answered) == len(items):
        return None
    missing = (item for item, value in zip(instrument.items, items, strict=True) if value is None)
    if len(answered) < instrument.prorate_from or any(item.never_imputed for item in missing):
        return None
    # In whole numbers: floor(sum * n / k + 1/2).
    return (2 * sum(answered) * len(items) + len(answered)) // (2 * len(answered))


def _needs_review(
    instrument: Instrument,
    items: Answers,
    extra: Mapping[str, int | None],
    unanswered: Sequence[int],
) -> tuple[str, ...]:
    left_out = [str(number) for number in unanswered if instrument.items[number - 1].never_imputed]
    left_out += [
        one.key
        for one in instrument.extra
        if one.is_needed and extra.get(one.key) is None and _is_wanted(one, items)
    ]
    return tuple(left_out)


def _levels(
    instrument: Instrument, items: Answers, extra: Mapping[str, int | None]
) -> tuple[str | None, str | None]:
    """The level and the least level; a question that decides and has no answer makes it unknown,
    unless the highest is proved already."""
    if instrument.scoring != "columbia_triage":
        return None, None
    least = _columbia_level(items, extra.get(PAST_3_MONTHS))
    is_open = _needs_review(instrument, items, extra, tuple(_unanswered(instrument, items)))
    return ("unknown" if is_open and least != "high" else least), least


def _columbia_level(items: Answers, past_3_months: int | None) -> str:
    """4-clinical 1d [S33]: a yes counts even where it was not asked; a missing one as a no."""
    wish, thoughts, method, intent, plan, behaviour = items
    if intent or plan or past_3_months:
        return "high"
    if method or behaviour:
        return "moderate"
    return "low" if wish or thoughts else "none"


def faults_of(
    instrument: Instrument, total: float | None, items: Answers | None
) -> list[tuple[str, str]]:
    """(field, words) for everything that cannot be true of a completed scale.

    A total must agree with its items where these are sent, so they must then be whole.
    """
    total = None if total is None else float(total)  # a file's may be a fraction
    faults = _total_faults(instrument, total)
    if items is None:
        return faults
    if len(items) != len(instrument.items):
        return [*faults, ("items", f"{instrument.name} has {len(instrument.items)} items.")]
    for item, value in zip(instrument.items, items, strict=True):
        if value is not None and not item.minimum <= value <= item.maximum:
            told = f"This item goes from {item.minimum} to {item.maximum}."
            faults.append((f"items.{item.number}", told))
    return faults + ([] if faults or total is None else _disagreement(instrument, total, items))


def _total_faults(instrument: Instrument, total: float | None) -> list[tuple[str, str]]:
    low, high = instrument.total_minimum, instrument.total_maximum
    if total is None:
        return []
    if low is None or high is None:
        return [("total", f"{instrument.name} has no total.")]
    if isfinite(total) and low <= total <= high and _is_a_step(instrument, total):
        return []
    if instrument.t_table:
        every = f"T score in tenths from {low:g} to {high:g}, not the raw score"
    elif instrument.scoring == "four_times_sum":
        every = f"multiple of 4 from {low:g} to {high:g}"
    else:
        every = f"whole number from {low:g} to {high:g}"
    return [("total", f"The total of {instrument.name} is a {every}.")]


def _is_a_step(instrument: Instrument, total: float) -> bool:
    if instrument.t_table:
        return abs(10 * total - floor(10 * total + 0.5)) < _LAST_BIT
    return total % (4 if instrument.scoring == "four_times_sum" else 1) == 0


def _disagreement(instrument: Instrument, total: float, items: Answers) -> list[tuple[str, str]]:
    if _holds_back(instrument, items):
        return [("items", "An item is missing, so the total cannot be held against them.")]
    worked_out = _total(instrument, _raw(instrument, items))
    if worked_out is None or abs(worked_out - total) < _LAST_BIT:
        return []
    return [("total", "The total is not what its items give.")]
