"""C1: notices patients who have logged nothing for too long, sooner after a safety answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from care import streams
from care.alerts import Raising, raise_alert
from care.principal import Chart, operator
from clinical import silence
from clinical.days import DEFAULT_BACKFILL_DAYS, DayRules, local_day
from clinical.safety import FLAG_DAYS, SAFETY_RULES, Finding
from models.alert_event import AlertEvent
from models.checkin import Checkin
from models.clinic import Clinic
from models.course import Course
from models.patient import Patient


@dataclass(frozen=True, slots=True)
class Silent:
    """A patient who has been silent for too long."""

    chart: Chart
    finding: Finding


def notice(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Raise one alert for each silence, and a severer one when it follows a safety answer.

    A silence that goes on after its alert was resolved is another a week later, and at once when a
    safety rule has fired since.
    """
    for one in silent(connection, clinic_id, now):
        streams.lock(connection, one.chart)
        told = one.finding.told
        key = f"C1|{told['last_day']}|{one.finding.severity}"
        # Found before the lock was had: how long it lasts is shown, and dates no key.
        names = {name: told[name] for name in ("codes", "flagged_on") if name in told}
        finding = Finding("C1", one.finding.severity, "C1", names)
        where = {name: told[name] for name in ("last_day", "missed_days")}
        raising = Raising(one.chart, finding, key, where)
        raise_alert(connection, operator(clinic_id), raising, now)


def silent(connection: Connection, clinic_id: UUID, now: datetime) -> list[Silent]:
    """The clinic's silent patients, in one order, so that two who notice them queue."""
    own = connection.scalar(select(Clinic.silent_days).where(Clinic.clinic_id == clinic_id))
    limits = {**silence.DEFAULTS, **(own or {})}
    flagged = _flagged(connection, clinic_id, now)
    heard = (row for row in _patients(connection, clinic_id) if _is_known(row, flagged))
    found = (_judged(row, flagged, limits, now) for row in heard)
    return [one for one in found if one is not None]


def _judged(
    row: Any, flagged: Mapping[UUID, datetime], limits: Mapping[str, int], now: datetime
) -> Silent | None:
    rules = DayRules(row.day_boundary_minutes, DEFAULT_BACKFILL_DAYS)
    chart = Chart(row.clinic_id, row.id, row.timezone, rules)
    today = local_day(now, row.timezone, row.day_boundary_minutes)
    fired = flagged.get(row.id)
    flagged_on = None
    if fired is not None:
        flagged_on = local_day(fired, row.timezone, row.day_boundary_minutes)
    days = [day for day in (row.last_day, row.started_on) if day is not None]
    last = max(days, default=None)
    is_paused = row.reminders_paused_until is not None and row.reminders_paused_until >= today
    phase = None if is_paused else row.phase
    finding = silence.of_silence(last, flagged_on, today, limits, phase)
    return None if finding is None else Silent(chart, finding)


def _flagged(connection: Connection, clinic_id: UUID, now: datetime) -> dict[UUID, datetime]:
    """When a safety rule last fired, by patient; a file of the past flags nobody."""
    fired = (
        select(AlertEvent.patient_id, func.max(AlertEvent.at).label("at"))
        .where(
            AlertEvent.clinic_id == clinic_id,
            AlertEvent.rule.in_(SAFETY_RULES),
            AlertEvent.severity != "low",
            AlertEvent.at >= now - timedelta(days=FLAG_DAYS),
        )
        .group_by(AlertEvent.patient_id)
    )
    return {row.patient_id: row.at for row in connection.execute(fired)}


def _patients(connection: Connection, clinic_id: UUID) -> list[Any]:
    """The clinic's patients: their last day if they have logged, and the course that is open."""
    logged = (
        select(Checkin.patient_id, func.max(Checkin.local_date).label("last_day"))
        .where(
            Checkin.clinic_id == clinic_id, Checkin.deleted.is_(False), Checkin.source != "import"
        )
        .group_by(Checkin.patient_id)
        .subquery()
    )
    statement = (
        select(
            Patient.clinic_id,
            Patient.id,
            Patient.timezone,
            Patient.day_boundary_minutes,
            Patient.reminders_paused_until,
            logged.c.last_day,
            Course.phase,
            Course.started_on,
        )
        .outerjoin(logged, logged.c.patient_id == Patient.id)
        .outerjoin(
            Course,
            and_(
                Course.clinic_id == Patient.clinic_id,
                Course.patient_id == Patient.id,
                Course.phase != "ended",
            ),
        )
        .where(Patient.clinic_id == clinic_id)
        .order_by(Patient.id)
    )
    return list(connection.execute(statement).all())


def _is_known(row: Any, flagged: Mapping[UUID, datetime]) -> bool:
    """Whether somebody would be missed: they have logged, are in a course, or have told of it."""
    return row.last_day is not None or row.started_on is not None or row.id in flagged
