"""What has happened to a patient of the demo: each thing through its own verb, at its own time."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import Connection

from care import checkins, safety
from care.principal import Principal
from care.protocol import Entry, Operation
from clinical.simulate import simulate
from commands.demo.alerts import looked_at
from commands.demo.cast import Person
from commands.demo.chart import charted
from commands.demo.life import Act, Life
from commands.demo.people import ZONE, instant
from commands.demo.scales import scaled
from commands.demo.treatment import treated
from models.db import new_id

EARLIEST_EVENING_MINUTES, LATEST_EVENING_MINUTES = 19 * 60, 23 * 60


def live(
    connection: Connection, who: tuple[Principal, Principal], person: Person, now: datetime
) -> None:
    """Everything up to now, in the order in which it happened; `who` is (clinician, patient)."""
    random = np.random.default_rng([person.treated.story.seed, 98])
    life = Life(connection, *who, person, now, random)
    series = simulate(
        person.treated.story,
        life.on(person.treated.first_day),
        person.treated.days,
        person.treated.dose_days,
    )
    course_id = new_id()
    acts = [*_logged(life, series), *treated(life, series, course_id)]
    acts += [*charted(life, course_id), *scaled(life)]
    for at, act in sorted(acts, key=lambda one: one[0]):
        act(at)
    looked_at(life, now)


def _logged(life: Life, series: dict[date, Any]) -> Iterator[Act]:
    """A check-in each evening; today's by now, if it is one of today's who log."""
    evenings = life.random.integers(EARLIEST_EVENING_MINUTES, LATEST_EVENING_MINUTES, len(series))
    for (day, answers), minutes in zip(series.items(), evenings.tolist(), strict=True):
        if day == life.today and not life.person.logs_today:
            continue
        at = min(instant(day, time(minutes // 60, minutes % 60)), life.now)
        thoughts = life.person.thoughts_today if day == life.today else "none"
        more = {"custom": {"pain": 10 - answers["mood"]}, "suicidal_thoughts": thoughts}
        yield at, partial(_log, life, Entry(day, {**answers, **more}, at, ZONE))


def _log(life: Life, entry: Entry, now: datetime) -> None:
    """A check-in as the phone's would be taken: with what it tells of safety asked of."""
    checkins.carry_out(life.connection, life.patient, Operation(life.chart, entry), now)
    asked = safety.DayAsked(
        life.chart, entry.date, entry.answers or {}, "app", str(entry.date), "create"
    )
    if safety.may_fire(asked.answers):
        looked_at(life, now)
        safety.ask_of_day(life.connection, life.patient, asked, now)
