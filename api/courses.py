"""/v1/patients/{id}/courses: induction and maintenance for one indication, by a plan."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema, fields

from api.auth import connection, now, principal
from api.chart_rows import (
    Written,
    claimed,
    confirmed,
    entered,
    newest_first,
    note_field,
    preconditions,
    revision_tag,
)
from api.fields import Code, Day, PageQuery, QueryWhole, optional
from api.plan_fields import Plan
from api.preconditions import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, sent_base
from api.replies import ETAG_HEADER, page, reply, resource
from api.routes import Routes
from care import courses, rows
from care.courses import CourseEntry
from care.principal import Chart
from clinical.days import local_day
from clinical.plans import TEMPLATE_SOURCES, TEMPLATES, proposed_dates
from clinical.treatments import INDICATIONS, PHASES, ROUTES
from models.course import Course

blp = Routes("courses", "Courses of treatment and their plans.")

_MOST_PROPOSED, _PROPOSED = 50, 6


class CourseChange(Schema):
    """Only what is sent is changed. To end a course, send its phase, `ended_on` and `note`."""

    indication = Code(INDICATIONS)
    started_on = Day()
    phase = Code(PHASES)
    plan = fields.Nested(Plan)
    ended_on = Day(allow_none=True)
    note = note_field(allow_none=True)
    confirmed = confirmed()


class CourseIn(Schema):
    """A new course; one that is over already may be recorded too."""

    indication = Code(INDICATIONS, required=True)
    route = Code(ROUTES, required=True)
    started_on = Day(required=True)
    phase = Code(PHASES, load_default="induction")
    plan = optional(
        fields.Nested(Plan, metadata={"description": "Null: the template of the route."})
    )
    ended_on = optional(Day())
    note = optional(note_field())
    confirmed = confirmed()


class CourseOut(Written):
    """A course of treatment."""

    indication = fields.String()
    route = fields.String()
    started_on = Day()
    ended_on = Day(allow_none=True)
    phase = fields.String()
    plan = fields.Nested(Plan)
    note = fields.String(allow_none=True)


class CoursePage(Schema):
    """A page of courses, the last entered first."""

    items = fields.List(fields.Nested(CourseOut), required=True)
    next = fields.String(required=True, allow_none=True)


class TemplateOut(Schema):
    """The plan a route begins with."""

    route = fields.String(required=True)
    plan = fields.Nested(Plan, required=True)
    source = fields.String(required=True)


class TemplateList(Schema):
    """One for each route."""

    items = fields.List(fields.Nested(TemplateOut), required=True)
    next = fields.String(required=True, allow_none=True)


class ProposalQuery(Schema):
    """How far ahead to look."""

    limit = QueryWhole(
        1,
        _MOST_PROPOSED,
        load_default=_PROPOSED,
        metadata={"description": "How many dates at most.", "default": _PROPOSED},
    )


class ProposedDate(Schema):
    """A day the plan comes to; nobody is booked by it."""

    number = fields.Integer(required=True)
    date = Day(required=True)
    due_on = Day(required=True)
    reason = fields.String(required=True, allow_none=True)


class ProposalOut(Schema):
    """The dates of the next sessions, fewer than asked for where the plan ends."""

    course_id = fields.UUID(required=True)
    session_minutes = fields.Integer(required=True)
    items = fields.List(fields.Nested(ProposedDate), required=True)


_SHOWN = tuple(CourseOut().fields)
_ONE = "/v1/patients/<uuid:patient_id>/courses/<uuid:course_id>"


@blp.serve("GET", "/v1/plan-templates", "clinic.read")
@blp.response(200, TemplateList)
def list_plan_templates() -> Response:
    """The plan of each route, to begin with."""
    templates = [
        {"route": route, "plan": plan, "source": TEMPLATE_SOURCES[route]}
        for route, plan in TEMPLATES.items()
    ]
    return page(templates, None)


@blp.serve("GET", "/v1/me/courses", "own_chart.read")
@blp.serve("GET", "/v1/patients/<uuid:patient_id>/courses", "chart.read", problems=("not-found",))
@blp.arguments(PageQuery, location="query")
@blp.response(200, CoursePage)
def list_courses(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """Courses, the last entered first."""
    found, following = newest_first(Course, entered(patient_id), query)
    connection().commit()
    return page([_shown(row) for row in found], following)


@blp.serve(
    "POST",
    "/v1/patients/<uuid:patient_id>/courses",
    "chart.write",
    problems=("not-found", "conflict", "questions", "key-reused"),
    parameters=[IDEMPOTENCY_KEY],
)
@blp.arguments(CourseIn)
@blp.response(201, CourseOut, headers=ETAG_HEADER)
def open_course(body: dict[str, Any], patient_id: UUID) -> Response:
    """Open a course: one at a time. Without a plan it has a copy of its route's template."""
    chart = entered(patient_id)
    course_id, fresh = claimed(body)
    if fresh:
        courses.open_course(connection(), principal(), _entry(chart, course_id, body), now())
    return _answer(chart, course_id, 201)


@blp.serve("GET", _ONE, "chart.read", problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, CourseOut, headers=ETAG_HEADER)
def get_course(patient_id: UUID, course_id: UUID) -> Response:
    """One course."""
    return _answer(entered(patient_id), course_id)


@blp.serve(
    "PATCH",
    _ONE,
    "chart.write",
    problems=("not-found", "conflict", "questions", "precondition-failed", "precondition-required"),
    parameters=[IF_MATCH],
)
@blp.arguments(CourseChange)
@blp.response(200, CourseOut, headers=ETAG_HEADER)
def change_course(body: dict[str, Any], patient_id: UUID, course_id: UUID) -> Response:
    """Change a course: its phase is never changed but here. Whoever ends one says when and why."""
    chart = entered(patient_id)
    entry = _entry(chart, course_id, body)
    with preconditions():
        courses.change(connection(), principal(), entry, sent_base(), now())
    return _answer(chart, course_id)


@blp.serve(
    "GET", f"{_ONE}/proposal", "chart.read", problems=("not-found",), parameters=[IF_NONE_MATCH]
)
@blp.arguments(ProposalQuery, location="query")
@blp.response(200, ProposalOut, headers=ETAG_HEADER)
def get_proposal(query: dict[str, Any], patient_id: UUID, course_id: UUID) -> Response:
    """The days the plan comes to next, counted from the sessions that were really held.

    A closed day gives way to the nearest open one, and the reason says so. Nothing is booked. A
    course that has ended proposes nothing.
    """
    chart = entered(patient_id)
    course = rows.find(connection(), Course, chart, course_id)
    today = local_day(now(), principal().clinic.timezone, 0)
    so_far = courses.so_far(connection(), chart, course, today)
    closed = courses.holidays(connection(), chart)
    connection().commit()
    proposals = proposed_dates(course.plan, so_far, closed, limit=query["limit"])
    items = [
        {"number": one.number, "date": one.on, "due_on": one.due_on, "reason": one.reason}
        for one in ([] if course.phase == "ended" else proposals)
    ]
    minutes = course.plan["session_minutes"]
    return resource({"course_id": course_id, "session_minutes": minutes, "items": items})


def _entry(chart: Chart, course_id: UUID, body: dict[str, Any]) -> CourseEntry:
    stood_by = frozenset(body.pop("confirmed", ()))
    return CourseEntry(chart, course_id, body, stood_by)


def _answer(chart: Chart, course_id: UUID, status: int = 200) -> Response:
    row = rows.find(connection(), Course, chart, course_id)
    connection().commit()
    return reply(_shown(row), status, etag=revision_tag(row))


def _shown(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SHOWN}
