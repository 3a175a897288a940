"""Reads what windows are made of: bounded, in one round trip, and all of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from care.assessment_reading import given_of
from care.checkins import stored_anchor
from care.principal import Chart
from care.refusals import Unavailable
from clinical.doses import mg_per_kg
from clinical.periods import LONGEST_PERIOD_DAYS, Period
from clinical.scale_points import GivenScore
from clinical.windows import Given, Session
from models.patient_stream import SELECT_INPUTS_VERSION
from models.prepared import together
from models.scale_inputs import SELECT_SCORES
from models.window_inputs import (
    SELECT_DAYS_OF,
    SELECT_DAYS_WITH_EFFECTS,
    SELECT_DOSES,
    SELECT_EVENT_DAYS,
    SELECT_HIGHEST_VITALS,
    SELECT_NEXT_BOOKING,
    SELECT_SESSION_DAY_RECORDS,
    SELECT_WINDOW_SESSIONS,
)

_READINGS_AT_MOST = 5
_NO_OTHER_DAYS: Mapping[str, Any] = {"earlier_first": date.max, "earlier_last": date.min}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the documents about windows read of one patient and one measure.

    `courses` has the course of each session that belongs to one; `pre_dose` tells of check-ins on
    the day of a session. `days` are rows of the measure's columns, by date.
    """

    sessions: tuple[Session, ...]
    courses: Mapping[UUID, UUID]
    doses: Sequence[Any]
    vitals: Mapping[UUID, Any]
    events: tuple[date, ...]
    next_session: tuple[UUID, date] | None
    pre_dose: Mapping[date, bool | None]
    days: Sequence[Any]
    scores: Sequence[GivenScore]

    def told(self) -> list[Any]:
        """All of it, as it goes into a hash."""
        rows = [tuple(row) for row in (*self.doses, *self.vitals.values(), *self.days)]
        courses = sorted([str(key), str(value)] for key, value in self.courses.items())
        pre_dose = [[str(day), told] for day, told in self.pre_dose.items()]
        told = [self.sessions, courses, self.events, self.next_session, pre_dose, rows]
        return [*told, self.scores]


def span(today: date) -> Period:
    """The days that are read: at most ten years, up to the patient's day."""
    return Period(today - timedelta(days=LONGEST_PERIOD_DAYS - 1), today)


def read(
    connection: Connection, chart: Chart, today: date, measure: str, *, with_effects: bool
) -> Inputs:
    """The inputs, with what stands beside the measure or without; read again if something was
    written in between."""
    chosen = SELECT_DAYS_WITH_EFFECTS if with_effects else SELECT_DAYS_OF
    days = chosen.get(measure, chosen["custom"])
    for _ in range(_READINGS_AT_MOST):
        inputs, before, after = _read_once(connection, chart, today, days, with_scores=with_effects)
        if before == after:
            return inputs
    raise Unavailable


def _read_once(
    connection: Connection, chart: Chart, today: date, select_days: Any, *, with_scores: bool
) -> tuple[Inputs, int, int]:
    period = span(today)
    owner = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
    asked = owner | {"first": period.first, "last": period.last, "today": today}
    before, sessions, booked, doses, vitals, events, records, days, after, *scores = together(
        connection,
        (SELECT_INPUTS_VERSION, owner),
        (SELECT_WINDOW_SESSIONS, asked),
        (SELECT_NEXT_BOOKING, asked),
        (SELECT_DOSES, owner),
        (SELECT_HIGHEST_VITALS, owner),
        (SELECT_EVENT_DAYS, asked),
        (SELECT_SESSION_DAY_RECORDS, asked),
        (select_days, asked),
        (SELECT_INPUTS_VERSION, owner),
        *(((SELECT_SCORES, {**asked, **_NO_OTHER_DAYS}),) if with_scores else ()),
    )
    inputs = Inputs(
        sessions=_sessions(sessions, doses),
        courses={row.id: row.course_id for row in sessions if row.course_id is not None},
        doses=doses,
        vitals={row.session_id: row for row in vitals},
        events=tuple(row.started_on for row in events),
        next_session=(booked[0].id, booked[0].local_date) if booked else None,
        pre_dose={row.local_date: stored_anchor(row, row.local_date).pre_dose for row in records},
        days=days,
        scores=given_of(scores[0] if scores else ()),
    )
    return inputs, before[0].inputs_version, after[0].inputs_version


def _sessions(rows: Sequence[Any], doses: Sequence[Any]) -> tuple[Session, ...]:
    given: dict[UUID, list[Any]] = {}
    for dose in doses:
        if dose.session_id is not None:
            given.setdefault(dose.session_id, []).append(dose)
    return tuple(_session(row, given.get(row.id, [])) for row in rows)


def _session(row: Any, doses: Sequence[Any]) -> Session:
    """A session with its doses; its route is theirs, or without any, the planned one."""
    return Session(
        id=row.id,
        date=row.local_date,
        began=doses[0].given_at if doses else row.started_at,
        started=row.started_at,
        route=doses[0].route if doses else (row.planned or {}).get("route"),
        doses=tuple(_given(dose, row.weight_kg) for dose in doses),
        weight_kg=row.weight_kg,
    )


def _given(dose: Any, weight_kg: float | None) -> Given:
    weight = weight_kg if dose.weight_kg is None else dose.weight_kg
    return Given(dose.drug, dose.route, dose.dose_mg, mg_per_kg(dose.dose_mg, weight))
