"""Simulated visits: the calendar is arithmetic, doses and readings are those of their sources."""

from itertools import islice

import numpy as np
import pytest

from clinical.plans import days_apart
from clinical.simulated_visits import (
    MG_PER_KG,
    READING_MINUTES,
    Body,
    draw_body,
    rise,
    schedule,
    simulated_dose,
    simulated_plan,
    simulated_vitals,
    step_days,
    steps_under_way,
)
from clinical.treatments import DRUGS, FORMULATIONS, ROUTES

BODY = Body(40, 76.0, 120.0, 75.0, 70.0, 1.5)


def test_the_steps_of_each_route_are_those_of_its_source() -> None:
    assert step_days("intravenous") == (0, 2, 4, 7, 9, 11)  # six in two weeks
    assert step_days("intranasal") == (0, 3, 7, 10, 14, 17, 21, 24, 31, 38, 45, 52)
    assert step_days("sublingual") == (0, 3, 7, 10, 14, 17)
    assert all(step_days(route)[0] == 0 for route in ROUTES)


def test_a_course_ends_where_it_should_and_is_as_far_apart_as_it_should_be() -> None:
    told = schedule("intravenous", maintenance=(3, 28), last=20, booked=8)
    assert told.maintenance == (-76, -48, -20)  # 28 days apart, the last 20 days ago
    assert told.steps[-1] == -76 - 28
    assert told.steps[0] == -104 - 11
    assert told.completed == told.steps + told.maintenance
    assert told.booked == 8


def test_the_plan_of_a_simulated_course_is_its_own_calendar() -> None:
    plan = simulated_plan("oral", 14)
    gaps = list(islice(days_apart(plan), 7))
    assert gaps == [3, 4, 3, 4, 3, 14, 14]
    assert simulated_plan("intravenous")["maintenance_days_apart"] == 28
    assert plan["open_weekdays"] == [1, 2, 3, 4, 5, 6, 7]


def test_a_course_under_way_has_only_its_first_steps() -> None:
    assert steps_under_way("intravenous", done=3, last=1, booked=2).completed == (-5, -3, -1)


def test_a_dose_goes_by_weight_or_by_device() -> None:
    assert simulated_dose("intravenous", BODY, 76.0, 1) == {
        "drug": "ketamine",
        "formulation": "solution",
        "route": "intravenous",
        "dose_mg": 38.0,  # .5 mg/kg
        "duration_minutes": 40,
    }
    assert simulated_dose("intravenous", BODY, 76.0, 3)["dose_mg"] == 57.0  # .5 * 1.5 * 76
    assert simulated_dose("sublingual", BODY, 76.0, 1)["dose_mg"] == 150.0  # 152, in fives
    old = Body(70, 76.0, 120.0, 75.0, 70.0, 1.5)
    assert [simulated_dose("intranasal", BODY, 76.0, n)["dose_mg"] for n in (1, 2, 3)] == [
        56,
        56,
        84,
    ]
    assert simulated_dose("intranasal", old, 76.0, 1)["dose_mg"] == 28


@pytest.mark.parametrize("route", ROUTES)
def test_every_body_gets_what_could_be_given(route: str) -> None:
    for seed in range(100):
        body = draw_body(20 + seed % 60, np.random.default_rng(seed))
        for number in (1, 5):
            dose = simulated_dose(route, body, body.weight_kg, number)
            assert dose["drug"] in DRUGS
            assert dose["formulation"] in FORMULATIONS
            if route == "intranasal":
                assert dose["dose_mg"] in (28, 56, 84)
            else:  # .5 mg/kg up to half as much again, and 2 to 3 swallowed; rounded by 2.5 mg
                per_kg = dose["dose_mg"] / body.weight_kg / MG_PER_KG[route]
                assert 1 - 0.03 <= per_kg <= 1.5 + 0.03


def test_the_rise_peaks_between_30_and_40_minutes_and_is_gone_by_90() -> None:
    by_minute = [rise(minute) for minute in range(180)]
    assert by_minute[0] == 0
    assert 30 <= int(np.argmax(by_minute)) <= 40
    assert rise(35) == pytest.approx(1)
    # (90/35 * e**(1 - 90/35))**3 = (2.571 * .2078)**3 = 0.1525
    assert rise(90) == pytest.approx(0.1525, abs=1e-4)


def test_pressures_rise_by_the_published_mean_at_30_minutes() -> None:
    visits = [simulated_vitals("intravenous", BODY, np.random.default_rng(n)) for n in range(1000)]
    for key, rest, mean in (("systolic_mmhg", 120, 3.28), ("diastolic_mmhg", 75, 3.17)):
        at_30 = [visit[3][key] for visit in visits]
        # A visit's rise has sd 6 (4 below), a reading 3, rounding .29: 6.72 at most,
        # standard error 6.72 / sqrt(1000) = 0.213.
        assert np.mean([value - rest for value in at_30 if value]) == pytest.approx(
            mean * rise(30), abs=4 * 0.213
        )


@pytest.mark.parametrize("route", ROUTES)
def test_every_reading_could_have_been_taken(route: str) -> None:
    for seed in range(100):
        random = np.random.default_rng(seed)
        readings = simulated_vitals(route, draw_body(40, random), random)
        minutes = [reading["minute"] or 0 for reading in readings]
        assert minutes == sorted(set(minutes))
        assert minutes[-1] >= 90  # observed until the pressure is normal; two hours after a spray
        for reading in readings:
            low, high = reading["diastolic_mmhg"] or 0, reading["systolic_mmhg"] or 0
            assert 40 <= low <= high - 10 <= 170
            assert 40 <= (reading["heart_rate_bpm"] or 0) < 130
            assert 92 <= (reading["spo2_percent"] or 0) <= 100
            assert 0 <= (reading["cadss"] or 0) <= 92
    assert list(READING_MINUTES["intranasal"]) == [0, 40, 80, 120]
