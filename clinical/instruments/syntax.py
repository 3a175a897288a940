"""What is wrong with a file that is not TOML, in words of ours: none of the file's is repeated."""

import re

_WHERE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
# How the reader's messages begin; what follows may be the file's own words.
_TOLD = (
    ("Expected '=' after a key", "a name has no = after it"),
    ("Expected newline or end of document", "something stands behind a value on its line"),
    ("Expected ']", "the name of a table has no closing bracket"),
    ("Invalid statement", "a line begins with neither a name nor a table in brackets"),
    ("Invalid initial character for a key part", "a name is missing, or begins like no name"),
    ("Invalid value", "what stands behind the = is no value; a text stands in quotes"),
    ("Invalid date or datetime", "a date is none"),
    ("Invalid hex value", "an escape in a text is none"),
    ("Unescaped '\\'", "a backslash in a text is none; write two of them"),
    ("Escaped character is not", "an escape in a text is no character"),
    ("Unterminated string", "a text has no closing quote"),
    ("Expected '\"", "a text has no closing quote"),
    ("Expected \"'", "a text has no closing quote"),
    ("Illegal character '\\n'", "a text has no closing quote on its line"),
    ("Illegal character '\\r'", "a line ends in a way TOML does not know"),
    ("Illegal character", "a text has a control character"),
    ("Found invalid character", "a control character stands where there is none"),
    ("Unclosed array", "a list has no closing bracket"),
    ("Unclosed inline table", "a table in braces has no closing brace"),
    ("Cannot overwrite a value", "a name stands there twice"),
    ("Duplicate inline table key", "a name stands there twice"),
    ("Cannot declare", "a table stands there twice"),
    ("Cannot redefine namespace", "a table stands there twice"),
    ("Cannot mutate immutable namespace", "a table in braces is added to after its brace"),
)


def fault_of_syntax(error: Exception) -> str:
    """What the reader stopped at, and where."""
    message = str(error)
    told = next((words for begins, words in _TOLD if message.startswith(begins)), None)
    if isinstance(error, RecursionError):
        told = "lists or tables lie too deep in each other"
    where = _WHERE.search(message)
    return ": ".join(part for part in ("not TOML", told, where and where[1]) if part)
