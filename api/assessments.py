"""/v1/me/assessments and /v1/patients/{id}/assessments: completed rating scales, newest first."""

import datetime
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import and_, select

from api.auth import connection, now, principal
from api.fields import Code, Day, Instant, PageQuery
from api.replies import after, bad_cursor, cursor_id, cursor_of, page
from api.routes import Routes
from care import access
from care.principal import Chart
from clinical.instruments import DIRECTIONS, INSTRUMENTS
from models.assessment import Assessment

blp = Routes("assessments", "Completed rating scales.")


class AssessmentOut(Schema):
    """One completed scale, with the ends of its total so that it can be drawn."""

    id = fields.UUID(required=True)
    instrument = fields.String(required=True, validate=validate.OneOf(list(INSTRUMENTS)))
    name = fields.String(required=True)
    date = Day(required=True)
    completed_at = Instant(required=True, allow_none=True)
    items = fields.List(fields.Integer(allow_none=True), required=True, allow_none=True)
    total = fields.Float(required=True, allow_none=True)
    total_minimum = fields.Float(required=True, allow_none=True)
    total_maximum = fields.Float(required=True, allow_none=True)
    direction = fields.String(required=True, validate=validate.OneOf(DIRECTIONS))
    source = fields.String(required=True, validate=validate.OneOf(("app", "staff", "import")))
    created_at = Instant(required=True)


class AssessmentPage(Schema):
    """A page of completed scales, newest first."""

    items = fields.List(fields.Nested(AssessmentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class AssessmentQuery(PageQuery):
    """Of one scale alone, where one is named."""

    instrument = Code(INSTRUMENTS, load_default=None)


_STORED = ("id", "instrument", "completed_at", "items", "total", "source", "created_at")


@blp.serve("GET", "/v1/me/assessments", "own_chart.read")
@blp.serve(
    "GET", "/v1/patients/<uuid:patient_id>/assessments", "chart.read", problems=("not-found",)
)
@blp.arguments(AssessmentQuery, location="query")
@blp.response(200, AssessmentPage)
def list_assessments(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Completed rating scales, newest first."""
    chart = _chart(patient_id)
    statement = select(Assessment).where(
        Assessment.clinic_id == chart.clinic_id, Assessment.patient_id == chart.patient_id
    )
    if query["instrument"] is not None:
        statement = statement.where(Assessment.instrument == query["instrument"])
    position = after(query["cursor"])
    if position is not None:
        statement = statement.where(_older(position))
    statement = statement.order_by(Assessment.local_date.desc(), Assessment.id)
    rows = connection().execute(statement.limit(query["limit"] + 1)).all()
    connection().commit()
    items = [_shown(row) for row in rows[: query["limit"]]]
    following = None
    if len(rows) > query["limit"]:
        following = cursor_of(f"{items[-1]['date']}\n{items[-1]['id']}")
    return page(items, following)


def _older(position: str) -> Any:
    """Past the assessment a cursor names, by its day and its id."""
    day, _, last_id = position.partition("\n")
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise bad_cursor() from None
    same_day = and_(Assessment.local_date == date, Assessment.id > cursor_id(last_id))
    return (Assessment.local_date < date) | same_day


def _shown(row: Any) -> dict[str, Any]:
    scale = INSTRUMENTS[row.instrument]
    told = ("name", "total_minimum", "total_maximum", "direction")
    facts = {name: getattr(scale, name) for name in told}
    return {name: getattr(row, name) for name in _STORED} | facts | {"date": row.local_date}


def _chart(patient_id: UUID | None) -> Chart:
    if patient_id is None:
        return access.own_chart(principal())
    return access.chart(connection(), principal(), patient_id, now())
