"""/v1/sessions: the clinic's day: who comes when, and what their clinician looks at first."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import and_, func, select

from api.auth import connection, now, principal
from api.fields import Code, Day, Instant, PageQuery, optional
from api.replies import after, cursor_instant, cursor_of, page
from api.routes import Routes
from api.session_marks import SessionMarks, shown_marks
from care import access, session_marks
from care.bookings import BOOKING_COLUMNS, desk_reason
from care.refusals import Fault, Invalid
from care.session_marks import OpenAlerts
from clinical.days import day_end, local_day
from clinical.treatments import DRUGS, ROUTES, STATUS_REASONS, STATUSES
from models.dose import Dose
from models.patient import Patient
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession, begins_at

blp = Routes("clinic day", "Who comes today.")

_LIVING = TreatmentSession.voided_at.is_(None)
_ONE_DAY = timedelta(days=1)
# `local_date` is the patient's day: it lies a day before the clinic's where theirs begins late, and
# one more on either side where the session is in another zone. It only narrows the search.
_FARTHEST = 2 * _ONE_DAY


class DayPatient(Schema):
    """Who comes, and how to reach them."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    mrn = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)


class LastPressure(Schema):
    """The last blood pressure on record, up to that day."""

    systolic_mmhg = fields.Integer(required=True)
    diastolic_mmhg = fields.Integer(required=True)
    session_id = fields.UUID(required=True)
    date = Day(required=True)


class LastDose(Schema):
    """What was given in the last session: all of one drug by one route."""

    drug = Code(DRUGS, required=True)
    route = Code(ROUTES, required=True)
    dose_mg = fields.Float(required=True)


class ClinicalBrief(Schema):
    """What a clinician looks at first."""

    last_blood_pressure = fields.Nested(LastPressure, required=True, allow_none=True)
    days_since_last_session = fields.Integer(required=True, allow_none=True)
    last_dose = fields.Nested(LastDose, required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    marks = fields.Nested(SessionMarks, required=True)


class DaySession(Schema):
    """One session of the day."""

    id = fields.UUID(required=True)
    course_id = fields.UUID(required=True, allow_none=True)
    status = Code(STATUSES, required=True)
    status_reason = Code(STATUS_REASONS, required=True, allow_none=True)
    scheduled_at = Instant(required=True, allow_none=True)
    scheduled_minutes = fields.Integer(required=True, allow_none=True)
    timezone = fields.String(required=True)
    driver_confirmed = fields.Boolean(required=True, allow_none=True)
    date = Day(required=True)
    revision = fields.Integer(required=True)
    patient = fields.Nested(DayPatient, required=True)
    clinical = fields.Nested(ClinicalBrief, required=True, allow_none=True)


class DayPage(Schema):
    """A page of the day's sessions, by time."""

    items = fields.List(fields.Nested(DaySession), required=True)
    next = fields.String(required=True, allow_none=True)


class DayQuery(PageQuery):
    """Which day; the clinic's today without one."""

    date = optional(Day())


@blp.serve("GET", "/v1/sessions", "clinic_day.read")
@blp.arguments(DayQuery, location="query")
@blp.response(200, DayPage)
def show_clinic_day(query: dict[str, Any]) -> Response:
    """The sessions of one day by time: for clinicians their own patients', for the desk all.

    The day runs from midnight to midnight at the clinic, whenever a patient's own begins. What is
    clinical is shown to clinicians alone. Void sessions are left out.
    """
    day = query["date"] or local_day(now(), principal().clinic.timezone, 0)
    midnights = _midnights(day)
    rows = _sessions(query, midnights)
    shown = rows[: query["limit"]]
    briefs = _briefs(shown, midnights) if principal().role == "clinician" else {}
    connection().commit()
    items = [_item(row) | {"clinical": briefs.get(row.id)} for row in shown]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(f"{shown[-1].begins.isoformat()}\n{shown[-1].id}")
    return page(items, following)


def _midnights(day: date) -> tuple[datetime, datetime]:
    """When the clinic's day begins and ends; Invalid at the ends of the calendar."""
    timezone = principal().clinic.timezone
    try:
        begins, ends = day_end(day - _ONE_DAY, timezone, 0), day_end(day, timezone, 0)
        _local_dates((begins, ends))
        return begins, ends
    except OverflowError:
        raise Invalid([Fault("/date", "No clinic is open on such a day.")]) from None


def _local_dates(midnights: tuple[datetime, datetime]) -> tuple[date, date]:
    """The first and the last patient's day on which a session of the clinic's day may lie."""
    first, last = midnights
    return first.date() - _FARTHEST, last.date() + _FARTHEST


def _sessions(query: dict[str, Any], midnights: tuple[datetime, datetime]) -> Sequence[Any]:
    """One more than the page's sessions, each with its patient."""
    first, last = midnights
    visible = access.listed_patients(connection(), principal(), now(), "clinic_day.read")
    own_patient = and_(
        Patient.clinic_id == TreatmentSession.clinic_id, Patient.id == TreatmentSession.patient_id
    )
    statement = (
        select(
            TreatmentSession,
            begins_at.label("begins"),
            Patient.display_name,
            Patient.mrn,
            Patient.phone,
            Patient.language,
        )
        .join(Patient, own_patient)
        .where(visible, TreatmentSession.clinic_id == principal().clinic_id)
        .where(_LIVING, begins_at >= first, begins_at < last)
        .where(TreatmentSession.local_date.between(*_local_dates(midnights)))
    )
    position = after(query["cursor"])
    if position is not None:
        began, last_id = cursor_instant(position)
        same = and_(begins_at == began, TreatmentSession.id > last_id)
        statement = statement.where((begins_at > began) | same)
    ordered = statement.order_by(begins_at, TreatmentSession.id).limit(query["limit"] + 1)
    return connection().execute(ordered).all()


def _item(row: Any) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("id", *BOOKING_COLUMNS, "revision")}
    patient = {name: getattr(row, name) for name in ("display_name", "mrn", "phone", "language")}
    if principal().role != "clinician":
        told["status_reason"] = desk_reason(row.status, row.status_reason)
    return told | {"date": row.local_date, "patient": {"id": row.patient_id, **patient}}


