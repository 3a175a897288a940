"""/v1/patients/{id}/contraindications: what speaks against treatment; it blocks nothing."""

from marshmallow import Schema, fields

from api.chart_rows import Stored, changes, note_field
from api.fact_routes import serve
from api.facts import Noun
from api.fields import Code, Day, YesNo, optional
from api.routes import Routes
from care.fact_kinds import CONTRAINDICATION
from clinical.chart import CONTRAINDICATIONS

blp = Routes("contraindications", "What speaks against treatment.")


class ContraindicationIn(Schema):
    """What was asked, and the answer; `other` says in `note` what."""

    code = Code(CONTRAINDICATIONS, required=True)
    present = YesNo(required=True, allow_none=True)
    assessed_on = Day(required=True)
    note = optional(note_field())


class ContraindicationOut(Stored, ContraindicationIn):
    """What was asked, and the answer."""


class ContraindicationPage(Schema):
    """A page of contraindications, newest first."""

    items = fields.List(fields.Nested(ContraindicationOut), required=True)
    next = fields.String(required=True, allow_none=True)


serve(
    blp,
    Noun(
        CONTRAINDICATION,
        "contraindication",
        "contraindications",
        ContraindicationIn,
        ContraindicationOut,
        ContraindicationPage,
        changes(ContraindicationIn, "ContraindicationChange"),
    ),
)
