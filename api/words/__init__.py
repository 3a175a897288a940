"""What each name in the contract means: said once, shown wherever the name stands.

A field's own description wins; then `Schema.name`; then `name`. A test leaves no name unexplained.
Each area has a file of its own; none may explain what another has explained.
"""

from collections.abc import Mapping

from api.words import (
    assessments,
    chart,
    checkins,
    instruments,
    messages,
    pages,
    people,
    safety,
    sync,
    treatment,
    trends,
    windows,
)

AREAS = (
    people,
    checkins,
    treatment,
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

WORDS: Mapping[str, str] = {name: told for area in AREAS for name, told in area.WORDS.items()}

# A sensible value for each text, so that a form made from the contract begins with one.
EXAMPLES: Mapping[str, str] = {name: told for area in AREAS for name, told in area.EXAMPLES.items()}


def example(schema: str, name: str) -> str | None:
    """A value this name might have in this schema; None where the form tells enough."""
    return EXAMPLES.get(f"{schema}.{name}") or EXAMPLES.get(name)


def meaning(schema: str, name: str) -> str | None:
    """What this name means in this schema; None when nobody has said."""
    return WORDS.get(f"{schema}.{name}") or WORDS.get(name)
