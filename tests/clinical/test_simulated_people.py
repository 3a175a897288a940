"""The simulator held to its own settings: over many seeds, its figures land where they are set.

Each tolerance is four standard errors of the figure (a fixed seed passes for ever, a wrong setting
fails), widened where said so.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.simulate import ITEMS, Story, simulate, symptom_level
from clinical.simulated_effects import CHANCE_PER_DOSE, CHANCE_TO_LINGER, INCIDENCE
from clinical.simulated_gaps import PERSISTENCE, chances, expected_share, missing_days
from clinical.simulated_people import Treated, draw_story, draw_treated

FIRST = date(2026, 1, 1)
SEARCH = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def ratings(
    story: Story, days: int, dose_days: list[int], key: str = "mood"
) -> np.ndarray[Any, Any]:
    """The item on every day of a story without missing days."""
    logged = simulate(replace(story, missing=0), FIRST, days, dose_days)
    return np.array([answers[key] for answers in logged.values()], dtype=float)


def many(story: Story, people: int, days: int, dose_days: list[int]) -> np.ndarray[Any, Any]:
    """Moods of that many people with the same settings: one row each."""
    return np.array([ratings(replace(story, seed=seed), days, dose_days) for seed in range(people)])


def test_the_mean_level_the_gain_of_days_1_to_3_and_the_half_life_are_the_ones_set() -> None:
    story = Story(baseline=7, gain=4, half_life_days=10, noise_sd=1.0)
    moods = many(story, 300, 22, [1]).mean(axis=0)
    # One day's mean over 300 people: sd sqrt(1 + 1/12 for rounding) = 1.04, standard error 0.06.
    assert moods[[0, 1]] == pytest.approx([3, 3], abs=4 * 0.06)  # 10 - 7, until the dose works
    # 4 * (2**-.1 + 2**-.2 + 2**-.3) / 3 = 3.487; a mean of three correlated days errs no more.
    assert moods[2:5].mean() - 3 == pytest.approx(3.487, abs=4 * 0.06)
    # Ten days after the dose half of the 4 is left, after twenty a quarter.
    assert moods[11] - 3 == pytest.approx(2, abs=4 * 0.06)
    assert moods[21] - 3 == pytest.approx(1, abs=4 * 0.06)


@pytest.mark.parametrize(("noise_sd", "lag_1"), [(1.0, 0.3), (1.2, 0.4), (1.5, 0.55)])
def test_every_item_has_its_share_of_the_spread_and_its_lag(noise_sd: float, lag_1: float) -> None:
    story = Story(baseline=5, noise_sd=noise_sd, lag_1=lag_1, seed=11)
    days = 3000
    logged = list(simulate(replace(story, missing=0), FIRST, days, []).values())
    for key, item in ITEMS.items():
        values = np.array([answers[key] for answers in logged], dtype=float)
        of_noise = (noise_sd * item.spread) ** 2
        spread = (of_noise + 1 / 12) ** 0.5  # rounding to whole points adds a variance of 1/12
        # An AR(1) series of n days has n(1 - r^2)/(1 + r^2) independent ones for its variance.
        independent = days * (1 - lag_1**2) / (1 + lag_1**2)
        assert values.std() == pytest.approx(spread, abs=4 * spread / (2 * independent) ** 0.5)
        lag = np.corrcoef(values[:-1], values[1:])[0, 1]
        assert lag == pytest.approx(lag_1 * of_noise / spread**2, abs=4 / days**0.5)
        assert values.mean() == pytest.approx(
            5 if item.turned else 5 * item.share,
            abs=4 * spread * ((1 + lag_1) / (1 - lag_1) / days) ** 0.5,
        )


@SEARCH
@given(
    share=st.floats(0.02, 0.95),
    baseline=st.floats(0, 10),
    gain=st.floats(0, 10),
    seed=st.integers(0, 2**32),
)
def test_the_chain_expects_to_miss_the_share_that_was_set(
    share: float, baseline: float, gain: float, seed: int
) -> None:
    story = Story(baseline=baseline, gain=gain)
    noise = np.random.default_rng(seed).normal(0, 1.2, 200)
    stay, start = chances(symptom_level(story, 200, [40, 100]) + noise, share)
    assert expected_share(stay, start, share) == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.25, 0.5, 0.67, 0.8, 0.9])
def test_about_the_share_that_was_set_goes_missing_whatever_the_symptom_does(share: float) -> None:
    story = Story(baseline=8, gain=5, half_life_days=12, missing=share)
    doses = list(range(0, 300, 30))
    missed = 1 - np.mean(
        [len(simulate(replace(story, seed=seed), FIRST, 300, doses)) / 300 for seed in range(20)]
    )
    # Days of one chain hang together: lag s - b (to stay, to start), so n days count as
    # n(1 - lag)/(1 + lag); 6,000 days here.
    stay = max(PERSISTENCE, 1 - 0.9 * (1 - share) / share)
    lag = stay - share * (1 - stay) / (1 - share)
    error = (share * (1 - share) / 6000 * (1 + lag) / (1 - lag)) ** 0.5
    assert missed == pytest.approx(share, abs=4 * error)


def test_a_missing_day_is_followed_by_another_seven_times_of_ten() -> None:
    days = 20_000
    missing = missing_days(np.full(days, 6.0), 0.25, np.random.default_rng(1))
    stayed = missing[1:][missing[:-1]].mean()
    # 5,000 missing days: sqrt(.7 * .3 / 5000) = 0.0065.
    assert stayed == pytest.approx(0.7, abs=4 * 0.0065)


def test_two_points_worse_make_a_gap_half_as_likely_again() -> None:
    symptom = np.tile([4.0, 6.0], 500)
    stay, start = chances(symptom, 0.25)
    for chance in (stay, start):
        odds = chance / (1 - chance)
        assert odds[1] / odds[0] == pytest.approx(1.5)


def test_the_days_that_go_missing_are_the_worse_ones() -> None:
    doses = list(range(0, 280, 28))
    logged, all_days = [], []
    for seed in range(40):
        story = Story(baseline=8, gain=4, half_life_days=10, missing=0.3, seed=seed)
        logged += [day["mood"] for day in simulate(story, FIRST, 280, doses).values()]
        all_days += ratings(story, 280, doses).tolist()
    # A day's symptom differs from the mean by sd s = 1.7 or so: odds rise with exp(.203 * s), so
    # logged moods lie about .3 * .203 * s**2 / (1 + .3 * ...) = 0.1 to 0.3 above all moods.
    assert 0.1 < np.mean(logged) - np.mean(all_days) < 0.5


def test_side_effects_come_to_the_published_shares_of_people() -> None:
    people, doses = 600, list(range(0, 60, 6))
    told = dict.fromkeys(INCIDENCE, 0)
    for seed in range(people):
        series = simulate(Story(missing=0, seed=seed), FIRST, 60, doses).values()
        for code in {effect["code"] for day in series for effect in day["side_effects"]}:
            told[code] += 1
    # Ten doses tell nearly everybody who is prone: 1 - .4**10 = 0.9999.
    for code, share in INCIDENCE.items():
        error = (share * (1 - share) / people) ** 0.5
        assert told[code] / people == pytest.approx(share, abs=4 * error), code
    assert 1 - (1 - CHANCE_PER_DOSE) ** 10 > 0.999


def test_side_effects_are_of_the_day_of_a_dose_and_seldom_of_the_next() -> None:
    doses = list(range(0, 2000, 10))
    on = [0] * 10
    for seed in range(10):
        logged = simulate(Story(missing=0, seed=seed), FIRST, 2000, doses)
        for day, answers in logged.items():
            on[(day - FIRST).days % 10] += len(answers["side_effects"])
    assert on[2:] == [0] * 8
    error = (CHANCE_TO_LINGER * (1 - CHANCE_TO_LINGER) / on[0]) ** 0.5
    assert on[1] / on[0] == pytest.approx(CHANCE_TO_LINGER, abs=4 * error)


def test_a_population_has_the_baselines_gains_and_half_lives_of_its_settings() -> None:
    drawn = [draw_story(np.random.default_rng(seed), seed) for seed in range(2000)]
    baselines = np.array([story.baseline for story in drawn])
    # N(7, 1), standard error 1 / sqrt(2000) = 0.022; cutting it at 10 takes .0004 off.
    assert baselines.mean() == pytest.approx(7, abs=4 * 0.022)
    assert baselines.std() == pytest.approx(1, abs=4 * 0.016)
    half_lives = np.log([story.half_life_days for story in drawn])
    # The median of a normal with sd .5 errs by 1.25 * .5 / sqrt(2000) = 0.014.
    assert np.median(half_lives) == pytest.approx(np.log(10), abs=4 * 0.014)
    # Half lie within 0.674 sd: 10 * exp(-+ .337) = 7.1 to 14 days.
    assert np.percentile(np.exp(half_lives), [25, 75]) == pytest.approx([7.1, 14.0], rel=0.08)
    for key, low, high in (("noise_sd", 1.0, 1.5), ("lag_1", 0.3, 0.55)):
        values = [getattr(story, key) for story in drawn]
        assert low <= min(values) < max(values) <= high


def test_a_fifth_of_a_population_and_a_few_more_gain_nothing_to_speak_of() -> None:
    gains = np.array([draw_story(np.random.default_rng(seed), seed).gain for seed in range(2000)])
    # Less than half a point: P(|N(0, .2)| < .5) = .9876 of a fifth, P(N(3, 1.5) < .5) = .0478 of
    # the rest: .2 * .9876 + .8 * .0478 = 0.2357, standard error sqrt(.2357 * .7643 / 2000) = .0095.
    assert (gains < 0.5).mean() == pytest.approx(0.2357, abs=4 * 0.0095)
    # Those who gain at least half a point: N(3, 1.5) above .5 has mean
    # 3 + 1.5 * phi(-1.667) / Phi(1.667) = 3 + 1.5 * .0995 / .9522 = 3.157, sd about 1.35.
    assert gains[gains >= 0.5].mean() == pytest.approx(3.157, abs=4 * 1.35 / 1528**0.5)


PEOPLE = [draw_treated(seed, 274) for seed in range(300)]


def test_the_same_seed_is_the_same_person() -> None:
    assert [draw_treated(seed, 274) for seed in range(20)] == PEOPLE[:20]


@pytest.mark.parametrize("most_days", [182, 274, 730])
def test_everybody_drawn_fits_into_the_months_asked_for(most_days: int) -> None:
    for person in [draw_treated(seed, most_days) for seed in range(300)]:
        assert -most_days <= person.first_day < person.visits.steps[0]
        assert person.visits.completed[-1] < 0
        assert list(person.visits.completed) == sorted(set(person.visits.completed))
        assert not set(person.visits.failed) & set(person.visits.completed)
        assert (person.visits.booked is None) is person.has_dropped_out
        assert person.has_dropped_out or (person.visits.booked or 0) >= 1


def test_all_routes_dropouts_silences_and_visits_that_failed_occur() -> None:
    assert len({person.route for person in PEOPLE}) == 6
    assert any(person.visits.failed for person in PEOPLE)
    assert any(person.days_apart is None for person in PEOPLE)  # still in their first steps
    gone = [person for person in PEOPLE if person.has_dropped_out]
    # A share of .15 of the nine in ten who are past their first steps: .135, error .0197.
    assert len(gone) / len(PEOPLE) == pytest.approx(0.135, abs=4 * 0.0197)
    assert all(_last_logged(person) < -7 for person in gone)


def _last_logged(person: Treated) -> int:
    """Days from today to the last day logged."""
    logged = simulate(person.story, FIRST, person.days, person.dose_days)
    return (max(logged) - FIRST).days + person.first_day


def test_a_population_logs_as_much_as_studies_say() -> None:
    # Beta(2.5, 6.5): mean 2.5 / 9 = .278 missing, sd .142; over 2000 people the error is .0032.
    shares = [draw_story(np.random.default_rng(seed), seed).missing for seed in range(2000)]
    assert np.mean(shares) == pytest.approx(0.278, abs=4 * 0.0032)


def test_a_silence_is_silent_and_the_days_around_it_are_as_without_it() -> None:
    story = Story(missing=0.2, seed=4)
    whole = simulate(story, FIRST, 60, [0, 30])
    quiet = simulate(replace(story, silences=((20, 29), (50, 59))), FIRST, 60, [0, 30])
    silent = {FIRST + timedelta(days=day) for day in (*range(20, 30), *range(50, 60))}
    assert quiet == {day: answers for day, answers in whole.items() if day not in silent}