def _briefs(
    rows: Sequence[Any], midnights: tuple[datetime, datetime]
) -> dict[UUID, dict[str, Any]]:
    """What a clinician looks at first, by session."""
    patients = {row.patient_id for row in rows}
    begins, ends = midnights
    pressures, last = _pressures(patients, ends), _last_sessions(patients, begins)
    doses = _doses({found.id for found in last.values()})
    clinic_id, of_day = principal().clinic_id, {row.id for row in rows}
    alerts = session_marks.open_alerts(connection(), clinic_id, patients)
    alarms = session_marks.alarms(connection(), clinic_id, patients, of_day)
    briefs = {}
    for row in rows:
        before = last.get(row.patient_id)
        briefs[row.id] = {
            "last_blood_pressure": pressures.get(row.patient_id),
            "days_since_last_session": before and (row.local_date - before.local_date).days,
            "last_dose": before and doses.get(before.id),
            "note": row.note,
            "marks": shown_marks(alarms.get(row.id, ()), alerts.get(row.patient_id, OpenAlerts())),
        }
    return briefs


def _pressures(patients: set[UUID], until: datetime) -> dict[UUID, dict[str, Any]]:
    """Each patient's last blood pressure, of a session that began before `until`."""
    own_session = and_(
        SessionVitals.clinic_id == TreatmentSession.clinic_id,
        SessionVitals.patient_id == TreatmentSession.patient_id,
        SessionVitals.session_id == TreatmentSession.id,
    )
    newest = (begins_at.desc(), SessionVitals.minute.desc())
    ranked = (
        select(
            TreatmentSession.patient_id,
            SessionVitals.systolic_mmhg,
            SessionVitals.diastolic_mmhg,
            SessionVitals.session_id,
            TreatmentSession.local_date.label("date"),
            func.row_number()
            .over(partition_by=TreatmentSession.patient_id, order_by=newest)
            .label("place"),
        )
        .join(SessionVitals, own_session)
        .where(*_of(patients), _LIVING, begins_at < until)
        .where(SessionVitals.systolic_mmhg.is_not(None), SessionVitals.diastolic_mmhg.is_not(None))
        .subquery()
    )
    rows = connection().execute(select(ranked).where(ranked.c.place == 1))
    names = ("systolic_mmhg", "diastolic_mmhg", "session_id", "date")
    return {row.patient_id: {name: getattr(row, name) for name in names} for row in rows}


def _last_sessions(patients: set[UUID], until: datetime) -> dict[UUID, Any]:
    """Each patient's last completed session that began before `until`."""
    ranked = (
        select(
            TreatmentSession.patient_id,
            TreatmentSession.id,
            TreatmentSession.local_date,
            func.row_number()
            .over(partition_by=TreatmentSession.patient_id, order_by=begins_at.desc())
            .label("place"),
        )
        .where(*_of(patients), _LIVING, begins_at < until)
        .where(TreatmentSession.status == "completed")
        .subquery()
    )
    rows = connection().execute(select(ranked).where(ranked.c.place == 1))
    return {row.patient_id: row for row in rows}


def _doses(sessions: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """By session, all it gave of one drug by one route: of the last given, where there are two."""
    rows = connection().execute(
        select(
            Dose.session_id,
            Dose.drug,
            Dose.route,
            func.sum(Dose.dose_mg).label("dose_mg"),
        )
        .where(Dose.clinic_id == principal().clinic_id, Dose.session_id.in_(sessions))
        .group_by(Dose.session_id, Dose.drug, Dose.route)
        .order_by(func.max(Dose.given_at), Dose.drug, Dose.route)
    )
    names = ("drug", "route", "dose_mg")
    return {row.session_id: {name: getattr(row, name) for name in names} for row in rows}


def _of(patients: set[UUID]) -> tuple[Any, ...]:
    return (
        TreatmentSession.clinic_id == principal().clinic_id,
        TreatmentSession.patient_id.in_(patients),
    )
