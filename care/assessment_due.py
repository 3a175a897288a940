"""Which scales and screens stand next for a patient, read in one round trip."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Executable

from care.principal import Chart
from clinical.assessment_dates import Asked, CourseDays, Due, due
from clinical.days import local_day
from clinical.screens import MOST_DAYS, cadences
from models.due_inputs import (
    SELECT_LAST_DONE,
    SELECT_LAST_OBSERVED_PRESSURE,
    SELECT_LAST_PRESSURE,
    SELECT_OPEN_COURSE,
    SELECT_SCREENS,
)
from models.prepared import together

# Nothing done longer ago has any bearing: the longest cadence, and the day it would be due.
_BACK = timedelta(days=MOST_DAYS + 1)


def read(connection: Connection, chart: Chart, today: date) -> list[Due]:
    """What stands next of every scale and screen; nothing without an open course."""
    return of(together(connection, *steps(chart, today)), chart, today)


def steps(chart: Chart, today: date) -> tuple[tuple[Executable, Mapping[str, Any]], ...]:
    """The statements due dates are made of, for one round trip with others; `of` reads them."""
    owner = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
    lately = owner | {"since": today - _BACK}
    return (
        (SELECT_OPEN_COURSE, owner | {"today": today}),
        (SELECT_LAST_DONE, lately),
        (SELECT_LAST_PRESSURE, lately),
        (SELECT_LAST_OBSERVED_PRESSURE, owner),
        (SELECT_SCREENS, owner),
    )


def of(found: Sequence[Sequence[Any]], chart: Chart, today: date) -> list[Due]:
    """What stands next, from the rows of `steps` in their order."""
    course, last, pressure, observed, clinic = found
    if not course:
        return []
    done = {row.instrument: [row.last_on] for row in last}
    measured = [row.last_on for row in pressure]
    measured += [_local(row.last_at, chart) for row in observed if row.last_at is not None]
    asked = Asked(
        _course(course[0]),
        today,
        done | {"blood_pressure": measured},
        cadences(clinic[0].screens),
    )
    return due(asked)


def _course(row: Any) -> CourseDays:
    held = sorted(_known(row.first_own, row.first_loose, row.last_own, row.last_loose))
    booked = min(_known(row.next_own, row.next_loose), default=None)
    return CourseDays(row.phase, row.started_on, tuple(held), booked)


def _known(*days: date | None) -> list[date]:
    return [day for day in days if day is not None]


def _local(instant: datetime, chart: Chart) -> date:
    return local_day(instant, chart.timezone, chart.days.day_boundary_minutes)
