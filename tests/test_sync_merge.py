"""Two edits of one day become one day: answer by answer, written out by hand."""

from typing import Any

import pytest

from clinical.checkins import NO_ANSWERS, normalized
from tests.sync.merge import Merged, Sides, merge

NAUSEA, WORSE = {"code": "nausea", "severity": 1}, {"code": "nausea", "severity": 3}
HEADACHE = {"code": "headache", "severity": 2}


def day(**answers: Any) -> dict[str, Any]:
    return normalized({**NO_ANSWERS, **answers})


def merged(base: Any, mine: Any, theirs: Any, *, later: bool = True, **given: Any) -> Merged:
    """The merge of three days told as the answers they give; `later`: mine is the later."""
    three = [None if told is None else day(**told) for told in (base, mine, theirs)]
    return merge(Sides(three[0], three[1], three[2], lambda _: later, **given))


def test_what_one_side_changed_is_taken_from_that_side() -> None:
    both = merged({"mood": 5, "energy": 5}, {"mood": 6, "energy": 5}, {"mood": 5, "energy": 2})
    assert (both.answers, both.both) == (day(mood=6, energy=2), ())


def test_what_one_side_left_out_stays_out() -> None:
    assert merged({"mood": 5, "note": "x"}, {"mood": 5}, {"mood": 5, "note": "x"}).answers == day(
        mood=5
    )
    assert merged({"mood": 5, "note": "x"}, {"mood": 5, "note": "x"}, {"mood": 5}).answers == day(
        mood=5
    )


@pytest.mark.parametrize(("later", "kept"), [(True, 6), (False, 4)])
def test_of_two_answers_the_later_is_kept_and_both_are_shown(later: bool, kept: int) -> None:
    told = merged({"mood": 5}, {"mood": 6}, {"mood": 4}, later=later)
    assert (told.answers, told.both) == (day(mood=kept), ("mood",))


def test_two_that_say_the_same_differ_in_nothing() -> None:
    told = merged({"mood": 5}, {"mood": 6}, {"mood": 6}, later=False)
    assert (told.answers, told.both) == (day(mood=6), ())


def test_a_day_begun_on_both_devices_has_the_answers_of_both() -> None:
    told = merged(None, {"mood": 6, "note": "a"}, {"energy": 3, "note": "b"})
    assert (told.answers, told.both) == (day(mood=6, energy=3, note="a"), ("note",))


def test_side_effects_are_put_together_with_the_higher_severity() -> None:
    told = merged(
        {"side_effects": []},
        {"side_effects": [NAUSEA, HEADACHE]},
        {"side_effects": [WORSE]},
        later=False,
    )
    assert told.answers["side_effects"] == [HEADACHE, WORSE]


def test_a_side_effect_only_one_side_took_back_is_taken_back() -> None:
    told = merged({"side_effects": [NAUSEA]}, {"side_effects": []}, {"side_effects": [NAUSEA]})
    assert told.answers["side_effects"] == []


def test_side_effects_asked_on_one_device_and_left_out_on_the_other_stay() -> None:
    told = merged(
        {"side_effects": [NAUSEA]}, {"side_effects": None, "mood": 1}, {"side_effects": []}
    )
    assert told.answers["side_effects"] == []


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "kept"),
    [
        ("none", "fleeting", "often", "often"),
        ("none", "often", "fleeting", "often"),
        (None, "declined", "none", "declined"),
        (None, "none", "most_of_the_time", "most_of_the_time"),
        ("fleeting", None, "fleeting", "fleeting"),
        ("often", "declined", "often", "often"),
        ("fleeting", "fleeting", "none", "none"),
        ("declined", "none", "declined", "none"),
    ],
)
def test_the_higher_safety_answer_stands_and_nothing_is_asked(
    base: Any, mine: Any, theirs: Any, kept: str
) -> None:
    told = merged(*({"mood": 1, "suicidal_thoughts": each} for each in (base, mine, theirs)))
    assert (told.answers["suicidal_thoughts"], told.lower) == (kept, None)


@pytest.mark.parametrize("theirs", ["often", "most_of_the_time"])
def test_lowering_a_safety_answer_is_asked_about_and_the_higher_kept_until_then(
    theirs: str,
) -> None:
    three = [{"suicidal_thoughts": each} for each in ("often", "none", theirs)]
    told = merged(*three)
    assert (told.answers["suicidal_thoughts"], told.lower) == (theirs, "none")


def test_what_was_confirmed_is_lowered_unless_it_was_changed_meanwhile() -> None:
    for theirs, kept, asked in (("often", "none", None), ("fleeting", "fleeting", "none")):
        three = [{"suicidal_thoughts": each} for each in ("often", "none", theirs)]
        told = merged(*three, is_lower_confirmed=True)
        assert (told.answers["suicidal_thoughts"], told.lower) == (kept, asked)


@pytest.mark.parametrize(("later", "pain"), [(True, 6), (False, 4)])
def test_the_clinics_own_measures_are_answers_of_their_own(later: bool, pain: int) -> None:
    told = merged(
        {"custom": {"pain": 5, "itch": 1}},
        {"custom": {"pain": 6, "itch": 1, "taste": 2}},
        {"custom": {"pain": 4}},
        later=later,
    )
    assert told.answers["custom"] == {"pain": pain, "taste": 2}
    assert told.both == ("custom",)


def test_a_merge_that_comes_to_the_stored_day_is_that_day() -> None:
    theirs = {"mood": 4, "suicidal_thoughts": "often"}
    told = merged({"mood": 5}, {"mood": 6, "suicidal_thoughts": "none"}, theirs, later=False)
    assert (told.answers, told.lower) == (day(**theirs), None)
