"""What all documents about windows have in common: the measure, the reference level, a session."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from api.auth import connection, now, principal
from api.fields import Code, Day
from api.summaries import Summary
from care import access
from care.principal import Chart
from clinical.measures import COMPOSITE
from clinical.treatments import DRUGS, ROUTES
from clinical.window_methods import THRESHOLDS


class WindowQuery(Schema):
    """Which measure the windows are read by."""

    measure = fields.String(
        load_default=COMPOSITE.key,
        metadata={
            "description": "A measure's key, of `GET /v1/measures`, with a better and a worse end; "
            f"by default `{COMPOSITE.key}`, the mean of mood, interest and energy.",
            "example": "mood",
        },
    )


class WindowMeasure(Schema):
    """The measure shown, in its own range."""

    key = fields.String(required=True)
    prompt = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    minimum = fields.Float(required=True)
    maximum = fields.Float(required=True)
    direction = Code(("higher_is_better", "higher_is_worse"), required=True)
    low_end = fields.String(required=True)
    high_end = fields.String(required=True)


class ReferenceLevel(Schema):
    """The level gains are counted from, and where it is from."""

    source = Code(("course", "imported", "pre_session"), required=True, allow_none=True)
    first = Day(data_key="from", required=True, allow_none=True)
    last = Day(data_key="to", required=True, allow_none=True)
    level = fields.Nested(Summary, required=True)
    reason = Code(("no_session", "too_few_baseline_days"), required=True, allow_none=True)


class WindowDose(Schema):
    """A dose given on the window's day 0."""

    drug = Code(DRUGS, required=True)
    route = Code(ROUTES, required=True)
    dose_mg = fields.Float(required=True)
    mg_per_kg = fields.Float(required=True, allow_none=True)


class SessionDay(Schema):
    """A session, and its day."""

    session_id = fields.UUID(required=True)
    date = Day(required=True)


class _Thresholds(Schema):
    """Numbers by name, whole where they are."""


def thresholds(name: str, told: Any) -> type[Schema]:
    """The schema of these thresholds: each is always there."""
    made: dict[str, fields.Field[Any]] = {
        key: (fields.Integer if isinstance(value, int) else fields.Float)(required=True)
        for key, value in told.items()
    }
    schema = _Thresholds.from_dict(made, name=name)
    schema.__doc__ = "Every minimum and bound the figures were made with."
    return schema


WindowThresholds = thresholds("WindowThresholds", THRESHOLDS)


class WindowDocument(Schema):
    """What every document about windows states of itself."""

    method_version = fields.String(required=True)
    first = Day(data_key="from", required=True)
    last = Day(data_key="to", required=True)
    timezone = fields.String(required=True)
    input_hash = fields.String(required=True)
    today = Day(required=True)
    measure = fields.Nested(WindowMeasure, required=True)
    reference = fields.Nested(ReferenceLevel, required=True)


def chart_of(patient_id: UUID | None) -> Chart:
    """The chart asked for: the patient's own, or that of the patient in the path."""
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())
