"""The style card, as far as a machine can hold it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.contract import ROOT

FLOORS = ("api", "care", "commands", "models", "formats", "clinical", "bench", "tests")
LONGEST_FUNCTION, LONGEST_FILE = 40, 300


def sources(*floors: str) -> Iterator[Path]:
    for floor in floors:
        yield from sorted((ROOT / floor).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef))


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in sources(*FLOORS)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    lengths = {path: path.read_text().count("\n") for path in sources(*FLOORS)}
    assert [path.name for path, length in lengths.items() if length > LONGEST_FILE] == []


def test_every_module_begins_by_saying_what_it_knows() -> None:
    empty = {ROOT / "tests" / "clinical" / "__init__.py"}
    silent = [path for path in sources(*FLOORS) if ast.get_docstring(parsed(path)) is None]
    assert set(silent) <= empty


def test_below_the_api_nobody_commits() -> None:
    """Whoever took the connection commits it, once."""
    committing = [
        path.name
        for path in sources("care", "models", "clinical")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert committing == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    marks = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        path.name
        for path in sources("tests")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in marks
    ]
    assert found == []
