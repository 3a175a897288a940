"""What windows are made of: a patient's sessions, doses, pressures, events and days of one measure.

Each statement reads one table from `first` to `last` and needs no other's answer, so that all are
sent at once. Ten years are the most; exposure alone is of every dose there is.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, func, select

from clinical.measures import COMPOSITE, COMPOSITE_KEYS, MEASURES
from models.anchors import anchor_columns
from models.checkin import Checkin
from models.dose import Dose
from models.event import Event
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession

_SESSION = TreatmentSession.__table__.c


def _own(table: Any) -> tuple[Any, ...]:
    return (
        table.clinic_id == bindparam("clinic_id"),
        table.patient_id == bindparam("patient_id"),
    )


def _between(column: Any) -> tuple[Any, ...]:
    return (column >= bindparam("first"), column <= bindparam("last"))


_TAKEN_PLACE = (
    *_own(_SESSION),
    _SESSION.status == "completed",
    _SESSION.voided_at.is_(None),
    *_between(_SESSION.local_date),
)

# Completed and not entered in error: what cuts the days.
SELECT_WINDOW_SESSIONS = (
    select(
        _SESSION.id,
        _SESSION.course_id,
        _SESSION.local_date,
        _SESSION.started_at,
        _SESSION.planned,
        _SESSION.weight_kg,
    )
    .where(*_TAKEN_PLACE)
    .order_by(_SESSION.local_date, _SESSION.started_at, _SESSION.id)
)

SELECT_NEXT_BOOKING = (
    select(_SESSION.id, _SESSION.local_date)
    .where(
        *_own(_SESSION),
        _SESSION.status == "booked",
        _SESSION.voided_at.is_(None),
        _SESSION.local_date >= bindparam("today"),
    )
    .order_by(_SESSION.local_date, _SESSION.scheduled_at, _SESSION.id)
    .limit(1)
)

SELECT_DOSES = (
    select(
        Dose.session_id,
        Dose.local_date,
        Dose.given_at,
        Dose.drug,
        Dose.route,
        Dose.dose_mg,
        Dose.weight_kg,
    )
    .where(*_own(Dose), Dose.voided_at.is_(None))
    .order_by(Dose.given_at, Dose.id)
)

SELECT_HIGHEST_VITALS = (
    select(
        SessionVitals.session_id,
        func.max(SessionVitals.systolic_mmhg).label("highest_systolic_mmhg"),
        func.max(SessionVitals.diastolic_mmhg).label("highest_diastolic_mmhg"),
        func.min(SessionVitals.spo2_percent).label("lowest_spo2_percent"),
    )
    .where(*_own(SessionVitals))
    .group_by(SessionVitals.session_id)
)

# Days on which something else began: no window is read past them.
SELECT_EVENT_DAYS = (
    select(Event.started_on)
    .distinct()
    .where(*_own(Event), Event.voided_at.is_(None), *_between(Event.started_on))
    .order_by(Event.started_on)
)

_LIVING = (*_own(Checkin), Checkin.deleted.is_(False))


def _days(*columns: Any) -> Select[Any]:
    """Logged days with what one measure is made of."""
    return (
        select(Checkin.local_date, Checkin.source, *columns)
        .where(*_LIVING, *_between(Checkin.local_date))
        .order_by(Checkin.local_date)
    )


def _columns(keys: tuple[str, ...]) -> list[Any]:
    return [Checkin.__table__.c[key] for key in keys]


_EFFECTS = cast(Checkin.side_effects, Text).label("side_effects_json")
_CUSTOM = cast(Checkin.custom, Text).label("custom_json")
_MADE_OF: Mapping[str, list[Any]] = {
    **{key: _columns((key,)) for key in MEASURES},
    COMPOSITE.key: _columns(COMPOSITE_KEYS),
    "custom": [_CUSTOM],
}

# By measure, "custom" for any of the clinic's own; JSON as text, for most is never parsed.
SELECT_DAYS_OF = {key: _days(*columns) for key, columns in _MADE_OF.items()}
SELECT_DAYS_WITH_EFFECTS = {key: _days(*columns, _EFFECTS) for key, columns in _MADE_OF.items()}

# The check-ins of days with a session, and whether they were recorded before its dose.
SELECT_SESSION_DAY_RECORDS = (
    select(Checkin.local_date, *anchor_columns(Checkin.__table__.c.local_date))
    .where(*_LIVING, Checkin.local_date.in_(select(_SESSION.local_date).where(*_TAKEN_PLACE)))
    .order_by(Checkin.local_date)
)
