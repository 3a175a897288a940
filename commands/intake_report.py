"""What an intake tells: a summary on the terminal, and a CSV file with a line on each row.

Neither ever repeats what a cell says; a column's name comes from the file, so it is made harmless.
"""

import csv
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

# A spreadsheet runs a cell that begins with one of these.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")

Reason = tuple[str, str]  # (column, words)


# A cell of a spreadsheet holds some 32,000 characters; every reason of a row fits in this.
_LONGEST_CELL = 8000


def harmless(text: str, *, longest: int = 200) -> str:
    """The text as a spreadsheet and a terminal show it and neither obeys it."""
    shown = "".join(character if character.isprintable() else "?" for character in text[:longest])
    return f"'{shown}" if text.startswith(_RUNS) else shown


class Report(AbstractContextManager["Report"]):
    """The CSV file, written beside its place until it is kept; without a path it is nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._draft = None if path is None else path.with_name(f"{path.name}.part")
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        if self._draft is not None:
            self._file = self._draft.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(("row", "outcome", "column", "reason"))
        return self

    def line(self, number: int, word: str, reasons: Sequence[Reason]) -> None:
        """What becomes of one row, and why."""
        if self._file is None:
            return
        named = "; ".join(dict.fromkeys(column for column, _ in reasons if column))
        words = "; ".join(words for _, words in reasons)
        cells = (harmless(text, longest=_LONGEST_CELL) for text in (named, words))
        csv.writer(self._file).writerow((number, word, *cells))

    def keep(self) -> None:
        """Put the finished report in its place."""
        if self._file is not None and self._draft is not None and self._path is not None:
            self._file.close()
            self._draft.replace(self._path)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._file is not None and self._draft is not None:
            self._file.close()
            self._draft.unlink(missing_ok=True)


def one_line(number: int, reasons: Sequence[Reason]) -> str:
    """A row's reasons for the terminal."""
    told = [f"{harmless(column)}: {words}" if column else words for column, words in reasons]
    return f"row {number}: {'; '.join(told)}"
