"""What a safety answer comes to: the rule it fires, how severe, and what was told (4-clinical 5d).

Pure: an answer with what was answered before goes in, findings come out. A "none" is never taken
for "no risk": it fires nothing, and says nothing either (71.6 % of suicides followed one, [S31]).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinical.measures import SUICIDAL_THOUGHTS_ORDER

SEVERITIES = ("low", "normal", "high", "urgent")  # from least to most

# One open alert for all but the highest answers, which are each their own and never merged.
SAFETY_EPISODE = "safety"
SAFETY_RULES = ("S1", "S2", "S3")

# 5d S3: `fleeting` is news after this many answered days of "none"; `declined` this long after an
# answer that fired.
NONE_DAYS = 7
FLAG_DAYS = 14

PHQ9, CSSRS = "phq9", "cssrs_screener"
PHQ9_ITEM = 9
_PHQ9_OTHERS_AT_MOST = 24  # eight items of 0-3: a higher total tells of the ninth
PAST_3_MONTHS = "past_3_months"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired. `told` is what it rests on; `episode` what it is about."""

    rule: str
    severity: str
    episode: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """A scale's item about suicidal thoughts: from `some` on it is S3, from `much` on S2."""

    number: int
    some: int
    much: int


# PHQ-9: 1d. The others have no cut of their own: theirs are where the item's wording begins to
# speak of thoughts at all, and of thoughts that are frequent or are plans (u).
SAFETY_ITEMS: Mapping[str, Item] = {
    PHQ9: Item(PHQ9_ITEM, 1, 2),
    "qids_sr16": Item(12, 1, 2),
    "madrs": Item(10, 1, 4),
    "madrs_s": Item(9, 1, 4),
    "hdrs17": Item(3, 1, 3),
}


def higher(one: str, other: str) -> str:
    """The more severe of two severities."""
    return max(one, other, key=SEVERITIES.index)


def may_fire(answer: Any) -> bool:
    """Whether an answer to the daily item can fire a rule at all."""
    return answer in (*SUICIDAL_THOUGHTS_ORDER[1:], "declined")


@dataclass(frozen=True, slots=True)
class Lately:
    """Whether a safety rule fired within the last 14 days, and whether its alert is still open."""

    is_flagged: bool = False
    is_open: bool = False


def of_daily_answer(answer: Any, before: Sequence[str], lately: Lately) -> Sequence[Finding]:
    """What the daily item fires; `before` are the answers of the days before it, newest first.

    Of a person with fewer than seven answered days `fleeting` is news too, unless one of these had
    it (u). While an alert is open, every answer but "none" is put to it.
    """
    if answer in ("often", "most_of_the_time"):
        return [Finding("S2", "high", SAFETY_EPISODE, {"answer": answer})]
    if not may_fire(answer):
        return []
    is_new = all(earlier == "none" for earlier in before[:NONE_DAYS])
    # After an answer that fired, thoughts that come up again are told, too (3c: any rise).
    is_rise = lately.is_flagged and bool(before) and before[0] == "none"
    told = answer == "fleeting" and (is_new or is_rise)
    refused = answer == "declined" and lately.is_flagged
    if told or refused or lately.is_open:
        return [Finding("S3", "normal", SAFETY_EPISODE, {"answer": answer})]
    return []


def of_scale(
    instrument: str,
    items: Sequence[int | None] | None,
    extra: Mapping[str, int | None],
    total: float | None,
) -> Sequence[Finding]:
    """What a scale's own safety item, or the C-SSRS screener, fires."""
    if instrument == CSSRS:
        return _of_screener(items or (), extra)
    item = SAFETY_ITEMS.get(instrument)
    if item is None:
        return []
    return of_item(instrument, item, _value(item, items, total), is_asked=bool(items))


def of_item(instrument: str, item: Item, value: int | None, *, is_asked: bool) -> Sequence[Finding]:
    """What one item about suicidal thoughts fires; left out where it was asked, it is told too."""
    told = {"instrument": instrument, "item": item.number, "value": value}
    if value is None:
        return [Finding("S3", "normal", SAFETY_EPISODE, told)] if is_asked else []
    if value >= item.much:
        return [Finding("S2", "high", SAFETY_EPISODE, told)]
    return [Finding("S3", "normal", SAFETY_EPISODE, told)] if value >= item.some else []


def _value(item: Item, items: Sequence[int | None] | None, total: float | None) -> int | None:
    if items and len(items) >= item.number:
        return items[item.number - 1]
    if item.number == PHQ9_ITEM and item.much == 2 and total is not None:
        implied = int(total) - _PHQ9_OTHERS_AT_MOST
        return implied if implied > 0 else None
    return None


def _of_screener(items: Sequence[int | None], extra: Mapping[str, int | None]) -> Sequence[Finding]:
    """The triage of 1d; a gate without an answer is unknown, never none."""
    answers = dict(enumerate(items, start=1))
    if not any(value is not None for value in answers.values()):
        return []
    recent = extra.get(PAST_3_MONTHS)
    unanswered = _gates_unanswered(answers, recent)
    yes = [number for number, value in answers.items() if value]
    told = {"instrument": CSSRS, "yes": yes, PAST_3_MONTHS: recent, "unanswered": unanswered}
    if answers.get(4) or answers.get(5) or (answers.get(6) and recent):
        return [Finding("S1", "urgent", "", told)]
    if answers.get(3) or answers.get(6):
        return [Finding("S2", "high", SAFETY_EPISODE, told)]
    # A low level has no rule in 5d; somebody who wishes to be dead is looked at all the same (u).
    if yes or unanswered:
        return [Finding("S3", "normal", SAFETY_EPISODE, told)]
    return []


def _gates_unanswered(answers: Mapping[int, int | None], recent: int | None) -> list[str]:
    asked = [1, 2, 6] if answers.get(2) == 0 else [1, 2, 3, 4, 5, 6]
    missing = [str(number) for number in asked if answers.get(number) is None]
    return missing + ([PAST_3_MONTHS] if answers.get(6) and recent is None else [])
