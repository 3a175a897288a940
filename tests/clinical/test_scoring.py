"""Scores: every published vector, missing items by one rule, and what a screener's gates leave."""

import json
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.instruments import INSTRUMENTS, LEVELS, Score, band_of, score

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "instruments.json"
PHQ9, QIDS, SCREENER = (INSTRUMENTS[key] for key in ("phq9", "qids_sr16", "cssrs_screener"))
_QIDS = [3, 1, 0, 0, 2, 0, 1, 0, 2, 1, 1, 0, 2, 2, 1, 0]
Items = list[int | None]

# The published vectors, written out; where ../shared/data is there, they are held against it.
KNOWN: dict[str, list[dict[str, Any]]] = {
    "phq9": [
        {"items": [1, 1, 1, 2, 2, 3, 3, 3, 0], "total": 16},  # 3*1 + 2*2 + 3*3
        {"items": [0, 0, 0, 0, 0, 0, 0, 0, 1], "total": 1},
        {"items": [3] * 9, "total": 27},
        # 9 of 8 answers: 9/8 * 9 = 10.125
        {"items": [2, 2, None, 2, 1, 1, 1, 0, 0], "total": None, "prorated": 10},
    ],
    # sleep 3, sad 2, appetite and weight 2, then 1, 1, 0, 2, 2, and psychomotor 1
    "qids_sr16": [
        {"items": _QIDS, "total": 14},
        {"items": [3] * 16, "total": 27},
        {"items": [0] * 16, "total": 0},
    ],
    "gad7": [
        {"items": [1] * 7, "total": 7, "band": "mild"},
        {"items": [2] * 7, "total": 14, "band": "moderate"},
    ],
    "who5": [{"items": [1, 2, 3, 2, 1], "total": 36}, {"items": [5] * 5, "total": 100}],
    "cssrs": [
        {"q": [1, 0, None, None, None, 0], "level": "low"},
        {"q": [1, 1, 1, 0, 0, 0], "level": "moderate"},
        {"q": [0, 1, 0, 1, 0, 0], "level": "high"},
        {"q": [0, 0, None, None, None, 1], "q6a": 1, "level": "high"},
        {"q": [0, 0, None, None, None, 1], "q6a": 0, "level": "moderate"},
    ],
    "promis_sd4a": [{"raw": 12, "T": 54.3}, {"raw": 4, "T": 32.0}],
}


def vectors(key: str) -> list[dict[str, Any]]:
    """Those of the shared reference, or, where it is absent, the same written out above."""
    if not VECTORS.exists():
        print("../shared/data is absent: the vectors in this file alone")  # noqa: T201
        return KNOWN[key]
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text())["test_vectors"][key]
    return found


@pytest.mark.parametrize("key", ["phq9", "qids_sr16", "gad7", "who5"])
def test_published_answers_come_to_their_published_totals(key: str) -> None:
    for told in [*vectors(key), *KNOWN[key]]:
        found = score(INSTRUMENTS[key], told["items"], {})
        assert (found.total, found.prorated_total) == (told["total"], told.get("prorated"))
        assert "band" not in told or found.band == told["band"]


def test_published_screens_come_to_their_published_levels() -> None:
    for told in [*vectors("cssrs"), *KNOWN["cssrs"]]:
        found = score(SCREENER, told["q"], {"past_3_months": told.get("q6a")})
        assert (found.level, found.total, found.needs_review) == (told["level"], None, ())


def test_published_raw_scores_come_to_their_published_t_scores() -> None:
    scale = INSTRUMENTS["promis_sd4a"]
    by_raw = {}
    for items in product(range(1, 6), repeat=4):
        found = score(scale, list(items), {})
        by_raw[found.raw] = found.total
    assert len(by_raw) == 17  # 4 to 20
    for told in [*vectors("promis_sd4a"), *KNOWN["promis_sd4a"]]:
        assert by_raw[told["raw"]] == told["T"]
    # As good as can be: the first two at their far end, 1 + 1 + 1 + 1.
    assert score(scale, [5, 5, 1, 1], {}).raw == 4


@pytest.mark.parametrize(
    ("key", "items", "total"),
    [
        ("phq2", [3, 2], 5),
        ("madrs", [6, 5, 4, 3, 2, 1, 0, 1, 2, 3], 27),
        ("madrs_s", [1] * 9, 9),
        ("hdrs17", [4, 4, 4, 2, 2, 2, 4, 4, 4, 4, 4, 2, 2, 2, 4, 2, 2], 52),
        ("isi", [4, 3, 2, 1, 0, 1, 2], 13),
        ("cadss", [1] * 23, 23),
        ("cadss6", [4] * 6, 24),
        ("promis_fatigue4a", [3, 3, 3, 3], 57.0),  # raw 12, the ninth of its table
        ("bprs_pos4", [1, 2, 3, 4], 10),
        ("moaas", [4], 4),
        ("fibser", [6, 5, 3], 3),  # the burden alone
        ("fibser", [None, None, 3], 3),
        ("bladder", [1, 0, 3, 0, 2], 6),
        ("craving", [7], 7),
        ("cognition", [2], 2),
    ],
)
def test_each_scale_is_scored_by_its_own_rule(key: str, items: Items, total: float) -> None:
    assert score(INSTRUMENTS[key], items, {}).total == total


