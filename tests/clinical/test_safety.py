"""The safety rules, case by case, with the arithmetic of 4-clinical 5d written out."""

import re
from typing import Any

import pytest

from clinical.instruments import INSTRUMENTS, score
from clinical.safety import CSSRS, Finding, Lately, of_daily_answer, of_scale
from clinical.safety_effects import Told, of_effects
from clinical.safety_rules import RULES
from clinical.safety_scales import of_score

QUIET, FLAGGED, OPEN = Lately(), Lately(is_flagged=True), Lately(is_flagged=True, is_open=True)
NONE = ["none"] * 7


def fired(found: Any) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in found]


@pytest.mark.parametrize(("answer", "before", "lately", "wanted"), [
    ("often", NONE, QUIET, ("S2", "high")),
    ("most_of_the_time", [], QUIET, ("S2", "high")),
    ("fleeting", NONE, QUIET, ("S3", "normal")),
    ("fleeting", [], QUIET, ("S3", "normal")),  # of a new person it is news, too
    ("fleeting", ["none", "none", "fleeting"], QUIET, None),
    ("fleeting", [*NONE, "fleeting"], QUIET, ("S3", "normal")),  # seven answered days of none
    ("fleeting", ["none", "often"], FLAGGED, ("S3", "normal")),  # a rise after a flag
    ("fleeting", ["often"], FLAGGED, None),
    ("fleeting", ["often"], OPEN, ("S3", "normal")),  # put to the open one
    ("declined", NONE, QUIET, None),
    ("declined", NONE, FLAGGED, ("S3", "normal")),
    ("none", ["often"], OPEN, None),
    (None, ["often"], OPEN, None),
])  # fmt: skip
def test_a_daily_answer_fires_what_the_table_says(
    answer: str | None, before: list[str], lately: Lately, wanted: tuple[str, str] | None
) -> None:
    found = of_daily_answer(answer, before, lately)
    assert fired(found) == ([] if wanted is None else [wanted])


def phq9(item_9: int | None) -> tuple[int | None, ...]:
    return (1, 1, 1, 1, 1, 1, 1, 1, item_9)


@pytest.mark.parametrize(("item_9", "wanted"), [
    (0, []), (1, [("S3", "normal")]), (2, [("S2", "high")]), (3, [("S2", "high")]),
])  # fmt: skip
def test_phq9_item_9_fires_from_1_and_is_high_from_2(item_9: int, wanted: list[Any]) -> None:
    assert fired(of_scale(INSTRUMENTS["phq9"], phq9(item_9), {}, None)) == wanted


def test_an_item_left_out_is_told_and_never_taken_for_a_zero() -> None:
    found = of_scale(INSTRUMENTS["phq9"], phq9(None), {}, None)
    assert fired(found) == [("S3", "normal")]
    assert found[0].told == {"instrument": "phq9", "item": 9, "value": None}


def test_a_total_alone_tells_of_item_9_only_where_it_must() -> None:
    # Eight items of at most 3 are at most 24: a total of 25 needs 1 of the ninth, 26 needs 2.
    for total, wanted in ((24, []), (25, [("S3", "normal")]), (26, [("S2", "high")])):
        assert fired(of_scale(INSTRUMENTS["phq9"], None, {}, float(total))) == wanted


@pytest.mark.parametrize(("key", "number", "value", "wanted"), [
    ("qids_sr16", 12, 1, []), ("qids_sr16", 12, 2, ["S3"]), ("qids_sr16", 12, 3, ["S2"]),
    ("madrs", 10, 1, []), ("madrs", 10, 2, ["S3"]), ("madrs", 10, 4, ["S2"]),
    ("madrs_s", 9, 2, ["S3"]), ("madrs_s", 9, 4, ["S2"]),
    ("hdrs17", 3, 2, ["S3"]), ("hdrs17", 3, 4, ["S2"]),
    ("gad7", 7, 3, []),
])  # fmt: skip
def test_other_scales_fire_by_the_item_of_their_own(
    key: str, number: int, value: int, wanted: list[str]
) -> None:
    items = [0] * len(INSTRUMENTS[key].items)
    items[number - 1] = value
    assert [one.rule for one in of_scale(INSTRUMENTS[key], items, {}, None)] == wanted


