"""/v1/patients/{id}/doses and /v1/me/doses: every dose, and those taken at home."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, missing, validate
from sqlalchemy import and_, select

from api.auth import connection, now, principal
from api.facts import FactQuery, VoidIn
from api.fields import Code, Day, Instant, JudgedBelow, Number, Text, Timezone, judged, optional
from api.preconditions import IDEMPOTENCY_KEY, IF_MATCH, request_digest, sent_base, sent_key
from api.problems import Problem
from api.replies import ETAG_HEADER, after, content_tag, cursor_instant, cursor_of, page, reply
from api.routes import Routes
from api.visits import DoseAmount, confirmed, weight
from care import access, doses, idempotency
from care.doses import DoseEntry
from care.principal import Chart
from care.refusals import BaseMissing, NotYours, Stale
from clinical.doses import DOSE_KEYS, LEAST_MG, MOST_MG, mg_per_kg
from clinical.treatments import PLACES
from models.dose import Dose
from models.treatment_session import TreatmentSession

blp = Routes("doses", "Doses, in sessions and at home.")

_ALL = "/v1/patients/<uuid:patient_id>/doses"
_ONE = f"{_ALL}/<uuid:dose_id>"
_SHOWN = (
    "id",
    "session_id",
    "place",
    *DOSE_KEYS,
    "timezone",
    "source",
    "revision",
    "created_at",
    "created_by",
    "voided_at",
    "voided_by",
    "void_reason",
)


class HomeDoseIn(JudgedBelow, DoseAmount):
    """A dose taken at home. It belongs to no session, and ends no interval between sessions."""

    dose_mg = judged(Number(LEAST_MG, MOST_MG, required=True))
    given_at = Instant(required=True)
    timezone = optional(
        Timezone(metadata={"description": "IANA time zone of the place; null: the patient's."})
    )
    weight_kg = weight()
    lot = optional(Text(40))
    note = optional(Text(4000))
    confirmed = confirmed()


class HomeDoseChange(HomeDoseIn):
    """Only what is sent is changed."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required, field_obj.load_default = False, missing