def test_a_question_beside_the_items_never_counts() -> None:
    assert score(PHQ9, [1] * 9, {"difficulty": 3}).total == 9
    assert score(INSTRUMENTS["cognition"], [2], {"test_score": 27}).total == 2


def test_a_total_alone_has_its_band_and_says_nothing_of_items() -> None:
    found = score(INSTRUMENTS["madrs"], None, {}, total=22)
    assert found == Score(total=22, band="moderate")


@pytest.mark.parametrize(
    ("key", "total", "band"),
    [
        ("phq9", 4, "none-minimal"),
        ("phq9", 5, "mild"),
        ("qids_sr16", 10, "mild"),
        ("qids_sr16", 11, "moderate"),
        ("who5", 28, "likely depression"),
        ("who5", 32, "low well-being"),
        ("promis_sd4a", 54.3, "normal"),
        ("promis_sd4a", 73.3, "severe"),
        ("cadss", 30, None),  # nobody has named them
        ("phq9", None, None),
    ],
)
def test_a_total_is_called_what_its_band_says(
    key: str, total: float | None, band: str | None
) -> None:
    assert band_of(INSTRUMENTS[key], total) == band


@pytest.mark.parametrize("key", [key for key, one in INSTRUMENTS.items() if one.bands])
def test_every_total_there_is_has_a_band(key: str) -> None:
    scale = INSTRUMENTS[key]
    assert scale.total_minimum is not None
    assert scale.total_maximum is not None
    totals = scale.t_table or range(int(scale.total_minimum), int(scale.total_maximum) + 1)
    assert all(band_of(scale, total) is not None for total in totals)


@pytest.mark.parametrize(
    ("key", "items", "total", "prorated", "unanswered"),
    [
        # PHQ-9 from 7 of 9 on: 14/7 * 9 = 18.
        ("phq9", [2, 2, 2, 2, 2, 2, None, None, 2], None, 18, (7, 8)),
        ("phq9", [2, 2, 2, 2, 2, None, None, None, 2], None, None, (6, 7, 8)),
        ("phq9", [2] * 8 + [None], None, None, (9,)),  # never imputed
        ("phq9", [None] * 9, None, None, tuple(range(1, 10))),
        # GAD-7 from 6 of 7 on: 3/6 * 7 = 3.5, rounded half up.
        ("gad7", [1, 1, 1, 0, 0, 0, None], None, 4, (7,)),
        ("gad7", [1, 1, 1, 0, 0, None, None], None, None, (6, 7)),
        # MADRS from 9 of 10 on, but for item 10: 9/9 * 10 = 10.
        ("madrs", [None, *[1] * 9], None, 10, (1,)),
        ("madrs", [*[1] * 9, None], None, None, (10,)),
        ("madrs", [None, None, *[1] * 8], None, None, (1, 2)),
        # Complete only.
        ("who5", [1, 1, 1, 1, None], None, None, (5,)),
        ("isi", [None, *[1] * 6], None, None, (1,)),
        ("promis_sd4a", [1, 1, 1, None], None, None, (4,)),
        ("hdrs17", [0] * 16 + [None], None, None, (17,)),
        ("fibser", [1, 1, None], None, None, (3,)),
        # One answer of a domain of several is enough: 6 or 7, 8 or 9, 1-4, 15 or 16.
        ("qids_sr16", [None, 1, None, None, 2, None, 1, None, 2, 1, 1, 0, 2, 2, 1, None],
         1 + 2 + 2 + 1 + 1 + 0 + 2 + 2 + 1, None, ()),
        ("qids_sr16", [None] * 4 + _QIDS[4:], None, None, (1, 2, 3, 4)),
        ("qids_sr16", [*_QIDS[:4], None, *_QIDS[5:]], None, None, (5,)),
    ],
)  # fmt: skip
def test_missing_items_are_never_filled_in(
    key: str, items: Items, total: float | None, prorated: float | None, unanswered: Any
) -> None:
    found = score(INSTRUMENTS[key], items, {})
    assert (found.total, found.prorated_total, found.unanswered) == (total, prorated, unanswered)
    assert found.total is not None or found.band is None


