"""What the names about the web pages mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "room": "The part of the web pages that the file belongs to.",
    "whose": "The patient's id; nothing is looked up by it before somebody has logged in.",
}

EXAMPLES: Mapping[str, str] = {}
