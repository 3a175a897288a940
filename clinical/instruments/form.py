"""What a rating scale is: its items, how they are scored, and what its totals mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

RATERS = ("self", "clinician", "either")
DIRECTIONS = ("higher_is_better", "higher_is_worse")
# Whether a total may be entered without its items.
ENTRIES = ("items", "items_or_total")
# How a total comes from its items; `scoring` says what each does.
SCORINGS = (
    "sum",
    "four_times_sum",
    "sum_with_reversed_items",
    "sum_of_domain_maxima",
    "columbia_triage",
)
# Of a scale that has levels and no total; the last where a question that decides has no answer.
LEVELS = ("none", "low", "moderate", "high", "unknown")

Direction = Literal["higher_is_better", "higher_is_worse"]


@dataclass(frozen=True, slots=True)
class Gate:
    """Asked unless `item` was answered below `at_least`; while it has no answer, this is wanted."""

    item: int
    at_least: int


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `text` and `answers` (from the lowest up) are the scale's own wording, where we
    may show it; `label` says in our words what it is about."""

    number: int
    minimum: int
    maximum: int
    text: str | None = None
    label: str | None = None
    answers: tuple[str, ...] = ()
    low_end: str | None = None
    high_end: str | None = None
    loinc: str | None = None
    never_imputed: bool = False
    is_reversed: bool = False  # counts as minimum + maximum - answer
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A question beside the items, which no total counts."""

    key: str
    minimum: int
    maximum: int
    text: str | None = None
    label: str | None = None
    answers: tuple[str, ...] = ()
    loinc: str | None = None
    gate: Gate | None = None
    is_needed: bool = False  # left out where it is wanted, somebody must look


@dataclass(frozen=True, slots=True)
class Band:
    """Totals from `minimum` to `maximum`, and what they are called."""

    minimum: float
    maximum: float
    label: str


@dataclass(frozen=True, slots=True)
class Domain:
    """Items that belong together, by their numbers."""

    name: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SafetyItem:
    """The item about suicide: from which answer on somebody looks, and from which at once."""

    item: int
    task_from: int
    urgent_from: int | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One scale; its items stand in order. `recall_days` None: it asks about now.

    Totals are None for a scale without one. `t_table` turns the raw score, from its lowest up, into
    the total. Changes are sizes without a sign; None where the source names none. `own`: a clinic's
    own file, of its `revision`. LOINC codes are there only where they were confirmed.
    """

    key: str
    name: str
    rater: str
    recall_days: int | None
    items: tuple[Item, ...]
    total_minimum: float | None
    total_maximum: float | None
    scoring: str
    direction: Direction
    licence: str
    source: str
    entry: str = "items"
    entry_note: str | None = None
    extra: tuple[Extra, ...] = ()
    scored_items: tuple[int, ...] = ()
    domains: tuple[Domain, ...] = ()
    t_table: tuple[float, ...] = ()
    prorate_from: int | None = None
    bands: tuple[Band, ...] = ()
    remission_at_most: float | None = None
    remission_at_least: float | None = None
    response_share: float | None = None
    reliable_change: float | None = None
    meaningful_change: float | None = None
    worsening: float | None = None
    caseness: float | None = None
    change_source: str | None = None
    safety: SafetyItem | None = None
    language: str | None = None
    stem: str | None = None
    notice: str | None = None
    loinc_panel: str | None = None
    loinc_total: str | None = None
    loinc_level: str | None = None
    loinc_answers: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    own: bool = False
    revision: int | None = None
    retired: bool = False

    @property
    def item_ranges(self) -> tuple[tuple[int, int], ...]:
        """(lowest, highest) of each item, in order."""
        return tuple((item.minimum, item.maximum) for item in self.items)

    @property
    def loinc_items(self) -> tuple[str, ...]:
        """The items' codes, in order; empty where they have none."""
        return tuple(item.loinc for item in self.items if item.loinc is not None)

    @property
    def has_total(self) -> bool:
        """Whether its answers come to a number at all."""
        return self.total_minimum is not None


# What stored answers were given to and are scored by: another answer to any of these is another
# scale, under a key of its own.
_FIXED = (
    *("scoring", "direction", "total_minimum", "total_maximum", "scored_items", "domains"),
    *("t_table", "prorate_from", "safety"),
)
_FIXED_OF_ITEMS = ("minimum", "maximum", "is_reversed", "never_imputed", "gate")
_FIXED_OF_EXTRA = ("key", "minimum", "maximum", "gate", "is_needed")


def differences(one: Instrument, other: Instrument) -> list[str]:
    """The names of what makes two scales score the same answers differently."""
    found = [name for name in _FIXED if getattr(one, name) != getattr(other, name)]
    if _told(one.items, _FIXED_OF_ITEMS) != _told(other.items, _FIXED_OF_ITEMS):
        found.append("items")
    if _told(one.extra, _FIXED_OF_EXTRA) != _told(other.extra, _FIXED_OF_EXTRA):
        found.append("extra")
    return found


def _told(questions: Sequence[Item] | Sequence[Extra], names: Sequence[str]) -> list[object]:
    return [tuple(getattr(question, name) for name in names) for question in questions]
