"""/v1/patients/{id}/trials: the antidepressants a patient has tried, and what came of them."""

from marshmallow import Schema, fields

from api.chart_rows import Stored, changes, note_field
from api.fact_routes import serve
from api.facts import Noun
from api.fields import Code, Day, Number, Text, Whole, optional
from api.routes import Routes
from care.fact_kinds import TRIAL
from clinical.chart import TRIAL_OUTCOMES

blp = Routes("trials", "Antidepressants tried.")


class TrialIn(Schema):
    """A trial of an antidepressant."""

    drug = Text(100, required=True)
    dose_mg = optional(Number(0.001, 10000))
    weeks = optional(Whole(0, 1040))
    outcome = Code(TRIAL_OUTCOMES, required=True)
    started_on = optional(Day())
    note = optional(note_field())


class TrialOut(Stored, TrialIn):
    """A trial of an antidepressant."""


class TrialPage(Schema):
    """A page of trials, newest first; none of them is counted or judged here."""

    items = fields.List(fields.Nested(TrialOut), required=True)
    next = fields.String(required=True, allow_none=True)


serve(
    blp,
    Noun(TRIAL, "trial", "trials", TrialIn, TrialOut, TrialPage, changes(TrialIn, "TrialChange")),
)
