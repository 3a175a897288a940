"""Reads what a trend summary is made of: bounded, in two round trips, and all of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Executable

from care import assessment_due
from care.assessment_reading import given_of, held_of
from care.principal import Chart
from care.refusals import Unavailable
from care.trend_scales import NO_SCALES, ScaleInputs
from clinical.assessment_dates import BASELINE_DAYS
from clinical.baseline import search_period
from clinical.course_scores import LONGEST_RECALL_DAYS
from clinical.periods import Period, before_session, since_session
from models.checkin import SELECT_MEASURED_DAYS
from models.patient_stream import SELECT_INPUTS_VERSION
from models.prepared import together
from models.scale_inputs import SELECT_HELD_SESSIONS, SELECT_SCORES
from models.summary_version import SELECT_SUMMARY_VERSION
from models.trend_inputs import SELECT_SESSION_DAYS, SELECT_TREND_DOSES, SELECT_TREND_SESSIONS

# The fields of each row of `Inputs.days`, in order.
DAY_FIELDS = tuple(str(column.key) for column in SELECT_MEASURED_DAYS.selected_columns)
_READINGS_AT_MOST = 5
_NO_DAYS = Period(date(1, 1, 2), date(1, 1, 1))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a summary of one period reads, sessions oldest first.

    `days` are rows of `span` and of the days before the course's first session, each day once.
    """

    sessions: tuple[Mapping[str, Any], ...]
    last_session: Mapping[str, Any] | None
    first_session: date | None
    session_days: frozenset[date]
    span: Period
    days: Sequence[Any]
    scales: ScaleInputs = NO_SCALES

    def told(self) -> list[Any]:
        """All of it, as it goes into a hash."""
        days = [tuple(day) for day in self.days]
        sessions = [self.sessions, self.last_session, self.first_session]
        return [*sessions, sorted(self.session_days), days, self.scales]


def version(connection: Connection, chart: Chart) -> Sequence[Any]:
    """What moves with anything a summary reads: of the patient, and of the clinic's settings."""
    version: Sequence[Any] = together(connection, (SELECT_SUMMARY_VERSION, _owner(chart)))[0][0]
    return tuple(version)


def read(connection: Connection, chart: Chart, period: Period, today: date) -> Inputs:
    """The inputs; read again if something was written in between."""
    for _ in range(_READINGS_AT_MOST):
        inputs, before, after = _read_once(connection, chart, period, today)
        if before == after:
            return inputs
    raise Unavailable


def _read_once(
    connection: Connection, chart: Chart, period: Period, today: date
) -> tuple[Inputs, int, int]:
    owner = _owner(chart)
    asked = owner | {"first": period.first, "last": period.last}
    before, rows, doses = together(
        connection,
        (SELECT_INPUTS_VERSION, owner),
        (SELECT_TREND_SESSIONS, asked),
        (SELECT_TREND_DOSES, asked),
    )
    given = _by_session(doses)
    in_period, last, first = (
        _sessions(rows, given, use) for use in ("period", "last", "course_first")
    )
    last_session = last[0] if last else None
    first_session = first[0]["date"] if first else None
    span = _span(period, last_session)
    earlier = _NO_DAYS if first_session is None else search_period(first_session)
    session_days, days, after, scores, held, *due = together(
        connection,
        (SELECT_SESSION_DAYS, owner | {"first": earlier.first, "last": earlier.last}),
        (SELECT_MEASURED_DAYS, owner | _ranges(span, earlier)),
        (SELECT_INPUTS_VERSION, owner),
        *_scale_steps(owner, period, first_session),
        *assessment_due.steps(chart, today),
    )
    inputs = Inputs(
        in_period,
        last_session,
        first_session,
        frozenset(row.local_date for row in session_days),
        span,
        sorted(days, key=itemgetter(0)),  # by local_date
        ScaleInputs(given_of(scores), held_of(held), assessment_due.of(due, chart, today)),
    )
    return inputs, before[0].inputs_version, after[0].inputs_version


def _scale_steps(
    owner: Mapping[str, Any], period: Period, first_session: date | None
) -> tuple[tuple[Executable, Mapping[str, Any]], ...]:
    """Scores and sessions of the period, and those around the first dose of the latest course."""
    asked = {**owner, "first": period.first, "last": period.last}
    none = {"earlier_first": _NO_DAYS.first, "earlier_last": _NO_DAYS.last}
    before = within = none
    if first_session is not None:
        earliest = first_session - timedelta(days=BASELINE_DAYS)
        before = {"earlier_first": earliest, "earlier_last": first_session}
        within = before | {"earlier_first": first_session}
    recalled = {"first": period.first - timedelta(days=LONGEST_RECALL_DAYS)}
    return (
        (SELECT_SCORES, asked | before),
        (SELECT_HELD_SESSIONS, asked | recalled | within),
    )


def _owner(chart: Chart) -> dict[str, Any]:
    return {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}


def _span(period: Period, last_session: Mapping[str, Any] | None) -> Period:
    """The days both periods and the ones before them lie in; they all end at one day."""
    first = period.before().first
    since = since_session(last_session["date"] if last_session else None, period.last)
    if last_session is not None and isinstance(since, Period):
        first = min(first, before_session(last_session["date"], since).first)
    return Period(first, period.last)


def _ranges(span: Period, earlier: Period) -> dict[str, date]:
    """Two ranges that do not overlap: the earlier one without what the span holds already."""
    inside = span.first <= earlier.first
    before = _NO_DAYS if inside else earlier
    return {
        "first": span.first,
        "last": span.last,
        "earlier_first": before.first,
        "earlier_last": min(before.last, span.first - timedelta(days=1)),
    }


def _sessions(
    rows: Sequence[Any], doses: Mapping[UUID, list[dict[str, Any]]], use: str
) -> tuple[dict[str, Any], ...]:
    return tuple(_session(row, doses.get(row.id, [])) for row in rows if row.use == use)


def _by_session(rows: Sequence[Any]) -> dict[UUID, list[dict[str, Any]]]:
    """Each dose once, though its session may be wanted for more than one use."""
    doses: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        dose = {"drug": row.drug, "route": row.route, "dose_mg": row.dose_mg}
        doses.setdefault(row.session_id, []).append(dose)
    return doses


def _session(row: Any, doses: list[dict[str, Any]]) -> dict[str, Any]:
    """A session with its doses; its route is theirs, or without any, the planned one."""
    return {
        "session_id": row.id,
        "date": row.local_date,
        "status": row.status,
        "route": doses[0]["route"] if doses else (row.planned or {}).get("route"),
        "doses": doses,
    }
