"""The fields a column can be mapped to, for each kind of intake, and what fits in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from fractions import Fraction
from math import isfinite
from typing import Any, Literal

from clinical.days import timezones
from clinical.instruments import INSTRUMENTS
from clinical.measures import CUSTOM_MAXIMUM, CUSTOM_MINIMUM, MEASURES, SUICIDAL_THOUGHTS
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS
from clinical.treatments import (
    DRUGS,
    FORMULATIONS,
    PREGNANCY_STATUSES,
    ROUTES,
    STATUS_REASONS,
    STATUSES,
)
from clinical.vitals import READINGS

Shape = Literal["text", "number", "code", "yes_no", "date", "time", "instant"]

_POUND = Fraction(45359237, 100_000_000)  # kg, exact by definition
WEIGHT: Mapping[str, Fraction] = {"kg": Fraction(1), "lb": _POUND}
MASS: Mapping[str, Fraction] = {"mg": Fraction(1), "g": Fraction(1000), "ug": Fraction(1, 1000)}
HOURS: Mapping[str, Fraction] = {"hours": Fraction(1), "minutes": Fraction(1, 60)}
MINUTES: Mapping[str, Fraction] = {"minutes": Fraction(1), "hours": Fraction(60)}

# What api/bodies.py refuses in any text.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
ABSENT = "absent"
_BEYOND_REASON = 10**9  # no field of ours comes near it


@dataclass(frozen=True, slots=True)
class Target:
    """What one field takes. `units` are factors into the field's own unit, `step` the smallest
    difference; where `low` and `high` are None another floor judges the number."""

    shape: Shape
    low: float | None = None
    high: float | None = None
    step: Fraction | None = None
    units: Mapping[str, Fraction] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    longest: int = 0
    like: tuple[str, str] | None = None  # an expression, and an example of it
    words: Mapping[str, Any] = field(default_factory=dict)  # words of a table for values of ours

    def fault(self, value: Any) -> str | None:
        """What is wrong with a value, in words; None where it fits."""
        judge = _JUDGES[self.shape]
        return judge(self, value)


def _number_fault(target: Target, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return "Must be a number."
    unreal = isinstance(value, float) and not isfinite(value)
    number = Fraction() if unreal else Fraction(value)
    if unreal or abs(number) > _BEYOND_REASON:
        return "Must be a number within reason."
    step = target.step
    if step is not None and number % step != 0:
        return "Must be a whole number." if step == 1 else "Must be in quarter hours."
    low, high = target.low, target.high
    if low is not None and high is not None and not low <= number <= high:
        return f"Must be from {low:g} to {high:g}."
    return None


def _text_fault(target: Target, value: Any) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return "Must be text."
    if len(value) > target.longest:
        return f"Must have at most {target.longest} characters."
    if _CONTROLS.search(value):
        return "Holds a control character: is the encoding right?"
    if target.like is not None and not re.fullmatch(target.like[0], value):
        return f"Must look like {target.like[1]}."
    return None


def _code_fault(target: Target, value: Any) -> str | None:
    if value in target.codes:
        return None
    shown = f": {', '.join(target.codes)}" if len(target.codes) <= 18 else ""
    return f"Must be one of the known words{shown}. A table of `values` translates others."


def _yes_no_fault(_target: Target, value: Any) -> str | None:
    return None if isinstance(value, bool) else "Must be true or false."


def _date_fault(_target: Target, value: Any) -> str | None:
    return None if type(value) is date else "Must be a date."


def _time_fault(_target: Target, value: Any) -> str | None:
    return None if type(value) is time else "Must be a time of day."


def _instant_fault(_target: Target, _value: Any) -> str | None:
    return "Comes from a column alone."  # one instant for all rows would make one row of them


_JUDGES = {
    "number": _number_fault,
    "text": _text_fault,
    "code": _code_fault,
    "yes_no": _yes_no_fault,
    "date": _date_fault,
    "time": _time_fault,
    "instant": _instant_fault,
}


def _text(longest: int, like: tuple[str, str] | None = None) -> Target:
    return Target("text", longest=longest, like=like)


def _code(*codes: str) -> Target:
    return Target("code", codes=codes)


def _whole(low: float | None = None, high: float | None = None, **more: Any) -> Target:
    return Target("number", low, high, Fraction(1), **more)


_MRN, _DAY, _NOTE = _text(64), Target("date"), _text(4000)

PATIENTS: Mapping[str, Target] = {
    "mrn": _MRN,
    "display_name": _text(200),
    "birth_date": _DAY,
    "email": _text(254, (r"[^@\s]+@[^@\s]+\.[^@\s]+", "ada@example.org")),
    "phone": _text(40),
    "country": _text(2, ("[A-Z]{2}", "DE")),
    "language": _text(35, ("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", "de")),
    "timezone": Target("code", codes=tuple(sorted(timezones()))),
    "emergency_contact.name": _text(200),
    "emergency_contact.phone": _text(40),
    "emergency_contact.relation": _text(100),
    "clinician_email": _text(254),
}
CHECKINS: Mapping[str, Target] = {
    "mrn": _MRN,
    "date": _DAY,
    **{
        key: Target("number", one.minimum, one.maximum, Fraction(one.step))
        for key, one in MEASURES.items()
    },
    "sleep_hours": Target("number", 0, 24, Fraction(1, 4), HOURS),
    "suicidal_thoughts": _code(*SUICIDAL_THOUGHTS),
    "note": _NOTE,
    "custom.*": _whole(CUSTOM_MINIMUM, CUSTOM_MAXIMUM),
    "side_effects.*": _whole(0, max(SEVERITIES), words={ABSENT: 0}),
}
ASSESSMENTS: Mapping[str, Target] = {
    "mrn": _MRN,
    "date": _DAY,
    "instrument": _code(*INSTRUMENTS),
    "total": Target("number"),  # what a scale's total may be, its own file says
    "items.*": _whole(),
}
SESSIONS: Mapping[str, Target] = {
    "mrn": _MRN,
    "external_id": _text(100),
    "date": _DAY,
    "time": Target("time"),
    "started_at": Target("instant"),
    "stopped_at": Target("instant"),
    "status": _code(*STATUSES),
    "status_reason": _code(*STATUS_REASONS),
    "weight_kg": Target("number", units=WEIGHT),
    "driver_confirmed": Target("yes_no"),
    "pregnancy_status": _code(*PREGNANCY_STATUSES),
    "note": _NOTE,
    "doses.*.drug": _code(*DRUGS),
    "doses.*.formulation": _code(*FORMULATIONS),
    "doses.*.route": _code(*ROUTES),
    "doses.*.dose_mg": Target("number", units=MASS),
    "doses.*.duration_minutes": _whole(units=MINUTES),
    "doses.*.lot": _text(40),
    "doses.*.note": _NOTE,
    **{f"vitals.*.{name}": _whole() for name in READINGS},
}
FIELDS: Mapping[str, Mapping[str, Target]] = {
    "patients": PATIENTS,
    "sessions": SESSIONS,
    "assessments": ASSESSMENTS,
    "checkins": CHECKINS,
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "patients": ("mrn", "display_name", "birth_date", "country", "language", "timezone"),
    "sessions": ("mrn",),
    "assessments": ("mrn", "date", "instrument", "total"),
    "checkins": ("mrn", "date"),
}

# What may stand where a field's name has a star.
_STARS: Mapping[str, re.Pattern[str]] = {
    "custom": re.compile("[a-z][a-z0-9_]{0,31}"),
    "side_effects": re.compile("|".join(map(re.escape, SIDE_EFFECTS))),
    "items": re.compile("[1-9][0-9]?"),
    "doses": re.compile("[1-9]"),
    "vitals": re.compile("0|-?[1-9][0-9]{0,3}"),
}


def target(kind: str, name: str) -> Target | None:
    """What the field takes; None when this kind of intake has no such field."""
    fields = FIELDS[kind]
    parts = name.split(".")
    if parts[0] in _STARS and len(parts) > 1:
        if not _STARS[parts[0]].fullmatch(parts[1]):
            return None
        parts[1] = "*"
    elif "*" in parts:
        return None
    return fields.get(".".join(parts))
