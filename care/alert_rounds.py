"""What is done about alerts without anybody asking: others are told, silence and drift are noticed.

For jobs, clinic by clinic; each commits nothing. Two at once find the second's work done.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select

from care import alert_letters, alerts, charted, silence
from care.alert_letters import EVERYBODY
from care.kept import Kept
from care.principal import Chart, operator
from care.reviews import reviews_of
from care.windows import digest
from clinical.alert_steps import due_again_at, next_due_at
from clinical.days import DEFAULT_BACKFILL_DAYS, DEFAULT_DAY_BOUNDARY_MINUTES, DayRules
from clinical.safety import SAFETY_RULES
from models.alert import Alert

_OVERDUE_AT_ONCE = 50
# A silence is counted in days: once an hour is often enough (u).
_swept: Kept[bool] = Kept(10_000)


def _overdue(clinic_id: UUID, now: datetime) -> tuple[object, ...]:
    """What is told at once and has waited too long (clinical/alert_steps.py, is_told_at_once)."""
    at_once = or_(
        Alert.severity.in_(("high", "urgent")),
        Alert.rule.in_(SAFETY_RULES) & (Alert.severity == "normal"),
    )
    waits = (Alert.is_open, Alert.acknowledged_at.is_(None), Alert.due_at <= now)
    return (Alert.clinic_id == clinic_id, *waits, at_once)


def needs_escalation(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether anybody has to be told."""
    overdue = select(Alert.id).where(*_overdue(clinic_id, now))  # type: ignore[arg-type]
    return connection.execute(overdue.limit(1)).first() is not None


def escalate(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Tell the next person of each alert that nobody has acknowledged in the clinic's time.

    When everybody has been told they are told again on each working day, until somebody has.
    """
    reviews = reviews_of(connection, clinic_id)
    overdue = select(Alert).where(*_overdue(clinic_id, now))  # type: ignore[arg-type]
    oldest = overdue.order_by(Alert.due_at).limit(_OVERDUE_AT_ONCE)
    for alert in connection.execute(oldest.with_for_update(skip_locked=True)).all():
        rules = DayRules(DEFAULT_DAY_BOUNDARY_MINUTES, DEFAULT_BACKFILL_DAYS)
        chart = Chart(clinic_id, alert.patient_id, reviews.times.timezone, rules)
        all_were_told = alert.escalation >= EVERYBODY
        due = (
            due_again_at(alert.severity, reviews.times, now)
            if all_were_told
            else next_due_at(alert.severity, reviews.times, reviews.escalation_minutes, now)
        )
        next_stage = min(alert.escalation + 1, EVERYBODY)
        values = {"escalation": next_stage, "due_at": due}
        alerts.change(connection, chart, alert.id, values)
        event = {"kind": "escalated"}
        who = operator(clinic_id)
        number = alerts.note(connection, who, (chart, alert.id), event, now)
        told = alerts.find(connection, chart, alert.id)
        stage = alert_letters.tell(connection, reviews, told, str(number), now)
        if stage != next_stage:
            alerts.change(connection, chart, alert.id, {"escalation": stage})


def needs_sweep(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether there is something to look at: days that came in, or an hour that has passed."""
    return needs_notice(connection, clinic_id, now) or charted.is_waiting(
        connection, clinic_id, now
    )


def sweep(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """C1: patients nobody has heard of; M1: ratings that have drifted.

    Jobs do each in a transaction of its own: both lock patients in one order.
    """
    notice(connection, clinic_id, now)
    charted.look(connection, clinic_id, now)


def needs_notice(_connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether silence has not been looked for in this hour, by this process."""
    return _hour_key(clinic_id, now) not in _swept


def notice(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """C1 alone."""
    silence.notice(connection, clinic_id, now)
    _swept.get(_hour_key(clinic_id, now), lambda: True)


def _hour_key(clinic_id: UUID, now: datetime) -> bytes:
    return digest([str(clinic_id), now.replace(minute=0, second=0, microsecond=0)]).encode()
