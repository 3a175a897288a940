"""A scale's file is read strictly: every fault has its words, and what scores answers is fixed."""

import tomllib
from datetime import date

import pytest

from clinical.instruments import (
    INSTRUMENTS,
    SCORINGS,
    SHIPPED_FILES,
    BadInstrument,
    Instrument,
    Item,
    differences,
    read,
    score,
)
from clinical.instruments.layout import LAYOUT
from clinical.instruments.reading import faults_of_file
from tests.contract import ROOT

DOCS = ROOT / "docs"
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


def test_a_small_scale_is_read() -> None:
    assert read(SMALL, "small") == Instrument(
        "small", "Small", "self", None, (Item(1, 0, 3), Item(2, 0, 3)), 0, 6, "sum",
        "higher_is_worse", "free", "a test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ('rater = "self"', "", "rater is missing"),
        ("items = 2", "items = 2\nitem_text = 3", "item_text is not known"),
        ("items = 2", "items = true", "items is no whole number"),
        ("items = 2", 'items = "2"', "items is no whole number"),
        ("item_maximum = 3", "", "either item_maximum or item_maxima"),
        ("item_maximum = 3", "item_maxima = [3]", "item_maxima has not one for each item"),
        (
            "item_maximum = 3",
            'item_maxima = [3, "3"]',
            "item_maxima is no whole number: its number 2",
        ),
        ("item_maximum = 3", "item_maximum = 0", "an item has no range"),
        ('"sum"', '"product"', "scoring is none of"),
        ('"self"', '"robot"', "rater is none of"),
        ("total_maximum = 6", "total_maximum = 7", "the items give 0 to 6"),
        ('key = "small"', 'key = "other"', "key is not the file's name"),
        ("items = 2", "items = ", "not TOML"),
        ("items = 2", "items = 0", "items is not from 1 to 100"),
        ("items = 2", "items = 2\nscored_items = [1, 3]", "scored_items names an item twice, or"),
        ("items = 2", "items = 2\nlabels = ['one']", "labels has not one for each item"),
        ("items = 2", "items = 2\nrecall_days = 0", "recall_days is not from 1 to 366"),
        ("items = 2", "items = 2\nunconfirmed = ['truth']", "unconfirmed names what no file has"),
        ("items = 2", "items = 2\nreversed_items = [1]", "go with sum_with_reversed_items"),
        ("items = 2", "items = 2\nt_table = [1, 2]", "t_table does not rise from the raw score"),
        ('"sum"', '"sum_of_domain_maxima"', "needs every item in one of the domains"),
        ('"sum"', '"columbia_triage"', "columbia_triage needs six items"),
        ("total_maximum = 6", "", "total_minimum and total_maximum: both"),
        ('"free"', '" "', "licence is no text"),
        ('"Small"', '"' + "x" * 61 + '"', "name has more than 60 characters"),
    ],
)
def test_a_wrong_file_is_refused_and_says_why(was: str, becomes: str, named: str) -> None:
    with pytest.raises(BadInstrument, match=named):
        read(SMALL.replace(was, becomes), "small")


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ("[change]\nremission_at_most = 7", "remission_at_most is no total of this scale"),
        ("[change]\nremission_at_least = 2", "is the other way round"),
        ("[change]\nreliable_change = -2", "reliable_change is a size without a sign"),
        ("[change]\nresponse_share = 1.5", "response_share is a share of 1"),
        ("[change]\nresponse_share = inf", "change.response_share is no number"),
        ("[change]\nreliability = 0.8", "either reliable_change, or standard_deviation with"),
        (
            "[change]\nreliability = 0.8\nstandard_deviation = 2\nreliable_change = 3",
            "either reliable_change, or",
        ),
        (
            "[change]\nreliability = 1.0\nstandard_deviation = 2",
            "reliability from 0 to below 1",
        ),
        ("[missing]\nprorate_from = 2", "prorate_from is not fewer than all items"),
        ("[missing]\nnever_imputed = [1, 1]", "never_imputed names an item twice"),
        ("[safety]\nitem = 3\ntask_from = 1", "names an item that is not there"),
        ("[safety]\nitem = 1\ntask_from = 0", "safety is not within the answers"),
        ("[safety]\nitem = 1\ntask_from = 2\nurgent_from = 1", "safety is not within"),
        ("[[gates]]\nitems = [2]\nitem = 9\nat_least = 1", "names an item that is not there"),
        ("[[bands]]\nminimum = 0\nmaximum = 5\nlabel = 'all'", "bands do not reach"),
        ("[[bands]]\nminimum = 6\nmaximum = 0\nlabel = 'all'", "a band ends before it begins"),
        ("[[bands]]\nminimum = 0\nlabel = 'all'", "bands.1.maximum is missing"),
        ("[domains]\nA = [1]", "domains.A is no name like sleep_quality"),
        ("[domains]\none = []", "a domain has no items"),
        ("[domains]\none = 1", "domains.one is no list"),
        ("[loinc]\npanel = '44249'", "loinc.panel does not look like 44249-1"),
        ("[wording]\nlanguage = 'en'\nitems = ['a']", "wording.items has not one for each item"),
        ("[[extra]]\nkey = 'a'\nminimum = 1\nmaximum = 1", "an extra question has no range"),
        (
            "[[extra]]\nkey = 'a'\nminimum = 0\nmaximum = 1\nanswers = ['no']",
            "extra a has not one word for each answer",
        ),
    ],
)
def test_a_wrong_part_of_a_file_is_refused_and_says_why(table: str, named: str) -> None:
    with pytest.raises(BadInstrument, match=named):
        read(f"{SMALL}\n{table}\n", "small")


