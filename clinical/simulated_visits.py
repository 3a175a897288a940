"""Visits of simulated patients: when they come, what they are given, and what the monitor reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

import numpy as np

from clinical.plans import days_apart, template

# "1-3 a week" swallowed (4-clinical 2a): twice weekly, for three weeks only, so that there is
# time for maintenance (our choice).
_SHORT_STEPS = [{"sessions": 6, "days_apart": [3, 4]}]
# A series is told in days before today, whatever weekday that is: its clinic never closes.
_EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def simulated_plan(route: str, maintenance_days_apart: int | None = None) -> dict[str, Any]:
    """The route's template with the interval it is simulated with; None = the template's own."""
    plan = template(route) | {"open_weekdays": _EVERY_DAY}
    if route in ("oral", "sublingual"):
        plan |= {"steps": _SHORT_STEPS}
    if maintenance_days_apart is not None:
        plan |= {"maintenance_days_apart": maintenance_days_apart}
    return plan


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days of visits, counted from today (negative = past); `booked` is the one to come."""

    steps: tuple[int, ...]
    maintenance: tuple[int, ...]
    booked: int | None
    failed: tuple[int, ...] = ()

    @property
    def completed(self) -> tuple[int, ...]:
        """All days with a dose, oldest first."""
        return self.steps + self.maintenance


def step_days(route: str) -> tuple[int, ...]:
    """The days of the sessions before maintenance, the first being day 0."""
    plan = simulated_plan(route)
    sessions = sum(step["sessions"] for step in plan["steps"])
    return (0, *accumulate(islice(days_apart(plan), sessions - 1)))


def schedule(
    route: str, *, maintenance: tuple[int, int], last: int, booked: int | None
) -> Schedule:
    """A whole course that ended `last` days ago: its steps, then (sessions, days apart).

    The first maintenance session comes as many days after the steps as they are apart.
    """
    sessions, apart = maintenance
    days = tuple(-last - apart * number for number in reversed(range(sessions)))
    steps = step_days(route)
    shift = -last - apart * sessions - steps[-1]
    return Schedule(tuple(day + shift for day in steps), days, booked)


def steps_under_way(route: str, *, done: int, last: int, booked: int | None) -> Schedule:
    """A course of which only the first `done` sessions have been, the last `last` days ago."""
    steps = step_days(route)[:done]
    return Schedule(tuple(day - steps[-1] - last for day in steps), (), booked)


@dataclass(frozen=True, slots=True)
class Body:
    """What a person brings to every visit."""

    age: int
    weight_kg: float
    systolic_mmhg: float
    diastolic_mmhg: float
    heart_rate_bpm: float
    dose_factor: float


# Our assumptions: an adult clinic's weights and resting values, kept clear of what delays a dose.
_WEIGHT_KG, _WEIGHT_SD = 76, 14
_SYSTOLIC, _SYSTOLIC_SD = 121, 7
_DIASTOLIC, _DIASTOLIC_SD, _LEAST_PULSE_PRESSURE = 76, 5, 35
_HEART_RATE, _HEART_RATE_SD = 72, 8
DOSE_FACTORS = (1.0, 1.0, 1.0, 1.2, 1.5)


def draw_body(age: int, random: np.random.Generator) -> Body:
    """A body of that age, as such bodies differ."""
    weight_kg = round(float(np.clip(random.normal(_WEIGHT_KG, _WEIGHT_SD), 48, 125)), 1)
    systolic = float(np.clip(random.normal(_SYSTOLIC, _SYSTOLIC_SD), 102, 136))
    diastolic = float(np.clip(random.normal(_DIASTOLIC, _DIASTOLIC_SD), 60, 86))
    return Body(
        age,
        weight_kg,
        systolic,
        min(diastolic, systolic - _LEAST_PULSE_PRESSURE),
        float(np.clip(random.normal(_HEART_RATE, _HEART_RATE_SD), 54, 94)),
        float(random.choice(DOSE_FACTORS)),
    )


