"""Side effects of simulated patients: who gets which, on which days, and how badly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Shares of patients who reported it at least once: esketamine arm of two trials pooled, n = 227
# (PMC8407443 table 2; somnolence is our "sedation"); vertigo, numbness of the mouth, double vision:
# maintenance arm, n = 152 (PMC6551577 table 3).
INCIDENCE: Mapping[str, float] = {
    "dizziness": 87 / 227,
    "dissociation": 77 / 227,
    "nausea": 61 / 227,
    "sedation": 47 / 227,
    "headache": 46 / 227,
    "taste_change": 45 / 227,
    "blurred_vision": 27 / 227,
    "raised_blood_pressure": 26 / 227,
    "tingling": 26 / 227,
    "vomiting": 26 / 227,
    "anxiety": 23 / 227,
    "vertigo": 38 / 152,
    "numbness": 20 / 152,
    "double_vision": 9 / 152,
}
# Our assumptions: who is prone to an effect has it after 6 doses of 10; it lingers into the next
# day once in 7 ("most start and end on dosing day", 4-clinical 2d), then mildly; most are mild.
CHANCE_PER_DOSE = 0.6
CHANCE_TO_LINGER = 1 / 7
SEVERITY_SHARES = (0.7, 0.25, 0.05)


@dataclass(frozen=True, slots=True)
class EffectWindow:
    """Effects told on every logged day from `first_day` to `last_day` of the series, included."""

    codes: tuple[str, ...]
    severity: int
    first_day: int
    last_day: int


def simulated_effects(
    days: int,
    dose_days: Sequence[int],
    windows: Sequence[EffectWindow],
    random: np.random.Generator,
) -> list[list[dict[str, Any]]]:
    """Of each day its effects, [] for none; nobody is never asked."""
    worst: list[dict[str, int]] = [{} for _ in range(days)]
    prone = random.random(len(INCIDENCE)) < np.array(list(INCIDENCE.values()))
    for dosed in sorted(dose_days):
        struck = random.random(len(INCIDENCE)) < CHANCE_PER_DOSE
        lingers = random.random(len(INCIDENCE)) < CHANCE_TO_LINGER
        severities = random.choice((1, 2, 3), len(INCIDENCE), p=SEVERITY_SHARES).tolist()
        for index, code in enumerate(INCIDENCE):
            if prone[index] and struck[index]:
                _add(worst, dosed, code, severities[index])
                if lingers[index]:
                    _add(worst, dosed + 1, code, 1)
    for window in windows:
        for day in range(window.first_day, window.last_day + 1):
            for code in window.codes:
                _add(worst, day, code, window.severity)
    return [
        [{"code": code, "severity": severity} for code, severity in sorted(told.items())]
        for told in worst
    ]


def _add(worst: list[dict[str, int]], day: int, code: str, severity: int) -> None:
    if 0 <= day < len(worst):
        worst[day][code] = max(severity, worst[day].get(code, 0))
