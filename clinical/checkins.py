"""A day's answers in one canonical form, and the faults a clinic's own rules find in them."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from clinical.measures import (
    CUSTOM_MAXIMUM,
    CUSTOM_MINIMUM,
    MEASURES,
    SUICIDAL_THOUGHTS,
    SUICIDAL_THOUGHTS_ORDER,
    CustomMeasure,
)
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS

ANSWER_KEYS = (*MEASURES, "suicidal_thoughts", "side_effects", "custom", "note")

NO_ANSWERS: Mapping[str, Any] = dict.fromkeys(ANSWER_KEYS)


def normalized(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Every answer key, absent ones null; two days are the same when these are equal.

    Side effects are sorted by code, an empty note or empty custom object is no answer, and text is
    NFC without surrounding blanks. No number is changed.
    """
    day = {key: answers.get(key) for key in ANSWER_KEYS}
    if day["sleep_hours"] is not None:
        day["sleep_hours"] = float(day["sleep_hours"])
    if day["side_effects"] is not None:
        day["side_effects"] = sorted(
            ({"code": item["code"], "severity": item["severity"]} for item in day["side_effects"]),
            key=lambda item: str(item["code"]),
        )
    day["custom"] = dict(sorted(day["custom"].items())) if day["custom"] else None
    note = unicodedata.normalize("NFC", day["note"] or "").strip()
    day["note"] = note or None
    return day


def answers_anything(answers: Mapping[str, Any]) -> bool:
    """Whether at least one answer is given; an explicit empty side-effect list is one."""
    custom = answers.get("custom") or {}
    if not isinstance(custom, Mapping):
        return True
    given = [answers.get(key) for key in ANSWER_KEYS if key != "custom"]
    values = [v.strip() if isinstance(v, str) else v for v in (*given, *custom.values())]
    return any(value not in (None, "") for value in values)


def lowers(stored: str | None, told: str | None) -> bool:
    """Whether an answer of suicidal thoughts says less than one that had said something.

    No answer and `declined` say less than any thought, and none of them said anything to begin
    with.
    """
    return weight(told) < weight(stored)


def weight(answer: str | None) -> int:
    """How much an answer of suicidal thoughts says: 0 for none, for no answer and `declined`."""
    return SUICIDAL_THOUGHTS_ORDER.index(answer) if answer in SUICIDAL_THOUGHTS_ORDER else 0


def clinic_faults(
    answers: Mapping[str, Any],
    measures: Mapping[str, CustomMeasure],
    *,
    asks_safety: bool = False,
) -> list[tuple[str, str]]:
    """(pointer, detail) for every answer this clinic cannot take: unknown custom keys, or the
    suicidal-thoughts item, which nobody would read where no reviewer is named."""
    faults = []
    if answers.get("suicidal_thoughts") is not None and not asks_safety:
        faults.append(
            ("/suicidal_thoughts", "This clinic has named nobody to read it: leave it null.")
        )
    custom = answers.get("custom")
    for key, value in custom.items() if isinstance(custom, Mapping) else ():
        pointer = f"/custom/{pointer_token(key)}"
        measure = measures.get(key) if isinstance(key, str) else None
        if measure is None:
            faults.append((pointer, "No such measure in this clinic."))
        elif value is not None and not _is_rating(value):
            faults.append((pointer, f"Must be a whole number {CUSTOM_MINIMUM}-{CUSTOM_MAXIMUM}."))
    return faults


def readable(told: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that safety rules ask of, as far as they can be understood.

    Of a day that is refused for whatever other fault: what it says of safety was said all the same.
    """
    thoughts, ticked = told.get("suicidal_thoughts"), told.get("side_effects")
    words = thoughts.casefold().replace("-", " ").split() if isinstance(thoughts, str) else []
    word = "_".join(words)
    effects = [
        {"code": one["code"], "severity": one["severity"]}
        for one in (ticked if isinstance(ticked, list) else ())
        if isinstance(one, Mapping)
        and isinstance(one.get("code"), str)  # anything may stand there
        and one["code"] in SIDE_EFFECTS
        and type(one.get("severity")) is int
        and one["severity"] in SEVERITIES
    ]
    hours = told.get("sleep_hours")
    return {
        "suicidal_thoughts": word if word in SUICIDAL_THOUGHTS else None,
        "side_effects": effects,
        "sleep_hours": hours if type(hours) in (int, float) else None,
    }


def pointer_token(key: object) -> str:
    """One reference token of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _is_rating(value: object) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and CUSTOM_MINIMUM <= value <= CUSTOM_MAXIMUM  # type: ignore[operator]
