"""The OpenAPI document: what apispec cannot guess of our types, problems and security."""

import inspect
from collections.abc import Mapping
from typing import Any

import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask_smorest import Api

from api.fields import MEASURE_KEY, OPENAPI_TYPES, ByKey, Quarters
from api.problems import CONTENT_TYPE, TYPES
from api.words import example, meaning

VERSION = "0.1.0"
_DESCRIPTION = """\
Daily check-ins between two ketamine sessions, and what clinicians read from them.

Instants are RFC 3339 in UTC; a local day is `YYYY-MM-DD` and is the patient's own; zones are IANA
names. A value nobody gave is `null`, never 0. Every error is a problem document (RFC 9457) whose
`type` is described at that path. Every response carries `Epoch`: when it changes, the server has
been restored, and clients offer again what they kept.
"""
CONFIGURATION: Mapping[str, Any] = {
    "API_TITLE": "Interlude",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
    },
}
PROBLEM_RESPONSE = "#/components/responses/Problem"
EPOCH_HEADER: Mapping[str, Any] = {
    "schema": {"type": "string"},
    "description": "Names the server's unbroken history; a change means it was restored.",
}
_WAIT: Mapping[str, Any] = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "How many seconds to wait."}
}
_STATE: Mapping[str, Any] = {
    "ETag": {
        "schema": {"type": "string"},
        "description": "The stored day's present tag, where there is one.",
    }
}
_PROBLEM_HEADERS: Mapping[int, Mapping[str, Any]] = {
    429: _WAIT,
    503: _WAIT,
    412: _STATE,
    428: _STATE,
}
PROBLEM_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "description": "What went wrong, and what to do.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "enum": [f"/problems/{slug}" for slug in TYPES]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "Finds this answer in the server's log."},
        "errors": {
            "type": "array",
            "description": "Every fault of an invalid request.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer to the fault."},
                    "detail": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
        "current": {
            "anyOf": [{"$ref": "#/components/schemas/Checkin"}, {"type": "null"}],
            "description": "The stored state, with `precondition-failed` and `patient-logged`.",
        },
        "safety_card": {
            "allOf": [{"$ref": "#/components/schemas/SafetyCardOut"}],
            "description": "What the patient is to be shown, where a safety answer was in it.",
        },
        "memberships": {
            "type": "array",
            "description": "Where the account may log in, with `choose-membership`.",
            "items": {
                "type": "object",
                "required": ["membership_id", "clinic_name", "role"],
                "properties": {
                    "membership_id": {"type": "string", "format": "uuid"},
                    "clinic_name": {"type": "string"},
                    "role": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
    "example": {
        "type": "/problems/invalid",
        "title": "Invalid request",
        "status": 422,
        "detail": "The request has faults; each is listed.",
        "instance": "urn:uuid:6b0c2f5e-7f59-4a0e-9f4e-1c2d3e4f5a6b",
        "errors": [{"pointer": "/mood", "detail": "Must be a whole number from 0 to 10."}],
    },
}


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest, with problem documents as its errors, in fact and in the contract."""

    def _register_error_handlers(self) -> None:
        """api/problems.py holds every handler."""

    def _register_responses(self) -> None:
        """Each route names its own problems (api/routes.py)."""

    def _register_etag_headers(self) -> None:
        """Our ETags are our own (api/replies.py)."""

    def _register_pagination_header(self) -> None:
        """Pages are in the body: items and next."""


def describe(api: Api, date_converter: type) -> None:
    """Tell the contract about our field types, security and the problem document."""
    spec: APISpec = api.spec
    for field, (kind, form) in OPENAPI_TYPES.items():
        spec_type = api.ma_plugin.map_to_openapi_type
        spec_type(field, kind, form)
    api.ma_plugin.map_to_openapi_type(Quarters, "number", None)
    api.ma_plugin.converter.add_attribute_function(_key_names)
    api.register_converter(date_converter, lambda _: {"type": "string", "format": "date"})
    spec.components.schema("Problem", dict(PROBLEM_SCHEMA))
    for status in {kind.status for kind in TYPES.values()}:
        spec.components.response(f"Problem{status}", _problem_response(status))
    spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    spec.components.security_scheme(
        "cookie",
        {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-access",
            "description": "Set by a login with `cookies`: HttpOnly, Secure, SameSite=Strict.",
        },
    )
    spec.components.security_scheme(
        "csrf",
        {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRF-TOKEN",
            "description": "With cookies, on every change: the value of the cookie `__Host-csrf` "
            "(at `/v1/auth/refresh`, of `__Host-csrf-refresh`).",
        },
    )


def _key_names(_converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What a key of an object by keys looks like: a measure's, unless the field says otherwise."""
    if not isinstance(field, ByKey):
        return {}
    own = getattr(field.key_field, "metadata", {}).get("pattern")
    return {"propertyNames": {"pattern": own or f"^(?:{MEASURE_KEY})$"}}


def _problem_response(status: int) -> dict[str, Any]:
    kinds = {slug: kind for slug, kind in TYPES.items() if kind.status == status}
    return {
        "description": " ".join(
            f"`/problems/{slug}`: {kind.meaning}" for slug, kind in kinds.items()
        ),
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {"Epoch": dict(EPOCH_HEADER), **_PROBLEM_HEADERS.get(status, {})},
    }


def as_yaml(spec: APISpec) -> str:
    """openapi.yaml: the committed promise, byte for byte."""
    document = spec.to_dict()
    _explain_schemas(document["components"]["schemas"], _docstrings(spec))
    for operations in document["paths"].values():
        _explain_parameters(operations.get("parameters", []))
        for operation in operations.values():
            _finish(operation)
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


def _docstrings(spec: APISpec) -> dict[str, str]:
    """What each schema's class says of itself, by the schema's name in the contract."""
    plugin = next(plugin for plugin in spec.plugins if isinstance(plugin, MarshmallowPlugin))
    assert plugin.converter is not None  # set when the plugin met the spec
    refs = plugin.converter.refs
    return {name: inspect.getdoc(key[0]) or "" for key, name in refs.items()}


def _explain_schemas(schemas: dict[str, Any], docstrings: Mapping[str, str]) -> None:
    for name, schema in schemas.items():
        if name in docstrings:
            schema["description"] = " ".join(docstrings[name].split())
        for key, told in schema.get("properties", {}).items():
            if words := meaning(name, key):
                told.setdefault("description", words)
            if (value := example(name, key)) and "$ref" not in told:
                told.setdefault("example", value)


def _explain_parameters(parameters: list[Any]) -> None:
    for told in parameters:
        if words := meaning("", told["name"]):
            told.setdefault("description", words)


class _Plain(yaml.SafeDumper):
    """Writes what is shared twice, rather than once with an anchor nobody reads."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _finish(operation: Any) -> None:
    """Every answer tells the epoch; the library's own guesses at errors are left out."""
    if not isinstance(operation, dict):
        return
    _explain_parameters(operation.get("parameters", []))
    answers = operation.get("responses", {})
    for status, answer in list(answers.items()):
        if "$ref" not in answer:
            answer.setdefault("headers", {})["Epoch"] = dict(EPOCH_HEADER)
        elif not answer["$ref"].startswith(PROBLEM_RESPONSE):
            del answers[status]