def test_every_fault_of_a_file_is_named_at_once() -> None:
    with pytest.raises(BadInstrument) as refused:
        read(SMALL.replace("self", "robot").replace('"sum"', '"product"'), "other")
    for named in ("rater", "scoring", "key"):
        assert named in str(refused.value)


def test_faults_of_every_kind_are_named_at_once() -> None:
    """Of its layout, of its sizes, and of what the scale contradicts."""
    bad = SMALL.replace('"free"', '" "').replace('"self"', '"robot"').replace("= 6", "= 7")
    bad += "recall_days = 0\ncolour = 1\nlabels = ['one']\n[safety]\nitem = 9\ntask_from = 1\n"
    bad += "[[bands]]\nminimum = 1\nmaximum = 6\nlabel = 'all'\n"
    with pytest.raises(BadInstrument) as refused:
        read(bad, "small")
    named = (
        *("licence is no text", "colour is not known", "rater is none of", "labels has not one"),
        *("names an item that is not there", "recall_days is not from", "the items give 0 to 6"),
        "bands do not reach",
    )
    missing = [words for words in named if words not in str(refused.value)]
    assert (missing, len(refused.value.faults)) == ([], len(named))


@pytest.mark.parametrize("name", LAYOUT)
@pytest.mark.parametrize("key", ["phq9", "qids_sr16", "promis_sd4a", "cssrs_screener"])
def test_one_bad_name_makes_no_faults_of_others(key: str, name: str) -> None:
    """Every part of a file is replaced by a day, which no name may hold."""
    told = {**tomllib.loads(SHIPPED_FILES[key]), name: date(2026, 1, 1)}
    faults = list(faults_of_file(told, key))
    assert faults
    assert [fault for fault in faults if not fault.startswith(f"{name} ")] == []


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("items = 2", "items = ", "what stands behind the = is no value; a text stands in quotes"),
        ("items = 2", "items 2", "a name has no = after it"),
        ("items = 2", "items = 2 3", "something stands behind a value on its line"),
        ("items = 2", "items = 2\nitems = 3", "a name stands there twice"),
        ("items = 2", "items = 2\nlabels = ['one'", "a list has no closing bracket"),
        ('"free"', '"free', "a text has no closing quote on its line"),
        ('"free"', '"""free', "a text has no closing quote"),
        ('"free"', '"fr\\ee"', "a backslash in a text is none; write two of them"),
    ],
)
def test_what_is_not_toml_is_told_in_words_with_its_place(
    was: str, becomes: str, told: str
) -> None:
    with pytest.raises(BadInstrument) as refused:
        read(SMALL.replace(was, becomes), "small")
    (fault,) = refused.value.faults
    assert fault.startswith(f"not TOML: {told}: ")
    assert fault.endswith("end of document") or ": line " in fault


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    assert read("\ufeff" + SMALL, "small") == read(SMALL, "small")


