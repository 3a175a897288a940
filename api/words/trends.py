"""What the names about trend summaries mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {}

EXAMPLES: Mapping[str, str] = {}
