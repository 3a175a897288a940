"""Scores of rating scales as every summary shows them."""

from marshmallow import Schema, fields

from api.assessment_fields import BaselineScore, ScoreMeant
from api.fields import Code, Day
from clinical.instruments import DIRECTIONS


class ScorePoint(Schema):
    """One score on a line of days; a prorated one stands beside no total, and has no band."""

    assessment_id = fields.UUID(required=True)
    date = Day(required=True)
    total = fields.Float(required=True, allow_none=True)
    prorated_total = fields.Float(required=True, allow_none=True)
    is_prorated = fields.Boolean(required=True)
    band = fields.String(required=True, allow_none=True)
    recall_spans_session = fields.Boolean(required=True, allow_none=True)


class WindowScore(ScorePoint):
    """The same, with how long after the session it was."""

    day_offset = fields.Integer(required=True)


class WindowScales(Schema):
    """One scale beside a window: its last score before the session, and those inside it."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    before = fields.Nested(WindowScore, required=True, allow_none=True)
    inside = fields.List(fields.Nested(WindowScore), required=True)


class ScoreBand(Schema):
    """Totals from `minimum` to `maximum`, and what they are called."""

    minimum = fields.Float(required=True)
    maximum = fields.Float(required=True)
    label = fields.String(required=True)


class LastScore(ScoreMeant):
    """The last complete score of the period, and what it means against the baseline."""

    assessment_id = fields.UUID(required=True)
    date = Day(required=True)
    total = fields.Float(required=True)


class ScaleTrend(Schema):
    """One rating scale over the period, with the lines it is drawn with."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    total_minimum = fields.Float(required=True, allow_none=True)
    total_maximum = fields.Float(required=True, allow_none=True)
    direction = Code(DIRECTIONS, required=True)
    recall_days = fields.Integer(required=True, allow_none=True)
    remission_at_most = fields.Float(required=True, allow_none=True)
    remission_at_least = fields.Float(required=True, allow_none=True)
    response_share = fields.Float(required=True, allow_none=True)
    bands = fields.List(fields.Nested(ScoreBand), required=True)
    baseline = fields.Nested(BaselineScore, required=True, allow_none=True)
    reason = Code(("no_session", "no_baseline"), required=True, allow_none=True)
    points = fields.List(fields.Nested(ScorePoint), required=True)
    last = fields.Nested(LastScore, required=True, allow_none=True)


class OverdueScreen(Schema):
    """A periodic screen that is overdue."""

    key = fields.String(required=True)
    due_on = Day(required=True)
    last_on = Day(required=True, allow_none=True)
