"""Who is in the demo clinic: nine scripted patients, and as many drawn ones as are asked for."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from clinical.simulate import Story
from clinical.simulated_effects import EffectWindow
from clinical.simulated_people import Treated, draw_treated
from clinical.simulated_visits import Body, Schedule, draw_body, schedule, steps_under_way

STORIES = Path(__file__).with_name("stories.toml")
FIRST_MRN = "DEMO-1"
DAYS_BEFORE_FIRST_DOSE = 14
DAYS_PER_MONTH = 30.4
# Seeds of the drawn patients, apart from those of the stories; another number is another clinic.
FIRST_SEED = 1001


@dataclass(frozen=True, slots=True)
class Person:
    """A patient of the demo: who they are, and what their treatment has been like."""

    mrn: str
    name: str
    birth_date: date
    treated: Treated
    body: Body
    logs_today: bool = True
    is_scripted: bool = False
    thoughts_today: str = "none"
    phq9: tuple[int, int, int] | None = None

    @property
    def email(self) -> str:
        """What they log in with."""
        local = "patient" if self.mrn == FIRST_MRN else self.name.lower().replace(" ", ".")
        return f"{local}@demo.example"


def everybody(today: date, patients: int, months: int) -> Iterator[Person]:
    """The stories, then drawn patients so that `patients` have the MRN DEMO-n."""
    yield from scripted(today)
    told = _told()
    names = zip(cycle(told["first_names"]), cycle(told["last_names"]), strict=True)
    for number, name in zip(range(2, patients + 1), names, strict=False):
        yield _drawn(number, " ".join(name), today, round(months * DAYS_PER_MONTH))


def scripted(today: date) -> list[Person]:
    """The patients of stories.toml, in its order."""
    return [_scripted(story, today) for story in _told()["story"]]


def _told() -> dict[str, Any]:
    return tomllib.loads(STORIES.read_text())


def _scripted(told: dict[str, Any], today: date) -> Person:
    mrn, logs_today = told.get("mrn", f"STORY-{told['key']}"), told.get("logs_today", True)
    who, treated = (mrn, told["name"], told["birth_date"]), _treated(told)
    body = _body(treated, told["birth_date"], today)
    thoughts = told.get("suicidal_thoughts_today", "none")
    phq9 = tuple(told["phq9"]) if "phq9" in told else None
    more = {"is_scripted": True, "thoughts_today": thoughts, "phq9": phq9}
    return Person(*who, treated, body, logs_today, **more)


def _body(treated: Treated, birth_date: date, today: date) -> Body:
    age_years = (today - birth_date).days * 4 // 1461  # whole years of 365.25 days
    return draw_body(age_years, np.random.default_rng([treated.story.seed, 96]))


def _treated(told: dict[str, Any]) -> Treated:
    visits = _visits(told)
    first_day = visits.steps[0] - told.get("days_before_first_dose", DAYS_BEFORE_FIRST_DOSE)
    days = 1 - first_day
    story = Story(
        baseline=told["baseline_y"],
        gain=told["gain"],
        half_life_days=told["half_life_days"],
        noise_sd=told["noise_sd"],
        missing=told["missing"],
        seed=told["seed"],
    )
    if "silent_last_days" in told:
        story = replace(story, silences=((days - told["silent_last_days"], days - 1),))
    if "side_effects" in told:
        effects = told["side_effects"]
        window = (days - effects["last_days"], days - 1)
        effect = EffectWindow(tuple(effects["codes"]), effects["severity"], *window)
        story = replace(story, effects=(effect,))
    apart = told.get("maintenance_interval_days")
    return Treated(story, told["route"], visits, apart, first_day)


def _visits(told: dict[str, Any]) -> Schedule:
    last, booked = told["today_day_offset"], told["next_session_in_days"]
    if "induction_sessions_done" in told:
        done = told["induction_sessions_done"]
        return steps_under_way(told["route"], done=done, last=last, booked=booked)
    maintenance = (told["sessions"], told["maintenance_interval_days"])
    return schedule(told["route"], maintenance=maintenance, last=last, booked=booked)


def _drawn(number: int, name: str, today: date, most_days: int) -> Person:
    seed = FIRST_SEED + number
    age_days = int(np.random.default_rng([seed, 97]).integers(20 * 365, 72 * 365))
    born = today - timedelta(days=age_days)
    treated = draw_treated(seed, most_days)
    who = (f"DEMO-{number}", name, born)
    return Person(*who, treated, _body(treated, born, today))
