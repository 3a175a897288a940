"""The chart of a measure: every point where the arithmetic puts it, every gap a gap."""

import hashlib
import re
from collections import Counter
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.axes import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, ticks
from formats.chart import Day, Level, Series, Visit, described, draw, table
from formats.svg import STYLE, STYLE_SOURCE

FIRST = date(2026, 11, 1)
SVG = "{http://www.w3.org/2000/svg}"


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def series(*points: tuple[int, float], last: int = 4, **given: Any) -> Series:
    """Five days of a 0-10 rating; points as (day number, value)."""
    values: dict[str, Any] = {
        "title": "Mood",
        "first": FIRST,
        "last": day(last),
        "minimum": 0,
        "maximum": 10,
        "low_end": "worst",
        "high_end": "best",
        "unit": None,
        "points": [(day(number), value) for number, value in points],
    }
    return Series(**values | given)


def parsed(drawn: Series) -> ElementTree.Element:
    return ElementTree.fromstring(draw(drawn).decode())  # noqa: S314 (our own bytes)


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if node.get("class") == name]


def written(root: ElementTree.Element) -> list[str]:
    return [node.text or "" for node in root.iter(f"{SVG}text")]


def test_points_lie_where_the_arithmetic_puts_them() -> None:
    root = parsed(series((0, 0), (1, 10), (3, 5)))
    assert (LEFT, RIGHT, TOP, BOTTOM) == (44, 468, 52, 168)
    # across: 424 for 4 steps = 106 a day; up: 116 for 10 = 11.6 a unit
    expected = [("44", "168"), ("150", "52"), ("362", "110")]  # 44+3*106; 168-5*11.6
    spots = of_class(root, "point")
    assert [(spot.get("cx"), spot.get("cy")) for spot in spots] == expected


def test_a_missing_day_breaks_the_line() -> None:
    root = parsed(series((0, 5), (1, 5), (3, 5), (4, 10)))
    lines = [line.get("points") for line in of_class(root, "line")]
    assert lines == ["44.0,110.0 150.0,110.0", "362.0,110.0 468.0,52.0"]


def test_a_day_alone_is_a_point_without_a_line() -> None:
    root = parsed(series((0, 5), (2, 5), (4, 5)))
    assert len(of_class(root, "point")) == 3
    assert of_class(root, "line") == []


def test_a_period_without_a_day_says_that_nothing_was_logged() -> None:
    root = parsed(series())
    assert of_class(root, "point") == of_class(root, "line") == []
    assert "nothing logged" in written(root)
    assert "0 of 5 days logged" in described(series())


def test_a_period_of_one_day_has_its_point_in_the_middle() -> None:
    (spot,) = of_class(parsed(series((0, 10), last=0)), "point")
    assert (spot.get("cx"), spot.get("cy")) == ("256", "52")  # (44+468)/2


def test_sessions_are_rules_with_their_label() -> None:
    root = parsed(series((0, 5), visits=[Visit(day(2), "56 mg")]))
    (rule,) = of_class(root, "visit")
    assert (rule.get("x1"), rule.get("x2")) == ("256", "256")
    assert rule.findtext(f"{SVG}title") == "3 Nov 2026: 56 mg"
    assert [label.text for label in of_class(root, "called")] == ["56 mg"]


def test_of_labels_that_would_meet_the_newest_stands_and_those_where_it_changes() -> None:
    doses = ["56 mg", "56 mg", "56 mg", "84 mg", "84 mg"]
    visits = [Visit(day(20 * number), dose) for number, dose in enumerate(doses)]
    crowded = parsed(series(last=300, visits=visits))
    assert len(of_class(crowded, "visit")) == 5
    # Across 424 pixels (44 to 468) of 300 days lie 28.3 between sessions; a label is 38.5 wide
    # (5 * 7.7) with 6 beside it. The newest stands on day 80, so the change on day 60 has no room.
    assert [label.text for label in of_class(crowded, "called")] == ["56 mg", "84 mg"]
    assert [label.get("x") for label in of_class(crowded, "called")] == ["44", "157.1"]
    roomy = parsed(series(last=80, visits=visits))
    assert [label.text for label in of_class(roomy, "called")] == doses


