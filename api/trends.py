"""/v1/me/trends and /v1/patients/{id}/trends: what a period of days says, measure by measure."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from api.auth import connection, now, principal
from api.fields import Code, Day
from api.periods import PeriodQuery
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, reply, unchanged
from api.routes import Routes
from api.scale_points import OverdueScreen, ScaleTrend
from api.summaries import Effects, Summary
from care import access, trends
from care.principal import Chart
from clinical.treatments import DRUGS, ROUTES

blp = Routes("trends", "What a period of days says, or why it says nothing.")


class Thresholds(Schema):
    """Every minimum and bound the figures were made with."""

    level_minimum_days = fields.Integer(required=True)
    level_minimum_coverage = fields.Float(required=True)
    slope_minimum_days = fields.Integer(required=True)
    slope_minimum_span_days = fields.Integer(required=True)
    slope_window_days = fields.Integer(required=True)
    lag_1_minimum_pairs = fields.Integer(required=True)
    lag_1_default = fields.Float(required=True)
    lag_1_maximum = fields.Float(required=True)
    baseline_days = fields.Integer(required=True)
    baseline_minimum_days = fields.Integer(required=True)
    baseline_import_days = fields.Integer(required=True)
    since_session_maximum_days = fields.Integer(required=True)
    confidence = fields.Float(required=True)


class Figures(Schema):
    """What one period says of one measure, in the measure's own units and direction."""

    first = Day(data_key="from", required=True, allow_none=True)
    last_day = Day(data_key="to", required=True, allow_none=True)
    mean = fields.Nested(Summary, required=True)
    median = fields.Nested(Summary, required=True)
    standard_deviation = fields.Nested(Summary, required=True)
    lower_quartile = fields.Nested(Summary, required=True)
    upper_quartile = fields.Nested(Summary, required=True)
    minimum = fields.Nested(Summary, required=True)
    maximum = fields.Nested(Summary, required=True)
    slope_per_week = fields.Nested(Summary, required=True)
    last = fields.Nested(Summary, required=True)
    coverage = fields.Nested(Summary, required=True)
    change_to_previous = fields.Nested(Summary, required=True)
    change_to_baseline = fields.Nested(Summary, required=True)
    last_date = Day(required=True, allow_none=True)


class Point(Schema):
    """A day that was observed; a day that was not is not here."""

    date = Day(required=True)
    value = fields.Float(required=True)


class MeasureTrend(Schema):
    """One measure over the period and since the last session."""

    key = fields.String(required=True)
    prompt = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    minimum = fields.Float(required=True)
    maximum = fields.Float(required=True)
    direction = Code(("higher_is_better", "higher_is_worse", "neither"), required=True)
    low_end = fields.String(required=True)
    high_end = fields.String(required=True)
    period = fields.Nested(Figures, required=True)
    since_session = fields.Nested(Figures, required=True)
    points = fields.List(fields.Nested(Point), required=True)


class SideEffectTrends(Schema):
    """Side effects over the period and since the last session."""

    period = fields.Nested(Effects, required=True)
    since_session = fields.Nested(Effects, required=True)


class Baseline(Schema):
    """The days changes are told against: before the first session of the latest course."""

    source = Code(("course", "imported"), required=True, allow_none=True)
    first = Day(data_key="from", required=True, allow_none=True)
    last = Day(data_key="to", required=True, allow_none=True)
    reason = Code(("no_session", "too_few_baseline_days"), required=True, allow_none=True)


class TrendDose(Schema):
    """A dose given in a session."""

    drug = Code(DRUGS, required=True)
    route = Code(ROUTES, required=True)
    dose_mg = fields.Float(required=True)


class TrendSession(Schema):
    """A session that took place in the period."""

    session_id = fields.UUID(required=True)
    date = Day(required=True)
    status = Code(("completed",), required=True)
    route = Code(ROUTES, required=True, allow_none=True)
    doses = fields.List(fields.Nested(TrendDose), required=True)


class LastSession(Schema):
    """The last session up to the period's end, in the period or before it."""

    session_id = fields.UUID(required=True)
    date = Day(required=True)
    day_offset = fields.Integer(required=True)
    route = Code(ROUTES, required=True, allow_none=True)
    doses = fields.List(fields.Nested(TrendDose), required=True)


class Trend(Schema):
    """A descriptive summary of one period; the raw points are in it. It recommends nothing."""

    method_version = fields.String(required=True)
    thresholds = fields.Nested(Thresholds, required=True)
    first = Day(data_key="from", required=True)
    last = Day(data_key="to", required=True)
    timezone = fields.String(required=True)
    input_hash = fields.String(required=True)
    today = Day(required=True)
    baseline = fields.Nested(Baseline, required=True)
    last_session = fields.Nested(LastSession, required=True, allow_none=True)
    sessions = fields.List(fields.Nested(TrendSession), required=True)
    measures = fields.List(fields.Nested(MeasureTrend), required=True)
    side_effects = fields.Nested(SideEffectTrends, required=True)
    scales = fields.List(fields.Nested(ScaleTrend), required=True)
    overdue_screens = fields.List(fields.Nested(OverdueScreen), required=True)


@blp.serve("GET", "/v1/me/trends", "own_trends.read", parameters=[IF_NONE_MATCH])
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/trends",
    "trends.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, Trend, headers=ETAG_HEADER)
def get_trends(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Level, spread, slope and change of each measure, and the side effects, of a period.

    A number without days enough behind it is null and says why; a missing day is never a zero. The
    patient gets the same bytes as the clinician.
    """
    chart = _chart(patient_id)
    period = trends.asked_period(query["first"], query["last"], chart, now())
    etag = trends.tag(connection(), principal(), chart, period, now())
    answer = unchanged(etag)
    if answer is None:
        answer = reply(trends.read(connection(), principal(), chart, period, now()), etag=etag)
    connection().commit()
    return answer


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())
