"""/v1/me/response-curve and /v1/patients/{id}/response-curve: windows laid over each other."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from api.auth import connection, now, principal
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, reply, unchanged
from api.routes import Routes
from api.window_parts import (
    SessionDay,
    WindowDocument,
    WindowQuery,
    WindowThresholds,
    chart_of,
)
from care import response_curve, windows

blp = Routes("response curves", "Windows aligned at their session.")


class CurvePoint(Schema):
    """A day that was logged."""

    day_offset = fields.Integer(required=True)
    value = fields.Float(required=True)
    pre_dose = fields.Boolean(required=True, allow_none=True)


class CurveWindow(SessionDay):
    """A window's logged days, day 0 included."""

    is_current = fields.Boolean(required=True)
    points = fields.List(fields.Nested(CurvePoint), required=True)


class RibbonDay(Schema):
    """The smoothed level of a day, and the 80 % interval around it."""

    day_offset = fields.Integer(required=True)
    level = fields.Float(required=True)
    low = fields.Float(required=True)
    high = fields.Float(required=True)


class CurrentCurve(SessionDay):
    """The open window's smoothed level; no day where too few were logged."""

    ribbon = fields.List(fields.Nested(RibbonDay), required=True)


class BandDay(Schema):
    """The earlier windows' middle on a day; null where fewer than three have that day."""

    day_offset = fields.Integer(required=True)
    n = fields.Integer(required=True)
    median = fields.Float(required=True, allow_none=True)
    lower_quartile = fields.Float(required=True, allow_none=True)
    upper_quartile = fields.Float(required=True, allow_none=True)


class ResponseCurve(WindowDocument):
    """One measure's windows aligned at day 0, in the measure's own units."""

    thresholds = fields.Nested(WindowThresholds, required=True)
    current = fields.Nested(CurrentCurve, required=True, allow_none=True)
    windows = fields.List(fields.Nested(CurveWindow), required=True)
    band = fields.List(fields.Nested(BandDay), required=True)


@blp.serve("GET", "/v1/me/response-curve", "own_trends.read", parameters=[IF_NONE_MATCH])
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/response-curve",
    "trends.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, ResponseCurve, headers=ETAG_HEADER)
def get_response_curve(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Each window's logged days by days since the session, and the middle of the earlier ones.

    Day 0 is shown and marked, and enters nothing. The patient gets the same bytes as the clinician.
    """
    question = windows.question(principal(), chart_of(patient_id), query["measure"], now())
    etag = windows.tag(connection(), "response-curve", question)
    answer = unchanged(etag)
    if answer is None:
        answer = reply(response_curve.read(connection(), question), etag=etag)
    connection().commit()
    return answer
