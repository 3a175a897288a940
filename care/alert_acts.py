"""What staff do about an alert: each act an event that stays, the alert its present state.

The alert is locked by whoever calls (care/alert_access.py). Of two who acknowledge at once the
second is told that it is done; an answer that came meanwhile has to be acknowledged first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from care import alert_letters, alerts
from care.principal import Chart, Principal
from care.refusals import Conflict, Fault, Invalid, Stale
from care.reviews import reviews_of
from clinical.alert_steps import due_at
from models.account import Account
from models.alert import Alert
from models.alert_event import AlertEvent
from models.membership import Membership

# What somebody who has looked has not seen.
_NEWS = ("raised", "appended", "reopened")
CONTACT_RESULTS = ("reached", "message_left", "not_reached")

Seen = tuple[Chart, Any]


def refuse_stale(alert: Any, base: int | None) -> None:
    """Stale on any base but the alert's revision; without one, none is needed."""
    if base is not None and base != alert.revision:
        raise Stale(alert.revision)


def see(connection: Connection, principal: Principal, which: Seen, now: datetime) -> None:
    """Somebody opened it; that is no acknowledgement. Again, until it has news, it is no more."""
    if not _has_seen_it(connection, principal, which):
        _act(connection, principal, which, ({}, {"kind": "seen"}), now)


def acknowledge(connection: Connection, principal: Principal, which: Seen, now: datetime) -> None:
    """Somebody takes it on. Conflict where somebody else has; again by the same changes nothing."""
    _, alert = which
    _refuse_closed(alert)
    if alert.acknowledged_by is not None:
        if alert.acknowledged_by == principal.membership_id:
            return
        raise Conflict("Somebody else has acknowledged it already.")
    values = {"acknowledged_at": now, "acknowledged_by": principal.membership_id}
    _act(connection, principal, which, (values, {"kind": "acknowledged"}), now)


def assign(
    connection: Connection, principal: Principal, which: Seen, to: UUID, now: datetime
) -> None:
    """Give it to a member of staff, who is told; Invalid for anybody else."""
    chart, alert = which
    _refuse_closed(alert)
    if alert.assigned_to == to:
        return
    _refuse_stranger(connection, principal, to)
    told = {"kind": "assigned", "assigned_to": to}
    number = _act(connection, principal, which, ({"assigned_to": to}, told), now)
    reviews = reviews_of(connection, chart.clinic_id)
    alert_letters.tell_one(connection, reviews, (alert.id, to), str(number), now)


def contact(
    connection: Connection,
    principal: Principal,
    which: Seen,
    given: Mapping[str, Any],
    now: datetime,
) -> None:
    """Somebody tried to reach the patient: `result` and `note`."""
    _refuse_closed(which[1])
    told = {"kind": "contact_tried", "outcome": given["result"], "note": given["note"]}
    _act(connection, principal, which, ({}, told), now)


def resolve(
    connection: Connection,
    principal: Principal,
    which: Seen,
    given: Mapping[str, Any],
    now: datetime,
) -> None:
    """Close it with a coded outcome, by name and time. Nothing else ever closes an alert."""
    _, alert = which
    _refuse_closed(alert)
    if alert.acknowledged_at is None:
        raise Conflict("Acknowledge it first: something in it has not been acknowledged.")
    values = {
        "is_open": False,
        "resolved_at": now,
        "resolved_by": principal.membership_id,
        "outcome": given["outcome"],
    }
    told = {"kind": "resolved", "outcome": given["outcome"], "note": given["note"]}
    _act(connection, principal, which, (values, told), now)


def reopen(
    connection: Connection, principal: Principal, which: Seen, note: str, now: datetime
) -> None:
    """Open it again, unacknowledged. Conflict where a newer one of its episode is open."""
    chart, alert = which
    if alert.is_open:
        raise Conflict("It is open.")
    newer = select(Alert.id).where(
        Alert.clinic_id == chart.clinic_id,
        Alert.patient_id == chart.patient_id,
        Alert.episode == alert.episode,
        Alert.is_open,
    )
    if connection.execute(newer).first() is not None:
        raise Conflict("A newer alert about the same is open: go on there.")
    reviews = reviews_of(connection, chart.clinic_id)
    values = {
        "is_open": True,
        "last_raised_at": now,
        "due_at": due_at(alert.severity, reviews.times, reviews.escalation_minutes, now),
        "escalation": 0,
        **dict.fromkeys(
            ("acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "outcome")
        ),
    }
    _act(connection, principal, which, (values, {"kind": "reopened", "note": note}), now)


def _act(
    connection: Connection,
    principal: Principal,
    which: Seen,
    done: tuple[dict[str, Any], dict[str, Any]],
    now: datetime,
) -> int:
    chart, alert = which
    values, event = done
    alerts.change(connection, chart, alert.id, values)
    return alerts.note(connection, principal, (chart, alert.id), event, now)


def _has_seen_it(connection: Connection, principal: Principal, which: Seen) -> bool:
    """Whether they have looked since what last asked to be looked at; they wait for each other."""
    chart, alert = which
    is_theirs = (AlertEvent.kind == "seen") & (AlertEvent.actor == principal.membership_id)
    last = select(
        func.max(case((is_theirs, AlertEvent.number))).label("seen"),
        func.max(case((AlertEvent.kind.in_(_NEWS), AlertEvent.number))).label("news"),
    ).where(
        AlertEvent.clinic_id == chart.clinic_id,
        AlertEvent.patient_id == chart.patient_id,
        AlertEvent.alert_id == alert.id,
    )
    found = connection.execute(last).one()
    return found.seen is not None and found.seen > (found.news or 0)


def _refuse_closed(alert: Any) -> None:
    if not alert.is_open:
        raise Conflict("It is resolved: reopen it first.")


def _refuse_stranger(connection: Connection, principal: Principal, membership_id: UUID) -> None:
    member = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.clinic_id == principal.clinic_id,
            Membership.id == membership_id,
            Membership.role.in_(("clinician", "admin")),
            Membership.disabled_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    if connection.execute(member).first() is None:
        told = "No clinician or admin of this clinic who can log in."
        raise Invalid([Fault("/membership_id", told)])
