"""/v1/alerts: what a human has to look at, oldest first; what was done about it, and how soon."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import and_, select

from api.alert_forms import (
    REACH_NAMES,
    AlertDetail,
    AlertPage,
    AlertQuery,
    AssignIn,
    ContactIn,
    LatencyOut,
    LatencyQuery,
    ReachOut,
    ReopenIn,
    ResolveIn,
    shown,
    shown_event,
)
from api.auth import connection, now, principal
from api.preconditions import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    request_digest,
    sent_base,
    sent_key,
)
from api.replies import (
    ETAG_HEADER,
    after,
    bad_cursor,
    cursor_instant,
    cursor_of,
    page,
    reply,
    resource,
)
from api.routes import Routes
from care import access, alert_access, alert_acts, alert_waits, idempotency
from models.account import Account
from models.alert import Alert
from models.alert_event import AlertEvent
from models.membership import Membership
from models.patient import Patient

blp = Routes("alerts", "What a human has to look at.")

_ONE = "/v1/alerts/<uuid:alert_id>"
_ACT_PROBLEMS = ("not-found", "conflict", "precondition-failed")
_SELECT = select(Alert, Patient.display_name).join(
    Patient, and_(Patient.clinic_id == Alert.clinic_id, Patient.id == Alert.patient_id)
)


@blp.serve("GET", "/v1/alerts", "alerts.read")
@blp.arguments(AlertQuery, location="query")
@blp.response(200, AlertPage)
def list_alerts(query: dict[str, Any]) -> Response:
    """The alerts you are to look at: first those nobody has acknowledged, the oldest first."""
    visible = alert_access.visible(connection(), principal(), now())
    return _listed(visible, query)


@blp.serve("GET", "/v1/patients/<uuid:patient_id>/alerts", "alerts.read", problems=("not-found",))
@blp.arguments(AlertQuery, location="query")
@blp.response(200, AlertPage)
def list_patient_alerts(query: dict[str, Any], patient_id: UUID) -> Response:
    """One patient's alerts, in the same order."""
    chart = access.chart(connection(), principal(), patient_id, now())
    own = and_(Alert.clinic_id == chart.clinic_id, Alert.patient_id == chart.patient_id)
    return _listed(own, query)


@blp.serve("GET", "/v1/alerts/latency", "alerts.read")
@blp.arguments(LatencyQuery, location="query")
@blp.response(200, LatencyOut)
def get_alert_latency(query: dict[str, Any]) -> Response:
    """How long the clinic's alerts of the last days waited until somebody acknowledged them."""
    since = now() - timedelta(days=query["days"])
    told = alert_waits.read(connection(), principal(), since, now())
    connection().commit()
    return reply({"days": query["days"], **told})


