"""/v1/sessions: the clinic's day: who comes when, and what their clinician looks at first."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import and_, func, select

from api.auth import connection, now, principal
from api.fields import Code, Day, Instant, PageQuery, optional
from api.replies import after, cursor_instant, cursor_of, page
from api.routes import Routes
from care import access
from care.bookings import BOOKING_COLUMNS
from clinical.days import zone
from clinical.treatments import DRUGS, ROUTES, STATUS_REASONS, STATUSES
from models.dose import Dose
from models.patient import Patient
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession, begins_at

blp = Routes("clinic day", "Who comes today.")

_LIVING = TreatmentSession.voided_at.is_(None)


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

    What is clinical is shown to clinicians alone. Void sessions are left out.
    """
    day = query["date"] or now().astimezone(zone(principal().clinic.timezone)).date()
    rows = _sessions(query, day)
    shown = rows[: query["limit"]]
    briefs = _briefs(shown, day) if principal().role == "clinician" else {}
    connection().commit()
    items = [_item(row) | {"clinical": briefs.get(row.id)} for row in shown]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(f"{shown[-1].begins.isoformat()}\n{shown[-1].id}")
    return page(items, following)


def _sessions(query: dict[str, Any], day: date) -> Sequence[Any]:
    """One more than the page's sessions, each with its patient."""
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
        .where(_LIVING, TreatmentSession.local_date == day)
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
    return told | {"date": row.local_date, "patient": {"id": row.patient_id, **patient}}


def _briefs(rows: Sequence[Any], day: date) -> dict[UUID, dict[str, Any]]:
    """What a clinician looks at first, by session."""
    patients = {row.patient_id for row in rows}
    pressures, last = _pressures(patients, day), _last_sessions(patients, day)
    doses = _doses({found.id for found in last.values()})
    briefs = {}
    for row in rows:
        before = last.get(row.patient_id)
        briefs[row.id] = {
            "last_blood_pressure": pressures.get(row.patient_id),
            "days_since_last_session": before and (day - before.local_date).days,
            "last_dose": before and doses.get(before.id),
            "note": row.note,
        }
    return briefs


def _pressures(patients: set[UUID], day: date) -> dict[UUID, dict[str, Any]]:
    """Each patient's last blood pressure, of that day or before."""
    own_session = and_(
        SessionVitals.clinic_id == TreatmentSession.clinic_id,
        SessionVitals.patient_id == TreatmentSession.patient_id,
        SessionVitals.session_id == TreatmentSession.id,
    )
    newest = (TreatmentSession.local_date.desc(), begins_at.desc(), SessionVitals.minute.desc())
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
        .where(*_of(patients), _LIVING, TreatmentSession.local_date <= day)
        .where(SessionVitals.systolic_mmhg.is_not(None), SessionVitals.diastolic_mmhg.is_not(None))
        .subquery()
    )
    rows = connection().execute(select(ranked).where(ranked.c.place == 1))
    names = ("systolic_mmhg", "diastolic_mmhg", "session_id", "date")
    return {row.patient_id: {name: getattr(row, name) for name in names} for row in rows}


def _last_sessions(patients: set[UUID], day: date) -> dict[UUID, Any]:
    """Each patient's last completed session before that day."""
    newest = (TreatmentSession.local_date.desc(), begins_at.desc())
    ranked = (
        select(
            TreatmentSession.patient_id,
            TreatmentSession.id,
            TreatmentSession.local_date,
            func.row_number()
            .over(partition_by=TreatmentSession.patient_id, order_by=newest)
            .label("place"),
        )
        .where(*_of(patients), _LIVING, TreatmentSession.local_date < day)
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
