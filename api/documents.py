"""The contract and its pages: /openapi.yaml, /docs, /problems."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from apispec import APISpec
from flask import Response, current_app
from marshmallow import Schema, fields

from api.contract import as_yaml
from api.headers import PAGE_POLICY
from api.preconditions import IF_NONE_MATCH
from api.problems import TYPES
from api.replies import cacheable, resource
from api.routes import Routes
from care.access import PUBLIC
from care.refusals import NotFound

blp = Routes("documents", "The contract and what its words mean.")

# A fixed list, never a folder: what is not named here is not served.
_VENDOR = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "docs.js": "text/javascript",
    "docs.css": "text/css",
}
_OWN = Path(__file__).parent / "pages"


class ProblemTypeOut(Schema):
    """A documented problem type."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    meaning = fields.String(required=True)


class ProblemTypeList(Schema):
    """Every problem type."""

    items = fields.List(fields.Nested(ProblemTypeOut), required=True)


@blp.serve("GET", "/openapi.yaml", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "object"}, content_type="application/yaml")
def openapi() -> Response:
    """This contract."""
    return cacheable(_written(current_app.extensions["openapi"]), "application/yaml")


@cache
def _written(spec: APISpec) -> bytes:
    return as_yaml(spec).encode()  # takes a second, and anybody may ask


@blp.serve("GET", "/docs", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/html")
def docs() -> Response:
    """This contract as a page to read and try."""
    page = cacheable((_OWN / "docs.html").read_bytes(), "text/html")
    page.headers["Content-Security-Policy"] = PAGE_POLICY
    return page


@blp.serve("GET", "/docs/<name>", PUBLIC, problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, {"type": "string"}, content_type="text/javascript")
@blp.alt_response(200, schema={"type": "string"}, content_type="text/css")
def docs_file(name: str) -> Response:
    """A script or style of the page at /docs."""
    if name not in _VENDOR:
        raise NotFound("No such file.")
    own = _OWN / name
    body = own.read_bytes() if own.is_file() else _dist(name)
    return cacheable(body, _VENDOR[name])


@blp.serve("GET", "/problems", PUBLIC, parameters=[IF_NONE_MATCH])
@blp.response(200, ProblemTypeList)
def list_problem_types() -> Response:
    """Every problem type this API answers with."""
    return resource({"items": [_shown(slug) for slug in TYPES]})


@blp.serve("GET", "/problems/<slug>", PUBLIC, problems=("not-found",), parameters=[IF_NONE_MATCH])
@blp.response(200, ProblemTypeOut)
def get_problem_type(slug: str) -> Response:
    """What a problem type means and what to do about it."""
    if slug not in TYPES:
        raise NotFound("No such problem type.")
    return resource(_shown(slug))


def _shown(slug: str) -> dict[str, object]:
    kind = TYPES[slug]
    return {
        "type": f"/problems/{slug}",
        "title": kind.title,
        "status": kind.status,
        "meaning": kind.meaning,
    }


def _dist(name: str) -> bytes:
    return (files("flask_swagger_ui") / "dist" / name).read_bytes()
