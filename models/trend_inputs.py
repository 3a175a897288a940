"""What a trend summary reads of sessions and doses: bounded, however long the history.

The days themselves are models.checkin.SELECT_MEASURED_DAYS.
"""

from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    literal_column,
    select,
    union_all,
)

from models.dose import Dose
from models.treatment_session import TreatmentSession

_SESSION = TreatmentSession.__table__.c
# Of two sessions on one day the later is the last; the id settles what is left.
_ORDER = (_SESSION.local_date, _SESSION.started_at, _SESSION.id)
# Completed and not entered in error: what a summary takes for a session at all.
_TAKEN_PLACE = (
    _SESSION.clinic_id == bindparam("clinic_id"),
    _SESSION.patient_id == bindparam("patient_id"),
    _SESSION.status == "completed",
    _SESSION.voided_at.is_(None),
    _SESSION.local_date <= bindparam("last"),
)
_NEWEST_FIRST = tuple(column.desc() for column in _ORDER)


def _named(use: str, *conditions: Any) -> Select[Any]:
    """The ids of sessions that fulfil the conditions, and what they are wanted for."""
    return select(_SESSION.id, literal_column(f"'{use}'").label("use")).where(
        *_TAKEN_PLACE, *conditions
    )


_LATEST_COURSE = (
    select(_SESSION.course_id)
    .where(*_TAKEN_PLACE, _SESSION.course_id.is_not(None))
    .order_by(*_NEWEST_FIRST)
    .limit(1)
    .scalar_subquery()
)


def _first(*conditions: Any) -> Any:
    return _named("course_first", *conditions).order_by(*_ORDER).limit(1).subquery()


_LAST = _named("last").order_by(*_NEWEST_FIRST).limit(1).subquery()
# Two statements for what one OR would say: an OR would look at every session there is.
_FIRST_OF_COURSE = _first(_SESSION.course_id == _LATEST_COURSE)
_FIRST_OF_NONE = _first(_SESSION.course_id.is_(None), _LATEST_COURSE.is_(None))
_CHOSEN = union_all(
    _named("period", _SESSION.local_date >= bindparam("first")),
    select(_LAST),
    select(_FIRST_OF_COURSE),
    select(_FIRST_OF_NONE),
).subquery("chosen")

# Sessions of the period, the last up to its end, and the first of the latest course: one row for
# each use of a session. Where no session belongs to a course, all are taken for one.
SELECT_TREND_SESSIONS = (
    select(
        _CHOSEN.c.use,
        _SESSION.id,
        _SESSION.local_date,
        _SESSION.started_at,
        _SESSION.status,
        _SESSION.planned,
    )
    .join(
        TreatmentSession.__table__,
        and_(
            _SESSION.clinic_id == bindparam("clinic_id"),
            _SESSION.patient_id == bindparam("patient_id"),
            _SESSION.id == _CHOSEN.c.id,
        ),
    )
    .order_by(*_ORDER)
)

SELECT_TREND_DOSES = (
    select(Dose.session_id, Dose.drug, Dose.route, Dose.dose_mg)
    .where(
        Dose.clinic_id == bindparam("clinic_id"),
        Dose.patient_id == bindparam("patient_id"),
        Dose.voided_at.is_(None),
        Dose.session_id.in_(select(_CHOSEN.c.id)),
    )
    .order_by(Dose.given_at, Dose.id)
)

# Day 0 of any session never enters a baseline.
SELECT_SESSION_DAYS = select(_SESSION.local_date).where(
    *_TAKEN_PLACE, _SESSION.local_date >= bindparam("first")
)
