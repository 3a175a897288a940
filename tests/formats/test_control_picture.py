"""The control chart: what was logged, its average and limit, the first day beyond."""

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from formats.axes import BOTTOM, LEFT, RIGHT, TOP
from formats.control import Control, Stable, Watched, described, of
from formats.control_picture import draw
from formats.svg import STYLE
from tests.formats.drawn import SVG, written

FIRST = date(2026, 11, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def control(*days: Watched, **given: Any) -> Control:
    """Five days of a 0-10 rating, stable on the first two."""
    values: dict[str, Any] = {
        "title": "Mood",
        "first": FIRST,
        "last": day(4),
        "minimum": 0,
        "maximum": 10,
        "low_end": "worst",
        "high_end": "best",
        "days": days,
        "stable": Stable(day(0), day(1), 6),
    }
    return Control(**values | given)


WORSE = control(
    Watched(day(0), 6), Watched(day(1), 6), Watched(day(2), 5, 5.9, 5.5),
    Watched(day(3), 3, 5.4, 5.4, is_beyond=True), Watched(day(4), 2, 5.2, 5.3, is_beyond=True),
)  # fmt: skip


def parsed(drawn: Control) -> ElementTree.Element:
    return ElementTree.fromstring(draw(drawn).decode())  # noqa: S314 (our own bytes)


def lines(root: ElementTree.Element, name: str) -> list[str]:
    found = [node for node in root.iter(f"{SVG}polyline") if node.get("class") == name]
    return [node.get("points") or "" for node in found]


def spots(root: ElementTree.Element, name: str) -> list[tuple[str | None, str | None]]:
    found = [node for node in root.iter(f"{SVG}circle") if node.get("class") == name]
    inside = [node for node in found if float(node.get("cy", "")) <= BOTTOM]  # not the legend's
    return [(node.get("cx"), node.get("cy")) for node in inside]


def test_average_and_limit_lie_where_the_arithmetic_puts_them() -> None:
    root = parsed(WORSE)
    # across: 424 for 4 steps = 106 a day; up: 116 for 10 = 11.6 a unit, 168 is 0
    assert (LEFT, RIGHT, TOP, BOTTOM) == (44, 468, 52, 168)
    assert lines(root, "now") == ["256.0,99.6 362.0,105.4 468.0,107.7"]  # 168-5.9*11.6 = 99.56
    assert lines(root, "limit") == ["256.0,104.2 362.0,105.4 468.0,106.5"]
    assert len(spots(root, "acute")) == 5


def test_a_day_beyond_the_limit_has_a_ring_and_a_word() -> None:
    root = parsed(WORSE)
    assert spots(root, "beyond") == [("362", "105.4"), ("468", "107.7")]
    assert "2 days beyond the limit, the first on 4 Nov" in written(root)
    assert "beyond" not in " ".join(written(parsed(control(Watched(day(2), 5, 5.9, 5.5)))))


def test_a_gap_breaks_the_average_and_not_the_limit() -> None:
    days = [Watched(day(0), 5, 5, 4), Watched(day(3), 5, 5, 4), Watched(day(7), 5, 5, 4)]
    root = parsed(control(*days, last=day(8)))  # 424 for 8 steps = 53 a day
    assert lines(root, "now") == ["44.0,110.0 203.0,110.0", "413.0,110.0 417.0,110.0"]
    assert lines(root, "limit") == ["44.0,121.6 203.0,121.6 415.0,121.6"]


def test_the_stable_stretch_is_grey_as_far_as_it_lies_in_the_period() -> None:
    (grey,) = [node for node in parsed(WORSE).iter(f"{SVG}rect") if node.get("y") == str(TOP)]
    assert (grey.get("x"), grey.get("width")) == ("44", "106")
    earlier = parsed(control(stable=Stable(day(-30), day(-10), 6)))
    assert [node for node in earlier.iter(f"{SVG}rect") if node.get("y") == str(TOP)] == []
    assert "stable, 2 Oct to 22 Oct" in written(earlier)


def test_without_a_stable_stretch_or_an_entry_the_picture_says_so() -> None:
    root = parsed(control(stable=None))
    assert {"nothing logged", "no stable stretch to watch against"} <= set(written(root))


def test_a_reader_hears_what_a_viewer_sees() -> None:
    assert (
        parsed(WORSE).findtext(f"{SVG}desc")
        == described(WORSE)
        == (
            "1 Nov 2026 to 5 Nov 2026, 5 of 5 days logged (0 = worst, 10 = best). "
            "Stable from 1 Nov to 2 Nov, mean 6. Average 5.2, limit 5.3 on 5 Nov. "
            "2 days beyond the limit, the first on 4 Nov."
        )
    )
    assert described(control(stable=None)).endswith(
        "No stable stretch of days to watch against. No day beyond the limit."
    )


@pytest.mark.parametrize("mean", [6, None])
def test_the_chart_of_a_document_is_its_values(mean: int | None) -> None:
    ends = {"minimum": 0, "maximum": 10, "low_end": "worst", "high_end": "best", "unit": None}
    points = [{"date": FIRST, "value": 5, "ewma": None, "limit": None, "is_beyond": False}]
    document = {
        "from": FIRST, "to": day(4), "measure": {"prompt": "Mood", **ends}, "points": points,
        "stable": {"from": day(0), "to": day(1), "mean": mean},
    }  # fmt: skip
    stable = None if mean is None else Stable(day(0), day(1), mean)
    expected = control(Watched(FIRST, 5), title="Control chart: Mood", stable=stable)
    drawn = of(document)
    assert (drawn.title, list(drawn.days), drawn.stable, drawn.first, drawn.last) == (
        expected.title, list(expected.days), stable, FIRST, day(4),
    )  # fmt: skip


def test_the_picture_runs_and_loads_nothing() -> None:
    drawn = draw(control(title="<script>x</script>", low_end="<b>", high_end="]]>")).decode()
    assert not re.search(r"<script|<b>|href|url\(|@import| on[a-z]+=| style=", drawn)
    assert f"<style>{STYLE}</style>" in drawn


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": [Watched(day(5), 5)]},
        {"days": [Watched(day(1), 5), Watched(day(0), 5)]},
        {"days": [Watched(day(1), 11)]},
        {"last": day(-1)},
    ],
)
def test_what_cannot_be_drawn_where_it_lies_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"period|value"):
        control(**wrong)
