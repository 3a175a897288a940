"""/v1/me/safety and safety plans: help that needs no answer, and what a patient wrote for then."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from api.auth import connection, now, principal
from api.fields import Limited, Text, optional
from api.preconditions import IF_MATCH, IF_NONE_MATCH, sent_base
from api.problems import Problem
from api.replies import ETAG_HEADER, reply, resource
from api.routes import Routes
from api.safety_card import SafetyCardOut
from care import access, reviews, safety_plans
from care.principal import Chart
from care.refusals import BaseMissing, NotFound, Stale
from clinical.safety_plan import KEYS, MOST_CONTACTS, MOST_LINES

blp = Routes("safety", "Help that is always there, and safety plans.")


def _lines() -> Any:
    return Limited(Text(500), MOST_LINES, load_default=list)


def _contacts() -> Any:
    return Limited(fields.Nested(PlanContact), MOST_CONTACTS, load_default=list)


class PlanContact(Schema):
    """Somebody who can be asked."""

    name = Text(100, required=True)
    phone = optional(Text(40))


class SafetyPlanIn(Schema):
    """The patient's own words; what is left out is empty. It replaces the whole plan."""

    warning_signs = _lines()
    own_coping = _lines()
    places = _lines()
    people = _contacts()
    professionals = _contacts()
    safer_surroundings = _lines()
    reasons = _lines()


class SafetyPlanOut(SafetyPlanIn):
    """The plan as it is; `revision` counts its versions."""

    revision = fields.Integer(required=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


@blp.serve("GET", "/v1/me/safety", "own_safety.read", parameters=[IF_NONE_MATCH])
@blp.response(200, SafetyCardOut, headers=ETAG_HEADER)
def get_safety() -> Response:
    """Whom to call and when the clinic looks; there too where nothing is asked."""
    card = reviews.card_always_there(connection(), _own(), now())
    connection().commit()
    return resource(card.as_dict())


@blp.serve(
    "GET",
    "/v1/me/safety-plan",
    "own_safety.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/safety-plan",
    "chart.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, SafetyPlanOut, headers=ETAG_HEADER)
def get_safety_plan(patient_id: UUID | None = None) -> Response:
    """The safety plan; 404 while none was written."""
    if patient_id is None:
        return _answer(_own(), 200)
    return _answer(access.chart(connection(), principal(), patient_id, now()), 200)


@blp.serve(
    "PUT",
    "/v1/me/safety-plan",
    "own_safety.write",
    problems=("precondition-failed", "precondition-required"),
    parameters=[IF_MATCH],
)
@blp.arguments(SafetyPlanIn)
@blp.response(200, SafetyPlanOut, headers=ETAG_HEADER)
@blp.alt_response(201, schema=SafetyPlanOut, headers=ETAG_HEADER, description="The first.")
def put_safety_plan(body: dict[str, Any]) -> Response:
    """Write your safety plan. The care team can read it; nobody else writes it."""
    chart = _own()
    try:
        plan = (chart, body, sent_base())
        is_first = safety_plans.write(connection(), principal(), plan, now())
    except (Stale, BaseMissing) as refusal:
        etag = f'"r{refusal.revision}"'
        raise Problem(refusal.slug, refusal.detail).with_headers(ETag=etag) from None
    return _answer(chart, 201 if is_first else 200)


def _own() -> Chart:
    return access.own_chart(principal())


def _answer(chart: Chart, status: int) -> Response:
    plan = safety_plans.find(connection(), chart)
    connection().commit()
    if plan is None:
        raise NotFound("No safety plan was written.")
    body = {**{key: plan.body[key] for key in KEYS}, "revision": plan.revision}
    return reply(body, status, etag=f"r{plan.revision}")
