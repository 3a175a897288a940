"""/v1/patients/{id}/diagnoses: what a clinician has found; nothing here is computed."""

from marshmallow import Schema, fields

from api.chart_rows import Stored, changes, confirmed, note_field
from api.fact_routes import serve
from api.facts import Noun
from api.fields import Code, Day, Matching, Text, optional
from api.routes import Routes
from care.fact_kinds import DIAGNOSIS
from clinical.chart import DIAGNOSES

blp = Routes("diagnoses", "Diagnoses clinicians have made.")


class Diagnosis(Schema):
    """A diagnosis; `other` says in `label` which."""

    code = Code(DIAGNOSES, required=True)
    label = optional(Text(200))
    icd_code = optional(Matching("[A-Z0-9][A-Z0-9.]{0,11}", "F33.2"))
    since_date = optional(Day())
    until_date = optional(Day())
    note = optional(note_field())


class DiagnosisIn(Diagnosis):
    """A new diagnosis. `trd` with fewer than two failed trials recorded is asked about."""

    confirmed = confirmed()


class DiagnosisOut(Stored, Diagnosis):
    """A diagnosis; current while `until_date` is null."""


class DiagnosisPage(Schema):
    """A page of diagnoses, newest first."""

    items = fields.List(fields.Nested(DiagnosisOut), required=True)
    next = fields.String(required=True, allow_none=True)


serve(
    blp,
    Noun(
        DIAGNOSIS,
        "diagnosis",
        "diagnoses",
        DiagnosisIn,
        DiagnosisOut,
        DiagnosisPage,
        changes(DiagnosisIn, "DiagnosisChange"),
    ),
)
