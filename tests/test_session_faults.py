"""What of a session is impossible and refused, and what is unlikely and asked: table by table."""

from typing import Any
from uuid import uuid4

from tests.people import Household
from tests.visits import (
    BEFORE,
    DOSE,
    DURING,
    booking,
    completed,
    history,
    instant,
    made,
    sessions,
    tag,
    told,
)

REASON = {"status_reason": "cost"}
LATER, EARLIER = {"given_at": instant(-1, hours=3)}, {"given_at": instant(-2)}


def with_dose(**given: Any) -> dict[str, Any]:
    return completed(doses=[dict(DOSE) | given])


def with_reading(**given: Any) -> dict[str, Any]:
    return completed(vitals=[{"minute": 10, **given}])


IMPOSSIBLE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "completed in the future": (
        completed(0.1, stopped_at=None),
        ["/doses/0/given_at", "/started_at", "/vitals/0/minute", "/vitals/1/minute"],
    ),
    "completed without a beginning": (
        completed(started_at=None, stopped_at=None, doses=[]),
        ["/started_at"],
    ),
    "an end without a beginning": (booking(stopped_at=instant(-1)), ["/stopped_at"]),
    "booked for no time": ({"status": "booked"}, ["/scheduled_at"]),
    "missed for no time": ({"status": "missed", **REASON}, ["/scheduled_at"]),
    "cancelled without a reason": (booking(status="cancelled"), ["/status_reason"]),
    "missed without a reason": (booking(-1, status="missed"), ["/status_reason"]),
    "missed before its time": (booking(status="missed", **REASON), ["/status"]),
    "aborted without a reason": (completed(status="aborted"), ["/status_reason"]),
    "completed with a reason": (completed(**REASON), ["/status_reason"]),
    "missed and begun": (
        booking(-1, status="missed", started_at=instant(-1), **REASON),
        ["/started_at"],
    ),
    "stopped before it began": (
        completed(stopped_at=instant(-1.1)),
        ["/doses/0/given_at", "/stopped_at"],
    ),
    "longer than a day": (completed(-3, stopped_at=instant(-1.9)), ["/stopped_at"]),
    "a dose after the end": (with_dose(**LATER), ["/doses/0/given_at"]),
    "a dose before the beginning": (with_dose(**EARLIER), ["/doses/0/given_at"]),
    "a dose in the future": (
        completed(
            -0.01, stopped_at=None, doses=[dict(DOSE) | {"given_at": instant(0.1)}], vitals=[]
        ),
        ["/doses/0/given_at"],
    ),
    "a dose of a booking": (booking(doses=[DOSE]), ["/doses"]),
    "a dose of a missed one": (booking(-1, status="missed", doses=[DOSE], **REASON), ["/doses"]),
    "readings of a missed one": (
        booking(-1, status="missed", vitals=[BEFORE], **REASON),
        ["/vitals"],
    ),
    "a dose in grams": (with_dose(dose_mg=0.05), ["/doses/0/dose_mg"]),
    "a dose in micrograms": (with_dose(dose_mg=50_000), ["/doses/0/dose_mg"]),
    "pressures exchanged": (
        with_reading(systolic_mmhg=80, diastolic_mmhg=120),
        ["/vitals/0/diastolic_mmhg"],
    ),
    "equal pressures": (
        with_reading(systolic_mmhg=80, diastolic_mmhg=80),
        ["/vitals/0/diastolic_mmhg"],
    ),
    "six items above all": (with_reading(cadss=4, cadss_6=5), ["/vitals/0/cadss_6"]),
    "a minute twice": (completed(vitals=[BEFORE, DURING, BEFORE]), ["/vitals/2/minute"]),
    "a reading that is not yet": (
        completed(-0.02, stopped_at=None, vitals=[dict(DURING) | {"minute": 60}]),
        ["/vitals/0/minute"],
    ),
    "eaten after it began": (completed(last_food_at=instant(-1, hours=1)), ["/last_food_at"]),
    "ready before it began": (completed(ready_to_leave_at=instant(-1.1)), ["/ready_to_leave_at"]),
    "no such course": (booking(course_id=str(uuid4())), ["/course_id"]),
    "nobody gave it": (completed(given_by=str(uuid4())), ["/given_by"]),
    "before birth": (
        completed(started_at="1979-12-31T09:00:00Z", stopped_at=None, vitals=[]),
        ["/started_at"],
    ),
    "of every kind at once": (
        completed(
            stopped_at=instant(-1.1),
            weight_kg=7,
            doses=[dict(DOSE) | {"dose_mg": 0.04, "given_at": instant(-0.99)}],
            vitals=[
                dict(DURING) | {"systolic_mmhg": 80, "diastolic_mmhg": 120},
                BEFORE,
                BEFORE,
                {"minute": 60, "spo2_percent": 101},
            ],
        ),
        [
            "/doses/0/dose_mg",
            "/doses/0/given_at",
            "/stopped_at",
            "/vitals/0/diastolic_mmhg",
            "/vitals/2/minute",
            "/vitals/3/spo2_percent",
            "/weight_kg",
        ],
    ),
    "all at once": (
        completed(status="missed", weight_kg=70, course_id=str(uuid4()), doses=[DOSE]),
        [
            "/course_id",
            "/doses",
            "/scheduled_at",
            "/started_at",
            "/status_reason",
            "/stopped_at",
            "/vitals",
        ],
    ),
}


