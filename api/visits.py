"""A treatment session as it is sent and shown: the schemas of a visit."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, missing, validate

from api.facts import FactQuery
from api.fields import (
    Code,
    Day,
    Instant,
    JudgedBelow,
    Limited,
    Number,
    Text,
    Timezone,
    Whole,
    YesNo,
    judged,
    optional,
)
from api.session_marks import SessionMarks
from care.visits import Stored
from clinical.doses import DOSE_KEYS, LEAST_MG, LONGEST_DOSE_MINUTES, MOST_MG, mg_per_kg
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS
from clinical.treatments import (
    DRUGS,
    FORMULATIONS,
    PREGNANCY_STATUSES,
    ROUTES,
    STATUS_REASONS,
    STATUSES,
)
from clinical.visits import COLUMNS, LEAST_MINUTES, MOST_MINUTES
from clinical.vitals import (
    BOUNDS,
    EARLIEST_MINUTE,
    LATEST_MINUTE,
    LEAST_WEIGHT_KG,
    MOST_WEIGHT_KG,
    READINGS,
)

# More would be no record of one visit.
_MOST_DOSES, _MOST_READINGS, _MOST_EFFECTS = 50, 400, 60


def weight(**kwargs: Any) -> fields.Field[Any]:
    return judged(optional(Number(LEAST_WEIGHT_KG, MOST_WEIGHT_KG, **kwargs)))


def confirmed() -> fields.Field[Any]:
    """Pointers of unlikely values the sender stands by."""
    return optional(Limited(Text(200), 100))


class DoseAmount(Schema):
    """How much of what, by which route."""

    drug = Code(DRUGS, required=True)
    formulation = optional(Code(FORMULATIONS))
    route = Code(ROUTES, required=True)
    dose_mg = Number(LEAST_MG, MOST_MG, required=True)
    duration_minutes = optional(Whole(0, LONGEST_DOSE_MINUTES))


class SessionDose(DoseAmount):
    """One administration in a session."""

    dose_mg = judged(Number(LEAST_MG, MOST_MG, required=True))
    given_at = optional(Instant(metadata={"description": "Null: at the start of the session."}))
    lot = optional(Text(40))
    note = optional(Text(4000))


class Reading(Schema):
    """What was measured in one minute of a session."""

    minute = Whole(EARLIEST_MINUTE, LATEST_MINUTE, required=True)
    systolic_mmhg = judged(optional(Whole(*BOUNDS["systolic_mmhg"])))
    diastolic_mmhg = judged(optional(Whole(*BOUNDS["diastolic_mmhg"])))
    heart_rate_bpm = judged(optional(Whole(*BOUNDS["heart_rate_bpm"])))
    spo2_percent = judged(optional(Whole(*BOUNDS["spo2_percent"])))
    cadss = judged(optional(Whole(*BOUNDS["cadss"])))
    cadss_6 = judged(optional(Whole(*BOUNDS["cadss_6"])))
    moaas = judged(optional(Whole(*BOUNDS["moaas"])))


class AdverseEffect(Schema):
    """One unwanted effect during a session."""

    code = Code(SIDE_EFFECTS, required=True)
    severity = Whole(min(SEVERITIES), max(SEVERITIES), required=True)
    onset_minute = optional(Whole(EARLIEST_MINUTE, LATEST_MINUTE))
    offset_minute = optional(Whole(EARLIEST_MINUTE, LATEST_MINUTE))
    note = optional(Text(500))


class RescueMedication(Schema):
    """One medicine given against an unwanted effect."""

    drug = Text(120, required=True)
    dose_mg = optional(Number(0, 100_000))
    given_at = optional(Instant())
    note = optional(Text(500))


class SessionIn(JudgedBelow):
    """A session: booked, or one that has happened, with its doses and readings."""

    status = Code(STATUSES, required=True)
    status_reason = optional(Code(STATUS_REASONS))
    status_note = optional(Text(500))
    course_id = optional(fields.UUID())
    scheduled_at = optional(Instant())
    scheduled_minutes = optional(Whole(LEAST_MINUTES, MOST_MINUTES))
    timezone = optional(
        Timezone(metadata={"description": "IANA time zone of the place; null: the clinic's."})
    )
    started_at = optional(Instant())
    stopped_at = optional(Instant())
    planned = optional(fields.Nested(DoseAmount))
    weight_kg = weight()
    last_food_at = optional(Instant())
    last_drink_at = optional(Instant())
    driver_confirmed = optional(YesNo())
    pregnancy_status = optional(Code(PREGNANCY_STATUSES))
    adverse_effects = optional(
        Limited(
            fields.Nested(AdverseEffect),
            _MOST_EFFECTS,
            metadata={"description": "null = not asked, [] = none."},
        )
    )
    rescue_medications = optional(Limited(fields.Nested(RescueMedication), _MOST_EFFECTS))
    ready_to_leave_at = optional(Instant())
    given_by = optional(fields.UUID())
    note = optional(Text(4000))
    doses = optional(
        Limited(
            fields.Nested(SessionDose),
            _MOST_DOSES,
            metadata={"description": "All of the session's doses: the list is replaced whole."},
        )
    )
    vitals = optional(
        Limited(
            fields.Nested(Reading),
            _MOST_READINGS,
            metadata={
                "description": "Each replaces that minute's reading, one in which all is null "
                "removes it; the other minutes stay."
            },
        )
    )
    confirmed = confirmed()


class SessionChange(SessionIn):
    """Only what is sent is changed."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required, field_obj.load_default = False, missing