def test_a_dose_that_has_just_been_raised_is_named_rather_than_the_first() -> None:
    visits = [Visit(day(number), dose) for number, dose in ((20, "37 mg"), (23, "37 mg"))]
    raised = parsed(series(last=27, visits=[*visits, Visit(day(26), "55 mg")]))
    assert [label.text for label in of_class(raised, "called")] == ["37 mg", "55 mg"]
    closer = parsed(series(last=90, visits=[*visits, Visit(day(25), "55 mg")]))
    assert [label.text for label in of_class(closer, "called")] == ["55 mg"]


def test_a_band_and_a_baseline_are_told_in_words_as_well() -> None:
    levels = [Level(3, 3, "baseline"), Level(4, 6.5, "middle half")]
    root = parsed(series((0, 5), levels=levels))
    (line,), (band,) = of_class(root, "level"), of_class(root, "band")
    assert line.get("y1") == line.get("y2") == "133.2"  # 168 - 3*11.6
    assert (band.get("y"), band.get("height")) == ("92.6", "29")  # 168-6.5*11.6; 2.5*11.6
    assert "baseline 3, middle half 4 to 6.5" in written(root)


def test_both_ends_are_in_the_measures_own_words() -> None:
    assert {"10 = best", "0 = worst"} <= set(written(parsed(series((0, 5)))))


@pytest.mark.parametrize(("highest", "top"), [(12, "12 h"), (12.25, "24 h")])
def test_hours_are_drawn_to_half_the_range_while_nothing_lies_above(
    highest: float, top: str
) -> None:
    slept = series((0, 7), (1, highest), maximum=24, unit="h")
    assert top in written(parsed(slept))
    assert "0 = worst" not in written(parsed(slept))  # the numbers say it


def test_dates_on_the_axis_are_days_as_one_writes_them() -> None:
    assert ticks(FIRST, day(27)) == [day(6), day(13), day(20), day(27)]
    assert "28 Nov" in written(parsed(series(last=27)))
    across_a_new_year = written(parsed(series(first=date(2025, 12, 1))))
    assert {"5 Feb 2026", "7 May", "6 Aug", "5 Nov"} <= set(across_a_new_year)
    a_year = ticks(date(2025, 11, 26), date(2026, 11, 25))  # 364 days apart, twice 182
    assert a_year == [date(2025, 11, 26), date(2026, 5, 27), date(2026, 11, 25)]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_an_axis_names_at_most_five_days_and_always_the_last(first: date, length: int) -> None:
    named = ticks(first, first + timedelta(days=length))
    assert 1 <= len(named) <= 5
    assert named[-1] == first + timedelta(days=length)
    assert named[0] >= first


def test_a_reader_hears_what_a_viewer_sees() -> None:
    root = parsed(series((0, 4), (1, 8), (3, 5), visits=[Visit(day(2), "56 mg")]))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Mood"
    assert root.findtext(f"{SVG}desc") == (
        "1 Nov 2026 to 5 Nov 2026, 3 of 5 days logged (0 = worst, 10 = best). "
        "From 4 to 8; last 5 on 4 Nov. Session on 3 Nov: 56 mg."
    )


def test_the_table_has_every_day_and_no_value_for_a_day_that_was_not_logged() -> None:
    rows = table(series((0, 4), (2, 5), last=2, visits=[Visit(day(1), "a"), Visit(day(1), "b")]))
    assert rows == [Day(day(0), 4, ()), Day(day(1), None, ("a", "b")), Day(day(2), 5, ())]


