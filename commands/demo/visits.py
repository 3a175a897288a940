"""Sessions of the demo as somebody would send them: what was given, measured and booked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from clinical.side_effects import SIDE_EFFECTS
from clinical.simulated_visits import simulated_dose, simulated_vitals
from commands.demo.cast import Person
from commands.demo.people import ZONE, instant

# Our assumptions about a clinic's day.
START_HOURS = (9, 10, 11, 13, 14)
MINUTES_LATE, MINUTES_TO_LEAVE = (0, 21), (5, 36)
HOURS_FASTED, HOURS_WITHOUT_DRINK = (8, 14), (2, 5)
ONSET_MINUTES, OFFSET_MINUTES = (5, 31), (50, 91)
WEIGHT_SD_KG = 0.6
SHARE_CANCELLED = 0.6
CANCELLED_FOR = ("patient_unwell", "no_driver", "travel", "clinic")
MISSED_FOR = ("no_contact", "other")


@dataclass(frozen=True, slots=True)
class Room:
    """Where a patient is treated: how long a visit is planned to take, and on which course."""

    random: np.random.Generator
    person: Person
    course_id: UUID
    minutes: int


def _scheduled(room: Room, day: date) -> dict[str, Any]:
    hour = int(room.random.choice(START_HOURS))
    return {
        "course_id": room.course_id,
        "scheduled_at": instant(day, time(hour, 0)),
        "scheduled_minutes": room.minutes,
        "timezone": ZONE,
    }


def booked_visit(room: Room, day: date) -> dict[str, Any]:
    """One to come, with the dose it is planned to have."""
    return {**_scheduled(room, day), "status": "booked"}


def failed_visit(room: Room, day: date) -> dict[str, Any]:
    """One that did not take place: cancelled for a reason, or nobody came."""
    is_cancelled = room.random.random() < SHARE_CANCELLED
    reasons = CANCELLED_FOR if is_cancelled else MISSED_FOR
    return {
        **_scheduled(room, day),
        "status": "cancelled" if is_cancelled else "missed",
        "status_reason": str(room.random.choice(reasons)),
    }


def completed_visit(
    room: Room, day: date, number: int, effects: list[dict[str, Any]]
) -> dict[str, Any]:
    """The course's session `number`: weight, dose, readings; `effects` as told that evening."""
    random, person = room.random, room.person
    visit = _scheduled(room, day)
    started = visit["scheduled_at"] + timedelta(minutes=int(random.integers(*MINUTES_LATE)))
    weight_kg = round(person.body.weight_kg + float(random.normal(0, WEIGHT_SD_KG)), 1)
    route = person.treated.route
    vitals = simulated_vitals(route, person.body, random)
    stopped = started + timedelta(minutes=int(vitals[-1]["minute"] or 0))
    ready = stopped + timedelta(minutes=int(random.integers(*MINUTES_TO_LEAVE)))
    return visit | {
        "status": "completed",
        "started_at": started,
        "stopped_at": stopped,
        "ready_to_leave_at": ready,
        "weight_kg": weight_kg,
        "last_food_at": _before(started, random, HOURS_FASTED),
        "last_drink_at": _before(started, random, HOURS_WITHOUT_DRINK),
        "driver_confirmed": True,
        "adverse_effects": _seen(effects, random),
        "rescue_medications": [],
        "doses": [simulated_dose(route, person.body, weight_kg, number)],
        "vitals": vitals,
    }


def _seen(effects: list[dict[str, Any]], random: np.random.Generator) -> list[dict[str, Any]]:
    """Those of the day's effects that come with a dose, when they began and when they were over."""
    return [
        {
            **effect,
            "onset_minute": int(random.integers(*ONSET_MINUTES)),
            "offset_minute": int(random.integers(*OFFSET_MINUTES)),
            "note": None,
        }
        for effect in effects
        if SIDE_EFFECTS[effect["code"]].window != "between"
    ]


def _before(started: datetime, random: np.random.Generator, hours: tuple[int, int]) -> datetime:
    return started - timedelta(hours=int(random.integers(*hours)))
