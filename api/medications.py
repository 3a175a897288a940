"""/v1/patients/{id}/medications: what else a patient takes, and what of it bears on a session."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from api.chart_rows import Stored, changes, note_field
from api.fact_routes import serve
from api.facts import Noun
from api.fields import Code, Day, Text, optional
from api.routes import Routes
from care.fact_kinds import MEDICATION
from clinical.chart import BEARING_ON_SESSION, MEDICATION_CLASSES

blp = Routes("medications", "What else a patient takes.")


class MedicationIn(Schema):
    """A medication; its dose is kept as written."""

    drug = Text(100, required=True)
    drug_class = Code(MEDICATION_CLASSES, required=True)
    dose_text = optional(Text(100))
    started_on = optional(Day())
    stopped_on = optional(Day())
    note = optional(note_field())


class MedicationOut(Stored, MedicationIn):
    """A medication; current while `stopped_on` is null."""

    bears_on_session = fields.Boolean()


class MedicationPage(Schema):
    """A page of medications, newest first."""

    items = fields.List(fields.Nested(MedicationOut), required=True)
    next = fields.String(required=True, allow_none=True)


def _bearing(row: Any) -> Mapping[str, Any]:
    return {"bears_on_session": row.drug_class in BEARING_ON_SESSION}


serve(
    blp,
    Noun(
        MEDICATION,
        "medication",
        "medications",
        MedicationIn,
        MedicationOut,
        MedicationPage,
        changes(MedicationIn, "MedicationChange"),
        derived=_bearing,
    ),
)
