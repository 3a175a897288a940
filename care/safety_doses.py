"""Asks the rule about home doses of one that was written, in its transaction (U1)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from care.alerts import Raising, raise_alert
from care.principal import Chart, Principal
from care.rows import of_chart
from clinical.safety_doses import Taken, of_home_dose
from models.course import Course
from models.dose import Dose


def ask_of_dose(
    connection: Connection, principal: Principal, told: tuple[Chart, Any], now: datetime
) -> None:
    """Raise what a home dose fires beside the others of its course; `told` ends with its row.

    Without a course by its route on that day there is no plan to hold it against, and nothing is
    said. The patient's stream is locked by whoever calls.
    """
    chart, dose = told
    course = _course_of(connection, chart, dose)
    if course is None:
        return
    doses = _doses_of(connection, chart, course)
    where = {"dose_id": dose.id, "date": dose.local_date, "source": dose.source}
    name = f"dose:{dose.id}:{dose.given_at.isoformat()}"  # corrected otherwise, it is no news
    for finding in of_home_dose(course.plan, doses, dose.given_at):
        raising = Raising(chart, finding, name, where, name)
        raise_alert(connection, principal, raising, now)


def _course_of(connection: Connection, chart: Chart, dose: Any) -> Any:
    """The course by the dose's route that its day falls in; of several the last begun."""
    return connection.execute(
        select(Course)
        .where(
            *of_chart(Course, chart),
            Course.route == dose.route,
            Course.started_on <= dose.local_date,
            or_(Course.ended_on.is_(None), Course.ended_on >= dose.local_date),
        )
        .order_by(Course.started_on.desc(), Course.id)
        .limit(1)
    ).one_or_none()


def _doses_of(connection: Connection, chart: Chart, course: Any) -> list[Taken]:
    """Every dose by the course's route since it began, in sessions and at home."""
    statement = select(Dose.given_at, Dose.local_date).where(
        *of_chart(Dose, chart),
        Dose.route == course.route,
        Dose.local_date >= course.started_on,
        Dose.voided_at.is_(None),
    )
    if course.ended_on is not None:
        statement = statement.where(Dose.local_date <= course.ended_on)
    return [Taken(row.given_at, row.local_date) for row in connection.execute(statement)]