@blp.serve("GET", _ONE, "alerts.read", problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def get_alert(alert_id: UUID) -> Response:
    """One alert: the rule, what it rests on, and all that was done."""
    alert_access.enter(connection(), principal(), alert_id, now())
    return _answer(alert_id)


@blp.serve(
    "GET", f"{_ONE}/reach", "alerts.read", problems=("not-found",), parameters=[IF_NONE_MATCH]
)
@blp.response(200, ReachOut, headers=ETAG_HEADER)
def show_reach(alert_id: UUID) -> Response:
    """How to reach the patient, for all who are to look at the alert, treat the patient or not."""
    chart, _ = alert_access.enter(connection(), principal(), alert_id, now())
    own = (Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    columns = [getattr(Patient, name) for name in REACH_NAMES]
    row = connection().execute(select(*columns).where(*own)).one()
    connection().commit()
    return resource({name: getattr(row, name) for name in REACH_NAMES})


@blp.serve("POST", f"{_ONE}/seen", "alerts.write", problems=("not-found",))
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def see_alert(alert_id: UUID) -> Response:
    """Note that you have looked. It goes on waiting for somebody to acknowledge it."""
    which = alert_access.enter(connection(), principal(), alert_id, now())
    alert_acts.see(connection(), principal(), which, now())
    return _answer(alert_id)


@blp.serve(
    "POST", f"{_ONE}/acknowledge", "alerts.write", problems=_ACT_PROBLEMS, parameters=[IF_MATCH]
)
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def acknowledge_alert(alert_id: UUID) -> Response:
    """Take it on. Of two at once the second gets 409; If-Match, if sent, names what you saw."""
    which = _which(alert_id)
    alert_acts.acknowledge(connection(), principal(), which, now())
    return _answer(alert_id)


@blp.serve(
    "POST",
    f"{_ONE}/assign",
    "alerts.write",
    problems=_ACT_PROBLEMS,
    parameters=[IF_MATCH],
)
@blp.arguments(AssignIn)
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def assign_alert(body: dict[str, Any], alert_id: UUID) -> Response:
    """Give it to a colleague, who is told that there is a task and can see this alert."""
    which = _which(alert_id)
    alert_acts.assign(connection(), principal(), which, body["membership_id"], now())
    return _answer(alert_id)


@blp.serve(
    "POST",
    f"{_ONE}/contact",
    "alerts.write",
    problems=(*_ACT_PROBLEMS, "key-reused"),
    parameters=[IDEMPOTENCY_KEY, IF_MATCH],
)
@blp.arguments(ContactIn)
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def contact_patient(body: dict[str, Any], alert_id: UUID) -> Response:
    """Note that somebody tried to reach the patient, and what came of it."""
    which = alert_access.enter(connection(), principal(), alert_id, now())
    sent = (sent_key(), request_digest(body))
    _, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        alert_acts.refuse_stale(which[1], sent_base())
        alert_acts.contact(connection(), principal(), which, body, now())
    return _answer(alert_id)


@blp.serve("POST", f"{_ONE}/resolve", "alerts.write", problems=_ACT_PROBLEMS, parameters=[IF_MATCH])
@blp.arguments(ResolveIn)
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def resolve_alert(body: dict[str, Any], alert_id: UUID) -> Response:
    """Close it with what came of it. 409 while something in it has not been acknowledged."""
    which = _which(alert_id)
    alert_acts.resolve(connection(), principal(), which, body, now())
    return _answer(alert_id)


@blp.serve("POST", f"{_ONE}/reopen", "alerts.write", problems=_ACT_PROBLEMS, parameters=[IF_MATCH])
@blp.arguments(ReopenIn)
@blp.response(200, AlertDetail, headers=ETAG_HEADER)
def reopen_alert(body: dict[str, Any], alert_id: UUID) -> Response:
    """Open it again: it waits to be acknowledged anew."""
    which = _which(alert_id)
    alert_acts.reopen(connection(), principal(), which, body["note"], now())
    return _answer(alert_id)


def _which(alert_id: UUID) -> Any:
    """The alert as it is to be acted on; Stale where it is not what If-Match names."""
    which = alert_access.enter(connection(), principal(), alert_id, now())
    alert_acts.refuse_stale(which[1], sent_base())
    return which


def _answer(alert_id: UUID) -> Response:
    own = _SELECT.where(Alert.clinic_id == principal().clinic_id, Alert.id == alert_id)
    alert = connection().execute(own).one()
    by = and_(Membership.clinic_id == AlertEvent.clinic_id, Membership.id == AlertEvent.actor)
    named = select(AlertEvent, Account.display_name.label("actor_name"))
    known = named.outerjoin(Membership, by).outerjoin(Account, Account.id == Membership.account_id)
    happened = known.where(
        AlertEvent.clinic_id == alert.clinic_id,
        AlertEvent.patient_id == alert.patient_id,
        AlertEvent.alert_id == alert_id,
    )
    events = connection().execute(happened.order_by(AlertEvent.number)).all()
    connection().commit()
    body = {**shown(alert), "events": [shown_event(event) for event in events]}
    return reply(body, etag=f"r{alert.revision}")


def _listed(visible: Any, query: dict[str, Any]) -> Response:
    waits = and_(Alert.is_open, Alert.acknowledged_at.is_(None))
    statement = _SELECT.where(visible)
    if query["state"] != "all":
        statement = statement.where(Alert.is_open.is_(query["state"] == "open"))
    statement = statement.where(_beyond(query["cursor"], waits))
    ordered = statement.order_by(waits.desc(), Alert.opened_at, Alert.id)
    rows = connection().execute(ordered.limit(query["limit"] + 1)).all()
    connection().commit()
    items = [shown(row) for row in rows[: query["limit"]]]
    return page(items, _following(items[-1]) if len(rows) > query["limit"] else None)


def _beyond(cursor: str | None, waits: Any) -> Any:
    """The condition of what comes after a page: after its last one, in the list's order."""
    position = after(cursor)
    if position is None:
        return Alert.clinic_id == principal().clinic_id
    state, _, rest = position.partition("\n")
    if state not in ("waiting", "other"):
        raise bad_cursor()
    at, last_id = cursor_instant(rest)
    later = (Alert.opened_at > at) | ((Alert.opened_at == at) & (Alert.id > last_id))
    return (waits & later) | ~waits if state == "waiting" else ~waits & later


def _following(item: dict[str, Any]) -> str:
    waits = item["is_open"] and item["acknowledged_at"] is None
    opened_at: datetime = item["opened_at"]
    state = "waiting" if waits else "other"
    return cursor_of(f"{state}\n{opened_at.isoformat()}\n{item['id']}")
