"""/v1/me/assessments/due and the same of a patient: which scales and screens stand next."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from api.auth import connection, now
from api.chart_rows import entered
from api.fields import Code, Day
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, resource
from api.routes import Routes
from care import assessment_due, instruments
from clinical.assessment_dates import REASONS, STATES, Due
from clinical.days import local_day
from clinical.instruments import RATERS, Instrument
from clinical.screens import MEASURED

blp = Routes("due assessments", "Which scales and screens stand next.")

_BLOOD_PRESSURE = "Blood pressure"


class DueOut(Schema):
    """The occasion of one scale or screen that stands next."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    rater = Code(RATERS, required=True)
    reason = Code(REASONS, required=True)
    opens_on = Day(required=True)
    due_on = Day(required=True)
    state = Code(STATES, required=True)
    last_on = Day(required=True, allow_none=True)


class DueList(Schema):
    """What stands next of each, the most pressing first; nothing without an open course."""

    today = Day(required=True)
    timezone = fields.String(required=True)
    items = fields.List(fields.Nested(DueOut), required=True)


@blp.serve("GET", "/v1/me/assessments/due", "own_chart.read", parameters=[IF_NONE_MATCH])
@blp.serve(
    "GET",
    "/v1/patients/<uuid:patient_id>/assessments/due",
    "chart.read",
    problems=("not-found",),
    parameters=[IF_NONE_MATCH],
)
@blp.response(200, DueList, headers=ETAG_HEADER)
def list_due_assessments(patient_id: UUID | None = None) -> Response:
    """Which scales and screens stand next, by the plan and the sessions; patients see their own.

    A session that is moved moves what is asked before it. What is past is asked once, not twice.
    """
    chart = entered(patient_id)
    today = local_day(now(), chart.timezone, chart.days.day_boundary_minutes)
    known = instruments.own(connection(), chart.clinic_id)
    found = assessment_due.read(connection(), chart, today)
    connection().commit()
    items = [_shown(each, known.get(each.key)) for each in found if _is_known(each, known)]
    if patient_id is None:
        items = [each for each in items if each["rater"] != "clinician"]
    return resource({"today": today, "timezone": chart.timezone, "items": items})


def _is_known(each: Due, known: Any) -> bool:
    return each.key in known or each.key in MEASURED


def _shown(each: Due, scale: Instrument | None) -> dict[str, Any]:
    return {
        "key": each.key,
        "name": _BLOOD_PRESSURE if scale is None else scale.name,
        "rater": "clinician" if scale is None else scale.rater,
        "reason": each.reason,
        "opens_on": each.opens_on,
        "due_on": each.due_on,
        "state": each.state,
        "last_on": each.last_on,
    }
