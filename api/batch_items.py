"""The items of a batch: what may be sent, what is answered of each, and how each is read."""

import datetime
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.answers import Answers, ChangedDay
from api.auth import now
from api.bodies import Unreadable, cleaned
from api.entries import entry_of, load_here
from api.fields import Day, Instant, Limited, Matching, Text, Timezone, Whole, YesNo, optional
from api.safety_card import SafetyCardOut
from care.principal import Chart
from care.protocol import Entry, Operation
from care.refusals import Fault, Invalid
from clinical.checkins import ANSWER_KEYS, answers_anything

MOST_ITEMS = 400
_LARGEST_REVISION = 999_999_999  # as in an If-Match
_LARGEST_SKEW_MS = 2**31 - 1
STATUSES = ("applied", "duplicate", "conflict", "gone", "rejected", "mismatch", "retry")


class BatchItem(Answers):
    """One operation on one day: its answers, or that it is deleted."""

    op_id = Matching(r"[!-~]{1,128}", "018f-2026-11-23", required=True)
    date = Day(required=True)
    base_revision = Whole(0, _LARGEST_REVISION, required=True)
    delete = YesNo()
    confirmed_lower = YesNo()
    recorded_at = optional(Instant())
    timezone = optional(Timezone())

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def say_one_thing(self, _body: Any, original: Any, **_: Any) -> None:
        if not isinstance(original, Mapping):
            return
        faults: dict[str, list[str]] = {}
        if original.get("delete") is True:
            given = [key for key in ANSWER_KEYS if original.get(key) is not None]
            faults = {key: ["A delete has no answers."] for key in given}
        else:
            missing = [key for key in ("recorded_at", "timezone") if original.get(key) is None]
            faults = {key: ["Missing data for required field."] for key in missing}
            if not answers_anything(original):
                faults["_schema"] = ["Every answer is null: give at least one."]
        if faults:
            raise ValidationError(faults)


class Envelope(Schema):
    """What a batch says of itself; its items are read one by one."""

    device_id = Text(64, required=True)
    epoch = optional(Text(64))
    sent_at = Instant(required=True)
    items = Limited(fields.Raw(allow_none=True), MOST_ITEMS, required=True)


class BatchIn(Envelope):
    """What one device kept, oldest first."""

    items = Limited(fields.Nested(BatchItem), MOST_ITEMS, required=True)


class OriginOut(Schema):
    """The operation that gave an answer its present value."""

    op_id = fields.String(required=True)
    recorded_at = Instant(required=True, allow_none=True)
    clock_suspect = fields.Boolean(required=True)


class CurrentDay(ChangedDay):
    """The stored day that an operation met, and for each answer what gave it its value."""

    touched = fields.Dict(keys=fields.String(), values=fields.Nested(OriginOut), required=True)


class BatchResult(Schema):
    """What became of one item."""

    op_id = fields.String(required=True, allow_none=True)
    date = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    revision = fields.Integer(required=True, allow_none=True)
    etag = fields.String(required=True, allow_none=True)
    current = fields.Nested(CurrentDay, required=True, allow_none=True)
    problem = fields.Dict(required=True, allow_none=True)


class BatchOut(Schema):
    """One result for each item, in their order."""

    results = fields.List(fields.Nested(BatchResult), required=True)
    safety_card = fields.Nested(SafetyCardOut, required=True, allow_none=True)


_ITEM = BatchItem()


def read_item(raw: Any, chart: Chart, envelope: Mapping[str, Any]) -> Operation:
    """One item as an operation; Invalid names every fault, the clinic's own rules' included."""
    if not isinstance(raw, Mapping):
        raise Invalid([Fault("", "Must be an object.")])
    try:
        clean = cleaned(raw)
    except Unreadable as fault:
        raise Invalid([Fault("", str(fault))]) from None
    body = load_here(_ITEM, clean, day_of_item(clean), chart)
    is_deletion = body.get("delete", False)
    return Operation(
        chart,
        Entry(body["date"], None) if is_deletion else entry_of(body["date"], body),
        body["base_revision"],
        body["op_id"],
        lowering="confirmed" if body.get("confirmed_lower", False) else "unconfirmed",
        device_id=envelope["device_id"],
        skew_ms=_skew_ms(envelope["sent_at"]),
    )


def day_of_item(raw: Any) -> datetime.date | None:
    """The day an item is about, if that can be read."""
    try:
        return datetime.date.fromisoformat(raw["date"])
    except (TypeError, ValueError, KeyError):
        return None


def _skew_ms(sent_at: datetime.datetime) -> int:
    """How far the device's clock is ahead, as far as the column reaches."""
    skew = round((sent_at - now()).total_seconds() * 1000)
    return max(-_LARGEST_SKEW_MS, min(_LARGEST_SKEW_MS, skew))
