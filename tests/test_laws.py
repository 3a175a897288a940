"""Two laws of the whole: the contract says what the code does, and imports only go down."""

import ast
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.test import TestResponse

from api.app import NOUNS
from api.problems import CONTENT_TYPE
from api.write_contract import TARGET, contract
from tests.contract import ROOT, BrokenContract, check, document

# What each floor may import of ours; what lies below a floor never knows of it.
FLOORS = {
    "wsgi": {"api", "commands"},
    "api": {"api", "care", "formats", "models", "clinical"},
    "commands": {"commands", "care", "formats", "models", "clinical"},
    "care": {"care", "models", "clinical"},
    "models": {"models", "clinical"},
    "formats": {"formats", "clinical"},
    "clinical": {"clinical"},
}
# Not part of the product: they look at it from outside.
OUTSIDE = {"tests", "bench", "migrations", "docs"}
HTTP = {"flask", "werkzeug", "marshmallow", "webargs", "flask_smorest", "flask_jwt_extended"}
# The clock is read through a name of these modules or classes ...
CLOCKS = {"datetime", "date", "time", "func"}
# ... by one of these.
READINGS = {
    *("now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"),
    *("localtime", "gmtime", "current_timestamp", "localtimestamp"),
}


def sources(floor: str) -> list[Path]:
    """A floor's Python files: the folder's, or the one file of that name."""
    single = ROOT / f"{floor}.py"
    return [single] if single.exists() else sorted((ROOT / floor).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """Every dotted name a file imports, wherever in it; `from a import b` counts as a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def clock_readings(tree: ast.AST) -> list[str]:
    """`name.reading` for every way this file asks what time it is."""
    found = [name for name in imported(tree) if name == "time" or name.startswith("time.")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in READINGS:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            found += [f"{name}.{node.attr}"] if name in CLOCKS else []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += ["SQL"] if "CURRENT_TIMESTAMP" in node.value.upper() else []
    return found


def is_noun(path: Path) -> bool:
    """Whether an api file defines a blueprint: one thing the API is about."""
    targets = (
        target
        for node in parsed(path).body
        if isinstance(node, ast.Assign)
        for target in node.targets
    )
    return any(isinstance(target, ast.Name) and target.id == "blp" for target in targets)


def test_writing_the_contract_again_changes_nothing() -> None:
    assert contract() == TARGET.read_text()


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything the contract promises."""
    return [
        (method, path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]


def test_the_contract_names_every_route_and_no_other(app: Flask) -> None:
    served = Counter(
        (method.lower(), FlaskPlugin.flaskpath2openapi(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method != "HEAD"  # comes with every GET
    )
    assert served == Counter((method, path) for method, path, _ in operations())


def test_every_operation_tells_what_it_does_and_has_a_name_of_its_own() -> None:
    assert [path for _, path, operation in operations() if not operation.get("summary")] == []
    names = Counter(operation["operationId"] for _, _, operation in operations())
    assert [name for name, times in names.items() if times > 1] == []


def test_every_path_parameter_is_described() -> None:
    for path, methods in document()["paths"].items():
        described = {told["name"] for told in methods.get("parameters", ()) if told["in"] == "path"}
        assert described == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_every_operation_says_who_may_ask_and_how_it_may_fail(app: Flask) -> None:
    permissions = app.extensions["services"].permissions
    endpoints = {endpoint.partition(".")[2]: told for endpoint, told in permissions.items()}
    for method, path, operation in operations():
        failing = {status for status in operation["responses"] if status >= "400"}
        assert {"500", "503"} <= failing, (method, path)
        is_public = endpoints[operation["operationId"]] == "public"
        assert (operation["security"] == []) is is_public, (method, path)
        assert is_public or {"401", "403"} <= failing, (method, path)


def test_every_promised_failure_is_a_problem_document() -> None:
    shared = document()["components"]["responses"]
    assert {tuple(answer["content"]) for answer in shared.values()} == {(CONTENT_TYPE,)}
    for method, path, operation in operations():
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert answer == {"$ref": f"#/components/responses/Problem{status}"}, (method, path)


def test_no_promised_object_is_open_to_unpromised_fields() -> None:
    schemas = document()["components"]["schemas"]
    kinds = {name: schema.get("additionalProperties") for name, schema in schemas.items()}
    assert kinds == dict.fromkeys(schemas, False)


def without_epoch(response: TestResponse) -> None:
    del response.headers["Epoch"]


def with_type(response: TestResponse) -> None:
    response.content_type = "text/plain"


DOCTORED: dict[str, Callable[[TestResponse], object]] = {
    "an unpromised status": lambda response: setattr(response, "status_code", 418),
    "an unpromised field": lambda response: response.set_data('{"status":"ok","mood":3}'),
    "a missing field": lambda response: response.set_data("{}"),
    "another type": lambda response: response.set_data('{"status":1}'),
    "no body": lambda response: response.set_data(""),
    "another content type": with_type,
    "no epoch": without_epoch,
}


@pytest.mark.parametrize("fault", DOCTORED)
def test_a_response_the_contract_does_not_promise_fails_the_test(app: Flask, fault: str) -> None:
    response = app.test_client().get("/health")
    check(app, response)
    DOCTORED[fault](response)
    with pytest.raises(BrokenContract):
        check(app, response)


def test_an_unknown_path_must_still_answer_with_a_problem(app: Flask) -> None:
    response = app.test_client().get("/nowhere")
    check(app, response)
    with_type(response)
    with pytest.raises(BrokenContract):
        check(app, response)


def test_every_floor_of_the_house_has_its_rule() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py")}
    files = {path.stem for path in ROOT.glob("*.py")}
    assert (folders | files) - OUTSIDE == set(FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_only_go_down(floor: str) -> None:
    upward = {
        f"{path.name}: {name}"
        for path in sources(floor)
        for name in imported(parsed(path))
        if (top := name.partition(".")[0]) in {*FLOORS, *OUTSIDE, ""} and top not in FLOORS[floor]
    }
    assert upward == set()


def test_nouns_of_the_api_never_import_each_other() -> None:
    nouns = {f"api.{path.stem}" for path in sources("api") if is_noun(path)}
    assert len(nouns) == len(NOUNS)
    sideways = {
        f"{path.name}: {name}"
        for path in sources("api")
        if path.name != "app.py"  # which gathers them
        for name in imported(parsed(path))
        if ".".join(name.split(".")[:2]) in nouns
    }
    assert sideways == set()


@pytest.mark.parametrize("floor", ["care", "models", "formats", "clinical"])
def test_what_lies_below_the_api_knows_no_http(floor: str) -> None:
    for path in sources(floor):
        assert {name.partition(".")[0] for name in imported(parsed(path))} & HTTP == set(), path


def test_clinical_imports_nothing_but_numpy() -> None:
    names = [name for path in sources("clinical") for name in imported(parsed(path))]
    tops = {name.partition(".")[0] for name in names}
    assert tops - {"numpy", "clinical", *sys.stdlib_module_names} == set()
    assert tops.isdisjoint({"sqlite3", "socket", "urllib", "http", "subprocess"})


@pytest.mark.parametrize("floor", ["care", "models", "formats", "clinical"])
def test_below_the_api_nobody_reads_a_clock(floor: str) -> None:
    readings = {path.name: clock_readings(parsed(path)) for path in sources(floor)}
    assert {name: found for name, found in readings.items() if found} == {}


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "select(func.now())",
        "from time import monotonic",
        "import time",
        "mapped_column(server_default=text('current_timestamp'))",
    ],
)
def test_a_clock_is_recognized_however_it_is_read(line: str) -> None:
    assert clock_readings(ast.parse(line)) != []


def test_being_handed_an_instant_is_not_reading_a_clock() -> None:
    handed = "from datetime import time\ndef ended(now): return now > time(4) or row.time"
    assert clock_readings(ast.parse(handed)) == []
