"""One number of a summary and the side effects of some days, as every summary shows them."""

from marshmallow import Schema, fields, validate

from api.fields import Code, Day
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS
from clinical.summaries import REASONS

SEVERITY = validate.Range(min(SEVERITIES), max(SEVERITIES))


class Summary(Schema):
    """One number: null exactly when a reason is given; rounded to 4 significant digits."""

    value = fields.Float(required=True, allow_none=True)
    n_observed = fields.Integer(required=True, validate=validate.Range(min=0))
    n_expected = fields.Integer(required=True, validate=validate.Range(min=0))
    longest_gap_days = fields.Integer(required=True, validate=validate.Range(min=0))
    interval = fields.List(
        fields.Float(), required=True, allow_none=True, validate=validate.Length(equal=2)
    )
    reason = Code(REASONS, required=True, allow_none=True)


class EffectTrend(Schema):
    """One side effect on the days it was asked about."""

    code = Code(SIDE_EFFECTS, required=True)
    label = fields.String(required=True)
    days = fields.Integer(required=True)
    share = fields.Nested(Summary, required=True)
    worst_severity = fields.Integer(required=True, validate=SEVERITY)
    mean_severity = fields.Nested(Summary, required=True)
    burden = fields.Nested(Summary, required=True)


class Effects(Schema):
    """The side effects reported in a period, in the order of `GET /v1/measures`."""

    first = Day(data_key="from", required=True, allow_none=True)
    last = Day(data_key="to", required=True, allow_none=True)
    days_asked = fields.Integer(required=True)
    days_expected = fields.Integer(required=True)
    codes = fields.List(fields.Nested(EffectTrend), required=True)
