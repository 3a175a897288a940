"""Which session a check-in belongs to: columns for any statement about a day, derived at each read.

Nothing of it is stored: moving a session moves what these answer, and no check-in.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, select

from models.checkin_revision import APPLIED, CheckinRevision
from models.dose import Dose
from models.treatment_session import TreatmentSession

_SESSION = TreatmentSession.__table__.alias("anchoring").c
_REVISION = CheckinRevision.__table__.alias("begun").c
_DOSE = Dose.__table__.alias("given").c
# Completed and not entered in error: what counts as a session at all.
_TAKEN_PLACE = (
    _SESSION.clinic_id == bindparam("clinic_id"),
    _SESSION.patient_id == bindparam("patient_id"),
    _SESSION.status == "completed",
    _SESSION.voided_at.is_(None),
)
_NEWEST_FIRST = (_SESSION.local_date.desc(), _SESSION.started_at.desc(), _SESSION.id.desc())
_FIRST_DOSE_AT = (
    select(func.min(_DOSE.given_at))
    .where(
        _DOSE.clinic_id == _SESSION.clinic_id,
        _DOSE.patient_id == _SESSION.patient_id,
        _DOSE.session_id == _SESSION.id,
        _DOSE.voided_at.is_(None),
    )
    .scalar_subquery()
)
# When a session began: its first dose, or without any, its start.
_BEGAN_AT = func.coalesce(_FIRST_DOSE_AT, _SESSION.started_at)


def anchor_columns(day: ColumnElement[Any]) -> Sequence[ColumnElement[Any]]:
    """`anchor_session_id`, `anchor_date`, `anchor_began_at` and `first_recorded_at` of a day.

    The last session up to the day; on the session's own day when the first of that day began, and
    when the day was first recorded, as ISO text: null for an import or an impossible clock. A day
    deleted and logged anew begins anew.
    """
    last = [
        select(column).where(*_TAKEN_PLACE, _SESSION.local_date <= day).order_by(*_NEWEST_FIRST)
        for column in (_SESSION.id, _SESSION.local_date)
    ]
    that_day = (*_TAKEN_PLACE, _SESSION.local_date == day)
    return (
        last[0].limit(1).scalar_subquery().label("anchor_session_id"),
        last[1].limit(1).scalar_subquery().label("anchor_date"),
        select(func.min(_BEGAN_AT)).where(*that_day).scalar_subquery().label("anchor_began_at"),
        # Only on the day of a session is the history asked, which is JSON to be parsed.
        case((exists().where(*that_day), _first_recorded_at(day))).label("first_recorded_at"),
    )


def _first_recorded_at(day: ColumnElement[Any]) -> Any:
    recorded_at = _REVISION.body["recorded_at"].as_string()
    believed = _REVISION.body["clock_suspect"].as_boolean().is_(False)
    return (
        select(case((believed, recorded_at)))
        .where(
            _REVISION.clinic_id == bindparam("clinic_id"),
            _REVISION.patient_id == bindparam("patient_id"),
            _REVISION.local_date == day,
            _REVISION.kind == APPLIED,
            _REVISION.result["created"].as_boolean().is_(True),
        )
        .order_by(_REVISION.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
