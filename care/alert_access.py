"""Who may see an alert: who treats the patient, and whom the clinic has named to look at alerts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, or_, select
from sqlalchemy.orm import aliased

from care import access, streams
from care.alert_letters import EVERYBODY
from care.principal import Chart, Principal
from care.refusals import NotYours
from models.alert import Alert
from models.alert_event import AlertEvent
from models.clinic import Clinic

# The acts by which somebody answers for an alert; looking is none.
_TAKEN_ON = ("acknowledged", "resolved", "reopened")


def is_named(principal: Principal) -> Any:
    """The condition that somebody who does not treat the patient is to look at an alert."""
    me = principal.membership_id
    reviews = exists().where(
        Clinic.clinic_id == Alert.clinic_id,
        or_(Clinic.reviewer_id == me, Clinic.backup_reviewer_id == me),
    )
    named = or_(reviews.correlate(Alert), Alert.assigned_to == me)
    if principal.role != "admin":
        return named
    # When the admins are told of it they can see it, and not before.
    return or_(named, Alert.escalation >= EVERYBODY, _was_taken_on(me))


def _was_taken_on(me: UUID | None) -> Any:
    """The condition that somebody has taken an alert on, and nobody else has reopened it since: a
    further answer has it wait anew, and it stays with whoever was already at it."""
    taken, later = aliased(AlertEvent), aliased(AlertEvent)
    given_back = exists().where(
        *_of_alert(later),
        later.kind == "reopened",
        later.actor != me,
        later.number > taken.number,
    )
    mine = exists().where(
        *_of_alert(taken), taken.kind.in_(_TAKEN_ON), taken.actor == me, ~given_back
    )
    return mine.correlate(Alert)


def _of_alert(event: Any) -> tuple[Any, ...]:
    return (
        event.clinic_id == Alert.clinic_id,
        event.patient_id == Alert.patient_id,
        event.alert_id == Alert.id,
    )


def enter(
    connection: Connection, principal: Principal, alert_id: UUID, now: datetime
) -> tuple[Chart, Any]:
    """The patient's chart and the alert; NotYours for any that is not theirs to look at.

    Where the request changes something, nobody else changes the alert meanwhile, and nothing is
    raised of the patient: whoever raises has locked their stream before their alerts, as here.
    """
    row = connection.execute(_wanted(principal, alert_id)).one_or_none()
    if row is None:
        raise _not_yours(alert_id)
    try:
        chart = access.alerted(connection, principal, row.patient_id, now, named=bool(row.is_named))
    except NotYours:
        raise _not_yours(alert_id) from None
    streams.lock(connection, chart)
    # Again: the look may have begun anew, and only now does it stay as it is.
    locked = _wanted(principal, alert_id).with_for_update(of=Alert)
    return chart, connection.execute(locked).one()


def _wanted(principal: Principal, alert_id: UUID) -> Any:
    own = and_(Alert.clinic_id == principal.clinic_id, Alert.id == alert_id)
    return select(Alert, is_named(principal).label("is_named")).where(own)


def _not_yours(alert_id: UUID) -> NotYours:
    return NotYours("No such alert.", "alert.read", ("alert", alert_id))


def visible(connection: Connection, principal: Principal, now: datetime) -> Any:
    """The condition that keeps a list of alerts to those the principal may see; it is audited."""
    treated = access.treated_patients(connection, principal, now, "alerts.list")
    return and_(Alert.clinic_id == principal.clinic_id, or_(treated, is_named(principal)))
