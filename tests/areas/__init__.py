"""What each area of the API adds to the tests of all routes: access rows, bodies, ids.

An area states TABLE (rows of the access matrix), `ids` and `foreign` (what its path parameters name
in the household, and in another clinic), SPECIAL, HEADERS and BODIES (how to ask so that it
succeeds, see matrix.py), and `sendings` (one rightly sent body for each operation, see
operations.py).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from tests.areas import (
    assessments,
    chart,
    courses,
    instruments,
    messages,
    pages,
    safety,
    sync,
    treatment,
    trends,
    windows,
)


class Area(Protocol):
    """One area's contribution."""

    TABLE: str
    SPECIAL: Mapping[Any, Any]
    HEADERS: Mapping[Any, Any]
    BODIES: Mapping[Any, Any]

    def ids(self, home: Any) -> dict[str, str]: ...

    def foreign(self, home: Any) -> dict[str, str]: ...

    def sendings(self, home: Any) -> dict[str, Any]: ...


AREAS: tuple[Any, ...] = (
    treatment,
    courses,
    chart,
    assessments,
    instruments,
    trends,
    windows,
    messages,
    safety,
    sync,
    pages,
)
