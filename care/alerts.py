"""Raises alerts, in the transaction of what they rest on: one open for each episode.

The patient's stream is locked by whoever calls: what is read here stands until it is committed.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, func, insert, or_, select, update

from care import alert_letters, audit
from care.principal import Chart, Principal
from care.reviews import Reviews, reviews_of
from clinical.alert_steps import Standing, Step, due_at, is_told_at_once, named, step
from clinical.safety import Finding, higher
from models.alert import Alert
from models.alert_event import AlertEvent
from models.db import as_json, new_id


@dataclass(frozen=True, slots=True)
class Raising:
    """A finding about a patient, and where it was told.

    `key` names what was said: while its alert is open, the same again adds nothing. `sent` names
    one sending of it, for ever: sent again it adds nothing, even when the alert is closed. A quiet
    one is added to an alert that is open and asks for no attention.
    """

    chart: Chart
    finding: Finding
    key: str
    where: dict[str, Any]
    sent: str | None = None
    is_quiet: bool = False


def raise_alert(
    connection: Connection, principal: Principal, raising: Raising, now: datetime
) -> None:
    """Open an alert or add to the open one of its episode; what was judged before adds nothing."""
    chart, finding = raising.chart, raising.finding
    standing = _standing(connection, chart, finding.episode)
    if _is_known(connection, raising, standing):
        return
    told = None if standing is None else _as_told(connection, standing)
    what = step(finding, told, now)
    if what is Step.NOTHING:
        return
    if what is Step.JOIN and raising.is_quiet:
        what = Step.NOTE
    reviews = reviews_of(connection, chart.clinic_id)
    if what is Step.OPEN:
        alert_id = _open(connection, (chart, finding), reviews, now)
    else:
        alert_id = standing.id
        _join(connection, (standing, finding, what), reviews, now)
    event = {
        "kind": "raised" if what is Step.OPEN else "appended",
        "rule": finding.rule,
        # Without a severity: it only adds to what is known, and asks for no attention.
        "severity": None if what is Step.NOTE else finding.severity,
        "evidence": as_json({**raising.where, **finding.told}),
        "dedupe_key": dedupe_key(finding, raising.key),
        "sent_key": _sent_key(raising),
    }
    number = note(connection, principal, (chart, alert_id), event, now)
    is_news = what is Step.OPEN or standing.acknowledged_at is not None or _is_more(told, finding)
    if what is not Step.NOTE and is_news:
        _tell(connection, (chart, alert_id), reviews, str(number), now)


def _tell(
    connection: Connection,
    which: tuple[Chart, UUID],
    reviews: Reviews,
    occasion: str,
    now: datetime,
) -> None:
    alert = find(connection, *which)
    if not is_told_at_once(alert.rule, alert.severity):
        return
    stage = alert_letters.tell(connection, reviews, alert, occasion, now)
    if stage != alert.escalation:  # there was nobody to tell at an earlier one
        change(connection, *which, {"escalation": stage})


def _sent_key(raising: Raising) -> str | None:
    return None if raising.sent is None else dedupe_key(raising.finding, raising.sent)


def dedupe_key(finding: Finding, key: str) -> str:
    """The same item with the same answer has the same key, however often it is sent."""
    told = orjson.dumps(as_json(dict(finding.told)), option=orjson.OPT_SORT_KEYS)
    return f"{finding.rule}:{hashlib.sha256(key.encode() + b'|' + told).hexdigest()}"


def note(
    connection: Connection,
    principal: Principal,
    which: tuple[Chart, UUID],
    event: dict[str, Any],
    now: datetime,
) -> int:
    """Write what happened to an alert, and the audit row of that; answers the event's number."""
    chart, alert_id = which
    of_alert = (
        AlertEvent.clinic_id == chart.clinic_id,
        AlertEvent.patient_id == chart.patient_id,
        AlertEvent.alert_id == alert_id,
    )
    last = connection.scalar(select(func.max(AlertEvent.number)).where(*of_alert)) or 0
    connection.execute(
        insert(AlertEvent).values(
            clinic_id=chart.clinic_id,
            patient_id=chart.patient_id,
            alert_id=alert_id,
            number=last + 1,
            at=now,
            actor=principal.membership_id,
            **event,
        )
    )
    subject = ("alert", alert_id)
    action = f"alert.{event['kind']}"
    audit.write(
        connection,
        audit.event_values(principal, action, now, subject=subject, patient_id=chart.patient_id),
    )
    return last + 1


