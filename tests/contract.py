"""Holds every response of the tests to openapi.yaml: status, content type, body."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml
from flask import Flask
from flask.testing import FlaskClient
from flask_smorest.spec.plugins import FlaskPlugin
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from werkzeug.test import TestResponse

ROOT = Path(__file__).parent.parent
CONTRACT = "urn:contract"


class BrokenContract(AssertionError):
    """A response openapi.yaml does not promise."""


@cache
def document() -> dict[str, Any]:
    """openapi.yaml as committed."""
    loaded: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader)
    return loaded


@cache
def _registry() -> Any:
    contents = document() | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    registry: Any = Registry()
    return registry.with_resource(CONTRACT, Resource.from_contents(contents))


@cache
def _validator(*steps: str) -> Draft202012Validator:
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    return Draft202012Validator({"$ref": f"{CONTRACT}#/{pointer}"}, registry=_registry())


def promised_answer(path: str, method: str, status: str) -> tuple[str, ...] | None:
    """Where in the contract this answer is described, None if it is not."""
    answers = document()["paths"][path][method]["responses"]
    if status not in answers:
        return None
    reference = answers[status].get("$ref")
    if reference is not None:
        return tuple(reference.removeprefix("#/").split("/"))
    return ("paths", path, method, "responses", status)


class ContractClient(FlaskClient):
    """A test client that believes no response which the contract does not."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        check(self.application, response)
        return response


def check(app: Flask, response: TestResponse) -> None:
    """BrokenContract unless openapi.yaml promises this response."""
    request = response.request
    with app.test_request_context(request.path, method=request.method) as context:
        rule = context.request.url_rule
    headers = dict(response.headers)
    told = Told(request.method, response.status_code, headers, response.get_data())
    check_told(None if rule is None else FlaskPlugin.flaskpath2openapi(rule.rule), told)


@dataclass(frozen=True, slots=True)
class Told:
    """A response, whatever brought it."""

    method: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]


def check_told(path: str | None, told: Told) -> None:
    """BrokenContract unless openapi.yaml promises this answer to a request of that path."""
    if path is None:  # no such route: the contract cannot name it, but it is a problem document
        if told.kind != "application/problem+json":
            raise BrokenContract(f"{told.status} of no route is no problem document")
        return
    method = "get" if told.method == "HEAD" else told.method.lower()
    where = f"{told.method} {path} -> {told.status}"
    steps = promised_answer(path, method, str(told.status))
    if steps is None:
        raise BrokenContract(f"{where} is not promised")
    if "Epoch" not in told.headers:
        raise BrokenContract(f"{where} has no Epoch")
    promised: Any = document()
    for step in steps:
        promised = promised[step]
    _check_body(told, promised.get("content", {}), (where, steps))


def _check_body(told: Told, content: dict[str, Any], named: tuple[str, tuple[str, ...]]) -> None:
    where, steps = named
    if not told.body:
        if content and told.method != "HEAD":
            raise BrokenContract(f"{where} has no body")
        return
    if told.kind not in content:
        raise BrokenContract(f"{where} is {told.kind}, promised {sorted(content)}")
    if told.kind.endswith("json"):
        validator = _validator(*steps, "content", told.kind, "schema")
        faults = list(validator.iter_errors(orjson.loads(told.body)))
        if faults:
            raise BrokenContract(f"{where}: {faults[0].message} at {list(faults[0].absolute_path)}")
