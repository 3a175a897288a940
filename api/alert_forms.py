"""An alert as it is shown, and what is sent about one: the schemas."""

from typing import Any

from marshmallow import Schema, fields, validate

from api.fields import Code, Instant, PageQuery, QueryWhole, Text, optional
from care.alert_acts import CONTACT_RESULTS
from clinical.safety import SEVERITIES
from clinical.safety_rules import RULES
from models.alert import OUTCOMES
from models.alert_event import KINDS

STATES = ("open", "resolved", "all")


class AlertQuery(PageQuery):
    """Those that are open, unless others are asked for."""

    state = Code(STATES, load_default="open")


class LatencyQuery(Schema):
    """Of the last so many days."""

    days = QueryWhole(1, 366, load_default=90)


class LatencyOut(Schema):
    """Minutes by the wall clock, nights and weekends included, of what could be acknowledged."""

    days = fields.Integer(required=True)
    acknowledged = fields.Integer(required=True)
    median_minutes = fields.Float(required=True, allow_none=True)
    worst_minutes = fields.Float(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    longest_waiting_minutes = fields.Float(required=True, allow_none=True)


class AssignIn(Schema):
    """Whom it is given to."""

    membership_id = fields.UUID(required=True)


class ContactIn(Schema):
    """What came of trying to reach the patient."""

    result = Code(CONTACT_RESULTS, required=True)
    note = optional(Text(4000, shortest=0))


class ResolveIn(Schema):
    """What came of it."""

    outcome = Code(OUTCOMES, required=True)
    note = optional(Text(4000, shortest=0))


class ReopenIn(Schema):
    """Why it is opened again."""

    note = Text(4000, required=True)


class RuleOut(Schema):
    """The rule that fired, in words."""

    words = fields.String(required=True)
    source = fields.String(required=True)


class AlertOut(Schema):
    """An alert as it stands now."""

    id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    rule = fields.String(required=True, validate=validate.OneOf(list(RULES)))
    because = fields.Nested(RuleOut, required=True)
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    is_open = fields.Boolean(required=True)
    opened_at = Instant(required=True)
    last_raised_at = Instant(required=True)
    due_at = Instant(required=True)
    escalation = fields.Integer(required=True)
    acknowledged_at = Instant(required=True, allow_none=True)
    acknowledged_by = fields.UUID(required=True, allow_none=True)
    assigned_to = fields.UUID(required=True, allow_none=True)
    resolved_at = Instant(required=True, allow_none=True)
    resolved_by = fields.UUID(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    revision = fields.Integer(required=True)


class AlertEventOut(Schema):
    """One thing that happened to an alert; it is never changed."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    at = Instant(required=True)
    actor = fields.UUID(required=True, allow_none=True)
    actor_name = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, allow_none=True)
    evidence = fields.Dict(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    assigned_to = fields.UUID(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class AlertDetail(AlertOut):
    """An alert with all that happened to it, oldest first."""

    events = fields.List(fields.Nested(AlertEventOut), required=True)


class ReachContact(Schema):
    """Whom to call where the patient cannot be reached."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    relation = fields.String(allow_none=True)


class ReachOut(Schema):
    """How the patient is reached: what the front desk sees of them, and no more."""

    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    emergency_contact = fields.Nested(ReachContact, required=True, allow_none=True)


class AlertPage(Schema):
    """A page of alerts."""

    items = fields.List(fields.Nested(AlertOut), required=True)
    next = fields.String(required=True, allow_none=True)


_NAMES = tuple(name for name in AlertOut().fields if name != "because")
REACH_NAMES = tuple(ReachOut().fields)
EVENT_NAMES = tuple(AlertEventOut().fields)


def shown(alert: Any) -> dict[str, Any]:
    """An alert's row, with its patient's name, as it is sent."""
    rule = RULES[alert.rule]
    because = {"words": rule.words, "source": rule.source}
    return {**{name: getattr(alert, name) for name in _NAMES}, "because": because}


def shown_event(event: Any) -> dict[str, Any]:
    """An event's row, with the name of whoever did it; null where a rule did."""
    return {name: getattr(event, name) for name in EVENT_NAMES}
