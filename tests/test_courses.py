"""Courses: opened once at a time, with a plan, and ended with a reason."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from care.courses import CourseEntry, open_course
from care.principal import Chart, operator
from clinical.days import DayRules
from clinical.plans import template
from models.course import Course
from models.db import new_id
from models.patient_stream import PatientStream
from tests.people import ZONE, Household

STARTED = date(2026, 1, 5)


def opened(home: Household, **given: Any) -> Any:
    """The row of a course opened on the server itself."""
    course_id = new_id()
    chart = Chart(home.clinic_id, home.patient_id, ZONE, DayRules(240, 14))
    course = {"indication": "trd", "route": "intranasal", "started_on": STARTED} | given
    with home.world.services.database.begin(write=True) as connection:
        entry = CourseEntry(chart, course_id, course)
        open_course(connection, operator(home.clinic_id), entry, datetime.now(UTC))
        connection.commit()
    return home.world.rows(select(Course).where(Course.id == course_id))[0]


def test_a_course_opened_without_a_plan_has_its_routes(home: Household) -> None:
    row = opened(home)
    assert (row.plan, row.phase, row.revision) == (template("intranasal"), "induction", 1)
    stream = select(PatientStream.inputs_version).where(PatientStream.patient_id == home.patient_id)
    assert home.world.rows(stream)[0][0] == 1