HOSTILE = [
    '</text><script>alert("1")</script>',
    "\"><img src=x onerror='alert(1)'>",
    "]]>&amp;<!-- <![CDATA[",
    "a\x00b\x0b\x1f\ud800\uffff",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_somebody_typed_stays_text(words: str) -> None:
    hostile = series(
        (0, 5), title=words, low_end=words, high_end=words,
        visits=[Visit(day(2), words)], levels=[Level(1, 2, words)],
    )  # fmt: skip
    plain = parsed(series((0, 5), visits=[Visit(day(2), "x")], levels=[Level(1, 2, "x")]))
    root = parsed(hostile)
    label_does_not_fit = Counter({f"{SVG}text": 1})
    left_out = label_does_not_fit if not of_class(root, "called") else Counter()
    tags = Counter(node.tag for node in root.iter())
    assert tags == Counter(node.tag for node in plain.iter()) - left_out
    shown = re.sub("[\x00\x0b\x1f\ud800\uffff]", "\ufffd", words)
    assert root.findtext(f"{SVG}title") == shown


def test_the_picture_runs_and_loads_nothing() -> None:
    drawn = draw(series((0, 5), visits=[Visit(day(2), "56 mg")])).decode()
    assert not re.search(r"<script|<foreignObject|href|url\(|@import| on[a-z]+=| style=", drawn)
    assert f"<style>{STYLE}</style>" in drawn
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", STYLE_SOURCE)


def test_it_is_light_or_dark_as_its_viewer_is_and_light_on_paper() -> None:
    assert "color-scheme:light dark" in STYLE
    assert "@media screen and (prefers-color-scheme:dark)" in STYLE


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": [(day(5), 5)]},
        {"points": [(day(1), 5), (day(0), 5)]},
        {"points": [(day(1), 5), (day(1), 5)]},
        {"points": [(day(1), 11)]},
        {"points": [(day(1), float("nan"))]},
        {"levels": [Level(-1, 3, "baseline")]},
        {"visits": [Visit(day(-1), "56 mg")]},
        {"last": -1},
    ],
)
def test_what_cannot_be_drawn_where_it_lies_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"period|value"):
        series(**wrong)


logged = st.dictionaries(st.integers(0, 400), st.floats(0, 10), max_size=60)
visited = st.lists(st.tuples(st.integers(0, 400), st.text(max_size=12)), max_size=12)


@given(logged, visited)
def test_every_point_is_marked_once_and_nothing_lies_outside(
    points: dict[int, float], visits: list[tuple[int, str]]
) -> None:
    called = [Visit(day(number), label) for number, label in sorted(visits)]
    shown = series(*sorted(points.items()), last=400, visits=called)
    root = parsed(shown)
    assert len(of_class(root, "point")) == len(points)
    assert len(of_class(root, "visit")) == len(visits)
    joined = sum(len((line.get("points") or "").split()) for line in of_class(root, "line"))
    alone = [n for n in points if n - 1 not in points and n + 1 not in points]
    assert joined == len(points) - len(alone)
    for node in root.iter():
        for name, bound in (("x", WIDTH), ("y", HEIGHT)):
            for key in (name, f"{name}1", f"{name}2", f"c{name}"):
                assert 0 <= float(node.get(key, "0")) <= bound
    assert draw(shown) == draw(shown)


def test_the_same_values_are_the_same_bytes_as_ever() -> None:
    """Changes when the drawing does: look at the picture, then put the new digest here."""
    drawn = draw(series((0, 4), (1, 8), (3, 5), visits=[Visit(day(2), "56 mg")]))
    assert hashlib.sha256(drawn).hexdigest()[:16] == "b4c0aec5eed1f12c"
    assert [node.tag.removeprefix(SVG) for node in ElementTree.fromstring(drawn)] == [  # noqa: S314
        "title", "desc", "style",
        *(["line", "text"] * 3), *(["line", "text"] * 5),
        "line", "text", "polyline", "circle", "circle", "circle", "text", "text",
    ]  # fmt: skip