def find(connection: Connection, chart: Chart, alert_id: UUID) -> Any:
    """The alert as it is now."""
    return connection.execute(select(Alert).where(*_this(chart, alert_id))).one()


def change(connection: Connection, chart: Chart, alert_id: UUID, values: dict[str, Any]) -> None:
    """Change the state of an alert and count its revision."""
    connection.execute(
        update(Alert).where(*_this(chart, alert_id)).values(revision=Alert.revision + 1, **values)
    )


def _this(chart: Chart, alert_id: UUID) -> tuple[Any, ...]:
    return (
        Alert.clinic_id == chart.clinic_id,
        Alert.patient_id == chart.patient_id,
        Alert.id == alert_id,
    )


def _is_known(connection: Connection, raising: Raising, standing: Any) -> bool:
    """Whether this sending was judged, or the same was said in the alert that is open."""
    same = []
    if standing is not None and standing.is_open:
        key = dedupe_key(raising.finding, raising.key)
        same.append((AlertEvent.alert_id == standing.id) & (AlertEvent.dedupe_key == key))
    if raising.sent is not None:
        same.append(AlertEvent.sent_key == _sent_key(raising))
    if not same:
        return False
    chart = raising.chart
    known = select(AlertEvent.number).where(
        AlertEvent.clinic_id == chart.clinic_id,
        AlertEvent.patient_id == chart.patient_id,
        or_(*same),
    )
    return connection.execute(known.limit(1)).first() is not None


def _standing(connection: Connection, chart: Chart, episode: str) -> Any:
    """The newest alert of the episode, the open one before any other; nobody else can change it."""
    return connection.execute(
        select(Alert)
        .where(
            Alert.clinic_id == chart.clinic_id,
            Alert.patient_id == chart.patient_id,
            Alert.episode == episode,
        )
        .order_by(Alert.is_open.desc(), Alert.last_raised_at.desc(), Alert.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()


def _as_told(connection: Connection, alert: Any) -> Standing:
    evidence = connection.scalars(
        select(AlertEvent.evidence).where(
            AlertEvent.clinic_id == alert.clinic_id,
            AlertEvent.patient_id == alert.patient_id,
            AlertEvent.alert_id == alert.id,
            AlertEvent.kind.in_(("raised", "appended")),
        )
    )
    codes = frozenset().union(*(named(told or {}) for told in evidence))
    return Standing(alert.is_open, alert.severity, alert.last_raised_at, codes)


def _open(
    connection: Connection, about: tuple[Chart, Finding], reviews: Reviews, now: datetime
) -> UUID:
    chart, finding = about
    alert_id = new_id()
    connection.execute(
        insert(Alert).values(
            clinic_id=chart.clinic_id,
            patient_id=chart.patient_id,
            id=alert_id,
            rule=finding.rule,
            episode=finding.episode,
            severity=finding.severity,
            is_open=True,
            opened_at=now,
            last_raised_at=now,
            due_at=due_at(finding.severity, reviews.times, reviews.escalation_minutes, now),
        )
    )
    return alert_id


def _join(
    connection: Connection, joined: tuple[Any, Finding, Step], reviews: Reviews, now: datetime
) -> None:
    """Put the finding to the open alert: whoever acknowledged it has not seen this one yet."""
    alert, finding, what = joined
    if what is Step.NOTE:
        change(connection, alert, alert.id, {})
        return
    severity = higher(alert.severity, finding.severity)
    due = due_at(severity, reviews.times, reviews.escalation_minutes, now)
    values = {"severity": severity, "last_raised_at": now, "due_at": due}
    if severity != alert.severity:
        values["rule"] = finding.rule
    if alert.acknowledged_at is None:
        values["due_at"] = min(due, alert.due_at)
    else:
        values |= {"acknowledged_at": None, "acknowledged_by": None, "escalation": 0}
    change(connection, alert, alert.id, values)


def _is_more(told: Standing | None, finding: Finding) -> bool:
    return told is not None and higher(told.severity, finding.severity) != told.severity
