"""Courses: opened with a plan, carried from induction to maintenance, and ended with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from care import rows, streams
from care.life import Life, life
from care.principal import Chart, Principal
from care.refusals import Conflict, Fault, Invalid, Questions
from care.rows import of_chart
from clinical.days import local_day
from clinical.plans import SoFar, template
from clinical.visit_doubts import FURTHEST_BOOKING
from models.clinic import Clinic
from models.course import Course
from models.treatment_session import TreatmentSession, begins_at

# Ketamine has been given for depression since about 2000: an older course is a slip of the pen (u).
OLDEST_UNASKED = timedelta(days=7305)  # 20 years of 365.25 days
# The patient's day of a session may begin late, and so be the day before the calendar's.
_A_DAY_OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """`given` holds a course's columns by name; a change, only those that change.

    `confirmed` are the JSON pointers of unlikely values the sender stands by.
    """

    chart: Chart
    course_id: UUID
    given: Mapping[str, Any]
    confirmed: frozenset[str] = frozenset()


def open_course(
    connection: Connection, principal: Principal, entry: CourseEntry, now: datetime
) -> None:
    """A new course; without a plan it has its route's template, without a phase it is induction.

    Invalid or Questions for its dates; Conflict while another course of the patient is open.
    """
    streams.lock(connection, entry.chart)
    given = entry.given
    course = {
        "indication": given["indication"],
        "route": given["route"],
        "started_on": given["started_on"],
        "ended_on": given.get("ended_on"),
        "phase": given.get("phase") or "induction",
        "plan": given.get("plan") or template(given["route"]),
        "note": given.get("note"),
    }
    _check(entry, course, life(connection, entry.chart, now))
    _refuse_second(connection, entry, course)
    row = {**rows.key(entry.chart, entry.course_id), **course}
    connection.execute(
        insert(Course).values(created_at=now, created_by=principal.membership_id, **row)
    )
    _written(connection, principal, "create", entry, now)


def change(
    connection: Connection,
    principal: Principal,
    entry: CourseEntry,
    base: int | None,
    now: datetime,
) -> None:
    """Change what is given; what is as it was writes nothing.

    Whoever replaces a value names the revision they saw: Stale, BaseMissing otherwise.
    Whoever ends a course says when and, in its note, why. An end entered in error is taken back by
    naming the phase again, with no `ended_on`.
    """
    streams.lock(connection, entry.chart)
    stored = rows.find(connection, Course, entry.chart, entry.course_id)
    course = {name: getattr(stored, name) for name in _CHANGEABLE} | dict(entry.given)
    if all(course[name] == getattr(stored, name) for name in course):
        return
    rows.refuse_unseen(stored, entry.given, base)
    _check(entry, course, life(connection, entry.chart, now), ending=stored.phase != "ended")
    _refuse_second(connection, entry, course)
    mine = (*of_chart(Course, entry.chart), Course.id == entry.course_id)
    connection.execute(update(Course).where(*mine).values(revision=Course.revision + 1, **course))
    _written(connection, principal, "change", entry, now)


def so_far(connection: Connection, chart: Chart, course: Any, today: date) -> SoFar:
    """Where the course stands: sessions completed, and those booked from today on.

    A session without a course counts from the course's first day to its last. Days are those of
    the calendar on the wall, as a plan's and a holiday's are.
    """
    loose = TreatmentSession.course_id.is_(None) & (
        TreatmentSession.local_date >= course.started_on - _A_DAY_OFF
    )
    found = connection.execute(
        select(
            TreatmentSession.course_id,
            TreatmentSession.status,
            TreatmentSession.timezone,
            begins_at.label("begins"),
        ).where(
            *of_chart(TreatmentSession, chart),
            TreatmentSession.voided_at.is_(None),
            or_(TreatmentSession.course_id == course.id, loose),
            TreatmentSession.status.in_(("completed", "booked")),
        )
    )
    last = course.ended_on or date.max
    days = []
    for row in found:
        day = local_day(row.begins, row.timezone, 0)
        counts = row.course_id is not None or course.started_on <= day <= last
        if counts and (row.status == "completed" or day >= today):
            days.append(day)
    return SoFar(course.started_on, tuple(days), today)


def holidays(connection: Connection, chart: Chart) -> dict[date, str]:
    """The days the clinic is closed, and why."""
    own = select(Clinic.holidays).where(Clinic.clinic_id == chart.clinic_id)
    listed = connection.scalars(own).one()
    return {date.fromisoformat(holiday["date"]): holiday["name"] for holiday in listed}


_CHANGEABLE = ("indication", "started_on", "ended_on", "phase", "plan", "note")


def _check(
    entry: CourseEntry, course: Mapping[str, Any], lived: Life, *, ending: bool = False
) -> None:
    """Invalid with every fault of the course as it would stand, then Questions."""
    faults = _start_faults(course["started_on"], lived)
    ended_on, has_ended = course["ended_on"], course["phase"] == "ended"
    if has_ended and ended_on is None:
        faults.append(Fault("/ended_on", "Say when the course ended."))
    elif not has_ended and ended_on is not None:
        faults.append(Fault("/ended_on", "Only a course whose phase is `ended` has one."))
    elif ended_on is not None and ended_on < course["started_on"]:
        faults.append(Fault("/ended_on", "Must not be before the course started."))
    else:
        faults += lived.faults("/ended_on", ended_on)
    if has_ended and ending and course["note"] is None:
        faults.append(Fault("/note", "Say why the course ended."))
    if faults:
        raise Invalid(faults)
    asked = entry.given.get("started_on")
    is_old = asked is not None and asked < lived.today - OLDEST_UNASKED
    if is_old and "/started_on" not in entry.confirmed:
        raise Questions([Fault("/started_on", "Did this course start more than 20 years ago?")])


def _start_faults(started_on: date, lived: Life) -> list[Fault]:
    """The fault of a first day that cannot be; it may lie ahead, as its session is booked."""
    if lived.born <= started_on <= lived.today + FURTHEST_BOOKING:
        return []
    told = f"Must be from the patient's birth to {FURTHEST_BOOKING.days} days ahead."
    return [Fault("/started_on", told)]


def _refuse_second(connection: Connection, entry: CourseEntry, course: Mapping[str, Any]) -> None:
    if course["phase"] == "ended":
        return
    another = connection.execute(
        select(Course.id).where(
            *of_chart(Course, entry.chart),
            Course.phase != "ended",
            Course.id != entry.course_id,
        )
    ).first()
    if another is not None:
        raise Conflict("Another course of this patient is open: end it first.")


def _written(
    connection: Connection, principal: Principal, action: str, entry: CourseEntry, now: datetime
) -> None:
    streams.advance_inputs(connection, entry.chart)
    rows.note(connection, principal, action, (entry.chart, Course, entry.course_id), now)
