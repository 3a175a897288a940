"""What a patient does before a session and not after it, by its route; words beside this file.

Food, drink and nose before a nasal session: 4-clinical 2c. Driving: not before the next day after
sleep (the label), and not before 24 h have passed (the founding article): the later of the two.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from clinical.days import day_end, local_day
from clinical.visits import usual_minutes

NO_DRIVING = timedelta(hours=24)
_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Fast:
    """How many minutes before the beginning food, drink and nasal sprays end."""

    food_minutes: int
    drink_minutes: int
    nose_minutes: int | None = None


_NASAL = Fast(food_minutes=120, drink_minutes=30, nose_minutes=60)
# Clinics that inject or infuse fast longer: the usual rule before sedation (u).
_INJECTED = Fast(food_minutes=360, drink_minutes=120)
_SWALLOWED = Fast(food_minutes=120, drink_minutes=30)  # (u)
_FASTS: Mapping[str, Fast] = {
    "intranasal": _NASAL,
    "oral": _SWALLOWED,
    "sublingual": _SWALLOWED,
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do by an instant, or not to do until it; null where it has no time."""

    code: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A session that is booked: when it begins and how long one stays (null: as is usual)."""

    route: str | None
    begins: datetime
    minutes: int | None


def languages() -> frozenset[str]:
    """In which the words are there."""
    return frozenset(_written())


def fast(route: str | None) -> Fast:
    """The fast before a session by this route; of an unknown one the longest."""
    return _FASTS.get(str(route), _INJECTED)


def minutes_on_site(ahead: Ahead) -> int:
    """How long one stays."""
    return ahead.minutes or usual_minutes(ahead.route)


def prepare(ahead: Ahead, language: str) -> Sequence[Advice]:
    """What to do before it, in the order of time; what has no time of its own last."""
    words, before = _words(language)["prepare"], fast(ahead.route)
    timed = {
        "food": before.food_minutes,
        "drink": before.drink_minutes,
        "nose": before.nose_minutes,
    }
    dated = [
        Advice(code, words[code], ahead.begins - timedelta(minutes=minutes))
        for code, minutes in timed.items()
        if minutes is not None
    ]
    minutes = minutes_on_site(ahead)
    told = [
        Advice(code, words[code].format(minutes=minutes)) for code in ("driver", "company", "stay")
    ]
    return [*sorted(dated, key=lambda advice: advice.at or ahead.begins), *told]


def afterwards(
    last_dose_at: datetime, language: str, *, timezone: str, day_boundary_minutes: int
) -> Sequence[Advice]:
    """What not to do after it, counted from the end of the last dose."""
    words = _words(language)["afterwards"]
    until = driving_from(last_dose_at, timezone, day_boundary_minutes)
    return [Advice("rest", words["rest"]), Advice("driving", words["driving"], until)]


def driving_from(last_dose_at: datetime, timezone: str, day_boundary_minutes: int) -> datetime:
    """The earliest instant at which one may drive again, having slept."""
    day = local_day(last_dose_at, timezone, day_boundary_minutes)
    return max(last_dose_at + NO_DRIVING, day_end(day, timezone, day_boundary_minutes))


def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    written = _written()
    return written.get(language.partition("-")[0].lower(), written[_FALLBACK])


@cache
def _written() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
