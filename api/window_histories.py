"""What a patient's windows say together: time to wearing off, troughs, outcomes, the next gap."""

from marshmallow import Schema, fields, validate

from api.fields import Code, Day
from api.summaries import Summary
from api.window_parts import SessionDay
from clinical.summaries import REASONS
from clinical.treatments import DRUGS, ROUTES

GAP_RISKS = (
    "no_next_session",
    "too_few_windows",
    "worn_off_before_in_most",
    "worn_off_before_in_some",
    "held_in_all",
)


class SurvivalStep(Schema):
    """A day on which a window wore off, and the share still holding after it."""

    day = fields.Integer(required=True)
    at_risk = fields.Integer(required=True)
    events = fields.Integer(required=True)
    survival = fields.Float(required=True)
    interval = fields.List(
        fields.Float(), required=True, allow_none=True, validate=validate.Length(equal=2)
    )


class WornOffWindow(Schema):
    """A window's day of wearing off, or how long it was watched without."""

    session_id = fields.UUID(required=True)
    day = fields.Integer(required=True)
    is_censored = fields.Boolean(required=True)


class TimeToWearOff(Schema):
    """How long a session's gain lasted over the patient's own windows."""

    method = Code(("kaplan_meier", "list"), required=True)
    reason = Code(REASONS, required=True, allow_none=True)
    n_windows = fields.Integer(required=True)
    n_events = fields.Integer(required=True)
    median = fields.Nested(Summary, required=True)
    steps = fields.List(fields.Nested(SurvivalStep), required=True)
    windows = fields.List(fields.Nested(WornOffWindow), required=True)
    caution = fields.String(required=True)


class Trough(SessionDay):
    """The level of the days before a session."""

    level = fields.Nested(Summary, required=True)


class Troughs(Schema):
    """The levels before sessions that follow each other closely, and where they tend."""

    levels = fields.List(fields.Nested(Trough), required=True)
    slope_per_week = fields.Nested(Summary, required=True)


class RouteOutcome(Schema):
    """The windows after sessions by one route."""

    value = Code(ROUTES, required=True)
    n = fields.Integer(required=True)
    wear_off_days = fields.List(fields.Integer(), required=True)
    median_gain = fields.Nested(Summary, required=True)


class IntervalOutcome(Schema):
    """The windows that the next session followed after so many days."""

    value = fields.Integer(required=True)
    n = fields.Integer(required=True)
    wear_off_days = fields.List(fields.Integer(), required=True)
    median_gain = fields.Nested(Summary, required=True)


class DoseOutcome(Schema):
    """The windows after sessions with one drug by one route in one dose by weight."""

    drug = Code(DRUGS, required=True)
    route = Code(ROUTES, required=True)
    value = fields.Float(required=True)
    n = fields.Integer(required=True)
    wear_off_days = fields.List(fields.Integer(), required=True)
    median_gain = fields.Nested(Summary, required=True)


class Outcomes(Schema):
    """What came after which route, dose and interval; it is listed, nothing is concluded."""

    route = fields.List(fields.Nested(RouteOutcome), required=True)
    dose_mg_per_kg = fields.List(fields.Nested(DoseOutcome), required=True)
    interval_days = fields.List(fields.Nested(IntervalOutcome), required=True)
    reason = Code(REASONS, required=True, allow_none=True)


class GapRisk(Schema):
    """The booked session beside the patient's own history, as data."""

    code = Code(GAP_RISKS, required=True)
    words = fields.String(required=True)
    next_session = fields.Nested(SessionDay, required=True, allow_none=True)
    interval_days = fields.Integer(required=True, allow_none=True)
    n_windows = fields.Integer(required=True)
    n_worn_off_before = fields.Integer(required=True)
    n_held = fields.Integer(required=True)
    usual_interval_days = fields.Float(required=True, allow_none=True)


class Exposure(Schema):
    """All that was given of one drug by one route, at home too; drugs are never added up."""

    drug = Code(DRUGS, required=True)
    route = Code(ROUTES, required=True)
    sessions = fields.Integer(required=True)
    doses = fields.Integer(required=True)
    total_mg = fields.Float(required=True)
    first = Day(required=True)
    last = Day(required=True)
