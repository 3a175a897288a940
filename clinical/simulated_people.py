"""A population of simulated patients: how ill, how helped and how diligent people differ."""

from dataclasses import dataclass, replace

import numpy as np

from clinical.simulate import Story
from clinical.simulated_visits import Schedule, schedule, step_days, steps_under_way

# 4-clinical section 8: B ~ N(7, 1); G ~ N(3, 1.5), but for a fifth near 0; half-life log-normal
# with median 10 d (its spread, by which half lie between 7 and 14 days, is ours); noise and lag-1
# as there.
BASELINE, BASELINE_SD = 7.0, 1.0
GAIN, GAIN_SD = 3.0, 1.5
SHARE_WITHOUT_GAIN, NEAR_NO_GAIN_SD = 0.2, 0.2
HALF_LIFE_DAYS, HALF_LIFE_LOG_SD = 10.0, 0.5
NOISE_SD = (1.0, 1.5)
LAG_1 = (0.3, 0.55)
# 4-clinical 3b: 79 % of days answered on average in studies, 60-70 % by month 3 of care: between.
MISSING_BETA = (2.5, 6.5)
# Our assumptions about a clinic: who is treated how, how often, who stops, who goes quiet.
ROUTES = {
    "intravenous": 0.40,
    "intranasal": 0.30,
    "intramuscular": 0.10,
    "subcutaneous": 0.06,
    "sublingual": 0.08,
    "oral": 0.06,
}
DAYS_APART = (14, 21, 28, 28, 35)
SHARE_DROPPED_OUT = 0.15
SHARE_WITH_SILENCE, SHORTEST_WITH_SILENCE = 0.3, 60
SHARE_IN_FIRST_STEPS = 0.1
CHANCE_TO_FAIL = 0.08
# Random numbers of a person's life, apart from those of their days (clinical/simulate.py).
_STREAM = 99


@dataclass(frozen=True, slots=True)
class Treated:
    """A simulated person in treatment; the series runs from `first_day` (negative) to today, day 0.

    `story` counts its own days from 0; someone who dropped out has no visit booked.
    """

    story: Story
    route: str
    visits: Schedule
    days_apart: int | None
    first_day: int
    has_dropped_out: bool = False

    @property
    def days(self) -> int:
        return 1 - self.first_day

    @property
    def dose_days(self) -> list[int]:
        """Day numbers of the series with a completed visit."""
        return [day - self.first_day for day in self.visits.completed]


def draw_story(random: np.random.Generator, seed: int) -> Story:
    """How one person of the population feels, answers and forgets."""
    has_gain = random.random() >= SHARE_WITHOUT_GAIN
    gain = random.normal(GAIN, GAIN_SD) if has_gain else abs(random.normal(0, NEAR_NO_GAIN_SD))
    return Story(
        baseline=float(np.clip(random.normal(BASELINE, BASELINE_SD), 0, 10)),
        gain=float(max(0.0, gain)),
        half_life_days=float(random.lognormal(np.log(HALF_LIFE_DAYS), HALF_LIFE_LOG_SD)),
        noise_sd=float(random.uniform(*NOISE_SD)),
        lag_1=float(random.uniform(*LAG_1)),
        missing=float(random.beta(*MISSING_BETA)),
        seed=seed,
    )


def draw_treated(seed: int, most_days: int) -> Treated:
    """A person who entered care at most `most_days` ago; the same seed is the same person."""
    random = np.random.default_rng([seed, _STREAM])
    story = draw_story(random, seed)
    route = str(random.choice(list(ROUTES), p=list(ROUTES.values())))
    apart = int(random.choice(DAYS_APART))
    before = int(random.integers(7, 22))
    if random.random() < SHARE_IN_FIRST_STEPS:
        return _beginner(random, story, route, before)
    has_dropped_out = random.random() < SHARE_DROPPED_OUT
    last = int(random.integers(1, apart + 1) if not has_dropped_out else random.integers(40, 100))
    room = max(0, most_days - before - step_days(route)[-1] - last) // apart
    sessions = int(random.integers(room // 3, room + 1))
    booked = None if has_dropped_out else max(1, apart - last)
    visits = schedule(route, maintenance=(sessions, apart), last=last, booked=booked)
    visits = replace(visits, failed=_failed(random, visits))
    first_day = visits.steps[0] - before
    silence = _quiet_end if has_dropped_out else _quiet_stretch
    story = replace(story, silences=silence(random, 1 - first_day, last))
    return Treated(story, route, visits, apart, first_day, has_dropped_out)


def _beginner(random: np.random.Generator, story: Story, route: str, before: int) -> Treated:
    steps = step_days(route)
    done = int(random.integers(1, len(steps)))
    gap = steps[done] - steps[done - 1]
    last = int(random.integers(1, gap))
    visits = steps_under_way(route, done=done, last=last, booked=gap - last)
    return Treated(story, route, visits, None, visits.steps[0] - before)


def _failed(random: np.random.Generator, visits: Schedule) -> tuple[int, ...]:
    """Days of visits that did not take place, each some days before one that did."""
    return tuple(
        day - int(random.integers(2, 7))
        for day in visits.maintenance
        if random.random() < CHANCE_TO_FAIL
    )


def _quiet_stretch(
    random: np.random.Generator, days: int, _last: int
) -> tuple[tuple[int, int], ...]:
    """One to three weeks with nothing logged, for some of those who are there long enough."""
    if random.random() >= SHARE_WITH_SILENCE or days < SHORTEST_WITH_SILENCE:
        return ()
    start = int(random.integers(days // 3, days - 21))
    return ((start, start + int(random.integers(7, 22))),)


def _quiet_end(random: np.random.Generator, days: int, last: int) -> tuple[tuple[int, int], ...]:
    """Nothing for good, some days or weeks after the last dose `last` days ago."""
    return ((days - last + int(random.integers(3, 30)), days - 1),)
