"""What a filled-in scale says about suicide, in words for whoever reads the chart.

An answer that was left out is unknown and named as such. No words here say that there is no risk:
71.6 % of suicides followed a "not at all" (4-clinical 1d, [S31]).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clinical.instruments import Instrument, Item, Score
from clinical.safety import TRIAGE, implied

# What each level of the screener rests on (4-clinical 1d).
_LEVEL_WORDS: Mapping[str, str] = {
    "none": "No category was answered with yes",
    "low": "Low: a wish to be dead, or thoughts of suicide",
    "moderate": "Moderate: thoughts with a method, or suicidal behaviour longer ago",
    "high": "High: intent, a plan, or suicidal behaviour in the past 3 months",
    "unknown": "Unknown: a question that decides was left out",
}


@dataclass(frozen=True, slots=True)
class SafetyReading:
    """The level of a scale that has levels; of any other its item about suicide.

    `answer` is None where it was left out, or where a total alone does not tell it.
    """

    level: str | None
    level_words: str | None
    item: int | None
    answer: int | None
    answer_words: str | None
    needs_review: bool
    review_reason: str | None


def safety_of(scale: Instrument, told: Mapping[str, Any], judged: Score) -> SafetyReading | None:
    """What `told` (items, extra, total, not_answered) says; None of a scale that does not ask."""
    if scale.safety is None and scale.scoring != TRIAGE and not judged.needs_review:
        return None
    item, answer, words = _answered(scale, told)
    return SafetyReading(
        level=judged.level,
        level_words=_level_words(judged),
        item=item,
        answer=answer,
        answer_words=words,
        needs_review=bool(judged.needs_review),
        review_reason=_review_reason(scale, told, judged),
    )


def _level_words(judged: Score) -> str | None:
    if judged.level is None:
        return None
    words = _LEVEL_WORDS[judged.level]
    proved = judged.least_level
    if judged.level == "unknown" and proved in ("low", "moderate"):
        return f"{words}; at least {proved} by what was answered"
    return words


def _answered(
    scale: Instrument, told: Mapping[str, Any]
) -> tuple[int | None, int | None, str | None]:
    """The safety item's number, its answer, and the answer in words."""
    if scale.safety is None:
        return None, None, None
    number = scale.safety.item
    item = scale.items[number - 1]
    if told["items"] is not None:
        answer = told["items"][number - 1]
        reason = (told["not_answered"] or {}).get(str(number))
        words = _left_out(reason) if answer is None else _in_words(item, answer)
        return number, answer, words
    least = implied(scale, told["total"])
    if least is None:
        return number, None, "Not known: a total was entered without its items"
    return number, None, f"At least “{_in_words(item, least)}”, by the total alone"


def _in_words(item: Item, answer: int) -> str:
    """In the scale's own wording where we may show it."""
    if item.answers:
        return item.answers[answer - item.minimum]
    return f"{answer} of {item.minimum} to {item.maximum}"


def _left_out(reason: str | None) -> str:
    return "Not answered" if reason is None else f"Not answered ({reason.replace('_', ' ')})"


def _review_reason(scale: Instrument, told: Mapping[str, Any], judged: Score) -> str | None:
    """Which questions were left out that nobody may pass over."""
    if not judged.needs_review:
        return None
    return f"Left out: {', '.join(_names(scale, told, judged))}"


def _names(scale: Instrument, told: Mapping[str, Any], judged: Score) -> Iterator[str]:
    reasons = told["not_answered"] or {}
    labels = {str(item.number): item.label for item in scale.items}
    labels |= {one.key: one.label for one in scale.extra}
    for key in judged.needs_review:
        name = f"item {key}" if key.isdigit() else key.replace("_", " ")
        label = f"{name} ({labels[key]})" if key.isdigit() and labels[key] else labels[key] or name
        yield f"{label}, {reasons[key].replace('_', ' ')}" if key in reasons else label
