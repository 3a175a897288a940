"""What a clinic sets for its reviews: who looks, when, and what counts; the schemas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.fields import (
    Code,
    Day,
    Limited,
    Text,
    WallTime,
    Whole,
    YesNo,
    country,
    each_once,
    optional,
)
from care.review_settings import WHY_NOT
from clinical import screens, silence
from clinical.crisis_lines import KINDS, number_faults
from clinical.review_times import (
    LEAST_ESCALATION_MINUTES,
    LEAST_WEEKDAYS,
    MOST_ESCALATION_MINUTES,
)

_MOST_STRETCHES, _MOST_LINES = 21, 20
_DAILY = {"induction", "maintenance", "after_flag"}


class ReviewHours(Schema):
    """A stretch of the clinic's wall clock in which answers are looked at."""

    weekdays = Limited(
        Whole(1, 7), 7, each_once, validate.Length(min=1), required=True,
        metadata={"uniqueItems": True, "description": "1 = Monday."},
    )  # fmt: skip
    opens = WallTime(required=True)
    closes = WallTime(required=True)

    @validates_schema
    def open_before_closing(self, body: Any, **_: Any) -> None:
        if body["opens"] >= body["closes"]:
            raise ValidationError("Must be after opens.", "closes")


class SilentDays(Schema):
    """After so many days without an entry somebody is told."""

    induction = Whole(silence.FEWEST_DAYS, silence.MOST_DAYS, required=True)
    maintenance = Whole(silence.FEWEST_DAYS, silence.MOST_DAYS, required=True)
    after_flag = Whole(silence.FEWEST_DAYS, silence.MOST_DAYS, required=True)


class VitalsAlarms(Schema):
    """From where on a session's readings are marked."""

    before_systolic_mmhg = Whole(80, 300, required=True)
    before_diastolic_mmhg = Whole(40, 200, required=True)
    amber_systolic_mmhg = Whole(80, 300, required=True)
    amber_diastolic_mmhg = Whole(40, 200, required=True)
    red_systolic_mmhg = Whole(80, 300, required=True)
    red_diastolic_mmhg = Whole(40, 200, required=True)
    red_heart_rate_bpm = Whole(40, 250, required=True)
    red_spo2_percent = Whole(50, 100, required=True)


def _cadence() -> fields.Field[Any]:
    return Whole(screens.FEWEST_DAYS, screens.MOST_DAYS, allow_none=True)


# A cadence in days for each screen that is known; one left out has its default, null is never due.
Screens: Any = Schema.from_dict({key: _cadence() for key in screens.SCREENS}, name="Screens")
Screens.__doc__ = "Days between two screens; null for never, one left out for the default."


class CrisisLine(Schema):
    """Whom to call in a country. `last_verified` is when an admin confirmed it."""

    country = country(required=True)
    kind = Code(KINDS, required=True)
    name = Text(100, required=True, allow_none=True)
    number = Text(60, required=True)
    last_verified = Day(required=True, allow_none=True)


class Dialled(Text):
    """What can be dialled, or for a `web` line an address; number_faults tells the rest."""

    def __init__(self, longest: int, **kwargs: Any) -> None:
        super().__init__(longest, **kwargs)
        pattern = "^(?:[0-9 +()-]{3,30}|[A-Za-z0-9:./_~-]{4,60})$"
        self.metadata = {**self.metadata, "pattern": pattern, "example": "988"}


class CrisisLineIn(Schema):
    """`confirmed`: somebody called it, and it is right."""

    country = country(required=True)
    kind = Code(KINDS, required=True)
    name = optional(Text(100))
    number = Dialled(60, required=True)
    confirmed = YesNo(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def number_that_can_be_dialled(self, body: Any, **_: Any) -> None:
        if "kind" in body and "number" in body:
            faults = list(number_faults(body["kind"], body["number"]))
            if faults:
                raise ValidationError({"number": faults})


class AskedOut(Schema):
    """Whether the daily item about suicidal thoughts is asked."""

    is_asked = fields.Boolean(required=True)
    reason = Code(WHY_NOT, required=True, allow_none=True)


class ReviewSettings(Schema):
    """What is null is as the defaults are; the item is asked where somebody and hours are named."""

    reviewer_id = fields.UUID(required=True, allow_none=True)
    backup_reviewer_id = fields.UUID(required=True, allow_none=True)
    review_hours = fields.List(fields.Nested(ReviewHours), required=True, allow_none=True)
    escalation_minutes = fields.Integer(required=True, allow_none=True)
    silent_days = fields.Nested(SilentDays, required=True, allow_none=True)
    vitals_alarms = fields.Nested(VitalsAlarms, required=True, allow_none=True)
    screens = fields.Nested(Screens, required=True, allow_none=True)
    crisis_lines = fields.List(fields.Nested(CrisisLine), required=True, allow_none=True)


class ReviewChange(Schema):
    """Null goes back to the default; of the reviewer and the hours, to asking nothing."""

    reviewer_id = fields.UUID(allow_none=True)
    backup_reviewer_id = fields.UUID(allow_none=True)
    review_hours = Limited(
        fields.Nested(ReviewHours), _MOST_STRETCHES, validate.Length(min=1), allow_none=True
    )
    escalation_minutes = Whole(
        LEAST_ESCALATION_MINUTES, MOST_ESCALATION_MINUTES, allow_none=True,
        metadata={"description": "Minutes of the clinic's hours until the next person is told."},
    )  # fmt: skip
    silent_days = fields.Nested(SilentDays, allow_none=True)
    vitals_alarms = fields.Nested(VitalsAlarms, allow_none=True)
    screens = fields.Nested(Screens, allow_none=True)
    crisis_lines = Limited(
        fields.Nested(CrisisLineIn), _MOST_LINES, validate.Length(min=1), allow_none=True
    )

    @validates_schema
    def hours_of_a_week(self, body: Any, **_: Any) -> None:
        hours = body.get("review_hours") or ()
        days = {day for one in hours for day in one["weekdays"]}
        if hours and len(days) < LEAST_WEEKDAYS:
            told = f"Answers must be looked at on at least {LEAST_WEEKDAYS} days of the week."
            raise ValidationError(told, "review_hours")
        for day in days:
            _refuse_overlaps(sorted(_of_day(hours, day)))


def _of_day(hours: Iterable[Mapping[str, Any]], day: int) -> Iterator[tuple[time, time]]:
    return ((one["opens"], one["closes"]) for one in hours if day in one["weekdays"])


def _refuse_overlaps(stretches: Sequence[tuple[time, time]]) -> None:
    for before, after in pairwise(stretches):
        if after[0] < before[1]:
            raise ValidationError("Two of a day overlap: name them as one.", "review_hours")


def as_stored(body: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as the clinic's row holds them; times as text."""
    stored = dict(body)
    if stored.get("review_hours"):
        stored["review_hours"] = [
            {
                "weekdays": sorted(one["weekdays"]),
                "opens": f"{one['opens']:%H:%M}",
                "closes": f"{one['closes']:%H:%M}",
            }
            for one in stored["review_hours"]
        ]
    return stored
