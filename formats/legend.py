"""A legend: small marks with their words, in rows below a chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from formats.axes import WIDTH
from formats.svg import element, label

CHARACTER_PIXELS = 7.7  # a guess: without a font nothing measures a text
ROW = 21
_MARK, _GAP, _BETWEEN = 22, 7, 16


@dataclass(frozen=True, slots=True)
class Entry:
    """Words beside a mark of the class `kind`: a line, a filled area or a dot."""

    words: str
    kind: str
    shape: Literal["line", "area", "dot"]


def legend(entries: Sequence[Entry], top: float) -> Iterator[str]:
    """As many entries in a row as fit, from `top` down."""
    x, y = 0.0, top
    for entry in entries:
        width = _MARK + _GAP + len(entry.words) * CHARACTER_PIXELS
        if x > 0 and x + width > WIDTH:
            x, y = 0.0, y + ROW
        yield _mark(entry, x, y - 5)
        yield label(entry.words, (x + _MARK + _GAP, y))
        x += width + _BETWEEN


def _mark(entry: Entry, x: float, middle: float) -> str:
    if entry.shape == "line":
        line = {"class": entry.kind, "x1": x, "y1": middle, "x2": x + _MARK, "y2": middle}
        return element("line", line)
    if entry.shape == "dot":
        return element("circle", {"class": entry.kind, "cx": x + _MARK / 2, "cy": middle, "r": 3.2})
    area = {"class": entry.kind, "x": x, "y": middle - 6, "width": _MARK, "height": 12}
    return element("rect", area)