# 4-clinical 2a: mg per kg to begin with; swallowed, 2.0-2.5 mg/kg do as 0.5 in a vein.
MG_PER_KG = {
    "intravenous": 0.5,
    "intramuscular": 0.5,
    "subcutaneous": 0.5,
    "oral": 2.0,
    "sublingual": 2.0,
}
# ... and esketamine in steps of 28: 56 on day 1 (28 from 65 years on), then 56 or 84.
FIRST_NASAL_MG, FIRST_NASAL_MG_FROM_65, FULL_NASAL_MG = 56, 28, 84
NASAL_SPRAY_MG = 28
INFUSION_MINUTES = 40
_FORMULATIONS = {"intranasal": "nasal_spray", "oral": "capsule", "sublingual": "lozenge"}


def simulated_dose(route: str, body: Body, weight_kg: float, number: int) -> dict[str, Any]:
    """Drug, formulation, route, dose_mg and duration_minutes of the course's session `number`.

    The first is the standard one; from the third on it is the person's own.
    """
    factor = body.dose_factor if number >= 3 else 1.0
    if route == "intranasal":
        first = FIRST_NASAL_MG if body.age < 65 else FIRST_NASAL_MG_FROM_65
        dose_mg = first if number == 1 or factor == 1.0 else FULL_NASAL_MG
    else:
        rounded_to = 5 if route in ("oral", "sublingual") else 1
        dose_mg = round(MG_PER_KG[route] * factor * weight_kg / rounded_to) * rounded_to
    return {
        "drug": "esketamine" if route == "intranasal" else "ketamine",
        "formulation": _FORMULATIONS.get(route, "solution"),
        "route": route,
        "dose_mg": float(dose_mg),
        "duration_minutes": INFUSION_MINUTES if route == "intravenous" else None,
    }


# 4-clinical 2b: every 10 min in an infusion, every 15 after it; the spray before, at 40, then until
# stable, two hours at least; else the 0/15/30/45/60/90 protocol.
READING_MINUTES: Mapping[str, Sequence[int]] = {
    "intravenous": (0, 10, 20, 30, 40, 55, 70, 85, 100),
    "intranasal": (0, 40, 80, 120),
}
_OTHER_MINUTES = (0, 15, 30, 45, 60, 90)
# The mean rise at its peak (684 infusions [S47]), which comes 30 to 40 minutes after the start and
# is gone by 90. That visits differ by 6 and 4 mmHg together and readings by 3 is our assumption.
SYSTOLIC_RISE, DIASTOLIC_RISE, READING_SD = 3.28, 3.17, 3.0
SYSTOLIC_RISE_SD, DIASTOLIC_RISE_SD = 6.0, 4.0
PEAK_MINUTE, _SHARPNESS = 35, 3
# CADSS of 33 healthy volunteers: 0.9 before, 24.9 at the peak (4-clinical 2b); the spread is ours.
CADSS_BEFORE, CADSS_PEAK, CADSS_SD = 0.9, 24.9, 8.0


def rise(minute: float) -> float:
    """The share of the peak that is there at a minute after the start: 1 at 35, 0.15 at 90."""
    return float((minute / PEAK_MINUTE * np.exp(1 - minute / PEAK_MINUTE)) ** _SHARPNESS)


def simulated_vitals(
    route: str, body: Body, random: np.random.Generator
) -> list[dict[str, int | None]]:
    """A visit's readings, in the order of their minutes after the start."""
    unlike = random.normal()  # how much more this visit's pressures rise than most visits' do
    systolic = SYSTOLIC_RISE + unlike * SYSTOLIC_RISE_SD
    diastolic = DIASTOLIC_RISE + unlike * DIASTOLIC_RISE_SD
    peak = max(0.0, random.normal(CADSS_PEAK, CADSS_SD))
    readings = []
    for minute in READING_MINUTES.get(route, _OTHER_MINUTES):
        share, noise = rise(minute), random.normal(0, READING_SD, 3)
        asked = minute in (0, 40, 45) or minute >= 90
        readings.append(
            {
                "minute": minute,
                "systolic_mmhg": round(body.systolic_mmhg + share * systolic + noise[0]),
                "diastolic_mmhg": round(body.diastolic_mmhg + share * diastolic + noise[1] / 2),
                "heart_rate_bpm": round(body.heart_rate_bpm + 6 * share + noise[2]),
                "spo2_percent": int(np.clip(round(98 - share + random.normal(0, 0.7)), 94, 100)),
                "cadss": round(CADSS_BEFORE + (peak - CADSS_BEFORE) * share) if asked else None,
                "moaas": (4 if share > 0.5 and peak > CADSS_PEAK else 5) if asked else None,
            }
        )
    return readings
