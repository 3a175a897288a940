"""Simulated patients: the level is arithmetic, the series are seeded, in range and with gaps."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.checkins import ANSWER_KEYS, answers_anything, clinic_faults, normalized
from clinical.measures import MEASURES
from clinical.side_effects import SIDE_EFFECTS
from clinical.simulate import Story, simulate, symptom_level
from clinical.simulated_effects import EffectWindow

FIRST = date(2026, 1, 1)
SEARCH = settings(max_examples=25, deadline=None, derandomize=True, database=None)
stories = st.builds(
    Story,
    baseline=st.floats(0, 10),
    gain=st.floats(0, 10),
    half_life_days=st.floats(1, 60),
    noise_sd=st.floats(0, 5),
    lag_1=st.floats(0, 0.95),
    missing=st.floats(0, 0.9),
    seed=st.integers(0, 2**32),
)


def test_a_gain_comes_the_day_after_the_dose_and_half_is_gone_in_its_half_life() -> None:
    story = Story(baseline=7, gain=4, half_life_days=10)
    level = symptom_level(story, 22, [1])
    assert level[0] == level[1] == 7  # on the day of the dose itself nothing is won yet
    assert level[2] == pytest.approx(7 - 4 * 2 ** (-1 / 10))
    assert level[11] == pytest.approx(7 - 4 / 2)  # ten days after the dose
    assert level[21] == pytest.approx(7 - 4 / 4)


def test_the_strongest_dose_counts_not_the_sum() -> None:
    story = Story(baseline=9, gain=4, half_life_days=10)
    both = symptom_level(story, 30, [0, 7])
    assert both[8] == pytest.approx(9 - 4 * 2 ** (-1 / 10))
    assert np.array_equal(both, np.minimum(symptom_level(story, 30, [0]), both))


def test_a_dose_before_the_series_still_fades_in_it_and_no_dose_wins_nothing() -> None:
    story = Story(baseline=7, gain=4, half_life_days=10)
    assert symptom_level(story, 1, [-10])[0] == pytest.approx(7 - 4 / 2)
    assert symptom_level(story, 3, []).tolist() == [7, 7, 7]
    assert symptom_level(Story(baseline=1, gain=4), 2, [0]).tolist() == [1, 0]  # never below 0


def test_the_same_story_is_the_same_series_and_another_seed_another() -> None:
    told = simulate(Story(seed=3), FIRST, 60, [0, 14])
    assert simulate(Story(seed=3), FIRST, 60, [0, 14]) == told
    assert simulate(Story(seed=4), FIRST, 60, [0, 14]) != told


@SEARCH
@given(story=stories, days=st.integers(1, 60))
def test_every_simulated_day_could_have_been_sent(story: Story, days: int) -> None:
    logged = simulate(story, FIRST, days, [0, 7])
    assert set(logged) <= {FIRST + timedelta(days=number) for number in range(days)}
    for answers in logged.values():
        assert_sendable(answers)


def assert_sendable(answers: dict[str, Any]) -> None:
    assert answers.keys() <= set(ANSWER_KEYS)
    for key, measure in MEASURES.items():
        assert measure.minimum <= answers[key] <= measure.maximum
        assert answers[key] / measure.step == int(answers[key] / measure.step)
    assert all(effect["code"] in SIDE_EFFECTS for effect in answers["side_effects"])
    assert answers_anything(answers)
    assert clinic_faults(answers, {}) == []
    assert normalized(answers)["mood"] == answers["mood"]


def test_side_effects_are_told_on_dose_days_and_the_days_after_and_nobody_is_never_asked() -> None:
    logged = simulate(Story(missing=0, seed=1), FIRST, 200, list(range(0, 200, 10)))
    ticked = {(day - FIRST).days % 10 for day, answers in logged.items() if answers["side_effects"]}
    assert ticked == {0, 1}


def test_effects_of_a_window_are_told_on_every_logged_day_of_it() -> None:
    window = EffectWindow(("urinary_pain", "urinary_urgency"), 3, first_day=10, last_day=30)
    logged = simulate(Story(missing=0.3, effects=(window,), seed=1), FIRST, 40, [])
    for day, answers in logged.items():
        told = [(effect["code"], effect["severity"]) for effect in answers["side_effects"]]
        inside = 10 <= (day - FIRST).days <= 30
        assert told == ([("urinary_pain", 3), ("urinary_urgency", 3)] if inside else [])


def test_nothing_is_missing_without_missingness() -> None:
    assert len(simulate(Story(missing=0), FIRST, 100, [])) == 100
