"""What the names about treatments: courses, sessions, doses, decisions mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {}

EXAMPLES: Mapping[str, str] = {}
