"""Merges an edit that lost with the day as it now is, answer by answer; pure.

Three days go in: the one the edit began with, the edit's own, and the stored one. What only one
side changed is taken from that side; what both changed differently is decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinical.checkins import ANSWER_KEYS, NO_ANSWERS, normalized

Answers = Mapping[str, Any]
# From the least to the most; of these only the last three are never lowered unasked.
THOUGHTS = (None, "none", "declined", "fleeting", "often", "most_of_the_time")
SERIOUS = frozenset(THOUGHTS[3:])


@dataclass(frozen=True, slots=True)
class Merged:
    """`both` names the answers both sides changed differently: shown to the patient once.

    `lower` is the safety answer that mine meant to lower to, which only the patient may confirm;
    `answers` keeps the higher one until then. `is_confirmed`: they have, and it is the lower one.
    """

    answers: dict[str, Any]
    both: tuple[str, ...] = ()
    lower: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """The three days; None is a day that was not there. `is_mine_later` tells of an answer, by its
    name, whether the edit is later than what gave it its present value."""

    base: Answers | None
    mine: Answers | None
    theirs: Answers | None
    is_mine_later: Callable[[str], bool]
    is_lower_confirmed: bool = False


def merge(sides: Sides) -> Merged:
    """The day that says what both sides meant."""
    base, mine, theirs = (_whole(day) for day in (sides.base, sides.mine, sides.theirs))
    three = {key: (base[key], mine[key], theirs[key]) for key in ANSWER_KEYS}
    answers = {key: _one(key, values, sides) for key, values in three.items()}
    both = tuple(key for key, values in three.items() if _is_changed_by_both(*values))
    lower = _lower(*three["suicidal_thoughts"])
    confirmed = sides.is_lower_confirmed and "suicidal_thoughts" not in both
    if lower is not None and confirmed:
        answers["suicidal_thoughts"] = lower
        return Merged(normalized(answers), both, is_confirmed=True)
    return Merged(normalized(answers), both, lower)


def is_lowered(before: str | None, after: str | None) -> bool:
    """Whether the server takes `after` in place of `before` only when the patient confirms it."""
    return before in SERIOUS and _rank(after) < _rank(before)


def _rank(thoughts: str | None) -> int:
    return THOUGHTS.index(thoughts)


def _whole(day: Answers | None) -> dict[str, Any]:
    return normalized(NO_ANSWERS if day is None else day)


def _is_changed_by_both(base: Any, mine: Any, theirs: Any) -> bool:
    return mine not in (base, theirs) and theirs != base


def _one(key: str, values: tuple[Any, Any, Any], sides: Sides) -> Any:
    if key == "suicidal_thoughts":
        return _thoughts(*values)
    if key == "custom":
        return _custom(*values, is_mine_later=sides.is_mine_later(key))
    base, mine, theirs = values
    if not _is_changed_by_both(base, mine, theirs):
        return theirs if mine == base else mine
    if key == "side_effects":
        return _union(mine, theirs)
    return mine if sides.is_mine_later(key) else theirs


def _thoughts(base: str | None, mine: str | None, theirs: str | None) -> str | None:
    """Theirs where mine did not change it; what mine alone changed, unless it lowers; else the
    higher of the two."""
    if mine == base:
        return theirs
    if theirs == base and not is_lowered(theirs, mine):
        return mine
    return max(mine, theirs, key=_rank)


def _lower(base: str | None, mine: str | None, theirs: str | None) -> str | None:
    """What mine meant to lower the stored answer to. No answer and `declined` lower nothing."""
    meant = is_lowered(base, mine) and is_lowered(theirs, mine)
    return mine if meant and mine != "declined" else None


def _custom(base: Any, mine: Any, theirs: Any, *, is_mine_later: bool) -> dict[str, Any] | None:
    """The clinic's own measures, each an answer of its own."""
    before, ours, others = (day or {} for day in (base, mine, theirs))
    merged = {}
    for key in sorted({*ours, *others}):
        values = before.get(key), ours.get(key), others.get(key)
        if _is_changed_by_both(*values):
            side = ours if is_mine_later else others
        else:
            side = others if values[1] == values[0] else ours
        if key in side:
            merged[key] = side[key]
    return merged or None


def _union(mine: Any, theirs: Any) -> list[dict[str, Any]] | None:
    """Every side effect either side ticked, with the higher severity."""
    worst: dict[str, int] = {}
    for one in (*(mine or ()), *(theirs or ())):
        worst[one["code"]] = max(one["severity"], worst.get(one["code"], 0))
    return [{"code": code, "severity": severity} for code, severity in sorted(worst.items())]
