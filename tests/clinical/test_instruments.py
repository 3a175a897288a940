"""The rating scales: each file says what it must, agrees with itself and with its source."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.instruments import (
    INSTRUMENTS,
    Instrument,
    SafetyItem,
    faults_of,
    meaning,
    score,
)

FOLDER = Path(__file__).parents[2] / "clinical" / "instruments"
REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "instruments.json"
WORDING = REFERENCE.with_name("instrument_wording.json")
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
    "cadss6": (6, 0, 24),
    "promis_sd4a": (4, 32.0, 73.3),  # T scores
    "promis_fatigue4a": (4, 33.7, 75.8),
    "cssrs_screener": (6, None, None),  # a level, no total
    "bprs_pos4": (4, 0, 24),
    "moaas": (1, 0, 5),
    "fibser": (3, 0, 6),  # the burden alone
}
# Screens of ours, with our own wording.
OURS = {"bladder": (5, 0, 15), "craving": (1, 0, 10), "cognition": (1, 0, 4)}
# Whose item text we may show (4-clinical 1e); every other is entered until a clinic brings it.
WORDED = {"phq9", "phq2", "gad7"}


def test_every_scale_has_the_items_and_the_total_it_is_known_by() -> None:
    ends = {
        key: (len(scale.items), scale.total_minimum, scale.total_maximum)
        for key, scale in INSTRUMENTS.items()
    }
    assert ends == ENDS | OURS


def test_only_well_being_and_alertness_are_better_when_higher() -> None:
    better = [key for key, one in INSTRUMENTS.items() if one.direction == "higher_is_better"]
    assert better == ["moaas", "who5"]


def test_no_item_is_worded_that_we_may_not_show() -> None:
    worded = {key for key, scale in INSTRUMENTS.items() if any(one.text for one in scale.items)}
    assert worded == WORDED | set(OURS)
    for key in WORDED | set(OURS):
        assert all(one.text for one in INSTRUMENTS[key].items), key


def test_wording_is_as_published_letter_by_letter() -> None:
    if not WORDING.exists():
        print("../shared/data is absent: the wording is not compared")  # noqa: T201
    known = json.loads(WORDING.read_text()) if WORDING.exists() else {}
    for key, told in known.items():
        scale = INSTRUMENTS[key]
        assert [item.text for item in scale.items] == told["items"]
        assert {item.answers for item in scale.items} == {tuple(told["answers"])}
        assert (scale.stem, scale.notice, scale.language) == (
            told["stem"],
            told["notice"],
            told["language"],
        )
        asked = [(one.text, list(one.answers)) for one in scale.extra]
        difficulty = told.get("difficulty")
        assert asked == ([(difficulty["text"], difficulty["answers"])] if difficulty else [])
    phq9, phq2 = INSTRUMENTS["phq9"], INSTRUMENTS["phq2"]
    assert [one.text for one in phq2.items] == [one.text for one in phq9.items[:2]]


def reference() -> dict[str, Any]:
    """The facts to check against; where they are absent, the ones written out above."""
    if REFERENCE.exists():
        known: dict[str, Any] = json.loads(REFERENCE.read_text())["instruments"]
        assert known.keys() == ENDS.keys()
        return known
    print("../shared/data is absent: checked against the table in this file alone")  # noqa: T201
    return {key: {"items": n, "total_range": [low, up]} for key, (n, low, up) in ENDS.items()}


def test_every_scale_agrees_with_the_reference() -> None:
    for key, told in reference().items():
        scale = INSTRUMENTS[key]
        assert len(scale.items) == told["items"], key
        ends = told.get("total_range")
        if ends is not None:
            assert [scale.total_minimum, scale.total_maximum] == ends, key
        ranges = [tuple(told.get("item_range", ()))] * told["items"]
        ranges = [(0, highest) for highest in told["item_max"]] if "item_max" in told else ranges
        assert "title" not in told or list(scale.item_ranges) == ranges, key
        if "title" in told:  # the reference itself, not its stand-in
            agree_in_detail(scale, told)


def agree_in_detail(scale: Instrument, told: dict[str, Any]) -> None:
    """Bands, cut-offs, tables, codes and the item about suicide are the reference's."""
    key, loinc, change = scale.key, told.get("loinc", {}), told.get("change", {})
    assert (scale.loinc_total, scale.loinc_level) == (loinc.get("total"), loinc.get("risk")), key
    assert list(scale.loinc_items) == loinc.get("items", []), key
    assert list(scale.loinc_answers) == loinc.get("answers", []), key
    bands = told.get("bands") or told.get("bands_T")
    if bands is not None:
        shown = [{"min": b.minimum, "max": b.maximum, "label": b.label} for b in scale.bands]
        assert shown == bands, key
    assert list(scale.t_table) == told.get("t_table_raw4_to_20", []), key
    reliable = change.get("rci_nhs") or change.get("rci_computed")
    assert (scale.reliable_change, scale.worsening) == (reliable, change.get("worsening")), key
    assert "response" not in told or scale.response_share == 0.5, key
    alert = told.get("alert")
    if alert is not None:
        safety = SafetyItem(alert["item"], alert["any_ge"], alert.get("urgent_ge"))
        assert scale.safety == safety, key
    if "domains" in told:
        assert {one.name: list(one.items) for one in scale.domains} == told["domains"], key


