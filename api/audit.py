"""Who looked, and who changed what: for the care team, and for the patient about themself."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import and_, select

from api.auth import connection, now, principal
from api.fields import Instant, PageQuery
from api.replies import after, cursor_instant, cursor_of, page
from api.routes import Routes
from care import access
from care.principal import Chart
from models.account import Account
from models.audit_event import AuditEvent
from models.membership import Membership

blp = Routes("audit", "Who looked, and who changed what.")


class AuditOut(Schema):
    """One event; ids and names, never an answer."""

    id = fields.UUID(required=True)
    at = Instant(required=True)
    action = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("ok", "denied", "failed")))
    object_type = fields.String(required=True)
    object_id = fields.String(required=True, allow_none=True)
    membership_id = fields.UUID(required=True, allow_none=True)
    display_name = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)


class AuditPage(Schema):
    """A page of events, newest first."""

    items = fields.List(fields.Nested(AuditOut), required=True)
    next = fields.String(required=True, allow_none=True)


_SELECT_EVENTS = (
    select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.action,
        AuditEvent.outcome,
        AuditEvent.object_type,
        AuditEvent.object_id,
        AuditEvent.membership_id,
        Account.display_name,
        Membership.role,
    )
    .outerjoin(
        Membership,
        and_(
            Membership.clinic_id == AuditEvent.clinic_id,
            Membership.id == AuditEvent.membership_id,
        ),
    )
    .outerjoin(Account, Account.id == Membership.account_id)
    .order_by(AuditEvent.at.desc(), AuditEvent.id)
)


@blp.serve("GET", "/v1/me/audit", "own_audit.read")
@blp.serve("GET", "/v1/patients/<uuid:patient_id>/audit", "audit.read", problems=("not-found",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, AuditPage)
def list_audit(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Every look at, change of, and refused reach for one patient's rows, newest first."""
    chart = _chart(patient_id)
    statement = _SELECT_EVENTS.where(
        AuditEvent.clinic_id == chart.clinic_id, AuditEvent.patient_id == chart.patient_id
    )
    position = after(query["cursor"])
    if position is not None:
        at, last_id = cursor_instant(position)
        same = and_(AuditEvent.at == at, AuditEvent.id > last_id)
        statement = statement.where((AuditEvent.at < at) | same)
    rows = connection().execute(statement.limit(query["limit"] + 1)).all()
    connection().commit()
    items = [row._asdict() for row in rows[: query["limit"]]]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(f"{items[-1]['at'].isoformat()}\n{items[-1]['id']}")
    return page(items, following)


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())
