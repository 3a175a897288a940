"""The rating scales: each file says what it must, agrees with itself, and words no item."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.instruments import INSTRUMENTS, BadInstrument, Instrument, faults_of, read

FOLDER = Path(__file__).parents[2] / "clinical" / "instruments"
REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "instruments.json"
SMALL = """
key = "small"
name = "Small"
rater = "self"
items = 2
item_minimum = 0
item_maximum = 3
total_minimum = 0
total_maximum = 6
scoring = "sum"
direction = "higher_is_worse"
licence = "free"
source = "a test"
"""
# Items x range, and the ends of the total, written out from the scales themselves.
ENDS = {
    "phq9": (9, 0, 27),
    "phq2": (2, 0, 6),
    "gad7": (7, 0, 21),
    "qids_sr16": (16, 0, 27),  # nine domains of at most 3: 9 * 3
    "madrs": (10, 0, 60),
    "madrs_s": (9, 0, 54),
    "hdrs17": (17, 0, 52),  # 9 items to 4 and 8 to 2: 36 + 16
    "who5": (5, 0, 100),  # 4 * 5 * 5
    "isi": (7, 0, 28),
    "cadss": (23, 0, 92),
    "cadss_6": (6, 0, 24),
    "promis_sd4a": (4, 4, 20),
    "promis_fatigue4a": (4, 4, 20),
}


def test_every_scale_has_the_items_and_the_total_it_is_known_by() -> None:
    ends = {
        key: (len(scale.item_ranges), scale.total_minimum, scale.total_maximum)
        for key, scale in INSTRUMENTS.items()
    }
    assert ends == ENDS


def test_only_well_being_is_better_when_higher() -> None:
    better = [key for key, one in INSTRUMENTS.items() if one.direction == "higher_is_better"]
    assert better == ["who5"]


def test_a_scale_is_described_in_facts_and_never_in_its_items_words() -> None:
    for path in FOLDER.glob("*.toml"):
        told = tomllib.loads(path.read_text("utf-8"))
        assert not any("\n" in value for value in told.values() if isinstance(value, str))
        assert {"text", "wording", "prompt", "questions"}.isdisjoint(told)


def reference() -> dict[str, Any]:
    """The facts to check against; where they are absent, the ones written out above."""
    if REFERENCE.exists():
        known = json.loads(REFERENCE.read_text())["instruments"]
        known["cadss_6"] = known.pop("cadss6")
        return {key: known[key] for key in ENDS}
    print("../shared/data is absent: checked against the table in this file alone")  # noqa: T201
    return {key: {"items": n, "total_range": [low, up]} for key, (n, low, up) in ENDS.items()}


def test_every_scale_agrees_with_the_reference() -> None:
    for key, told in reference().items():
        scale = INSTRUMENTS[key]
        assert len(scale.item_ranges) == told["items"], key
        ends = told.get("total_range") or told["raw_range"]
        assert [scale.total_minimum, scale.total_maximum] == ends, key
        highest = told.get("item_max")
        assert highest is None or [up for _, up in scale.item_ranges] == highest, key
        if "title" in told:  # the reference itself, not its stand-in, which knows no codes
            loinc = told.get("loinc", {})
            assert scale.loinc_total == loinc.get("total"), key
            assert list(scale.loinc_items) == loinc.get("items", []), key


def test_a_small_scale_is_read() -> None:
    assert read(SMALL, "small") == Instrument(
        "small", "Small", "self", None, ((0, 3), (0, 3)), 0, 6, "sum", "higher_is_worse", "free",
        "a test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('rater = "self"', "", "rater is missing"),
        ("items = 2", "items = 2\nitem_text = 3", "item_text is not known"),
        ("items = 2", "items = true", "items is no int"),
        ("items = 2", 'items = "2"', "items is no int"),
        ("item_maximum = 3", "", "either item_maximum or item_maxima"),
        ("item_maximum = 3", "item_maxima = [3]", "item_maxima has not one number"),
        ("item_maximum = 3", 'item_maxima = [3, "3"]', "item_maxima has not one number"),
        ("item_maximum = 3", "item_maximum = 0", "an item has no range"),
        ('"sum"', '"product"', "scoring is none of"),
        ('"self"', '"robot"', "rater is none of"),
        ("total_maximum = 6", "total_maximum = 7", "the items give 0 to 6"),
        ('key = "small"', 'key = "other"', "key is not the file's name"),
        ("items = 2", "items = ", "not TOML"),
    ],
)
def test_a_wrong_file_is_refused_and_says_why(was: str, becomes: str, named: str) -> None:
    with pytest.raises(BadInstrument, match=named):
        read(SMALL.replace(was, becomes), "small")


def test_every_fault_of_a_file_is_named_at_once() -> None:
    with pytest.raises(BadInstrument) as refused:
        read(SMALL.replace("self", "robot").replace('"sum"', '"product"'), "other")
    for named in ("rater", "scoring", "key"):
        assert named in str(refused.value)


@pytest.mark.parametrize(
    ("key", "total", "fields"),
    [
        ("phq9", 27, []),
        ("phq9", 28, ["total"]),
        ("phq9", -1, ["total"]),
        ("phq9", 6.5, ["total"]),
        ("who5", 36, []),
        ("who5", 37, ["total"]),  # four times a sum
        ("promis_sd4a", 3, ["total"]),  # four items of at least 1
    ],
)
def test_a_total_is_held_to_its_scale(key: str, total: float, fields: list[str]) -> None:
    assert [field for field, _ in faults_of(INSTRUMENTS[key], total, None)] == fields


@pytest.mark.parametrize(
    ("key", "total", "items", "fields"),
    [
        ("phq9", 16, [1, 1, 1, 2, 2, 3, 3, 3, 0], []),  # 3*1 + 2*2 + 3*3
        ("phq9", 15, [1, 1, 1, 2, 2, 3, 3, 3, 0], ["total"]),
        ("phq9", 16, [1, 1, 1, 2, 2, 3, 3, 3], ["items"]),
        ("phq9", 16, [1, 1, 1, 2, 2, 4, 3, 3, 0], ["items.6"]),
        ("phq9", 16, [1, 1, 1, 2, 2, None, 3, 3, 0], ["items"]),
        ("who5", 36, [1, 2, 3, 2, 1], []),  # 4 * 9
        ("qids_sr16", 14, [3, 1, 0, 0, 2, None, 1, 0, 2, 1, 1, 0, 2, 2, 1, 0], []),
        ("promis_sd4a", 12, [1, 2, 3, 4], []),  # two of its items are turned round
    ],
)
def test_items_are_counted_held_to_their_range_and_to_the_total(
    key: str, total: float, items: list[int | None], fields: list[str]
) -> None:
    assert [field for field, _ in faults_of(INSTRUMENTS[key], total, items)] == fields


@given(st.sampled_from(sorted(INSTRUMENTS)), st.data())
def test_items_within_their_ranges_and_their_own_sum_are_never_refused(
    key: str, chance: st.DataObject
) -> None:
    scale = INSTRUMENTS[key]
    items = [chance.draw(st.integers(low, up)) for low, up in scale.item_ranges]
    total = {"sum": sum(items), "four_times_sum": 4 * sum(items)}.get(scale.scoring)
    assert faults_of(scale, scale.total_minimum if total is None else total, items) == []


def test_the_scales_wait_for_a_signature() -> None:
    page = (FOLDER.parents[1] / "docs" / "sign-off.md").read_text()
    assert f"| {len(INSTRUMENTS)} scales;" in page
