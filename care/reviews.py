"""Who looks at a clinic's alerts, and when; and what a patient is told about that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from care.principal import Chart
from clinical.crisis_lines import lines_of
from clinical.review_times import ESCALATION_MINUTES, ReviewTimes, review_times
from clinical.safety_card import SafetyCard, Setting, after_an_answer, always_there
from models.clinic import Clinic
from models.patient import Patient
from models.reviewers import ASKS_SAFETY
from models.safety_plan import SafetyPlan


@dataclass(frozen=True, slots=True)
class Reviews:
    """What a clinic has set for its reviews, defaults where it has not."""

    clinic_id: UUID
    times: ReviewTimes
    escalation_minutes: int
    reviewer_id: UUID | None
    backup_reviewer_id: UUID | None


def reviews_of(connection: Connection, clinic_id: UUID) -> Reviews:
    """The clinic's settings for its reviews."""
    row = connection.execute(select(Clinic).where(Clinic.clinic_id == clinic_id)).one()
    return Reviews(
        clinic_id,
        review_times(row.timezone, row.review_hours, row.holidays),
        row.escalation_minutes or ESCALATION_MINUTES,
        row.reviewer_id,
        row.backup_reviewer_id,
    )


_SETTING = (
    select(
        Patient.language,
        Patient.country,
        Clinic.timezone,
        Clinic.holidays,
        Clinic.review_hours,
        Clinic.crisis_lines,
        ASKS_SAFETY.label("is_asked"),
        SafetyPlan.revision.label("plan"),
    )
    .join(Clinic, Clinic.clinic_id == Patient.clinic_id)
    .outerjoin(
        SafetyPlan,
        and_(SafetyPlan.clinic_id == Patient.clinic_id, SafetyPlan.patient_id == Patient.id),
    )
)


def card_after_an_answer(
    connection: Connection, chart: Chart, offer: str | None, now: datetime
) -> SafetyCard:
    """What the patient is shown after an answer that fired a rule."""
    return after_an_answer(_setting(connection, chart), offer, now)


def card_always_there(connection: Connection, chart: Chart, now: datetime) -> SafetyCard:
    """What the patient is shown whenever they look for help."""
    return always_there(_setting(connection, chart), now)


def _setting(connection: Connection, chart: Chart) -> Setting:
    of_patient = (Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    row: Any = connection.execute(_SETTING.where(*of_patient)).one()
    return Setting(
        row.language,
        lines_of(row.country, row.crisis_lines),
        review_times(row.timezone, row.review_hours, row.holidays),
        is_asked=bool(row.is_asked),
        has_safety_plan=row.plan is not None,
    )
