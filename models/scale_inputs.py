"""What the meaning of a score is made of: the sessions of a patient, and their complete scores.

Each statement reads one patient's rows of two stretches of days, `first` to `last` and
`earlier_first` to `earlier_last` (none, where these are the other way round).
"""

from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, union

from models.assessment import Assessment
from models.dose import Dose
from models.treatment_session import TreatmentSession


def _own(table: Any) -> tuple[Any, ...]:
    return (
        table.clinic_id == bindparam("clinic_id"),
        table.patient_id == bindparam("patient_id"),
        table.voided_at.is_(None),
    )


def _stretches(column: Any, statement: Any) -> tuple[Select[Any], Select[Any]]:
    """The statement for each stretch: an OR of both would look at every row there is."""
    return (
        statement.where(column >= bindparam("first"), column <= bindparam("last")),
        statement.where(column >= bindparam("earlier_first"), column <= bindparam("earlier_last")),
    )


_FIRST_DOSE = (
    select(func.min(Dose.given_at))
    .where(
        Dose.clinic_id == TreatmentSession.clinic_id,
        Dose.patient_id == TreatmentSession.patient_id,
        Dose.session_id == TreatmentSession.id,
        Dose.voided_at.is_(None),
    )
    .correlate(TreatmentSession)
    .scalar_subquery()
)

_held = union(
    *_stretches(
        TreatmentSession.local_date,
        select(
            TreatmentSession.id,
            TreatmentSession.course_id,
            TreatmentSession.local_date,
            func.coalesce(_FIRST_DOSE, TreatmentSession.started_at).label("began"),
        ).where(*_own(TreatmentSession), TreatmentSession.status == "completed"),
    )
)
# Completed sessions, and when their effect began; each once, where the stretches overlap.
SELECT_HELD_SESSIONS = _held.order_by(
    *(_held.selected_columns[name] for name in ("local_date", "id"))
)

# What orders the scores of one day: when each was completed, or else entered.
TOLD_AT = func.coalesce(Assessment.completed_at, Assessment.created_at)

_scores = union(
    *_stretches(
        Assessment.local_date,
        select(
            Assessment.id,
            Assessment.instrument,
            Assessment.local_date,
            Assessment.completed_at,
            TOLD_AT.label("told_at"),
            Assessment.session_id,
            Assessment.minute,
            Assessment.total,
            Assessment.prorated_total,
        ).where(
            *_own(Assessment),
            or_(Assessment.total.is_not(None), Assessment.prorated_total.is_not(None)),
        ),
    )
)
# Every score there is, prorated ones too, oldest first.
SELECT_SCORES = _scores.order_by(
    *(_scores.selected_columns[name] for name in ("local_date", "told_at", "id"))
)
