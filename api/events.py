"""/v1/me/events and /v1/patients/{id}/events: what a trend should be read with."""

from marshmallow import Schema, fields

from api.chart_rows import Stored, changes, note_field
from api.fact_routes import ACTIONS, serve
from api.facts import Noun
from api.fields import Code, Day, Text, YesNo, optional
from api.routes import Routes
from care.fact_kinds import EVENT
from clinical.chart import EVENTS

blp = Routes("events", "What else happened.")


class EventIn(Schema):
    """Something outside the treatment: one day, from day to day, or still going on."""

    kind = Code(EVENTS, required=True)
    label = Text(200, required=True)
    started_on = Day(required=True)
    ended_on = optional(Day())
    is_ongoing = YesNo(load_default=False)
    note = optional(note_field())


class EventOut(Stored, EventIn):
    """Something outside the treatment."""


class EventPage(Schema):
    """A page of events, newest first."""

    items = fields.List(fields.Nested(EventOut), required=True)
    next = fields.String(required=True, allow_none=True)


serve(
    blp,
    Noun(
        EVENT,
        "event",
        "events",
        EventIn,
        EventOut,
        EventPage,
        changes(EventIn, "EventChange"),
        own=frozenset(ACTIONS),
    ),
)
