"""What marks a session for whoever treats the patient: open alerts, readings outside the limits."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, validate

from care.session_marks import OpenAlerts
from clinical.safety import SEVERITIES
from clinical.vitals_alarms import LEVELS, Alarm


class AlarmOut(Schema):
    """A reading outside the clinic's limits. It is what was typed in: nobody is monitored."""

    minute = fields.Integer(required=True)
    reading = fields.String(required=True)
    value = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))


class OpenAlertsOut(Schema):
    """A patient's open alerts: how many, and how severe the most severe of them is."""

    count = fields.Integer(required=True)
    highest = fields.String(required=True, allow_none=True, validate=validate.OneOf(SEVERITIES))


class SessionMarks(Schema):
    """What is to be seen beside a session; it blocks nothing."""

    alarms = fields.List(fields.Nested(AlarmOut), required=True)
    open_alerts = fields.Nested(OpenAlertsOut, required=True)


def shown_marks(alarms: Iterable[Alarm], open_alerts: OpenAlerts) -> Mapping[str, Any]:
    """Both as they are sent."""
    return {"alarms": [asdict(alarm) for alarm in alarms], "open_alerts": asdict(open_alerts)}
