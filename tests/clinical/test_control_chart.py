"""The control chart: a real series' alarms are those of published tools, and calm stays calm."""

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.control_chart import (
    ControlChart,
    Stable,
    control_chart,
    limit,
    stable_stretch,
    stretch_of,
    watch,
)
from tests.contract import ROOT
from tests.kossakowski import FILE, simulated

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
EXPECTED = ROOT.parent / "shared" / "data" / "expected_kossakowski.json"
NAN = math.nan
FIRST = date(2026, 1, 1)


def low_mood(text: str) -> Any:
    """The series' 239 days; the one that is missing is missing."""
    y = np.full(239, NAN)
    for row in csv.DictReader(io.StringIO(text)):
        y[int(row["dayno"]) - 1] = float(row["low_mood_0_10"])
    return y


def alarms(y: Any, stable: Stable) -> tuple[int | None, int, float]:
    """The first day beyond the limit (days from 1), how many there are, the last average."""
    points = watch(y, stable, start=0)
    beyond = [point.day + 1 for point in points if point.is_beyond]
    return (beyond[0] if beyond else None), len(beyond), round(points[-1].ewma, 4)


def by_the_textbook(y: Any, mean: float, spread: float) -> tuple[int | None, int, float]:
    """The same, spelled out: z = .1 y + .9 z, limit mu + 2.703 s sqrt(.1 / 1.9 (1 - .9^2k))."""
    z, k, beyond = mean, 0, []
    for day, value in enumerate(y, start=1):
        if math.isnan(value):
            continue
        k += 1
        z = 0.1 * value + 0.9 * z
        if z > mean + 2.703 * spread * math.sqrt(0.1 / 1.9 * (1 - 0.9 ** (2 * k))):
            beyond.append(day)
    return (beyond[0] if beyond else None), len(beyond), round(z, 4)


def test_a_real_series_alarms_on_the_days_published_tools_say() -> None:
    """Days 1-28 are the baseline. Its own days are not alike (r1 below 0), so nothing is inflated;
    with the likeness of the whole series the first alarm comes on day 166."""
    at_hand = FILE.exists() and EXPECTED.exists()
    y = low_mood(FILE.read_text() if at_hand else simulated().decode())
    stable = stretch_of(y, 0, 27)
    known = y[:28]
    assert (stable.n, stable.lag_1) == (28, 0 if at_hand else pytest.approx(stable.lag_1))
    assert (stable.mean, stable.standard_deviation) == pytest.approx(
        (np.nanmean(known), np.nanstd(known, ddof=1))
    )
    alike = replace(stable, lag_1=0.3033)
    inflated = stable.standard_deviation * math.sqrt(1.3033 / 0.6967)
    assert alarms(y, replace(stable, lag_1=0)) == by_the_textbook(
        y, stable.mean, stable.standard_deviation
    )
    assert alarms(y, alike) == by_the_textbook(y, stable.mean, inflated)
    if at_hand:
        expected = json.loads(EXPECTED.read_text())
        golden = expected["ewma_lam0.1_L2.703"]
        assert round(stable.mean, 4) == expected["baseline_mean"]
        assert round(stable.standard_deviation, 4) == expected["baseline_sd"]
        told = (golden["first_alarm_day"], golden["n_alarm_days"], golden["final"])
        assert alarms(y, stable) == told == (142, 34, 4.3541)
        assert alarms(y, alike)[0] == 166


def test_the_first_days_worked_by_hand() -> None:
    """Mean 3, s 1, no likeness. k = 1: limit 3 + 2.703 * sqrt(.05263 * .19) = 3 + .2703.

    y 6: z = .1 * 6 + .9 * 3 = 3.3, beyond. Then a day is missing. k = 2: sqrt(.05263 * .3439) =
    .1345: 3.364; y 3: z = 3.27, within. In the long run 2.703 * .2294 = .6201.
    """
    stable = Stable(0, 13, 14, 3.0, 1.0, 0.0)
    first, second = watch(np.array([6.0, NAN, 3]), stable, start=0)
    assert (round(first.ewma, 4), first.is_beyond, second.is_beyond) == (3.3, True, False)
    assert (round(first.limit, 4), round(second.limit, 4)) == (3.2703, 3.3637)
    assert (second.day, round(second.ewma, 4)) == (2, 3.27)
    assert round(limit(stable), 4) == 3.6201


