"""A day's answers as they are sent and shown: the schemas of a check-in."""

import datetime
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.fields import (
    ByKey,
    Code,
    Day,
    Instant,
    Limited,
    PageQuery,
    Quarters,
    Text,
    Timezone,
    Whole,
    optional,
)
from api.safety_card import SafetyCardOut
from clinical.checkins import answers_anything
from clinical.measures import CUSTOM_MAXIMUM, CUSTOM_MINIMUM, MEASURES, SUICIDAL_THOUGHTS
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS

EXAMPLE: Mapping[str, Any] = {
    "mood": 6,
    "interest": 5,
    "energy": 4,
    "anxiety": 3,
    "irritability": 2,
    "sleep_hours": 7.25,
    "sleep_quality": 4,
    "suicidal_thoughts": None,
    "side_effects": [{"code": "nausea", "severity": 1}],
    "custom": None,
    "note": "short walk",
    "recorded_at": "2026-11-23T20:14:09Z",
    "timezone": "Europe/Berlin",
}


def _rating(key: str) -> Whole:
    measure = MEASURES[key]
    low, high = int(measure.minimum), int(measure.maximum)
    words = f"{measure.prompt}: {low} = {measure.low_end}, {high} = {measure.high_end}."
    return Whole(low, high, metadata={"description": words})


class SideEffectEntry(Schema):
    """One ticked side effect."""

    code = Code(SIDE_EFFECTS, required=True)
    severity = Whole(min(SEVERITIES), max(SEVERITIES), required=True)


def _tick_each_once(ticked: list[dict[str, Any]]) -> None:
    codes = [effect["code"] for effect in ticked]
    if len(codes) != len(set(codes)):
        raise ValidationError("A side effect is listed twice.")


class Answers(Schema):
    """A day's answers. Each may be null (not given); all null is refused."""

    mood = optional(_rating("mood"))
    interest = optional(_rating("interest"))
    energy = optional(_rating("energy"))
    anxiety = optional(_rating("anxiety"))
    irritability = optional(_rating("irritability"))
    sleep_hours = optional(
        Quarters(metadata={"description": "Hours slept, the night that ended that day."})
    )
    sleep_quality = optional(_rating("sleep_quality"))
    suicidal_thoughts = optional(
        Code(
            SUICIDAL_THOUGHTS,
            metadata={"description": "Taken only where the clinic has named a reviewer."},
        )
    )
    side_effects = optional(
        Limited(
            fields.Nested(SideEffectEntry),
            len(SIDE_EFFECTS),
            _tick_each_once,
            metadata={"description": "null = not asked, [] = none."},
        )
    )
    custom = optional(
        ByKey(
            keys=fields.String(),
            values=Whole(CUSTOM_MINIMUM, CUSTOM_MAXIMUM, allow_none=True),
            metadata={"description": "The clinic's own measures by key."},
        )
    )
    note = optional(Text(4000, shortest=0, metadata={"description": "Not read live."}))


class Entered(Schema):
    """When and where an entry was made."""

    recorded_at = Instant(required=True, metadata={"description": "When it was entered."})
    timezone = Timezone(required=True, metadata={"description": "Where it was entered."})


class CheckinIn(Answers, Entered):
    """A day's answers with the instant and zone of entry."""

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def answer_something(self, _body: Any, original: Any, **_: Any) -> None:
        if isinstance(original, Mapping) and not answers_anything(original):
            raise ValidationError("Every answer is null: give at least one.")


class StoredDay(Answers):
    """A day as it is stored, nothing derived."""

    date = Day(required=True)
    recorded_at = Instant(required=True, allow_none=True)
    timezone = fields.String(required=True, allow_none=True)
    utc_offset_minutes = fields.Integer(required=True, allow_none=True)
    received_at = Instant(required=True)
    entered_late = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Over 48 h after the day's end; null when that cannot be told."},
    )
    entered_by = fields.UUID(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(("app", "staff", "import")))
    clock_suspect = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    deleted = fields.Boolean(required=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Every key is always there; a value nobody gave is null."""
        field_obj.required = True


class Checkin(StoredDay):
    """A stored day. `session_id`, `day_offset` and `pre_dose` are derived at each read."""

    session_id = fields.UUID(required=True, allow_none=True)
    day_offset = fields.Integer(required=True, allow_none=True)
    pre_dose = fields.Boolean(required=True, allow_none=True)


class ChangedDay(StoredDay):
    """A stored day or a tombstone, and the operation that made it so."""

    op_id = fields.String(required=True)


class CheckinWritten(Checkin):
    """A stored day, with the card the patient is to be shown where it answers the safety item."""

    safety_card = fields.Nested(
        SafetyCardOut,
        allow_none=True,
        metadata={"description": "Only beside a safety answer; null where it fired nothing."},
    )

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = field_name != "safety_card"


class CheckinPage(Schema):
    """A page of days, oldest first."""

    items = fields.List(fields.Nested(Checkin), required=True)
    next = fields.String(required=True, allow_none=True)


class RangeQuery(PageQuery):
    """Days from `from` to `to`, both included."""

    # Callables, so that the contract does not promise the calendar's own first and last day.
    first = Day(data_key="from", load_default=lambda: datetime.date.min)
    last = Day(data_key="to", load_default=lambda: datetime.date.max)
