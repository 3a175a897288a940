"""/v1/me/windows and /v1/patients/{id}/windows: the time after each session, set side by side."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate

from api.auth import connection, now, principal
from api.fields import Code, Day
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, reply, unchanged
from api.routes import Routes
from api.scale_points import WindowScales
from api.summaries import SEVERITY, Effects, Summary
from api.window_histories import Exposure, GapRisk, Outcomes, TimeToWearOff, Troughs
from api.window_parts import (
    SessionDay,
    WindowDocument,
    WindowDose,
    WindowQuery,
    WindowThresholds,
    chart_of,
)
from care import window_document, windows
from clinical.side_effects import SIDE_EFFECTS
from clinical.summaries import REASONS
from clinical.treatments import ROUTES

blp = Routes("windows", "The time after each session, window by window.")

STATES = ("worn_off", "holding", "no_response", "insufficient")
_SHARE = validate.Range(0, 1)


class DayInterval(fields.List[Any]):
    """Earliest and latest day; the latest is null where it lies beyond the window."""

    def __init__(self) -> None:
        super().__init__(
            fields.Integer(allow_none=True),
            required=True,
            allow_none=True,
            validate=validate.Length(equal=2),
            metadata={"description": "Earliest and latest day; null: beyond the window."},
        )


class SameDay(Schema):
    """Today beside the patient's own earlier windows on the same day."""

    state = Code(("usual", "below_usual", "above_usual", "too_few"), required=True)
    n = fields.Integer(required=True)
    value = fields.Float(required=True, allow_none=True)
    median = fields.Float(required=True, allow_none=True)
    lower_quartile = fields.Float(required=True, allow_none=True)
    upper_quartile = fields.Float(required=True, allow_none=True)
    day_offset = fields.Integer(required=True, allow_none=True)
    reason = Code(REASONS, required=True, allow_none=True)


class Direction(Schema):
    """Whether the smoothed level is worse than two weeks before, as a probability."""

    days_ago = fields.Integer(required=True)
    day_offset = fields.Integer(required=True, allow_none=True)
    p_worse = fields.Float(required=True, allow_none=True, validate=_SHARE)
    reason = Code(REASONS, required=True, allow_none=True)


class CurrentWindow(SessionDay):
    """Where the patient is in the open window."""

    day_offset = fields.Integer(required=True)
    direction = fields.Nested(Direction, required=True)
    same_day = fields.Nested(SameDay, required=True)


class KeptGain(Schema):
    """How much of the gain was left on a day."""

    day = fields.Integer(required=True)
    share = fields.Nested(Summary, required=True)


class WornOffFraction(Schema):
    """When this much of the gain was gone."""

    fraction = fields.Float(required=True)
    state = Code(STATES, required=True)
    day = fields.Integer(required=True, allow_none=True)
    interval = DayInterval()
    p_worn_off = fields.Float(required=True, allow_none=True, validate=_SHARE)


class WearOffRule(Schema):
    """The plain rule's observation: two days running at half the gain."""

    state = Code(STATES, required=True)
    reason = Code(REASONS, required=True, allow_none=True)
    day = fields.Integer(required=True, allow_none=True)
    interval = DayInterval()


class WearOff(Schema):
    """Whether the session's gain wore off, and when, with its doubt."""

    state = Code(STATES, required=True, allow_none=True)
    reason = Code(REASONS, required=True, allow_none=True)
    day = fields.Integer(required=True, allow_none=True)
    interval = DayInterval()
    p_responded = fields.Float(required=True, allow_none=True, validate=_SHARE)
    p_worn_off = fields.Float(required=True, allow_none=True, validate=_SHARE)
    gain = fields.Nested(Summary, required=True)
    censored_by = Code(("next_session", "event"), required=True, allow_none=True)
    censored_on = Day(required=True, allow_none=True)
    watched_to = fields.Integer(required=True, allow_none=True)
    fractions = fields.List(fields.Nested(WornOffFraction), required=True)
    rule = fields.Nested(WearOffRule, required=True, allow_none=True)


