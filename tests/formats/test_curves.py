"""What a response curve says of a document: its values, its words, how far its axis goes."""

from typing import Any

import pytest

from formats.curves import (
    Curves,
    Reference,
    Row,
    Stretch,
    WornOff,
    described,
    of,
    table,
)
from tests.formats.drawn import BEFORE, NOW, SVG, curves, parsed, window, written


def test_the_axis_ends_with_this_window_or_where_enough_others_do() -> None:
    year = window((1, 5), (365, 5), began=BEFORE)
    assert curves((1, 5)).last_day() == 14
    assert curves((1, 5), (20, 5)).last_day() == 20
    assert curves((1, 5), earlier=[year]).last_day() == 365
    crowd = [year, window((1, 5), (30, 4)), window((1, 5), (30, 4))]
    band = [Stretch(1, 5, 5, 5), Stretch(28, 5, 4, 6)]
    long_one = curves((1, 5), earlier=crowd, band=band)
    assert long_one.last_day() == 28
    assert "3 earlier windows, 3 of them longer" in written(parsed(long_one))
    assert described(long_one).endswith("3 of them go on, to day 365.")
    assert curves((1, 5), worn_off=WornOff(20, (17, 25))).last_day() == 25
    assert curves((1, 5), worn_off=WornOff(20, (17, None))).last_day() == 20


def test_a_reader_hears_what_a_viewer_sees() -> None:
    shown = curves(
        *((0, 9), (1, 7), (2, 8), (7, 4)),
        earlier=[window((1, 6), began=BEFORE)],
        band=[Stretch(1, 6.5, 6, 7), Stretch(2, 6, 5, 7), Stretch(7, 5, 4, 6)],
        reference=Reference(2.6, "level before the course"),
        worn_off=WornOff(6, (5, None)),
    )
    root = parsed(shown)
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("img", "Mood")
    assert root.findtext(f"{SVG}desc") == (
        "Days since the session, day 0 not counted (0 = worst, 10 = best). "
        "This window, from 3 Nov 2026: 3 of 7 days logged, 4 to 8; 7 on day 1, 4 on day 7. "
        "1 earlier window. Median of the earlier ones: 6.5 on day 1, 5 on day 7. "
        "Level before the course 2.6. Half of the gain gone about day 6 (5 or later)."
    )


def test_the_table_has_every_day_of_the_axis() -> None:
    level, usual = Stretch(1, 6, 5, 7), Stretch(2, 5, 4, 6)
    shown = curves(current=window((0, 3), (2, 5), pre_dose=True), ribbon=[level], band=[usual])
    rows = table(shown)
    assert [row.day_offset for row in rows] == list(range(15))
    assert rows[:3] == [
        Row(0, 3, True, None, None),
        Row(1, None, False, level, None),
        Row(2, 5, False, None, usual),
    ]


DOCUMENT: dict[str, Any] = {
    "measure": {
        "key": "mood", "prompt": "Mood", "minimum": 0, "maximum": 10,
        "low_end": "worst", "high_end": "best", "unit": None,
    },
    "reference": {"source": "pre_session", "level": {"value": 3.1}},
    "current": {"ribbon": [{"day_offset": 1, "level": 6, "low": 5, "high": 7}]},
    "windows": [
        {"date": NOW, "is_current": True, "points": [
            {"day_offset": 0, "value": 3, "pre_dose": True},
            {"day_offset": 1, "value": 7, "pre_dose": False},
        ]},
        {"date": BEFORE, "is_current": False, "points": [
            {"day_offset": 0, "value": 3, "pre_dose": None},
        ]},
    ],
    "band": [
        {"day_offset": 0, "n": 1, "median": None, "lower_quartile": None, "upper_quartile": None},
        {"day_offset": 1, "n": 3, "median": 5, "lower_quartile": 4, "upper_quartile": 6},
    ],
}  # fmt: skip


def test_the_curves_of_a_document_are_its_values() -> None:
    worn_off = {"state": "worn_off", "day": 9, "interval": [8, None]}
    assert of(DOCUMENT, worn_off) == Curves(
        "Response curve: Mood", 0, 10, "worst", "best",
        current=window((0, 3), (1, 7), pre_dose=True),
        ribbon=[Stretch(1, 6, 5, 7)],
        earlier=[window((0, 3), began=BEFORE)],
        band=[Stretch(1, 5, 4, 6)],  # n = 1 has no median
        reference=Reference(3.1, "usual level before a session"),
        worn_off=WornOff(9, (8, None)),
    )  # fmt: skip


@pytest.mark.parametrize("state", ["holding", "no_response", "insufficient", None])
def test_a_day_is_marked_only_where_half_is_gone(state: str | None) -> None:
    assert of(DOCUMENT, {"state": state, "day": None, "interval": None}).worn_off is None


def test_a_document_without_a_session_is_an_empty_picture() -> None:
    none = {"source": None, "level": {"value": None}}
    empty = DOCUMENT | {"windows": [], "band": [], "current": None, "reference": none}
    assert "no session yet" in written(parsed(of(empty)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"current": window((1, 11))},
        {"current": window((1, float("nan")))},
        {"current": window((2, 5), (1, 5))},
        {"earlier": [window((1, 5), (1, 6))]},
        {"earlier": [window((-1, 5))]},
        {"ribbon": [Stretch(1, 5, 6, 4)]},
    ],
)
def test_what_cannot_be_drawn_where_it_lies_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"window|value|interval"):
        curves((1, 5), **wrong)