# The reference words remission as text: what that text means in totals.
REMISSION: dict[str, tuple[float, float]] = {  # the last total in it, and the first out of it
    "phq9": (4, 5),  # <5
    "gad7": (4, 5),
    "qids_sr16": (5, 6),  # <=5
    "madrs": (10, 11),  # <=10
    "hdrs17": (7, 8),
    "isi": (7, 8),  # <8
    "who5": (52, 48),  # >50, of multiples of 4
    "promis_sd4a": (54.3, 56.1),  # T < 55
    "promis_fatigue4a": (53.1, 55.1),
}


def test_remission_begins_where_the_source_says() -> None:
    known = {
        key for key, scale in INSTRUMENTS.items() if meaning(scale, 0, None).remitted is not None
    }
    assert known == REMISSION.keys()
    for key, (last_in, first_out) in REMISSION.items():
        assert meaning(INSTRUMENTS[key], last_in, None).remitted is True, key
        assert meaning(INSTRUMENTS[key], first_out, None).remitted is False, key


@pytest.mark.parametrize(
    ("key", "total", "fields"),
    [
        ("phq9", 27, []),
        ("phq9", 28, ["total"]),
        ("phq9", -1, ["total"]),
        ("phq9", 6.5, ["total"]),
        ("who5", 36, []),
        ("who5", 37, ["total"]),  # four times a sum
        ("promis_sd4a", 12, ["total"]),  # a raw score is no T score
        ("promis_sd4a", 54.7, []),  # one that was worked out from the pattern of answers
        ("promis_sd4a", 54.75, ["total"]),
        ("promis_sd4a", math.nan, ["total"]),
        ("cssrs_screener", 1, ["total"]),
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
        # Items 1 and 2 are turned round: 5 + 4 + 3 + 4 = 16, of which T is 61.7.
        ("promis_sd4a", 61.7, [1, 2, 3, 4], []),
        ("promis_sd4a", 59.8, [1, 2, 3, 4], ["total"]),
    ],
)
def test_items_are_counted_held_to_their_range_and_to_the_total(
    key: str, total: float, items: list[int | None], fields: list[str]
) -> None:
    assert [field for field, _ in faults_of(INSTRUMENTS[key], total, items)] == fields


@given(st.sampled_from(sorted(INSTRUMENTS)), st.data())
def test_items_within_their_ranges_and_their_own_score_are_never_refused(
    key: str, chance: st.DataObject
) -> None:
    scale = INSTRUMENTS[key]
    items = [chance.draw(st.integers(low, up)) for low, up in scale.item_ranges]
    assert faults_of(scale, score(scale, items, {}).total, items) == []


DOCS = FOLDER.parents[1] / "docs"


def test_the_scales_wait_for_a_signature() -> None:
    page = (DOCS / "sign-off.md").read_text()
    assert f"| {len(INSTRUMENTS)} scales;" in page
    prorated = {key: scale.prorate_from for key, scale in INSTRUMENTS.items() if scale.prorate_from}
    assert prorated == {"phq9": 7, "gad7": 6, "madrs": 9}
    assert "PHQ-9 7 of 9 answers, GAD-7 6 of 7, MADRS 9 of 10" in page
