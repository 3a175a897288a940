"""What due dates are made of: the open course, its sessions, and when each scale was last done.

Each statement needs no other's answer, so that all are sent at once.
"""

from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select

from models.assessment import Assessment
from models.clinic import Clinic
from models.course import Course
from models.observation import Observation
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession

# LOINC: the panel of a blood pressure, and its systolic part (4-clinical 1c).
PRESSURE_CODES = ("85354-9", "8480-6")


def _own(table: Any) -> tuple[Any, ...]:
    return (
        table.clinic_id == bindparam("clinic_id"),
        table.patient_id == bindparam("patient_id"),
    )


# At most one is open (care/courses.py).
_open = (
    select(Course.clinic_id, Course.patient_id, Course.id, Course.phase, Course.started_on)
    .where(*_own(Course), Course.phase != "ended")
    .order_by(Course.started_on.desc(), Course.id)
    .limit(1)
    .subquery("open_course")
)


def _end(newest: bool, *conditions: Any) -> Any:
    """The first or the last day of a session of the open course: one step of an index."""
    day = TreatmentSession.local_date
    return (
        select(day)
        .where(
            TreatmentSession.clinic_id == _open.c.clinic_id,
            TreatmentSession.patient_id == _open.c.patient_id,
            TreatmentSession.voided_at.is_(None),
            *conditions,
        )
        .order_by(day.desc() if newest else day)
        .limit(1)
        .correlate(_open)
        .scalar_subquery()
    )


_HELD = (TreatmentSession.status == "completed",)
_BOOKED = (
    TreatmentSession.status == "booked",
    TreatmentSession.local_date >= bindparam("today"),
)
_ITS_OWN = (TreatmentSession.course_id == _open.c.id,)
# A session of no course counts from the open course's first day on, as in care.courses.so_far.
_LOOSE = (
    TreatmentSession.course_id.is_(None),
    TreatmentSession.local_date >= _open.c.started_on,
)

# The course's own sessions and loose ones are asked for apart: an OR would look at every session.
SELECT_OPEN_COURSE = select(
    _open.c.phase,
    _open.c.started_on,
    _end(False, *_HELD, *_ITS_OWN).label("first_own"),
    _end(False, *_HELD, *_LOOSE).label("first_loose"),
    _end(True, *_HELD, *_ITS_OWN).label("last_own"),
    _end(True, *_HELD, *_LOOSE).label("last_loose"),
    _end(False, *_BOOKED, *_ITS_OWN).label("next_own"),
    _end(False, *_BOOKED, *_LOOSE).label("next_loose"),
)

SELECT_LAST_DONE = (
    select(Assessment.instrument, func.max(Assessment.local_date).label("last_on"))
    .where(
        *_own(Assessment),
        Assessment.voided_at.is_(None),
        Assessment.status == "complete",
        Assessment.local_date >= bindparam("since"),
    )
    .group_by(Assessment.instrument)
)

SELECT_LAST_PRESSURE = (
    select(TreatmentSession.local_date.label("last_on"))
    .where(
        *_own(TreatmentSession),
        TreatmentSession.voided_at.is_(None),
        TreatmentSession.local_date >= bindparam("since"),
        exists().where(
            SessionVitals.clinic_id == TreatmentSession.clinic_id,
            SessionVitals.patient_id == TreatmentSession.patient_id,
            SessionVitals.session_id == TreatmentSession.id,
            SessionVitals.systolic_mmhg.is_not(None),
        ),
    )
    .order_by(TreatmentSession.local_date.desc())
    .limit(1)
)

SELECT_LAST_OBSERVED_PRESSURE = select(func.max(Observation.observed_at).label("last_at")).where(
    *_own(Observation),
    Observation.voided_at.is_(None),
    or_(*(Observation.code == code for code in PRESSURE_CODES)),
)

SELECT_SCREENS = select(Clinic.screens).where(Clinic.clinic_id == bindparam("clinic_id"))
