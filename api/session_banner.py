"""/v1/patients/{id}/sessions/{id}/banner: what whoever gives a session must have seen before it."""

from dataclasses import asdict
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from api.auth import connection, now, principal
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, resource
from api.routes import Routes
from api.session_marks import AlarmOut
from care import access, rows, session_marks, treatments
from clinical.safety import SEVERITIES
from clinical.vitals_alarms import alarms_of
from models.alert import Alert

blp = Routes("session banners", "What is to be seen before a session.")

_SHOWN = ("high", "urgent")


class BannerAlertOut(Schema):
    """An open alert of this patient."""

    alert_id = fields.UUID(required=True)
    rule = fields.String(required=True)
    severity = fields.String(required=True, validate=validate.OneOf(SEVERITIES))
    is_acknowledged = fields.Boolean(required=True)


class BannerOut(Schema):
    """It blocks nothing: `must_acknowledge` asks that an alert is acknowledged before the dose."""

    alarms = fields.List(fields.Nested(AlarmOut), required=True)
    alerts = fields.List(fields.Nested(BannerAlertOut), required=True)
    must_acknowledge = fields.Boolean(required=True)


@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/sessions/<uuid:session_id>/banner",
    "sessions.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, BannerOut, headers=ETAG_HEADER)
def get_session_banner(patient_id: UUID, session_id: UUID) -> Response:
    """The readings outside the limits, and the patient's open alerts that are high or urgent."""
    chart = access.chart(connection(), principal(), patient_id, now())
    stored = treatments.known(connection(), chart, session_id)
    limits = session_marks.limits(connection(), chart.clinic_id)
    pressing = select(Alert).where(
        *rows.of_chart(Alert, chart), Alert.is_open, Alert.severity.in_(_SHOWN)
    )
    alerts = connection().execute(pressing.order_by(Alert.opened_at, Alert.id)).all()
    connection().commit()
    readings = [{"minute": minute, **read} for minute, read in stored.visit.readings.items()]
    body = {
        "alarms": [asdict(alarm) for alarm in alarms_of(readings, limits)],
        "alerts": [
            {
                "alert_id": alert.id,
                "rule": alert.rule,
                "severity": alert.severity,
                "is_acknowledged": alert.acknowledged_at is not None,
            }
            for alert in alerts
        ],
        "must_acknowledge": any(alert.acknowledged_at is None for alert in alerts),
    }
    return resource(body)
