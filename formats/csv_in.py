"""Reads a CSV file as it is stated to be: encoding, delimiter, header; anything else is refused."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence

# Names a mapping may state; what decodes anything (latin-1) would hide a wrong guess, so its
# control characters are refused cell by cell, and a file that reads as UTF-8 as a whole.
ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "latin-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
_ONE_BYTE = frozenset(ENCODINGS) - {"utf-8", "utf-16"}
DELIMITERS = (",", ";", "\t", "|")
LARGEST_BYTES = 64 * 1024 * 1024


class Unreadable(Exception):
    """Why no row of a file can be read at all: every fault, in words, none of the file's cells."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


def decoded(raw: bytes, encoding: str) -> str:
    """The file's text without its byte order mark."""
    if len(raw) > LARGEST_BYTES:
        megabytes = LARGEST_BYTES // 1024**2
        raise Unreadable([f"The file is larger than {megabytes} MB: cut it into parts."])
    if encoding in _ONE_BYTE:
        _refuse_utf_8(raw, encoding)
    skipped = len(codecs.BOM_UTF8) if encoding == "utf-8" and raw.startswith(codecs.BOM_UTF8) else 0
    try:
        text = raw[skipped:].decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        where = skipped + error.start
        raise Unreadable([f"The file is not {encoding}: see the byte at offset {where}."]) from None
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        raise Unreadable([f"Line {line} holds a NUL character: is the encoding right?"])
    if not text.strip():
        raise Unreadable(["The file is empty."])
    return text


def _refuse_utf_8(raw: bytes, encoding: str) -> None:
    """Unreadable where a file stated to have one byte a character is UTF-8: its names would come
    in spoilt, and nothing would show it. Text of any length is not both by chance."""
    first = next((place for place, byte in enumerate(raw) if byte > 0x7F), None)
    if first is None:
        return
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    told = (
        f"The file is valid UTF-8, not {encoding}: see the byte at offset {first}. State "
        f'encoding = "utf-8"; if it truly is {encoding}, save it as UTF-8 first.'
    )
    raise Unreadable([told])


class Lines:
    """A CSV text: its header, and then its rows of cells, numbered as a spreadsheet shows them."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._source = io.StringIO(text, newline="")
        self._reader = csv.reader(self._source, delimiter=delimiter, strict=True)
        self._number = 0
        self.header = [name.strip() for name in self._next() or []]

    def _next(self) -> list[str] | None:
        self._number += 1
        try:
            return next(self._reader, None)
        except csv.Error:
            told = "a quotation mark stands alone or is never closed, or a cell is far too long"
            raise Unreadable([f"Row {self._number}: {told}."]) from None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """(number, cells) of each row that is not blank; the header is row 1."""
        while (cells := self._next()) is not None:
            if cells:
                yield self._number, cells


def header_faults(
    header: Sequence[str], mapped: Sequence[str], ignored: frozenset[str]
) -> list[str]:
    """Every way a header is not the one a mapping speaks of; nothing is dropped silently."""
    there = set(header)
    twice = (
        sorted({name for name in header if header.count(name) > 1})
        if len(there) < len(header)
        else []
    )
    missing = [name for name in mapped if name not in there]
    not_there = sorted(ignored - there)
    strange = [name for name in dict.fromkeys(header) if name not in ignored and name not in mapped]
    told = (
        (twice, "The header names a column twice"),
        (missing, "Mapped, but not in the header"),
        (not_there, "Listed under `ignore`, but not in the header"),
        (strange, "In the header, but neither mapped nor listed under `ignore`"),
    )
    return [f"{what}: {_listed(names)}." for names, what in told if names]


def _listed(names: Sequence[str]) -> str:
    """Names from a file as they are told: cut short, in quotation marks, no control character."""
    shown = ["".join(c if c.isprintable() else "?" for c in name[:60]) for name in names[:20]]
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return ", ".join(f'"{name}"' for name in shown) + more
