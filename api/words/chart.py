"""What the names about a chart: diagnoses, trials, medications, events, observations mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {}

EXAMPLES: Mapping[str, str] = {}
