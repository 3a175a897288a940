"""Which readings of a session are outside a clinic's limits: a banner on its record, no monitor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# 4-clinical 2b: before a dose above 140/90 it is delayed [S46]; the others are clinic defaults (u).
DEFAULTS: Mapping[str, int] = {
    "before_systolic_mmhg": 140,
    "before_diastolic_mmhg": 90,
    "amber_systolic_mmhg": 160,
    "amber_diastolic_mmhg": 100,
    "red_systolic_mmhg": 180,
    "red_diastolic_mmhg": 110,
    "red_heart_rate_bpm": 130,
    "red_spo2_percent": 92,
}
LEVELS = ("amber", "red")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One reading outside a limit: which minute, what was read, and the limit."""

    minute: int
    reading: str
    value: int
    limit: int
    level: str


def alarms_of(readings: Iterable[Mapping[str, Any]], own: Mapping[str, int] | None) -> list[Alarm]:
    """The readings of a session that are outside a limit, by minute."""
    limits = {**DEFAULTS, **(own or {})}
    return [
        alarm
        for one in sorted(readings, key=lambda one: int(one["minute"]))
        for alarm in _of_reading(one, limits)
    ]


def _of_reading(one: Mapping[str, Any], limits: Mapping[str, int]) -> Iterable[Alarm]:
    minute = int(one["minute"])
    for name in ("systolic_mmhg", "diastolic_mmhg"):
        value = one.get(name)
        if value is not None:
            yield from _of_pressure((minute, name, int(value)), limits)
    rate, oxygen = one.get("heart_rate_bpm"), one.get("spo2_percent")
    if rate is not None and rate >= limits["red_heart_rate_bpm"]:
        yield Alarm(minute, "heart_rate_bpm", rate, limits["red_heart_rate_bpm"], "red")
    if oxygen is not None and oxygen < limits["red_spo2_percent"]:
        yield Alarm(minute, "spo2_percent", oxygen, limits["red_spo2_percent"], "red")


def _of_pressure(read: tuple[int, str, int], limits: Mapping[str, int]) -> Iterable[Alarm]:
    minute, name, value = read
    red, amber, before = (limits[f"{level}_{name}"] for level in ("red", "amber", "before"))
    if value >= red:
        yield Alarm(minute, name, value, red, "red")
    elif value >= amber:
        yield Alarm(minute, name, value, amber, "amber")
    elif minute <= 0 and value > before:
        yield Alarm(minute, name, value, before, "amber")
