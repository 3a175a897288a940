"""/v1/…/windows.svg, response-curve.svg and control-chart.svg: what the JSON says, as pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy import Connection

from api.auth import connection, now, principal
from api.pictures import picture
from api.preconditions import IF_NONE_MATCH
from api.replies import ETAG_HEADER, content_tag, unchanged
from api.routes import Routes
from api.window_parts import WindowQuery, chart_of
from care import control_chart, response_curve, window_timeline, windows
from care.windows import Question
from formats import chart, control, control_picture, curve_picture, curves

blp = Routes("window charts", "The time after each session as pictures.")

_SVG: Mapping[str, Any] = {"content_type": "image/svg+xml", "headers": ETAG_HEADER}
_STAFF: Mapping[str, Any] = {"problems": ("not-found",), "parameters": [IF_NONE_MATCH]}
_MINE, _THEIRS = "own_trends.read", "trends.read"


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How a document becomes a picture; `version` names the drawing."""

    document: str
    version: str
    read: Callable[[Connection, Question], Mapping[str, Any]]
    draw: Callable[[Mapping[str, Any]], bytes]


_TIMELINE = _Drawing(
    "windows.svg",
    chart.VERSION,
    window_timeline.read,
    lambda told: chart.draw(_timeline(told)),
)
_CURVE = _Drawing(
    "response-curve.svg",
    curve_picture.VERSION,
    response_curve.read_with_wear_off,
    lambda told: curve_picture.draw(curves.of(told, told["wear_off"])),
)
_CONTROL = _Drawing(
    "control-chart.svg",
    control_picture.VERSION,
    control_chart.read,
    lambda told: control_picture.draw(control.of(told)),
)


@blp.serve("GET", "/v1/me/windows.svg", _MINE, parameters=[IF_NONE_MATCH])
@blp.serve("GET", "/v1/patients/<uuid:patient_id>/windows.svg", _THEIRS, **_STAFF)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, {"type": "string"}, **_SVG)
def get_window_chart(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """All windows on one line of days: what was logged, the sessions, the reference level."""
    return _answer(_TIMELINE, query, patient_id)


@blp.serve("GET", "/v1/me/response-curve.svg", _MINE, parameters=[IF_NONE_MATCH])
@blp.serve("GET", "/v1/patients/<uuid:patient_id>/response-curve.svg", _THEIRS, **_STAFF)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, {"type": "string"}, **_SVG)
def get_response_curve_chart(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """This window's days since the session, earlier ones beneath, with their middle half."""
    return _answer(_CURVE, query, patient_id)


@blp.serve("GET", "/v1/me/control-chart.svg", _MINE, parameters=[IF_NONE_MATCH])
@blp.serve("GET", "/v1/patients/<uuid:patient_id>/control-chart.svg", _THEIRS, **_STAFF)
@blp.arguments(WindowQuery, location="query")
@blp.response(200, {"type": "string"}, **_SVG)
def get_control_chart_picture(query: dict[str, Any], patient_id: UUID | None = None) -> Response:
    """The logged days, their weighted mean, and the limit of the stable stretch."""
    return _answer(_CONTROL, query, patient_id)


def _answer(drawing: _Drawing, query: Mapping[str, Any], patient_id: UUID | None) -> Response:
    question = windows.question(principal(), chart_of(patient_id), query["measure"], now())
    version = windows.tag(connection(), drawing.document, question)
    etag = content_tag([version, drawing.version])
    answer = unchanged(etag)
    if answer is None:
        drawn = drawing.draw(drawing.read(connection(), question))
        answer = picture(drawn, etag)
    connection().commit()
    return answer


def _timeline(told: Mapping[str, Any]) -> chart.Series:
    measure, level = told["measure"], told["reference"]["level"]["value"]
    called = f"level before ({told['reference']['source']})"
    return chart.Series(
        title=f"Windows: {measure['prompt']}",
        first=told["from"],
        last=told["to"],
        minimum=measure["minimum"],
        maximum=measure["maximum"],
        low_end=measure["low_end"],
        high_end=measure["high_end"],
        unit=measure["unit"],
        points=[(point["date"], point["value"]) for point in told["points"]],
        visits=[chart.Visit(each["date"], each["called"]) for each in told["sessions"]],
        levels=[] if level is None else [chart.Level(level, level, called)],
    )
