"""A course's plan as it is sent and shown: the schemas of what clinical/plans.py reads."""

from marshmallow import Schema, fields, validate

from api.fields import Limited, Whole, each_once
from clinical.plans import (
    LONGEST_SESSION_MINUTES,
    MOST_DAYS_APART,
    MOST_GAPS,
    MOST_SESSIONS,
    MOST_STEPS,
    SHORTEST_SESSION_MINUTES,
    WEEKDAYS,
)


class PlanStep(Schema):
    """So many sessions, so many days apart; the list of days is gone through again and again."""

    sessions = Whole(1, MOST_SESSIONS, required=True)
    days_apart = Limited(
        Whole(1, MOST_DAYS_APART), MOST_GAPS, validate.Length(min=1), required=True
    )


class Plan(Schema):
    """Steps one after the other, then maintenance; free to be edited."""

    steps = Limited(fields.Nested(PlanStep), MOST_STEPS, validate.Length(min=1), required=True)
    maintenance_days_apart = Whole(1, MOST_DAYS_APART, required=True, allow_none=True)
    session_minutes = Whole(SHORTEST_SESSION_MINUTES, LONGEST_SESSION_MINUTES, required=True)
    open_weekdays = Limited(
        Whole(1, len(WEEKDAYS)),
        len(WEEKDAYS),
        validate.Length(min=1),
        each_once,
        required=True,
        metadata={"uniqueItems": True},
    )