class Recovery(Schema):
    """How long one side effect lasted after the session."""

    code = Code(SIDE_EFFECTS, required=True)
    label = fields.String(required=True)
    worst_severity = fields.Integer(required=True, validate=SEVERITY)
    resolved_day = fields.Integer(required=True, allow_none=True)
    interval = DayInterval()
    is_resolved = fields.Boolean(required=True, allow_none=True)
    reason = Code(REASONS, required=True, allow_none=True)


class WindowVitals(Schema):
    """The extremes measured in the session; null where nothing was."""

    highest_systolic_mmhg = fields.Integer(required=True, allow_none=True)
    highest_diastolic_mmhg = fields.Integer(required=True, allow_none=True)
    lowest_spo2_percent = fields.Integer(required=True, allow_none=True)


class Compared(Schema):
    """This window less another one, on the days both have."""

    session_id = fields.UUID(required=True)
    days_compared = fields.Integer(required=True)
    first_day = fields.Integer(required=True, allow_none=True)
    last_day = fields.Integer(required=True, allow_none=True)
    gain_difference = fields.Nested(Summary, required=True)
    good_days_difference = fields.Nested(Summary, required=True)


class Comparisons(Schema):
    """The window before it, and the best other one."""

    previous = fields.Nested(Compared, required=True, allow_none=True)
    best = fields.Nested(Compared, required=True, allow_none=True)


class WindowOut(SessionDay):
    """The days from a session to the day before the next, and what they show."""

    number = fields.Integer(required=True)
    kind = Code(("induction", "maintenance"), required=True)
    first = Day(data_key="from", required=True)
    last = Day(data_key="to", required=True)
    is_open = fields.Boolean(required=True)
    days = fields.Integer(required=True)
    interval_days = fields.Integer(required=True, allow_none=True)
    sessions = fields.List(fields.Nested(SessionDay), required=True)
    route = Code(ROUTES, required=True, allow_none=True)
    doses = fields.List(fields.Nested(WindowDose), required=True)
    coverage = fields.Nested(Summary, required=True)
    level_before = fields.Nested(Summary, required=True)
    onset_day = fields.Nested(Summary, required=True)
    peak_gain = fields.Nested(Summary, required=True)
    peak_day = fields.Integer(required=True, allow_none=True)
    area_per_day = fields.Nested(Summary, required=True)
    good_days = fields.Nested(Summary, required=True)
    gain_kept = fields.List(fields.Nested(KeptGain), required=True)
    wear_off = fields.Nested(WearOff, required=True)
    side_effects = fields.Nested(Effects, required=True)
    recovery = fields.List(fields.Nested(Recovery), required=True)
    vitals = fields.Nested(WindowVitals, required=True)
    scales = fields.List(fields.Nested(WindowScales), required=True)
    compared = fields.Nested(Comparisons, required=True)


class Windows(WindowDocument):
    """The windows between sessions. It describes what was logged, and recommends nothing."""

    thresholds = fields.Nested(WindowThresholds, required=True)
    current = fields.Nested(CurrentWindow, required=True, allow_none=True)
    windows = fields.List(fields.Nested(WindowOut), required=True)
    time_to_wear_off = fields.Nested(TimeToWearOff, required=True)
    troughs = fields.Nested(Troughs, required=True)
    outcomes = fields.Nested(Outcomes, required=True)
    gap_risk = fields.Nested(GapRisk, required=True)
    exposure = fields.List(fields.Nested(Exposure), required=True)


@blp.serve("GET", "/v1/me/windows", "own_trends.read", parameters=[IF_NONE_MATCH])
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/windows",
    "trends.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, Windows, headers=ETAG_HEADER)
def get_windows(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """The windows between sessions, newest first, with what each session did and how it lasted.

    A figure without days enough behind it is null and says why; day 0 never enters one. The patient
    gets the same bytes as the clinician.
    """
    question = windows.question(principal(), chart_of(patient_id), query["measure"], now())
    etag = windows.tag(connection(), "windows", question)
    answer = unchanged(etag)
    if answer is None:
        answer = reply(window_document.read(connection(), question), etag=etag)
    connection().commit()
    return answer
