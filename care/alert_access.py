"""Who may see an alert: who treats the patient, and whom the clinic has named to look at alerts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, or_, select

from care import access, streams
from care.alert_letters import EVERYBODY
from care.principal import Chart, Principal
from care.refusals import NotYours
from models.alert import Alert
from models.clinic import Clinic


def is_named(principal: Principal) -> Any:
    """The condition that somebody who does not treat the patient is to look at an alert."""
    me = principal.membership_id
    reviews = exists().where(
        Clinic.clinic_id == Alert.clinic_id,
        or_(Clinic.reviewer_id == me, Clinic.backup_reviewer_id == me),
    )
    # When the admins are told of it they can see it, and not before.
    is_admin = principal.role == "admin"
    told = Alert.escalation >= EVERYBODY if is_admin else Alert.id.is_(None)
    return or_(reviews.correlate(Alert), Alert.assigned_to == me, told)


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
