"""/v1/measures: what a check-in asks today, with every word a form needs."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from api.auth import now, principal
from api.fields import Day
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, resource
from api.routes import Routes
from clinical.days import (
    DEFAULT_DAY_BOUNDARY_MINUTES,
    DayRules,
    allowed_dates,
    local_day,
)
from clinical.measures import (
    CUSTOM_MAXIMUM,
    CUSTOM_MINIMUM,
    MEASURES,
    SUICIDAL_THOUGHTS,
    SUICIDAL_THOUGHTS_LABELS,
    SUICIDAL_THOUGHTS_PROMPT,
)
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS

blp = Routes("measures", "What a check-in asks.")

_DIRECTIONS = ("higher_is_better", "higher_is_worse", "neither")


class MeasureOut(Schema):
    """A daily rating: its range, which way is better, and both ends in words."""

    key = fields.String(required=True)
    prompt = fields.String(required=True)
    minimum = fields.Float(required=True)
    maximum = fields.Float(required=True)
    step = fields.Float(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(_DIRECTIONS))
    low_end = fields.String(required=True)
    high_end = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    source = fields.String(required=True)


class SideEffectOut(Schema):
    """A side effect that can be ticked; `watch` ones are shown to a clinician at any severity."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    window = fields.String(required=True, validate=validate.OneOf(("acute", "between", "both")))
    meddra_term = fields.String(required=True, allow_none=True)
    snomed_code = fields.String(required=True, allow_none=True)
    snomed_confirmed = fields.Boolean(required=True)
    watch = fields.Boolean(required=True)


class SeverityOut(Schema):
    """One step of severity, in words."""

    value = fields.Integer(required=True)
    label = fields.String(required=True)


class SafetyAnswerOut(Schema):
    """One answer of the item, in words."""

    value = fields.String(required=True, validate=validate.OneOf(SUICIDAL_THOUGHTS))
    label = fields.String(required=True)


class SafetyItemOut(Schema):
    """The suicidal-thoughts item: shown only where somebody is named to read it."""

    shown = fields.Boolean(required=True)
    prompt = fields.String(required=True)
    answers = fields.List(fields.String(), required=True)
    choices = fields.List(fields.Nested(SafetyAnswerOut), required=True)


class MeasuresOut(Schema):
    """Everything needed to draw today's form."""

    date = Day(required=True, metadata={"description": "The local day it is now."})
    earliest_date = Day(
        required=True, metadata={"description": "The first local day that can still be logged."}
    )
    form = fields.String(required=True, validate=validate.OneOf(("usual",)))
    measures = fields.List(fields.Nested(MeasureOut), required=True)
    custom = fields.List(fields.Nested(MeasureOut), required=True)
    side_effects = fields.List(fields.Nested(SideEffectOut), required=True)
    severities = fields.List(fields.Nested(SeverityOut), required=True)
    suicidal_thoughts = fields.Nested(SafetyItemOut, required=True)


@blp.serve("GET", "/v1/measures", "measures.read", parameters=[IF_NONE_MATCH])
@blp.response(200, MeasuresOut, headers=ETAG_HEADER)
def get_measures() -> Response:
    """What to ask today."""
    who = principal()
    zone = who.clinic.timezone
    days = DayRules(DEFAULT_DAY_BOUNDARY_MINUTES, who.clinic.backfill_days)
    if who.patient is not None:
        zone, days = who.patient.timezone, who.patient.days
    custom = [
        {
            "key": measure.key,
            "prompt": measure.prompt,
            "minimum": CUSTOM_MINIMUM,
            "maximum": CUSTOM_MAXIMUM,
            "step": 1,
            "direction": measure.direction,
            "low_end": measure.low_end,
            "high_end": measure.high_end,
            "unit": None,
            "source": "set by the clinic",
        }
        for measure in who.clinic.measures.values()
        if not measure.retired
    ]
    return resource(
        {
            "date": local_day(now(), zone, days.day_boundary_minutes),
            "earliest_date": allowed_dates(now(), zone, days, now())[0],
            "form": "usual",
            "measures": [measure.as_dict() for measure in MEASURES.values()],
            "custom": custom,
            "side_effects": [effect.as_dict() for effect in SIDE_EFFECTS.values()],
            "severities": [{"value": key, "label": word} for key, word in SEVERITIES.items()],
            "suicidal_thoughts": _safety_item(who.clinic.asks_safety),
        }
    )


def _safety_item(is_shown: bool) -> dict[str, Any]:
    choices = [
        {"value": value, "label": label} for value, label in SUICIDAL_THOUGHTS_LABELS.items()
    ]
    return {
        "shown": is_shown,
        "prompt": SUICIDAL_THOUGHTS_PROMPT,
        "answers": list(SUICIDAL_THOUGHTS),
        "choices": choices,
    }
