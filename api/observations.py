"""/v1/patients/{id}/observations: laboratory and other findings, kept as they were reported."""

from marshmallow import Schema, fields

from api.chart_rows import Stored, changes, note_field
from api.fact_routes import serve
from api.facts import Noun
from api.fields import Instant, Number, Text, optional
from api.routes import Routes
from care.fact_kinds import OBSERVATION

blp = Routes("observations", "Laboratory and other findings.")

# Wider than any unit makes a finding.
_LARGEST = 1e12


class ObservationIn(Schema):
    """A finding: a value with its unit, or a text."""

    label = Text(200, required=True)
    code_system = optional(Text(100))
    code = optional(Text(40))
    value = optional(Number(-_LARGEST, _LARGEST))
    unit = optional(Text(40))
    value_text = optional(Text(500))
    observed_at = Instant(required=True)
    note = optional(note_field())


class ObservationOut(Stored, ObservationIn):
    """A finding, as it was reported."""


class ObservationPage(Schema):
    """A page of findings, newest first."""

    items = fields.List(fields.Nested(ObservationOut), required=True)
    next = fields.String(required=True, allow_none=True)


serve(
    blp,
    Noun(
        OBSERVATION,
        "observation",
        "observations",
        ObservationIn,
        ObservationOut,
        ObservationPage,
        changes(ObservationIn, "ObservationChange"),
    ),
)
