"""What a treatment session is judged by: the patient, the course, the last weight, the clinic."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from care import visits
from care.principal import Chart, Principal
from care.refusals import Fault
from clinical.visits import Around, Visit
from models.clinic import Clinic
from models.course import Course
from models.membership import STAFF_ROLES, Membership
from models.patient import Patient
from models.treatment_session import TreatmentSession


def around(
    connection: Connection,
    principal: Principal,
    told: tuple[Chart, UUID, Visit],
    now: datetime,
) -> tuple[Around, list[Fault]]:
    """The surroundings, and the faults of naming a course or a colleague there is none of."""
    chart, session_id, visit = told
    row = _row(connection, chart, visit)
    found = []
    if visit["course_id"] is not None and row.started_on is None:
        found.append(Fault("/course_id", "No such course of this patient."))
    if visit["given_by"] is not None and row.colleague is None:
        found.append(Fault("/given_by", "No such member of staff."))
    surroundings = Around(
        now,
        row.birth_date,
        row.created_at,
        course=None if row.started_on is None else (row.started_on, row.ended_on),
        last_weight_kg=_last_weight(connection, (chart, session_id, visit)),
        holidays=frozenset(date.fromisoformat(holiday["date"]) for holiday in row.holidays),
    )
    return surroundings, found


def _row(connection: Connection, chart: Chart, visit: Visit) -> Any:
    statement = (
        select(
            Patient.birth_date,
            Patient.created_at,
            Clinic.holidays,
            Course.started_on,
            Course.ended_on,
            Membership.id.label("colleague"),
        )
        .join(Clinic, Clinic.clinic_id == Patient.clinic_id)
        .outerjoin(
            Course,
            and_(
                Course.clinic_id == Patient.clinic_id,
                Course.patient_id == Patient.id,
                Course.id == visit["course_id"],
            ),
        )
        .outerjoin(
            Membership,
            and_(
                Membership.clinic_id == Patient.clinic_id,
                Membership.id == visit["given_by"],
                Membership.role.in_(STAFF_ROLES),
            ),
        )
        .where(Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    )
    return connection.execute(statement).one()


def _last_weight(connection: Connection, told: tuple[Chart, UUID, Visit]) -> float | None:
    """The weight at the session before this one; None where none was taken."""
    chart, session_id, visit = told
    if visit["weight_kg"] is None or visit["local_date"] is None:
        return None
    weight: float | None = connection.scalar(
        select(TreatmentSession.weight_kg)
        .where(
            visits.of_patient(chart),
            TreatmentSession.id != session_id,
            TreatmentSession.voided_at.is_(None),
            TreatmentSession.weight_kg.is_not(None),
            TreatmentSession.local_date <= visit["local_date"],
        )
        .order_by(TreatmentSession.local_date.desc(), TreatmentSession.started_at.desc())
        .limit(1)
    )
    return weight