def test_what_is_impossible_is_refused_and_each_fault_is_named(home: Household) -> None:
    for name, (body, faults) in IMPOSSIBLE.items():
        # Standing by it does not help.
        answer = home.clinician.post(sessions(home), body | {"confirmed": faults})
        assert told(answer, "invalid") == faults, name
    assert home.clinician.get(sessions(home)).json["items"] == []


def test_a_bound_names_its_unit_and_the_likely_slip(home: Household) -> None:
    answer = home.clinician.post(sessions(home), with_dose(dose_mg=0.05) | {"weight_kg": 7})
    assert {error["pointer"]: error["detail"] for error in answer.json["errors"]} == {
        "/doses/0/dose_mg": "Must be from 1 to 2000 mg. Was it given in grams?",
        "/weight_kg": "Must be from 20 to 400 kg.",
    }


def test_a_minute_twice_is_refused_though_it_says_what_is_stored(home: Household) -> None:
    one = made(home, completed())
    answer = home.clinician.patch(sessions(home, one["id"]), {"vitals": [BEFORE, BEFORE]})
    assert told(answer, "invalid") == ["/vitals/1/minute"]


UNLIKELY: dict[str, tuple[dict[str, Any], list[str]]] = {
    "ten times the dose": (with_dose(dose_mg=350), ["/doses/0/dose_mg"]),
    "a tenth of the dose": (with_dose(dose_mg=3.5), ["/doses/0/dose_mg"]),
    "much over two": (completed(doses=[DOSE, dict(DOSE) | {"dose_mg": 70}]), ["/doses"]),
    "a spray not in steps": (
        with_dose(
            drug="esketamine",
            route="intranasal",
            formulation="nasal_spray",
            dose_mg=50,
            duration_minutes=None,
        ),
        ["/doses/0/dose_mg"],
    ),
    "a tablet into a vein": (with_dose(formulation="tablet"), ["/doses/0/formulation"]),
    "two minutes": (with_dose(duration_minutes=2), ["/doses/0/duration_minutes"]),
    "no dose": (completed(doses=[]), ["/doses"]),
    "a child's weight": (
        completed(weight_kg=30, doses=[dict(DOSE) | {"dose_mg": 15}]),
        ["/weight_kg"],
    ),
    "pounds for kilograms": (
        completed(weight_kg=260, doses=[dict(DOSE) | {"dose_mg": 130}]),
        ["/weight_kg"],
    ),
    "a high pressure": (
        with_reading(systolic_mmhg=240, diastolic_mmhg=135),
        ["/vitals/0/diastolic_mmhg", "/vitals/0/systolic_mmhg"],
    ),
    "a slow heart": (with_reading(heart_rate_bpm=30), ["/vitals/0/heart_rate_bpm"]),
    "little oxygen": (with_reading(spo2_percent=70), ["/vitals/0/spo2_percent"]),
    "one pressure typed twice": (
        with_reading(systolic_mmhg=120, diastolic_mmhg=119),
        ["/vitals/0/diastolic_mmhg"],
    ),
    "booked in the past": (booking(-1), ["/scheduled_at"]),
    "booked for the year after next": (booking(401), ["/scheduled_at"]),
    "a long time ago": (
        completed(started_at="1999-01-05T09:00:00Z", stopped_at=None),
        ["/started_at"],
    ),
    "nine hours": (completed(-1, stopped_at=instant(-1, hours=9)), ["/stopped_at"]),
}


def test_what_is_unlikely_is_asked_once_and_taken_when_stood_by(home: Household) -> None:
    for name, (body, asked) in UNLIKELY.items():
        for confirmed in ([], ["/somewhere/else"]):
            answer = home.clinician.post(sessions(home), body | {"confirmed": confirmed})
            assert told(answer, "questions") == asked, name
        assert home.clinician.get(sessions(home)).json["items"] == []
        one = made(home, body | {"confirmed": asked})
        assert history(home.world, one["id"])[0].body["confirmed"] == asked
        # Whoever changes something else is not asked again.
        path = sessions(home, one["id"])
        answer = home.clinician.patch(path, {"note": "x"}, headers=tag(one))
        assert answer.status_code == 200, (name, answer.json)
        assert home.clinician.post(f"{path}/void", {"reason": "x"}).status_code == 200
