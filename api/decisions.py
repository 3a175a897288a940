"""/v1/patients/{id}/decisions: what a clinician decided comes next, and why; never one of ours."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from api.auth import now, principal
from api.chart_rows import Marked, note_field
from api.fact_routes import serve
from api.facts import Noun
from api.fields import Code, Day, Limited, Whole, each_once, optional
from api.routes import Routes
from care.fact_kinds import DECISION
from clinical.days import local_day
from clinical.treatments import DECISION_REASONS

blp = Routes("decisions", "What clinicians decided comes next.")

# A decision reaches two years ahead at most; the table holds it to that as well.
_MOST_DAYS = 730


class DecisionIn(Schema):
    """The next session in so many days, because. Without a number none is planned."""

    course_id = optional(fields.UUID())
    decided_on = optional(Day(metadata={"description": "Null: today, in the clinic's zone."}))
    next_in_days = optional(Whole(1, _MOST_DAYS))
    reasons = Limited(
        Code(DECISION_REASONS),
        len(DECISION_REASONS),
        validate.Length(min=1),
        each_once,
        required=True,
        metadata={"uniqueItems": True},
    )
    note = optional(note_field())


class DecisionOut(Marked, DecisionIn):
    """A decision, with the day that follows from it."""

    decided_on = Day()
    next_on = Day(allow_none=True)


class DecisionPage(Schema):
    """A page of decisions, newest first."""

    items = fields.List(fields.Nested(DecisionOut), required=True)
    next = fields.String(required=True, allow_none=True)


def _next(row: Any) -> Mapping[str, Any]:
    days = row.next_in_days
    return {"next_on": None if days is None else row.decided_on + timedelta(days=days)}


def _dated(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A decision is of today unless it says of when: midnight to midnight at the clinic."""
    if given["decided_on"] is not None:
        return given
    return {**given, "decided_on": local_day(now(), principal().clinic.timezone, 0)}


serve(
    blp,
    Noun(
        DECISION,
        "decision",
        "decisions",
        DecisionIn,
        DecisionOut,
        DecisionPage,
        derived=_next,
        filled=_dated,
    ),
)