def test_a_reliable_change_is_worked_out_where_no_source_names_it() -> None:
    parts = "\n[change]\nstandard_deviation = 1.5\nreliability = 0.75\n"
    # 1.96 * 1.41421 * 1.5 * 0.5
    assert read(SMALL + parts, "small").reliable_change == 2.079


def example() -> str:
    return (DOCS / "scales.md").read_text().partition("```toml\n")[2].partition("```")[0]


def test_nothing_ever_stands_in_for_the_item_about_suicide_of_a_clinics_own_scale() -> None:
    """Though the file names no item that is never imputed, and prorates from two answers."""
    safety = "\n[safety]\nitem = 1\ntask_from = 1\nurgent_from = 2\n"
    scale = read(example() + safety, "sleepiness")
    found = score(scale, [None, 1, 3], {})
    assert (found.total, found.prorated_total, found.needs_review) == (None, None, ("1",))
    other = score(scale, [1, None, 3], {})
    assert (other.prorated_total, other.needs_review) == (6, ())  # 4/2 * 3


def test_in_a_domain_no_other_item_stands_in_for_the_one_about_suicide() -> None:
    text = SMALL.replace('"sum"', '"sum_of_domain_maxima"').replace("= 6", "= 3")
    scale = read(f"{text}\n[domains]\nboth = [1, 2]\n[safety]\nitem = 1\ntask_from = 1\n", "small")
    found = score(scale, [None, 2], {})
    assert (found.total, found.unanswered, found.needs_review) == (None, (1,), ("1",))
    assert score(scale, [2, None], {}).total == 2


@pytest.mark.parametrize("name", ["total_maximum", "items", "item_maximum"])
def test_a_number_of_hundreds_of_digits_is_named(name: str) -> None:
    lines = [line for line in SMALL.splitlines() if not line.startswith(f"{name} =")]
    for digits in (400, 5000):
        with pytest.raises(BadInstrument) as refused:
            read("\n".join([*lines, f"{name} = {'9' * digits}"]), "small")
        assert refused.value.faults


def test_the_documented_example_is_a_scale_and_every_name_is_explained() -> None:
    page = (DOCS / "scales.md").read_text()
    scale = read(example(), "sleepiness")
    assert score(scale, [1, None, 2], {}).prorated_total == 5  # 3/2 * 3 = 4.5, half up
    inner = [name for place in LAYOUT.values() for name in place.within or ()]
    unexplained = [name for name in (*LAYOUT, *inner) if f"`{name}`" not in page]
    assert [name for name in unexplained if f"[{name}]" not in page] == []
    assert all(f"| `{rule}` |" in page for rule in SCORINGS)


@pytest.mark.parametrize("key", INSTRUMENTS)
def test_every_file_of_ours_is_its_own_equal_in_what_scores_answers(key: str) -> None:
    scale = INSTRUMENTS[key]
    assert differences(scale, read(SHIPPED_FILES[key], key)) == []
    assert scale.licence
    assert scale.source


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ("never_imputed = [9]", "never_imputed = [8]", ["items"]),
        ("prorate_from = 7", "prorate_from = 8", ["prorate_from"]),
        ("task_from = 1", "task_from = 2", ["safety"]),
        ('key = "difficulty"', 'key = "trouble"', ["extra"]),
        ('language = "en"', 'language = "de"', []),
        ("remission_at_most = 4", "remission_at_most = 3", []),
        ('label = "mild"', 'label = "light"', []),
        ('"Not at all"', '"Never"', []),
    ],
)
def test_words_and_cut_offs_may_differ_and_what_scores_answers_may_not(
    was: str, becomes: str, named: list[str]
) -> None:
    other = read(SHIPPED_FILES["phq9"].replace(was, becomes), "phq9")
    assert other != INSTRUMENTS["phq9"]
    assert differences(other, INSTRUMENTS["phq9"]) == named