class DoseOut(HomeDoseIn):
    """A dose as it is stored; one given in a session takes its weight from the session."""

    class Meta:
        exclude = ("confirmed",)

    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True, allow_none=True)
    place = Code(PLACES, required=True)
    date = Day(required=True)
    timezone = fields.String(required=True)
    mg_per_kg = fields.Float(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(("staff", "app", "import")))
    revision = fields.Integer(required=True)
    created_at = Instant(required=True)
    created_by = fields.UUID(required=True, allow_none=True)
    voided_at = Instant(required=True, allow_none=True)
    voided_by = fields.UUID(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Every key is always there; a value nobody gave is null."""
        field_obj.required = True


class DosePage(Schema):
    """A page of doses, newest first."""

    items = fields.List(fields.Nested(DoseOut), required=True)
    next = fields.String(required=True, allow_none=True)


class DoseQuery(FactQuery):
    """Doses of a period, of one place."""

    first = optional(Day(data_key="from"))
    last = optional(Day(data_key="to"))
    place = optional(Code(PLACES))


_SELECT_DOSE = select(Dose, TreatmentSession.weight_kg.label("session_weight_kg")).outerjoin(
    TreatmentSession,
    and_(
        TreatmentSession.clinic_id == Dose.clinic_id,
        TreatmentSession.patient_id == Dose.patient_id,
        TreatmentSession.id == Dose.session_id,
    ),
)


@blp.serve("GET", "/v1/me/doses", "own_sessions.read")
@blp.serve("GET", _ALL, "sessions.read", problems=("not-found",))
@blp.arguments(DoseQuery, location="query")
@blp.response(200, DosePage)
def list_doses(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Every dose of one patient, in sessions and at home, newest first; void ones only with
    `void=true`."""
    chart = _chart(patient_id)
    statement = _SELECT_DOSE.where(*_of(chart), *_asked(query))
    ordered = statement.order_by(Dose.given_at.desc(), Dose.id).limit(query["limit"] + 1)
    rows = connection().execute(ordered).all()
    connection().commit()
    items = [_as_shown(row) for row in rows[: query["limit"]]]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(f"{items[-1]['given_at'].isoformat()}\n{items[-1]['id']}")
    return page(items, following)


def _asked(query: dict[str, Any]) -> list[Any]:
    """The conditions of a list's query, the cursor's included."""
    asked: list[Any] = [] if query["void"] else [Dose.voided_at.is_(None)]
    if query["first"] is not None:
        asked.append(Dose.local_date >= query["first"])
    if query["last"] is not None:
        asked.append(Dose.local_date <= query["last"])
    if query["place"] is not None:
        asked.append(Dose.place == query["place"])
    position = after(query["cursor"])
    if position is not None:
        given_at, last_id = cursor_instant(position)
        same = and_(Dose.given_at == given_at, Dose.id > last_id)
        asked.append((Dose.given_at < given_at) | same)
    return asked


@blp.serve(
    "POST",
    _ALL,
    "sessions.write",
    problems=("not-found", "conflict", "questions", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(HomeDoseIn)
@blp.response(201, DoseOut, headers=ETAG_HEADER)
def record_dose(body: dict[str, Any], patient_id: UUID) -> Response:
    """Record a dose taken at home."""
    chart = _chart(patient_id)
    sent = (sent_key(), request_digest(body))
    dose_id, fresh = idempotency.claim(connection(), principal(), sent, now())
    if fresh:
        doses.record_home(connection(), principal(), _entry(chart, dose_id, body), now())
    return _answer(chart, dose_id, 201)


@blp.serve(
    "PATCH",
    _ONE,
    "sessions.write",
    problems=(
        "not-found",
        "conflict",
        "questions",
        "precondition-failed",
        "precondition-required",
    ),
    parameters=[IF_MATCH],
)
@blp.arguments(HomeDoseChange)
@blp.response(200, DoseOut, headers=ETAG_HEADER)
def change_dose(body: dict[str, Any], patient_id: UUID, dose_id: UUID) -> Response:
    """Correct a home dose; whatever replaces a value must name in If-Match what was seen."""
    chart = _chart(patient_id)
    entry = _entry(chart, dose_id, body)
    try:
        doses.change_home(connection(), principal(), entry, sent_base(), now())
    except (Stale, BaseMissing) as refusal:
        raise _tagged(refusal, chart, dose_id) from None
    return _answer(chart, dose_id)


@blp.serve(
    "POST",
    f"{_ONE}/void",
    "sessions.write",
    problems=("not-found", "conflict", "precondition-failed"),
    parameters=[IF_MATCH],
)
@blp.arguments(VoidIn)
@blp.response(200, DoseOut, headers=ETAG_HEADER)
def void_dose(body: dict[str, Any], patient_id: UUID, dose_id: UUID) -> Response:
    """Take back a home dose entered in error: it counts nowhere from now on.

    If-Match, where sent, must name what is taken back.
    """
    chart = _chart(patient_id)
    told = (body["reason"], sent_base())
    try:
        doses.void_home(connection(), principal(), (chart, dose_id), told, now())
    except Stale as refusal:
        raise _tagged(refusal, chart, dose_id) from None
    return _answer(chart, dose_id)


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())


def _of(chart: Chart) -> tuple[Any, ...]:
    return Dose.clinic_id == chart.clinic_id, Dose.patient_id == chart.patient_id


def _entry(chart: Chart, dose_id: UUID, body: dict[str, Any]) -> DoseEntry:
    given = {name: value for name, value in body.items() if name != "confirmed"}
    return DoseEntry(chart, dose_id, given, frozenset(body.get("confirmed") or ()))


def _answer(chart: Chart, dose_id: UUID, status: int = 200) -> Response:
    body = _shown(chart, dose_id)
    connection().commit()
    return reply(body, status, etag=_tag(body))


def _shown(chart: Chart, dose_id: UUID) -> dict[str, Any]:
    row = connection().execute(_SELECT_DOSE.where(*_of(chart), Dose.id == dose_id)).one_or_none()
    if row is None:
        raise NotYours("No such dose.", "dose.read", ("dose", dose_id))
    return _as_shown(row)


def _as_shown(row: Any) -> dict[str, Any]:
    body = {name: getattr(row, name) for name in _SHOWN}
    kilograms = row.session_weight_kg if row.weight_kg is None else row.weight_kg
    per_kg = mg_per_kg(row.dose_mg, kilograms)
    return body | {"date": row.local_date, "weight_kg": kilograms, "mg_per_kg": per_kg}


def _tagged(refusal: Stale | BaseMissing, chart: Chart, dose_id: UUID) -> Problem:
    """The refusal with the tag of the present state."""
    etag = f'"{_tag(_shown(chart, dose_id))}"'
    return Problem(refusal.slug, refusal.detail).with_headers(ETag=etag)


def _tag(body: dict[str, Any]) -> str:
    return f"r{body['revision']}.{content_tag(body)}"
