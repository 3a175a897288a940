"""The response curve drawn: every day where the arithmetic puts it, what is not known not drawn."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.axes import LEFT, RIGHT, TOP, WIDTH
from formats.curve_picture import BOTTOM, HEIGHT, MOST_THIN, draw
from formats.curves import Reference, Stretch, WornOff, described
from formats.svg import STYLE, STYLE_SOURCE
from tests.formats.drawn import (
    BEFORE,
    SVG,
    curves,
    of_class,
    parsed,
    places,
    window,
    written,
    x,
)


def test_days_lie_in_columns_from_day_0_on() -> None:
    root = parsed(curves((1, 0), (2, 10), (14, 5)))
    # across: 424 for 15 days = 28.27 each, day 1 in the middle of the second; up: 170 for 10
    assert (LEFT, RIGHT, TOP, BOTTOM) == (44, 468, 52, 222)
    assert places(of_class(root, "point")) == [(86.4, 222), (114.7, 52), (453.9, 137)]
    assert [x(1), x(2), x(14)] == [86.4, 114.7, 453.9]


def test_day_0_is_greyed_and_joined_to_nothing() -> None:
    root = parsed(curves((0, 9), (1, 5), (2, 5)))
    (grey,) = of_class(root, "zero")
    assert (grey.get("x"), grey.get("width")) == ("44", "28.3")
    assert places(of_class(root, "acute")) == [(x(0), 69)]  # 222 - 9*17
    (line,) = of_class(root, "now")
    assert line.get("points") == f"{x(1)},137.0 {x(2)},137.0"
    assert "day 0, not counted" in written(root)


def test_what_was_logged_before_the_dose_is_hollow() -> None:
    root = parsed(curves(current=window((0, 3), (1, 5), pre_dose=True)))
    (hollow,) = of_class(root, "before")
    assert hollow.findtext(f"{SVG}title") == "before the dose: 3"
    assert of_class(root, "acute") == []
    assert "before the dose" in written(root)


def test_a_missing_day_breaks_the_line() -> None:
    root = parsed(curves((1, 5), (2, 5), (4, 5), (6, 5), (7, 10)))
    lines = [node.get("points") for node in root.iter(f"{SVG}polyline")]
    assert lines == [f"{x(1)},137.0 {x(2)},137.0", f"{x(6)},137.0 {x(7)},52.0"]
    assert len(of_class(root, "point")) == 5  # the day alone is a point


def test_earlier_windows_are_thin_lines_named_by_their_session() -> None:
    root = parsed(curves((1, 5), earlier=[window((0, 1), (1, 4), (2, 4), (5, 3), began=BEFORE)]))
    thin = [node for node in root.iter(f"{SVG}polyline") if node.get("class") == "old"]
    assert [line.get("points") for line in thin] == [f"{x(1)},154.0 {x(2)},154.0"]
    assert thin[0].findtext(f"{SVG}title") == "29 Sep 2026"
    assert places(of_class(root, "lone")) == [(x(5), 171)]
    assert "1 earlier window" in written(root)


def test_of_many_earlier_windows_the_newest_are_drawn_and_the_picture_says_so() -> None:
    earlier = [window((1, number / 10), (2, 5)) for number in range(40)]
    root = parsed(curves((1, 5), earlier=earlier))
    thin = [node for node in root.iter(f"{SVG}polyline") if node.get("class") == "old"]
    assert len(thin) == MOST_THIN
    assert (thin[-1].get("points") or "").startswith(f"{x(1)},222.0")  # the newest on top
    assert "newest 12 of 40 earlier windows" in written(root)


def test_the_band_has_its_ends_where_the_quartiles_lie_and_breaks_where_there_are_none() -> None:
    band = [Stretch(1, 5, 4, 6), Stretch(2, 6, 5, 7), Stretch(4, 5, 5, 5)]
    root = parsed(curves((1, 5), band=band))
    areas = [node for node in root.iter(f"{SVG}polygon") if node.get("class") == "usual"]
    assert [area.get("points") for area in areas] == [
        f"{x(1)},120.0 {x(2)},103.0 {x(2)},137.0 {x(1)},154.0",
        f"{x(3.5)},137.0 {x(4.5)},137.0 {x(4.5)},137.0 {x(3.5)},137.0",  # as wide as its day
    ]
    medians = [node for node in root.iter(f"{SVG}polyline") if node.get("class") == "median"]
    assert (medians[0].get("points"), len(medians)) == (f"{x(1)},137.0 {x(2)},120.0", 2)
    assert {"their median", "middle half"} <= set(written(root))


def test_without_a_band_nothing_speaks_of_a_median() -> None:
    told = " ".join(written(parsed(curves((1, 5), earlier=[window((1, 4), began=BEFORE)]))))
    assert "median" not in told
    assert "half" not in told


def test_the_ribbon_is_the_level_between_its_ends_cut_at_the_ends_of_the_scale() -> None:
    root = parsed(curves((1, 5), ribbon=[Stretch(1, 9, 8, 10.4), Stretch(2, 5, 3, 7)]))
    areas = [node for node in root.iter(f"{SVG}polygon") if node.get("class") == "ribbon"]
    assert [area.get("points") for area in areas] == [
        f"{x(1)},52.0 {x(2)},103.0 {x(2)},171.0 {x(1)},86.0"
    ]
    assert "its level, 10 to 90 %" in written(root)


def test_the_level_before_is_a_line_with_its_name() -> None:
    root = parsed(curves((1, 5), reference=Reference(2.55, "level before the course")))
    (line,) = of_class(root, "level")
    assert line.get("y1") == line.get("y2") == "178.7"  # 222 - 2.55*17
    assert "level before the course 2.55" in written(root)


@pytest.mark.parametrize(
    ("interval", "words", "end"),
    [
        ((8, 12), "half of the gain gone about day 10 (8 to 12)", f"H{x(12)}M{x(12)} 41V49"),
        ((8, None), "half of the gain gone about day 10 (8 or later)", "H468.0M462.0 41L468.0 45L"),
        (None, "half of the gain gone about day 10", ""),
    ],
)
def test_the_day_it_wore_off_is_marked_with_the_days_it_may_lie_between(
    interval: Any, words: str, end: str
) -> None:
    root = parsed(curves((1, 5), worn_off=WornOff(10, interval)))
    (rule,) = of_class(root, "visit")
    assert rule.get("x1") == rule.get("x2") == f"{x(10)}"
    assert [label.text for label in root.iter() if label.get("class") == "called"] == [words]
    brackets = [node.get("d") or "" for node in root.iter(f"{SVG}path")]
    assert len(brackets) == (interval is not None)
    assert all(path.startswith(f"M{x(8)} 41V49M{x(8)} 45") and end in path for path in brackets)


def test_without_a_session_or_an_entry_the_picture_says_so() -> None:
    assert "no session yet" in written(parsed(curves(current=None)))
    assert "nothing logged in this window" in written(parsed(curves()))
    assert "No session yet." in described(curves(current=None))
    assert "nothing logged after day 0" in described(curves((0, 5)))


HOSTILE = ['</text><script>alert("1")</script>', "\"><img onerror='x'>", "a\x00b\x0b\ud800\uffff"]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_somebody_typed_stays_text(words: str) -> None:
    root = parsed(curves((1, 5), title=words, low_end=words, high_end=words))
    plain = parsed(curves((1, 5)))
    assert [node.tag for node in root.iter()] == [node.tag for node in plain.iter()]
    assert root.findtext(f"{SVG}title") == re.sub("[\x00\x0b\ud800\uffff]", "\ufffd", words)


def test_the_picture_runs_and_loads_nothing_and_is_light_or_dark_as_its_viewer_is() -> None:
    drawn = draw(curves((1, 5), worn_off=WornOff(10, (8, None)))).decode()
    assert not re.search(r"<script|<foreignObject|href|url\(|@import| on[a-z]+=| style=", drawn)
    assert f"<style>{STYLE}</style>" in drawn
    assert "@media screen and (prefers-color-scheme:dark)" in STYLE
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", STYLE_SOURCE)


days = st.dictionaries(st.integers(0, 400), st.floats(0, 10), max_size=30)
windows = st.lists(days, max_size=15)


@given(days, windows, st.integers(1, 400), st.none() | st.integers(0, 60))
def test_every_day_is_marked_once_and_nothing_lies_outside(
    own: dict[int, float], others: list[dict[int, float]], day: int, more: int | None
) -> None:
    interval = (max(day - 3, 1), None if more is None else day + more)
    shown = curves(
        *sorted(own.items()),
        earlier=[window(*sorted(each.items())) for each in others],
        worn_off=WornOff(day, interval),
    )
    root = parsed(shown)
    marked = sum(len(of_class(root, kind)) for kind in ("point", "acute"))
    assert marked == len(own)
    for node in root.iter():
        for name, bound in (("x", WIDTH), ("y", HEIGHT)):
            for key in (name, f"{name}1", f"{name}2", f"c{name}"):
                assert 0 <= float(node.get(key, "0")) <= bound
    for path in root.iter(f"{SVG}polyline"):
        for place in (path.get("points") or "").split():
            across, down = map(float, place.split(","))
            assert LEFT <= across <= RIGHT
            assert TOP <= down <= BOTTOM
    assert draw(shown) == draw(shown)