def test_likeness_above_a_tenth_widens_the_limit() -> None:
    """r1 .5: sqrt(1.5 / .5) = 1.732; at .1 and below nothing is done."""
    stable = Stable(0, 13, 14, 3.0, 1.0, 0.5)
    assert stable.spread == pytest.approx(math.sqrt(3))
    assert replace(stable, lag_1=0.1).spread == 1
    assert replace(stable, lag_1=0.11).spread > 1.1


def wavy(n: int, level: float = 3.0) -> Any:
    """n days around a level."""
    return np.array([level + (0.5, -0.5, 0.0)[day % 3] for day in range(n)])


def test_the_stretch_is_the_latest_even_window_before_the_last_session() -> None:
    """Sessions on days 28, 56 and 84: of the windows before the last, 57-83 falls by 4, 29-55 is
    even; days 0-27 are too, but untreated."""
    y = np.concatenate([wavy(56), 3 + np.arange(28) * 4 / 27, wavy(20)])
    found = stable_stretch(y, [84, 28, 56])
    assert found is not None
    assert (found.first, found.last) == (28, 55)
    chart = control_chart(y, [84, 28, 56])
    assert chart.stable is not None
    assert (chart.stable.first, chart.stable.last, chart.stable.n) == (29, 55, 27)  # no session day
    assert [point.day for point in chart.points] == [*range(57, 84), *range(85, 104)]


def test_a_window_just_uneven_enough_is_not_stable() -> None:
    """27 days apart from first to last: 1.4 in all is even, 1.5 is not, nor is 1.5 of recovery."""
    sessions = [-1, 28]
    for move, is_even in ((1.4, True), (1.5, False), (-1.4, True), (-1.5, False)):
        y = np.concatenate([np.arange(28) * move / 27, wavy(10)])
        assert (stable_stretch(y, sessions) is not None) == is_even


def test_short_windows_are_joined_as_far_as_six_weeks() -> None:
    """Every 14 days, half of the days answered: 7 in each, so two are joined; a third of them: 4 or
    5 in each, three are joined; a quarter: 3 or 4 in each, six weeks have 11."""
    sessions = list(range(0, 100, 14))
    for every, first in ((2, 70), (3, 57), (4, None)):
        y = wavy(110)
        y[np.arange(110) % every != 0] = NAN
        found = stable_stretch(y, sessions)
        assert (found.first if found else None) == first
        assert found is None or found.n >= 14


def test_of_a_long_window_the_last_six_weeks_are_taken() -> None:
    y = np.concatenate([wavy(100, 8.0), wavy(100, 3.0)])
    found = stable_stretch(y, [-1, 190])
    assert found is not None
    assert (found.first, found.last, round(found.mean, 3)) == (148, 189, 3)


def test_without_sessions_the_last_four_weeks_are_watched() -> None:
    y = np.concatenate([wavy(60), wavy(28, 6.0)])
    chart = control_chart(y, [])
    assert chart.stable is not None
    assert (chart.stable.first, chart.stable.last) == (32, 59)
    assert chart.points[0].day == 60
    assert chart.points[-1].is_beyond


def test_a_session_outside_the_days_cuts_nothing() -> None:
    """The first entry may come after the first session: its place is before the series."""
    y = np.concatenate([wavy(40), wavy(20, 5.0)])
    assert control_chart(y, [-28, -1, 40, 60, 90]) == control_chart(y, [-1, 40])