@pytest.mark.parametrize(
    ("key", "number"),
    [("phq9", 9), ("qids_sr16", 12), ("madrs", 10), ("madrs_s", 9), ("hdrs17", 3)],
)
def test_an_item_about_suicide_left_out_needs_review_and_leaves_no_number(
    key: str, number: int
) -> None:
    scale = INSTRUMENTS[key]
    items: Items = [item.minimum for item in scale.items]
    assert score(scale, items, {}).needs_review == ()
    items[number - 1] = None
    found = score(scale, items, {})
    assert found.needs_review == (str(number),)
    assert (found.total, found.prorated_total) == (None, None)


def test_any_other_item_left_out_needs_no_review() -> None:
    assert score(PHQ9, [None, *[1] * 8], {}).needs_review == ()


def test_subscores_stand_beside_the_total() -> None:
    found = score(QIDS, [*_QIDS[:4], None, *_QIDS[5:]], {})
    told = {name: found.subscores[name] for name in ("sleep", "sad_mood", "psychomotor")}
    assert told == {"sleep": 3, "sad_mood": None, "psychomotor": 1}


@pytest.mark.parametrize(
    ("items", "recent", "level", "least", "review"),
    [
        ([0, 0, None, None, None, 0], None, "none", "none", ()),
        # Questions 3 to 5 are asked unless 2 was no.
        ([0, 1, None, 0, 0, 0], None, "unknown", "low", ("3",)),
        ([0, None, None, None, None, 0], None, "unknown", "none", ("2", "3", "4", "5")),
        ([None, 0, None, None, None, 0], None, "unknown", "none", ("1",)),
        ([0, 0, None, None, None, None], None, "unknown", "none", ("6", "past_3_months")),
        ([0, 0, None, None, None, 1], None, "unknown", "moderate", ("past_3_months",)),
        ([1, 1, 1, 0, 0, None], None, "unknown", "moderate", ("6", "past_3_months")),
        # What is proved high is high, whatever is open; a yes counts where it was not asked for.
        ([None, 1, None, 1, None, None], None, "high", "high",
         ("1", "3", "5", "6", "past_3_months")),
        ([0, 0, None, None, 1, 0], None, "high", "high", ()),
        ([None] * 6, None, "unknown", "none",
         ("1", "2", "3", "4", "5", "6", "past_3_months")),
        # Behaviour in the past 3 months is behaviour, whatever stands at its gate.
        ([0, 0, 0, 0, 0, 0], 1, "high", "high", ()),
        ([0, 0, None, None, None, None], 1, "high", "high", ("6",)),
    ],
)  # fmt: skip
def test_a_gate_without_an_answer_is_unknown_and_never_none(
    items: Items, recent: int | None, level: str, least: str, review: Any
) -> None:
    found = score(SCREENER, items, {"past_3_months": recent})
    assert (found.level, found.least_level, found.needs_review) == (level, least, review)


ANSWER = st.sampled_from((0, 1, None))
SEVERITY = LEVELS[:-1]


@given(st.lists(ANSWER, min_size=6, max_size=6), ANSWER, st.integers(0, 6))
def test_one_more_yes_never_lowers_what_a_screen_proves(
    items: Items, recent: int | None, at: int
) -> None:
    before = score(SCREENER, items, {"past_3_months": recent})
    more = [1 if number == at else value for number, value in enumerate(items)]
    after = score(SCREENER, more, {"past_3_months": 1 if at == 6 else recent})
    told = [SEVERITY.index(one.least_level or "") for one in (before, after)]
    assert told[0] <= told[1]
    assert before.level in (before.least_level, "unknown")


@given(st.sampled_from(sorted(INSTRUMENTS)), st.data())
def test_a_total_is_there_exactly_when_nothing_it_needs_is_missing(
    key: str, chance: st.DataObject
) -> None:
    scale = INSTRUMENTS[key]
    items: Items = [
        chance.draw(st.none() | st.integers(low, high)) for low, high in scale.item_ranges
    ]
    found = score(scale, items, {})
    needed = {number for number in found.unanswered if number in (scale.scored_items or {number})}
    assert (found.total is None) == (bool(needed) or not scale.has_total)
    if found.total is not None:
        assert scale.total_minimum is not None
        assert scale.total_maximum is not None
        assert scale.total_minimum <= found.total <= scale.total_maximum
        assert found.prorated_total is None


@given(st.lists(st.none() | st.integers(0, 3), min_size=9, max_size=9))
def test_prorating_is_the_mean_of_what_is_answered_rounded_half_up(items: Items) -> None:
    answered = [value for value in items if value is not None]
    found = score(PHQ9, items, {})
    if found.prorated_total is None:
        assert len(answered) in (*range(7), 9) or items[8] is None
    else:
        assert 7 <= len(answered) <= 8
        assert items[8] is not None
        assert abs(found.prorated_total - mean(answered) * 9) <= 0.5
        assert found.total is None
        assert found.band is None
