"""What a day's side effects fire: E1 severe ones, E2 of the bladder, U1 of use (4-clinical 5d)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinical.safety import Finding
from clinical.side_effects import SIDE_EFFECTS

SEVERE = 3  # 5d E1
PSYCHOTIC = frozenset({"hallucination", "paranoia"})
SHORT_NIGHT_HOURS = 4.0  # 5d E1, two nights running beside elation
BLADDER_ALWAYS = frozenset({"urinary_pain", "urinary_blood"})
BLADDER = frozenset({*BLADDER_ALWAYS, "urinary_frequency", "urinary_urgency"})
# 5d E2: two symptoms for two weeks: each ticked in the last seven days and in the seven before.
LEAST_SYMPTOMS, WEEK_DAYS = 2, 7
# 5d U1: strong craving twice; of a ticked one that it stops usual things, within two weeks (u).
CRAVING_TIMES = 2
REMEMBERED_DAYS = 14


@dataclass(frozen=True, slots=True)
class Told:
    """What one day told: its side effects by code, and the night that ended in it."""

    severities: Mapping[str, int]
    sleep_hours: float | None


def told_of(answers: Mapping[str, Any]) -> Told:
    """A day's answers as these rules read them."""
    ticked = answers.get("side_effects") or ()
    return Told({one["code"]: one["severity"] for one in ticked}, answers.get("sleep_hours"))


def may_fire(today: Told) -> bool:
    """Whether a day's side effects can fire a rule at all."""
    ticked = today.severities.items()
    return any(severity >= SEVERE or SIDE_EFFECTS[code].watch for code, severity in ticked)


def of_effects(today: Told, earlier: Mapping[int, Told]) -> Sequence[Finding]:
    """What a day fires; `earlier` are the days before it, by how many days back."""
    found = [
        ("E1", "high", _severe(today, earlier)),
        ("E2", "normal", _of_bladder(today, earlier)),
        ("U1", "normal", _of_use(today, earlier)),
    ]
    return [
        Finding(rule, severity, rule, _evidence(codes, today))
        for rule, severity, codes in found
        if codes
    ]


def _evidence(codes: set[str], today: Told) -> Mapping[str, Any]:
    """What fired, and how severe each of it was today; what earlier days told has none here."""
    severities = {code: today.severities[code] for code in sorted(codes & set(today.severities))}
    return {"codes": sorted(codes), "severities": severities}


def _severe(today: Told, earlier: Mapping[int, Told]) -> set[str]:
    ticked = today.severities
    codes = {code for code, severity in ticked.items() if severity >= SEVERE}
    codes |= PSYCHOTIC & set(ticked)
    nights = [today, earlier.get(1)]
    short = [
        night is not None
        and night.sleep_hours is not None
        and night.sleep_hours < SHORT_NIGHT_HOURS
        for night in nights
    ]
    return codes | ({"elation"} if "elation" in ticked and all(short) else set())


def _of_bladder(today: Told, earlier: Mapping[int, Told]) -> set[str]:
    codes = set(BLADDER_ALWAYS & set(today.severities))
    days = {0: today, **earlier}
    weeks = [
        {code for back in range(first, first + WEEK_DAYS) for code in _codes(days.get(back))}
        for first in (0, WEEK_DAYS)
    ]
    lasting = BLADDER & weeks[0] & weeks[1]
    is_lasting = len(lasting) >= LEAST_SYMPTOMS and bool(BLADDER & set(today.severities))
    return codes | (lasting if is_lasting else set())


def _of_use(today: Told, earlier: Mapping[int, Told]) -> set[str]:
    codes = {"extra_use"} & set(today.severities)
    days = [today, *(day for back, day in earlier.items() if back <= REMEMBERED_DAYS)]
    strong = [day for day in days if day.severities.get("craving", 0) >= SEVERE]
    is_craving = "craving" in today.severities and len(strong) >= CRAVING_TIMES
    return codes | ({"craving"} if is_craving else set())


def _codes(day: Told | None) -> set[str]:
    return set() if day is None else set(day.severities)