class ShownDose(SessionDose):
    """One administration, with what it is per kg of body weight."""

    id = fields.UUID(required=True)
    mg_per_kg = fields.Float(required=True, allow_none=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Every key is always there; a value nobody gave is null."""
        field_obj.required = True


class PlannedDose(DoseAmount):
    """What was planned, to be read beside what was given."""

    mg_per_kg = fields.Float(required=True, allow_none=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class ShownReading(Reading):
    """One minute's reading, and who took it."""

    taken_by = fields.UUID(required=True, allow_none=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class Addendum(Schema):
    """What was added to a signed session."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    written_at = Instant(required=True)
    written_by = fields.UUID(required=True, allow_none=True)


class Session(SessionIn):
    """A session as it is stored. A signed one is never changed; a void one counts nowhere."""

    class Meta:
        exclude = ("confirmed",)

    id = fields.UUID(required=True)
    date = Day(required=True)
    timezone = fields.String(required=True)
    planned = fields.Nested(PlannedDose, required=True, allow_none=True)
    doses = fields.List(fields.Nested(ShownDose), required=True)
    vitals = fields.List(fields.Nested(ShownReading), required=True)
    addenda = fields.List(fields.Nested(Addendum), required=True)
    revision = fields.Integer(required=True)
    source = fields.String(required=True, validate=validate.OneOf(("staff", "import")))
    created_at = Instant(required=True)
    created_by = fields.UUID(required=True, allow_none=True)
    signed_at = Instant(required=True, allow_none=True)
    signed_by = fields.UUID(required=True, allow_none=True)
    voided_at = Instant(required=True, allow_none=True)
    voided_by = fields.UUID(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)
    marks = fields.Nested(SessionMarks, required=True, allow_none=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Every key is always there; a value nobody gave is null."""
        field_obj.required = True


class SessionPage(Schema):
    """A page of sessions, newest first."""

    items = fields.List(fields.Nested(Session), required=True)
    next = fields.String(required=True, allow_none=True)


class SessionQuery(FactQuery):
    """Sessions of a period, of one status."""

    first = optional(Day(data_key="from"))
    last = optional(Day(data_key="to"))
    status = optional(Code(STATUSES))


class AddendumIn(Schema):
    """What is to be added."""

    text = Text(4000, required=True)


def shown(stored: Stored, marks: Mapping[str, Any] | None) -> dict[str, Any]:
    """A stored session as the API shows it; patients are shown no marks."""
    visit, kilograms = stored.visit, stored.visit["weight_kg"]
    body = {name: visit[name] for name in COLUMNS}
    body |= {"id": stored.id, "date": visit["local_date"], **stored.stamps}
    body["planned"] = _with_weight(visit["planned"], kilograms)
    body["doses"] = [
        _with_weight({key: getattr(row, key) for key in ("id", *DOSE_KEYS)}, kilograms)
        for row in stored.doses
    ]
    body["vitals"] = [
        {name: getattr(row, name) for name in ("minute", *READINGS, "taken_by")}
        for row in stored.readings
    ]
    body["addenda"] = [
        {name: getattr(row, name) for name in Addendum().fields} for row in stored.addenda
    ]
    return body | {"marks": marks}


def _with_weight(dose: Mapping[str, Any] | None, weight_kg: float | None) -> Any:
    if dose is None:
        return None
    return {**dose, "mg_per_kg": mg_per_kg(dose["dose_mg"], weight_kg)}