SCREENS: list[tuple[tuple[int | None, ...], int | None, list[str]]] = [
    ((0, 0, None, None, None, 0), None, []),
    ((1, 0, None, None, None, 0), None, ["S3"]),  # low has no rule in 5d: looked at all the same
    ((1, 1, 0, 0, 0, 0), None, ["S3"]),
    ((1, 1, 1, 0, 0, 0), None, ["S2"]),
    ((1, 1, 1, 1, 0, 0), None, ["S1"]),
    ((1, 1, 0, 0, 1, 0), None, ["S1"]),
    ((0, 0, None, None, None, 1), 1, ["S1"]),
    ((0, 0, None, None, None, 1), 0, ["S2"]),  # behaviour longer ago
    ((0, 0, None, None, None, 1), None, ["S2"]),  # when is unknown
    ((0, None, None, None, None, 0), None, ["S3"]),  # a gate unanswered is not none
    ((0, 1, None, None, None, 0), None, ["S3"]),
    ((None,) * 6, None, ["S3"]),  # every gate left out: needs review, as item 9 of PHQ-9
    # Behaviour in the past 3 months, whatever stands at the gate before it.
    ((0, 0, None, None, None, 0), 1, ["S1"]),
    ((0, 0, None, None, None, None), 1, ["S1"]),
    ((None,) * 6, 1, ["S1"]),
]
_LEVELS = {"S1": "high", "S2": "moderate"}


@pytest.mark.parametrize(("items", "recent", "wanted"), SCREENS)
def test_the_screener_is_triaged(
    items: tuple[int | None, ...], recent: int | None, wanted: list[str]
) -> None:
    extra = {"past_3_months": recent}
    found = of_scale(INSTRUMENTS[CSSRS], items, extra, None)
    assert [one.rule for one in found] == wanted
    least = score(INSTRUMENTS[CSSRS], items, extra).least_level
    if found and found[0].rule in _LEVELS:
        assert least == _LEVELS[found[0].rule]


def test_a_screener_that_was_never_begun_fires_nothing() -> None:
    assert of_scale(INSTRUMENTS[CSSRS], None, {}, None) == []


def told(hours: float | None = None, **severities: int) -> Told:
    return Told(severities, hours)


@pytest.mark.parametrize(("today", "earlier", "wanted"), [
    (told(nausea=2), {}, []),
    (told(nausea=3), {}, ["E1"]),
    (told(hallucination=1), {}, ["E1"]),
    (told(3.5, elation=1), {1: told(3.0)}, ["E1"]),
    (told(3.5, elation=1), {1: told(4.0)}, []),  # under 4 hours on both nights
    (told(3.5, elation=1), {2: told(3.0)}, []),
    (told(urinary_blood=1), {}, ["E2"]),
    (told(urinary_urgency=1, urinary_frequency=1), {}, []),
    (
        told(urinary_urgency=1, urinary_frequency=1),
        {8: told(urinary_urgency=1, urinary_frequency=1)},
        ["E2"],
    ),
    (told(extra_use=1), {}, ["U1"]),
    (told(craving=3), {14: told(craving=3)}, ["E1", "U1"]),
    (told(craving=1), {}, []),
])  # fmt: skip
def test_side_effects_fire_what_the_table_says(
    today: Told, earlier: dict[int, Told], wanted: list[str]
) -> None:
    assert [one.rule for one in of_effects(today, earlier)] == wanted


def test_the_evidence_tells_how_severe_each_was_that_day() -> None:
    both = told(urinary_urgency=4, urinary_frequency=1, nausea=1)
    earlier = {8: told(urinary_urgency=2, urinary_frequency=2)}
    severe, bladder = of_effects(both, earlier)
    assert severe.told == {"codes": ["urinary_urgency"], "severities": {"urinary_urgency": 4}}
    assert bladder.told["severities"] == {"urinary_frequency": 1, "urinary_urgency": 4}


@pytest.mark.parametrize(("key", "items", "total", "earlier", "wanted"), [
    ("phq9", None, 14.0, [12.0, 9.0], ["M2"]),  # 14 - 9 = 5 above the best
    ("phq9", None, 13.0, [12.0, 9.0], []),
    ("phq9", None, 27.0, [], []),
    ("craving", None, 7.0, [8.0], ["U1"]),
    ("craving", None, 7.0, [6.0, 9.0], []),
    ("bladder", (0, 0, 1, 0, 0), 1.0, [], ["E2"]),
    ("bladder", (1, 0, 0, 0, 0), 1.0, [], []),
    ("bladder", (1, 0, 0, 0, 2), 3.0, [], ["E2"]),
])  # fmt: skip
def test_scores_fire_what_the_table_says(
    key: str, items: Any, total: float, earlier: list[float], wanted: list[str]
) -> None:
    assert [one.rule for one in of_score(key, items, total, earlier)] == wanted


def test_the_highest_answer_of_the_screener_is_an_alert_of_its_own() -> None:
    found = of_scale(INSTRUMENTS[CSSRS], (1, 1, 1, 1, 1, 1), {"past_3_months": 1}, None)
    assert [isinstance(one, Finding) and one.episode for one in found] == [""]


def test_every_rule_says_in_words_where_it_comes_from() -> None:
    for key, rule in RULES.items():
        assert not re.search(r"4-clinical|\[S\d|\bS\d\d|\(u\)|5d", rule.source), key
        is_published = re.search(r"\b20\d\d\b|CTCAE|NHS|SUSTAIN", rule.source)
        assert is_published or "docs/sign-off.md" in rule.source, key
