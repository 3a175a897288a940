"""Response curves by a few numbers, and what is in their pictures."""

from datetime import date
from typing import Any
from xml.etree import ElementTree

from formats.axes import LEFT, RIGHT
from formats.curve_picture import BOTTOM, draw
from formats.curves import Curves, Point, Window

SVG = "{http://www.w3.org/2000/svg}"
NOW, BEFORE = date(2026, 11, 3), date(2026, 9, 29)
STEP = (RIGHT - LEFT) / 15  # the shortest axis has the days 0 to 14


def window(*points: tuple[int, float], began: date = NOW, pre_dose: bool = False) -> Window:
    return Window(began, [Point(day, value, pre_dose and day == 0) for day, value in points])


def curves(*points: tuple[int, float], **given: Any) -> Curves:
    """This window of a 0-10 rating; points as (day, value)."""
    values: dict[str, Any] = {
        "title": "Mood",
        "minimum": 0,
        "maximum": 10,
        "low_end": "worst",
        "high_end": "best",
        "current": window(*points),
    }
    return Curves(**values | given)


def parsed(drawn: Curves) -> ElementTree.Element:
    return ElementTree.fromstring(draw(drawn).decode())  # noqa: S314 (our own bytes)


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Of the chart; the legend's marks lie below it."""
    found = [node for node in root.iter() if node.get("class") == name]
    return [node for node in found if _top(node) <= BOTTOM]


def _top(node: ElementTree.Element) -> float:
    return float(next((told for key in ("y", "y1", "cy") if (told := node.get(key))), "0"))


def written(root: ElementTree.Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def places(nodes: list[ElementTree.Element]) -> list[tuple[float, float]]:
    return [(float(node.get("cx", "")), float(node.get("cy", ""))) for node in nodes]


def x(day: float) -> float:
    return round(LEFT + (day + 0.5) * STEP, 1)
