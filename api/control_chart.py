"""/v1/me/control-chart and /v1/patients/{id}/control-chart: days against a stable stretch."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from api.auth import connection, now, principal
from api.fields import Code, Day
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, reply, unchanged
from api.routes import Routes
from api.window_parts import WindowDocument, WindowQuery, WindowThresholds, chart_of
from care import control_chart, windows
from clinical.summaries import REASONS

blp = Routes("control charts", "Days against the patient's own stable stretch.")


class StableStretch(Schema):
    """The days the limit is made of."""

    first = Day(data_key="from", required=True, allow_none=True)
    last = Day(data_key="to", required=True, allow_none=True)
    n = fields.Integer(required=True)
    mean = fields.Float(required=True, allow_none=True)
    standard_deviation = fields.Float(required=True, allow_none=True)
    lag_1 = fields.Float(required=True, allow_none=True)
    reason = Code(REASONS, required=True, allow_none=True)


class ControlPoint(Schema):
    """A logged day after the stable stretch."""

    date = Day(required=True)
    value = fields.Float(required=True)
    ewma = fields.Float(required=True)
    limit = fields.Float(required=True)
    is_beyond = fields.Boolean(required=True)


class ControlChart(WindowDocument):
    """An EWMA chart, one-sided for worsening. It confirms; it foretells nothing."""

    thresholds = fields.Nested(WindowThresholds, required=True)
    stable = fields.Nested(StableStretch, required=True)
    limit = fields.Float(required=True, allow_none=True)
    points = fields.List(fields.Nested(ControlPoint), required=True)
    first_beyond = Day(required=True, allow_none=True)


@blp.serve("GET", "/v1/me/control-chart", "own_trends.read", parameters=[IF_NONE_MATCH])
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/control-chart",
    "trends.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, ControlChart, headers=ETAG_HEADER)
def get_control_chart(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """The weighted mean of the days since a stable stretch, and the limit it is held against.

    Without a stable stretch there is no limit, and why is told. The patient gets the same bytes as
    the clinician.
    """
    question = windows.question(principal(), chart_of(patient_id), query["measure"], now())
    etag = windows.tag(connection(), "control-chart", question)
    answer = unchanged(etag)
    if answer is None:
        answer = reply(control_chart.read(connection(), question), etag=etag)
    connection().commit()
    return answer
