"""The daily measures and side effects: complete, consistent, and in the words of the contract."""

from clinical.checkins import ANSWER_KEYS
from clinical.measures import (
    CUSTOM_MAXIMUM,
    CUSTOM_MINIMUM,
    MEASURES,
    SUICIDAL_THOUGHTS,
    SUICIDAL_THOUGHTS_ORDER,
    CustomMeasure,
    custom_measures,
)
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS

RATINGS = ("mood", "interest", "energy", "anxiety", "irritability")
PAIN = {
    "key": "pain",
    "prompt": "Pain",
    "direction": "higher_is_worse",
    "low_end": "none",
    "high_end": "worst",
}
ITCH = PAIN | {"key": "itch", "prompt": "Itch", "retired": True}


def test_a_check_in_asks_five_ratings_and_sleep_and_takes_four_other_answers() -> None:
    assert tuple(MEASURES) == (*RATINGS, "sleep_hours", "sleep_quality")
    others = ("suicidal_thoughts", "side_effects", "custom", "note")
    assert (*MEASURES, *others) == ANSWER_KEYS


def test_the_five_ratings_go_from_0_to_10_in_ones() -> None:
    for key in RATINGS:
        measure = MEASURES[key]
        assert (measure.minimum, measure.maximum, measure.step) == (0, 10, 1)
    assert (CUSTOM_MINIMUM, CUSTOM_MAXIMUM) == (0, 10)


def test_sleep_is_0_to_24_hours_in_quarters_and_1_to_5_in_quality() -> None:
    hours, quality = MEASURES["sleep_hours"], MEASURES["sleep_quality"]
    assert (hours.minimum, hours.maximum, hours.step, hours.unit) == (0, 24, 0.25, "h")
    assert (quality.minimum, quality.maximum, quality.step) == (1, 5, 1)


def test_ten_is_most_of_it_and_a_higher_mood_is_better() -> None:
    better = {key for key, measure in MEASURES.items() if measure.direction == "higher_is_better"}
    worse = {key for key, measure in MEASURES.items() if measure.direction == "higher_is_worse"}
    assert better == {"mood", "interest", "energy", "sleep_quality"}
    assert worse == {"anxiety", "irritability"}


def test_every_measure_says_what_it_asks_and_where_it_is_from() -> None:
    for key, measure in MEASURES.items():
        assert measure.key == key
        words = (measure.prompt, measure.low_end, measure.high_end, measure.source)
        assert all(word.strip() for word in words)
        assert measure.as_dict().keys() >= {"key", "minimum", "maximum", "low_end", "unit"}


def test_suicidal_thoughts_are_ordered_and_declining_has_no_place_in_the_order() -> None:
    assert SUICIDAL_THOUGHTS_ORDER == ("none", "fleeting", "often", "most_of_the_time")
    assert set(SUICIDAL_THOUGHTS) - set(SUICIDAL_THOUGHTS_ORDER) == {"declined"}


def test_severities_are_1_to_4_each_in_words() -> None:
    assert dict(SEVERITIES) == {
        1: "noticeable",
        2: "gets in the way",
        3: "cannot do usual things",
        4: "needed help at once",
    }


def test_every_side_effect_is_there_once_and_a_confirmed_code_is_a_code() -> None:
    labels = [effect.label for effect in SIDE_EFFECTS.values()]
    assert len(set(labels)) == len(labels) == len(SIDE_EFFECTS)
    for code, effect in SIDE_EFFECTS.items():
        assert (effect.code, effect.window in ("acute", "between", "both")) == (code, True)
        assert not effect.snomed_confirmed or (effect.snomed_code or "").isdigit()
        assert effect.as_dict()["code"] == code


def test_a_clinician_sees_bladder_craving_and_psychosis_whatever_the_severity() -> None:
    watched = {code for code, effect in SIDE_EFFECTS.items() if effect.watch}
    assert {"urinary_pain", "urinary_frequency", "urinary_urgency", "urinary_blood"} <= watched
    assert {"craving", "extra_use", "hallucination", "paranoia", "elation"} <= watched


def test_a_clinics_own_measures_keep_its_order_and_are_asked_unless_retired() -> None:
    measures = custom_measures([PAIN, ITCH])
    assert list(measures) == ["pain", "itch"]
    assert measures["pain"] == CustomMeasure("pain", "Pain", "higher_is_worse", "none", "worst")
    assert (measures["pain"].retired, measures["itch"].retired) == (False, True)
    assert custom_measures([]) == {}
