"""What a safety answer comes to: the rule it fires, how severe, and what was told (4-clinical 5d).

Pure: an answer with what was answered before goes in, findings come out. A "none" is never taken
for "no risk": it fires nothing, and says nothing either (71.6 % of suicides followed one, [S31]).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinical.instruments import Instrument
from clinical.measures import SUICIDAL_THOUGHTS_ORDER

SEVERITIES = ("low", "normal", "high", "urgent")  # from least to most

# One open alert for all but the highest answers, which are each their own and never merged.
SAFETY_EPISODE = "safety"
SAFETY_RULES = ("S1", "S2", "S3")

# 5d S3: `fleeting` is news after this many answered days of "none"; `declined` this long after an
# answer that fired.
NONE_DAYS = 7
FLAG_DAYS = 14

PHQ9, CSSRS, TRIAGE = "phq9", "cssrs_screener", "columbia_triage"
_PHQ9_OTHERS_AT_MOST = 24  # eight items of 0-3: a higher total tells of the ninth
PAST_3_MONTHS = "past_3_months"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired. `told` is what it rests on; `episode` what it is about."""

    rule: str
    severity: str
    episode: str
    told: Mapping[str, Any] = field(default_factory=dict)


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
    instrument: Instrument,
    items: Sequence[int | None] | None,
    extra: Mapping[str, int | None],
    total: float | None,
) -> Sequence[Finding]:
    """What a scale's own safety item, or the C-SSRS screener, fires.

    The item and its cuts are the scale's own (`[safety]` in its file): for PHQ-9 those of 1d.
    """
    if instrument.scoring == TRIAGE:
        return _of_screener(items or (), extra)
    if instrument.safety is None:
        return []
    number = instrument.safety.item
    value = items[number - 1] if items and len(items) >= number else implied(instrument, total)
    told = {"instrument": instrument.key, "item": number, "value": value}
    if value is None:  # left out where it was asked: told, and never guessed at
        return [Finding("S3", "normal", SAFETY_EPISODE, told)] if items else []
    urgent_from = instrument.safety.urgent_from or instrument.items[number - 1].maximum
    if value >= urgent_from:
        return [Finding("S2", "high", SAFETY_EPISODE, told)]
    is_some = value >= instrument.safety.task_from
    return [Finding("S3", "normal", SAFETY_EPISODE, told)] if is_some else []


def implied(instrument: Instrument, total: float | None) -> int | None:
    """What a total alone proves of PHQ-9's ninth item; most totals prove nothing."""
    if instrument.key != PHQ9 or total is None or total <= _PHQ9_OTHERS_AT_MOST:
        return None
    return int(total) - _PHQ9_OTHERS_AT_MOST


def _of_screener(items: Sequence[int | None], extra: Mapping[str, int | None]) -> Sequence[Finding]:
    """The triage of 1d; a gate without an answer is unknown, never none."""
    answers = dict(enumerate(items, start=1))
    if not answers:
        return []
    recent = extra.get(PAST_3_MONTHS)
    unanswered = _gates_unanswered(answers, recent)
    yes = [number for number, value in answers.items() if value]
    told = {"instrument": CSSRS, "yes": yes, PAST_3_MONTHS: recent, "unanswered": unanswered}
    # Behaviour in the past 3 months is high whatever stands at the gate before it [S33].
    if answers.get(4) or answers.get(5) or recent:
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
