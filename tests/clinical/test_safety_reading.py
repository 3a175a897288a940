"""What a scale says about suicide, in words: what is left out is unknown, and nothing is safe."""

from typing import Any

import pytest

from clinical.instruments import INSTRUMENTS, score
from clinical.safety_reading import SafetyReading, safety_of

QUIET = [1, 2, 2, 1, 0, 1, 2, 0]  # eight items of PHQ-9


def read(key: str, items: list[int | None] | None, **told: Any) -> SafetyReading | None:
    scale = INSTRUMENTS[key]
    given = {"items": items, "extra": None, "total": None, "not_answered": None, **told}
    return safety_of(scale, given, score(scale, items, given["extra"] or {}))


def known(key: str, items: list[int | None] | None, **told: Any) -> SafetyReading:
    found = read(key, items, **told)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0, "Not at all"),
        (1, "Several days"),
        (2, "More than half the days"),
        (3, "Nearly every day"),
    ],
)
def test_the_ninth_item_of_phq9_is_told_in_its_own_words(answer: int, words: str) -> None:
    told = known("phq9", [*QUIET, answer])
    assert (told.item, told.answer, told.answer_words) == (9, answer, words)
    assert (told.level, told.needs_review, told.review_reason) == (None, False, None)


def test_a_ninth_item_left_out_needs_review_and_says_why() -> None:
    told = known("phq9", [*QUIET, None])
    assert (told.answer, told.answer_words) == (None, "Not answered")
    assert (told.needs_review, told.review_reason) == (True, "Left out: item 9")
    declined = known("phq9", [*QUIET, None], not_answered={"9": "declined"})
    assert declined.answer_words == "Not answered (declined)"
    assert declined.review_reason == "Left out: item 9, declined"


def test_a_total_alone_tells_no_more_of_the_item_than_it_proves() -> None:
    told = known("phq9", None, total=24.0)
    assert (told.answer, told.answer_words) == (
        None,
        "Not known: a total was entered without its items",
    )
    # 26 - 24, what the other eight can come to, is 2.
    proved = known("phq9", None, total=26.0)
    assert (proved.answer, proved.answer_words) == (
        None,
        "At least “More than half the days”, by the total alone",
    )


def test_an_item_whose_wording_is_not_ours_is_told_by_its_place() -> None:
    told = known("madrs", [*([0] * 9), 4])
    assert (told.item, told.answer, told.answer_words) == (10, 4, "4 of 0 to 6")


@pytest.mark.parametrize(
    ("items", "past", "level", "begins"),
    [
        ([0, 0, None, None, None, 0], None, "none", "No category was answered with yes"),
        ([1, 0, None, None, None, 0], None, "low", "Low: "),
        ([1, 1, 1, 0, 0, 0], None, "moderate", "Moderate: "),
        ([0, 0, None, None, None, 1], 0, "moderate", "Moderate: "),
        ([1, 1, 1, 1, 0, 0], None, "high", "High: "),
        ([0, 0, None, None, None, 1], 1, "high", "High: "),
    ],
)
def test_a_level_of_the_screener_says_what_it_rests_on(
    items: list[int | None], past: int | None, level: str, begins: str
) -> None:
    told = known("cssrs_screener", items, extra={"past_3_months": past})
    assert told.level == level
    assert told.level_words is not None and told.level_words.startswith(begins)
    assert (told.item, told.answer_words, told.needs_review) == (None, None, False)


def test_a_gate_left_out_is_unknown_with_what_is_proved_at_least() -> None:
    told = known("cssrs_screener", [1, 1, 1, None, 0, 0], not_answered={"4": "declined"})
    assert told.level_words == (
        "Unknown: a question that decides was left out; at least moderate by what was answered"
    )
    assert told.review_reason == "Left out: item 4 (Some intent to act), declined"
    recent = known("cssrs_screener", [0, 0, None, None, None, 1], extra={"past_3_months": None})
    assert recent.review_reason == "Left out: Suicidal behaviour in the past 3 months"
    nothing = known("cssrs_screener", [None, 0, None, None, None, 0])
    assert nothing.level_words == "Unknown: a question that decides was left out"


def test_no_scale_ever_says_that_there_is_no_risk() -> None:
    for key, scale in INSTRUMENTS.items():
        lowest: list[int | None] = [item.minimum for item in scale.items]
        told = read(key, lowest)
        assert (told is None) == (scale.safety is None and scale.scoring != "columbia_triage")
        words = f"{told}".lower()
        assert "risk" not in words and "safe'" not in words, key


def test_a_scale_that_does_not_ask_says_nothing() -> None:
    assert read("gad7", [0] * 7) is None
