"""A course of the demo and its sessions: opened, recorded, signed, booked, ended."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from care import courses, treatments
from care.courses import CourseEntry
from care.treatments import SessionEntry
from clinical.simulated_visits import simulated_plan
from commands.demo.life import Act, Life
from commands.demo.people import instant
from commands.demo.visits import Room, booked_visit, completed_visit, failed_visit
from models.db import new_id

OPENED_AT = time(8, 0)
BOOKED_AT = time(17, 30)
SIGNED_AT = time(18, 0)
# Our assumptions: how much gets signed, and when a course is given up.
SHARE_SIGNED = 0.9
ENDED_AFTER_DAYS = 35


def treated(life: Life, series: dict[date, Any], course_id: UUID) -> Iterator[Act]:
    """The course and its sessions; what was told of side effects in the evening is in them too."""
    course = life.person.treated
    yield from _course(life, course_id)
    room = Room(
        life.random, life.person, course_id, simulated_plan(course.route)["session_minutes"]
    )
    for number, day in enumerate(course.visits.completed, start=1):
        told = series.get(life.on(day), {}).get("side_effects", [])
        visit = completed_visit(room, life.on(day), number, told)
        yield from _recorded(life, visit, visit["ready_to_leave_at"], is_signed=_is_signed(life))
    for day in course.visits.failed:
        visit = failed_visit(room, life.on(day))
        at = visit["scheduled_at"]
        after = timedelta(days=-1) if visit["status"] == "cancelled" else timedelta(hours=2)
        yield from _recorded(life, visit, at + after)
    if course.visits.booked is not None:
        visit = booked_visit(room, life.on(course.visits.booked))
        last = life.on(course.visits.completed[-1])
        yield from _recorded(life, visit, instant(last, BOOKED_AT))


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
    course = life.person.treated
    first = life.on(course.visits.steps[0])
    opened = {
        "indication": "trd",
        "route": course.route,
        "started_on": first,
        "phase": "induction",
        "plan": simulated_plan(course.route, course.days_apart),
    }
    write = partial(CourseEntry, life.chart, course_id)
    told = (life.connection, life.clinician)
    yield instant(first, OPENED_AT), partial(courses.open_course, *told, write(opened))
    if course.visits.maintenance:
        morning = instant(life.on(course.visits.maintenance[0]), OPENED_AT)
        yield morning, partial(courses.change, *told, write({"phase": "maintenance"}), 1)
    if course.has_dropped_out:
        end = life.on(course.visits.completed[-1] + ENDED_AFTER_DAYS)
        ended = {"phase": "ended", "ended_on": end, "note": "Did not come back; letter sent."}
        seen = 2 if course.visits.maintenance else 1
        yield instant(end, OPENED_AT), partial(courses.change, *told, write(ended), seen)
