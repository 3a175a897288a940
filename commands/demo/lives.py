"""What has happened to a patient of the demo: each thing through its own verb, at its own time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Connection

from care import checkins, courses, treatments
from care.courses import CourseEntry
from care.principal import Chart, Principal
from care.protocol import Entry, Operation
from care.treatments import SessionEntry
from clinical.days import local_day
from clinical.simulate import simulate
from clinical.simulated_visits import simulated_plan
from commands.demo.cast import Person
from commands.demo.people import ZONE, instant
from commands.demo.visits import Room, booked_visit, completed_visit, failed_visit
from models.db import new_id

# An act is done at its instant, which is the `now` of its verb.
Act = tuple[datetime, Callable[[datetime], object]]

OPENED_AT = time(8, 0)
EARLIEST_EVENING_MINUTES, LATEST_EVENING_MINUTES = 19 * 60, 23 * 60
SIGNED_AT = time(18, 0)
SHARE_SIGNED = 0.9
ENDED_AFTER_DAYS = 35


@dataclass(frozen=True, slots=True)
class Life:
    """One patient's, and who writes it down."""

    connection: Connection
    clinician: Principal
    patient: Principal
    person: Person
    now: datetime
    random: np.random.Generator

    @property
    def chart(self) -> Chart:
        assert self.patient.patient is not None  # it is a patient's place
        return self.patient.patient

    @property
    def today(self) -> date:
        return local_day(self.now, ZONE, self.chart.days.day_boundary_minutes)

    def on(self, day: int) -> date:
        """The date of a day counted from today."""
        return self.today + timedelta(days=day)


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
    acts = [*_logged(life, series), *_treated(life, series)]
    for at, act in sorted(acts, key=lambda one: one[0]):
        act(at)


def _logged(life: Life, series: dict[date, Any]) -> Iterator[Act]:
    """A check-in each evening; today's by now, if it is one of today's who log."""
    evenings = life.random.integers(EARLIEST_EVENING_MINUTES, LATEST_EVENING_MINUTES, len(series))
    for (day, answers), minutes in zip(series.items(), evenings.tolist(), strict=True):
        if day == life.today and not life.person.logs_today:
            continue
        at = min(instant(day, time(minutes // 60, minutes % 60)), life.now)
        entry = Entry(day, {**answers, "custom": {"pain": 10 - answers["mood"]}}, at, ZONE)
        operation = Operation(life.chart, entry)
        yield at, partial(checkins.carry_out, life.connection, life.patient, operation)


def _treated(life: Life, series: dict[date, Any]) -> Iterator[Act]:
    treated = life.person.treated
    course_id = new_id()
    yield from _course(life, course_id)
    room = Room(
        life.random, life.person, course_id, simulated_plan(treated.route)["session_minutes"]
    )
    for number, day in enumerate(treated.visits.completed, start=1):
        told = series.get(life.on(day), {}).get("side_effects")
        visit = completed_visit(room, life.on(day), number, told)
        yield from _recorded(life, visit, visit["ready_to_leave_at"], is_signed=_is_signed(life))
    for day in treated.visits.failed:
        visit = failed_visit(room, life.on(day))
        at = visit["scheduled_at"]
        after = timedelta(days=-1) if visit["status"] == "cancelled" else timedelta(hours=2)
        yield from _recorded(life, visit, at + after)
    if treated.visits.booked is not None:
        visit = booked_visit(room, life.on(treated.visits.booked))
        last = life.on(treated.visits.completed[-1])
        yield from _recorded(life, visit, instant(last, time(17, 30)))


def _is_signed(life: Life) -> bool:
    return bool(life.random.random() < SHARE_SIGNED)


def _recorded(
    life: Life, given: dict[str, Any], at: datetime, *, is_signed: bool = False
) -> Iterator[Act]:
    """A session written down, and signed on the evening of the day after, if that has been."""
    entry = SessionEntry(life.chart, new_id(), given)
    yield at, partial(treatments.record, life.connection, life.clinician, entry)
    signed_at = instant(at.date() + timedelta(days=1), SIGNED_AT)
    if is_signed and signed_at <= life.now:
        target = (life.chart, entry.session_id)
        yield signed_at, partial(treatments.sign, life.connection, life.clinician, target, None)


def _course(life: Life, course_id: UUID) -> Iterator[Act]:
    """Opened on the morning of the first session; in maintenance from its first such session on;
    ended some weeks after the last, by whoever stayed away."""
    treated = life.person.treated
    first = life.on(treated.visits.steps[0])
    opened = {
        "indication": "trd",
        "route": treated.route,
        "started_on": first,
        "phase": "induction",
        "plan": simulated_plan(treated.route, treated.days_apart),
    }
    write = partial(CourseEntry, life.chart, course_id)
    told = (life.connection, life.clinician)
    yield instant(first, OPENED_AT), partial(courses.open_course, *told, write(opened))
    if treated.visits.maintenance:
        morning = instant(life.on(treated.visits.maintenance[0]), OPENED_AT)
        yield morning, partial(courses.change, *told, write({"phase": "maintenance"}))
    if treated.has_dropped_out:
        end = life.on(treated.visits.completed[-1] + ENDED_AFTER_DAYS)
        ended = {"phase": "ended", "ended_on": end, "note": "Did not come back; letter sent."}
        yield instant(end, OPENED_AT), partial(courses.change, *told, write(ended))
