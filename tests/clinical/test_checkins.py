"""A day's answers: one canonical form, and what a clinic cannot take."""

import unicodedata
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.checkins import (
    ANSWER_KEYS,
    NO_ANSWERS,
    answers_anything,
    clinic_faults,
    normalized,
    pointer_token,
    readable,
)
from clinical.measures import SUICIDAL_THOUGHTS, CustomMeasure
from clinical.side_effects import SIDE_EFFECTS

SEARCH = settings(max_examples=60, deadline=None, derandomize=True, database=None)
ratings = st.none() | st.integers(0, 10)
effects = st.lists(
    st.fixed_dictionaries(
        {"code": st.sampled_from(("nausea", "headache", "anxiety")), "severity": st.integers(1, 4)}
    ),
    unique_by=lambda effect: str(effect["code"]),
)
days = st.fixed_dictionaries(
    {},
    optional={
        "mood": ratings,
        "sleep_hours": st.none() | st.integers(0, 96).map(lambda quarters: quarters / 4),
        "side_effects": st.none() | effects,
        "custom": st.none() | st.dictionaries(st.sampled_from(("pain", "itch")), ratings),
        "note": st.none() | st.text(max_size=20),
    },
)
MEASURES = {
    "pain": CustomMeasure("pain", "Pain", "higher_is_worse", "none", "worst"),
    "itch": CustomMeasure("itch", "Itch", "higher_is_worse", "none", "worst", retired=True),
}


@SEARCH
@given(day=days)
def test_the_canonical_form_is_its_own_canonical_form(day: dict[str, Any]) -> None:
    once = normalized(day)
    assert tuple(once) == ANSWER_KEYS
    assert normalized(once) == once


@SEARCH
@given(day=days)
def test_no_number_is_changed_and_no_answer_made_up(day: dict[str, Any]) -> None:
    form = normalized(day)
    assert (form["mood"], form["sleep_hours"]) == (day.get("mood"), day.get("sleep_hours"))
    assert (form["custom"] or {}) == (day.get("custom") or {})
    told = day.get("side_effects")
    assert (form["side_effects"] is None) == (told is None)
    assert {(effect["code"], effect["severity"]) for effect in form["side_effects"] or ()} == {
        (effect["code"], effect["severity"]) for effect in told or ()
    }


@SEARCH
@given(day=days, words=st.data())
def test_the_order_in_which_things_are_told_does_not_count(
    day: dict[str, Any], words: st.DataObject
) -> None:
    shuffled = dict(words.draw(st.permutations(list(day.items()))))
    if day.get("side_effects"):
        shuffled["side_effects"] = words.draw(st.permutations(day["side_effects"]))
    if day.get("custom"):
        shuffled["custom"] = dict(words.draw(st.permutations(list(day["custom"].items()))))
    if day.get("note"):
        shuffled["note"] = f" {unicodedata.normalize('NFD', day['note'])}\n"
    form, other = normalized(day), normalized(shuffled)
    assert form == other
    assert list(form["custom"] or ()) == list(other["custom"] or ())


@SEARCH
@given(day=days)
def test_a_day_answers_something_exactly_when_its_canonical_form_does(day: dict[str, Any]) -> None:
    form = normalized(day)
    custom = form.pop("custom") or {}
    assert answers_anything(day) == any(
        value is not None for value in (*form.values(), *custom.values())
    )


def test_zero_and_no_side_effects_are_answers_and_blanks_are_none() -> None:
    told: list[dict[str, Any]] = [{"mood": 0}, {"side_effects": []}, {"note": "x"}]
    for something in told:
        assert answers_anything(something)
    empty: list[dict[str, Any]] = [{}, {"mood": None}, {"custom": {"pain": None}}, {"note": " \n"}]
    for nothing in empty:
        assert not answers_anything(nothing)
        assert normalized(nothing) | {"custom": None} == NO_ANSWERS


def test_every_custom_answer_the_clinic_cannot_take_is_named() -> None:
    custom = {"pain": 11, "itch": True, "a/b~c": 1, "": 2, "mood": None}
    faults = clinic_faults({"custom": custom, "suicidal_thoughts": "declined"}, MEASURES)
    assert [pointer for pointer, _ in faults] == [
        "/suicidal_thoughts",
        "/custom/pain",
        "/custom/itch",
        "/custom/a~1b~0c",
        "/custom/",
        "/custom/mood",
    ]


def test_what_the_clinic_asks_or_once_asked_is_taken_from_0_to_10_or_null() -> None:
    for value in (0, 10, None):
        assert clinic_faults({"custom": {"pain": value, "itch": value}}, MEASURES) == []
    wrong: list[Any] = [-1, 11, 5.0, "6", True, [], {}]
    assert [len(clinic_faults({"custom": {"pain": value}}, MEASURES)) for value in wrong] == [1] * 7
    no_objects: list[Any] = [None, [], "pain", 5]
    for no_object in no_objects:
        assert clinic_faults({"custom": no_object, "suicidal_thoughts": None}, MEASURES) == []


def test_a_pointer_token_is_escaped_as_rfc_6901_says() -> None:
    assert [pointer_token(key) for key in ("a/b", "m~n", "~1", "", 0)] == [
        "a~1b",
        "m~0n",
        "~01",
        "",
        "0",
    ]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("code", "severity", "x")), inner, max_size=3)
    ),
    max_leaves=8,
)


@SEARCH
@given(effects=ANYTHING, hours=ANYTHING, note=ANYTHING)
def test_what_a_day_says_of_safety_is_read_whatever_stands_beside_it(
    effects: Any, hours: Any, note: Any
) -> None:
    day = {"side_effects": effects, "sleep_hours": hours, "note": note}
    told = readable(day | {"suicidal_thoughts": "often"})
    assert told["suicidal_thoughts"] == "often"
    thoughts = readable(day | {"suicidal_thoughts": effects})["suicidal_thoughts"]
    assert thoughts is None or thoughts in SUICIDAL_THOUGHTS
    known = [one for one in told["side_effects"] if one["code"] in SIDE_EFFECTS]
    assert told["side_effects"] == known
