"""The card a patient is shown after a safety answer, beside what was written or refused."""

from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from api.fields import Day, Instant
from clinical.crisis_lines import KINDS
from clinical.safety_card import SafetyCard
from models.db import as_json


class CrisisLineOut(Schema):
    """One way to reach somebody."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String(required=True, allow_none=True)
    number = fields.String(required=True)
    last_verified = Day(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class LookOut(Schema):
    """A stretch of the clinic's review hours."""

    opens = Instant(required=True)
    closes = Instant(required=True)


class SafetyCardOut(Schema):
    """A calm card: its texts in order, whom to call, and when the clinic looks next. It never says
    that somebody watches, and never that there is no risk."""

    language = fields.String(required=True)
    title = fields.String(required=True)
    texts = fields.List(fields.String(), required=True)
    lines = fields.List(fields.Nested(CrisisLineOut), required=True)
    lines_text = fields.String(required=True)
    review = fields.String(required=True)
    notes = fields.List(fields.String(), required=True)
    next_look = fields.Nested(LookOut, required=True, allow_none=True)
    offer = fields.String(required=True, allow_none=True)
    has_safety_plan = fields.Boolean(required=True)


def shown_card(card: SafetyCard | None) -> dict[str, Any] | None:
    """The card as it is sent; a problem that follows in this request carries it, too."""
    if card is None:
        return None
    shown: dict[str, Any] = as_json(card.as_dict())
    g.safety_card = shown
    return shown