@pytest.mark.parametrize(
    ("y", "sessions"),
    [
        (np.empty(0), []),
        (wavy(20), []),
        (np.full(300, NAN), [30, 60, 90]),
        (wavy(40), [0]),
        (wavy(13), [-1, 12]),
        (wavy(60), [40]),  # steady before the first session, and untreated
        (np.concatenate([wavy(60), np.full(400, NAN)]), [-1, 30, 459]),  # over a year back
        (np.arange(60) / 6, [30, 59]),
    ],
)
def test_without_a_stable_stretch_there_is_no_chart_but_a_reason(
    y: Any, sessions: list[int]
) -> None:
    assert control_chart(y, sessions) == ControlChart(None, (), "no_stable_stretch")


def test_a_stretch_of_equal_days_has_no_spread_to_chart_by() -> None:
    chart = control_chart(np.full(60, 4.0), [-1, 30])
    assert (chart.points, chart.reason) == ((), "no_spread")
    told = chart.as_dict(FIRST, lambda y: y)
    assert (told["limit"], told["points"], told["first_beyond"]) == (None, [], None)
    assert (told["stable"]["mean"], told["stable"]["standard_deviation"]) == (4, 0)


def test_it_is_told_in_the_measures_own_units_and_direction() -> None:
    """Mood 10 - y: worse is lower, so the limit lies below the mean."""
    y = np.concatenate([wavy(28), [3.0], np.full(30, 6.0)])
    told = control_chart(y, [-1, 28]).as_dict(FIRST, lambda level: 10 - level)
    assert told["stable"]["from"] == FIRST
    assert (told["stable"]["to"], told["stable"]["n"]) == (date(2026, 1, 28), 28)
    assert told["limit"] < told["stable"]["mean"] < 10
    point = told["points"][-1]
    assert (point["date"], point["value"]) == (date(2026, 2, 28), 4)
    assert point["is_beyond"]
    assert point["ewma"] < point["limit"]
    assert told["first_beyond"] in [each["date"] for each in told["points"]]
    nothing = control_chart(y[:10], []).as_dict(FIRST, lambda level: level)
    assert nothing["stable"] == {
        "from": None,
        "to": None,
        "n": 0,
        "mean": None,
        "standard_deviation": None,
        "lag_1": None,
        "reason": "no_stable_stretch",
    }


DAYS = st.lists(st.sampled_from([*range(11), None]), max_size=120).map(
    lambda answers: np.array(answers, dtype=float)
)


@given(DAYS, st.sets(st.integers(0, 119)), st.integers(-5, 5))
@FEW
def test_moving_all_days_alike_moves_the_chart_and_no_alarm(
    y: Any, days: set[int], more: int
) -> None:
    sessions = [day for day in days if day < len(y)]
    here, moved = control_chart(y, sessions), control_chart(y + more, sessions)
    assert moved.reason == here.reason
    for one, other in zip(here.points, moved.points, strict=True):
        assert other.day == one.day
        assert (other.ewma, other.limit) == pytest.approx((one.ewma + more, one.limit + more))
        assert not math.isnan(one.ewma)


def test_inflating_for_likeness_spares_steady_people_half_of_their_false_alarms() -> None:
    """sd 1.2, r1 .4, whole steps: about one in eight passes the limit within four weeks."""
    random = np.random.default_rng(4)
    noise = random.normal(0, 1.2 * math.sqrt(1 - 0.4**2), (600, 106))
    for day in range(1, noise.shape[1]):
        noise[:, day] += 0.4 * noise[:, day - 1]
    passed = {True: 0, False: 0}
    for person in np.round(4 + noise[:, 50:]):
        own = stretch_of(person, 0, 27)
        for inflated in passed:
            stable = own if inflated else replace(own, lag_1=0)
            points = watch(person, stable, start=28)
            passed[inflated] += any(point.is_beyond for point in points)
    assert passed[True] / 600 < 0.16
    assert passed[True] < 0.65 * passed[False]
