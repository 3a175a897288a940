"""Vitals: what no body can show and is refused, and what a slip of the pen would look like.

The bounds are for recognizing wrong entries. They are no alarms, and nobody is monitored by them.
"""

from collections.abc import Mapping
from typing import Any

from clinical.remarks import Remark, number_fault

EARLIEST_MINUTE, LATEST_MINUTE = -240, 1440

# What is refused outside these is refused by the table too (models/session_vitals.py).
BOUNDS: Mapping[str, tuple[int, int]] = {
    "systolic_mmhg": (40, 300),
    "diastolic_mmhg": (20, 200),
    "heart_rate_bpm": (20, 250),
    "spo2_percent": (50, 100),
    "cadss": (0, 92),  # 4-clinical 1a
    "cadss_6": (0, 24),  # 4-clinical 1a
    "moaas": (0, 5),  # 4-clinical 1a
}
READINGS = tuple(BOUNDS)

# Asked outside these (u): well beyond the alarm defaults of 4-clinical 2b, which do occur.
USUAL: Mapping[str, tuple[int, int]] = {
    "systolic_mmhg": (80, 220),
    "diastolic_mmhg": (40, 130),
    "heart_rate_bpm": (40, 160),
    "spo2_percent": (80, 100),
}
# Two pressures nearer to each other than this are usually one typed twice (u).
LEAST_PULSE_PRESSURE_MMHG = 10

LEAST_WEIGHT_KG, MOST_WEIGHT_KG = 20.0, 400.0
USUAL_WEIGHT_KG = (35.0, 250.0)  # (u)
LARGEST_WEIGHT_JUMP = 0.15  # of the last weight (u)


def reading_faults(minute: int, reading: Mapping[str, Any], at: str) -> list[Remark]:
    """What one minute's reading cannot be; `at` is the pointer to it."""
    found = [number_fault(f"{at}/minute", minute, EARLIEST_MINUTE, LATEST_MINUTE)]
    found += [
        number_fault(f"{at}/{name}", reading[name], *BOUNDS[name])
        for name in READINGS
        if reading[name] is not None
    ]
    systolic, diastolic = reading["systolic_mmhg"], reading["diastolic_mmhg"]
    if systolic is not None and diastolic is not None and systolic <= diastolic:
        found.append(Remark(f"{at}/diastolic_mmhg", "Must be below systolic_mmhg."))
    whole, part = reading["cadss"], reading["cadss_6"]
    if whole is not None and part is not None and part > whole:
        found.append(Remark(f"{at}/cadss_6", "Six of the items cannot sum to more than all."))
    return [fault for fault in found if fault is not None]


def reading_doubts(minute: int, reading: Mapping[str, Any], at: str) -> list[Remark]:
    """What is unlikely in a reading that is possible."""
    found = []
    for name, (low, high) in USUAL.items():
        value = reading[name]
        if value is not None and not low <= value <= high:
            detail = f"Usually {low} to {high}."
            found.append(Remark(f"{at}/{name}", detail, (minute, name, value)))
    high, low = reading["systolic_mmhg"], reading["diastolic_mmhg"]
    if high is not None and low is not None and high - low < LEAST_PULSE_PRESSURE_MMHG:
        detail = f"Usually at least {LEAST_PULSE_PRESSURE_MMHG} below systolic_mmhg."
        found.append(Remark(f"{at}/diastolic_mmhg", detail, (minute, high, low)))
    return found


def weight_fault(weight_kg: float) -> Remark | None:
    """What nobody who is treated weighs."""
    return number_fault("/weight_kg", weight_kg, LEAST_WEIGHT_KG, MOST_WEIGHT_KG, unit=" kg")


def weight_doubts(weight_kg: float | None, last_weight_kg: float | None) -> list[Remark]:
    """What is unlikely about a weight, by itself and beside the last one."""
    if weight_kg is None:
        return []
    low, high = USUAL_WEIGHT_KG
    if not low <= weight_kg <= high:
        return [Remark("/weight_kg", f"Usually {low:g} to {high:g} kg.", weight_kg)]
    if last_weight_kg is None:
        return []
    if abs(weight_kg - last_weight_kg) > LARGEST_WEIGHT_JUMP * last_weight_kg:
        detail = f"Differs from the last weight by more than {LARGEST_WEIGHT_JUMP:.0%}."
        return [Remark("/weight_kg", detail, weight_kg)]
    return []


def says_nothing(reading: Mapping[str, Any]) -> bool:
    """Whether every value of the reading is null."""
    return all(reading[name] is None for name in READINGS)
