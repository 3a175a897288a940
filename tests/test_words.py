"""The contract explains every name it uses, and explains none it does not use."""

from collections.abc import Iterator
from typing import Any

from api.words import AREAS, WORDS
from tests.contract import document


def _named() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(schema or path, name, what is told of it) for each property and parameter."""
    for schema, told in document()["components"]["schemas"].items():
        for name, described in told.get("properties", {}).items():
            yield schema, name, described
    for path, operations in document()["paths"].items():
        shared = operations.get("parameters", [])
        own = [
            p for o in operations.values() if isinstance(o, dict) for p in o.get("parameters", [])
        ]
        for parameter in (*shared, *own):
            yield path, parameter["name"], parameter


def test_every_name_in_the_contract_is_explained() -> None:
    assert [(where, name) for where, name, told in _named() if not told.get("description")] == []


def test_every_schema_says_what_it_is() -> None:
    schemas = document()["components"]["schemas"]
    assert [name for name, told in schemas.items() if not told.get("description")] == []


def test_no_word_is_left_over() -> None:
    used = {name for _, name, _ in _named()} | {f"{where}.{name}" for where, name, _ in _named()}
    assert sorted(set(WORDS) - used) == []


def test_hours_and_minutes_name_their_unit() -> None:
    unit = {"hours": "ours", "minutes": "inutes", "days": "day"}
    for where, name, told in _named():
        for ending, word in unit.items():
            if name.endswith(f"_{ending}"):
                assert word in told["description"], (where, name)


def test_no_area_explains_what_another_has_explained() -> None:
    assert sum(len(area.WORDS) for area in AREAS) == len(WORDS)
