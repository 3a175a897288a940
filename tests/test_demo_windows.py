"""The scripted patients' windows say what their stories do."""

from statistics import median
from typing import Any

import pytest

from tests.demo_clinic import KEYS, MAINTAINED, TOLD, Clinic, demo_clinic

__all__ = ["demo_clinic"]  # a fixture: pytest finds it by its name


def read(clinic: Clinic, key: str, document: str = "windows", query: str = "") -> Any:
    patient = clinic.patients[f"STORY-{key}"]["id"]
    answer = clinic.clinician.get(f"/v1/patients/{patient}/{document}{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.mark.parametrize("key", MAINTAINED)
def test_every_maintenance_session_has_its_window_and_induction_is_one(
    clinic: Clinic, key: str
) -> None:
    told = read(clinic, key)
    assert len(told["windows"]) == TOLD[key]["sessions"] + 1
    assert {each["interval_days"] for each in told["windows"][1:]} == {
        TOLD[key]["maintenance_interval_days"]
    }
    assert [each["kind"] for each in told["windows"][-2:]] == ["maintenance", "induction"]
    assert told["current"]["day_offset"] == TOLD[key]["today_day_offset"]


@pytest.mark.parametrize(
    ("key", "state"),
    [("steady", "holding"), ("wears_off_early", "worn_off"), ("no_response", "no_response")],
)
def test_the_last_closed_window_is_in_the_told_state(clinic: Clinic, key: str, state: str) -> None:
    closed = read(clinic, key)["windows"][1:]
    assert closed[0]["wear_off"]["state"] == state
    states = [each["wear_off"]["state"] for each in closed]
    assert states.count(state) > len(states) / 2


def test_who_wears_off_early_does_so_within_the_told_days(clinic: Clinic) -> None:
    told = read(clinic, "wears_off_early")
    early, late = TOLD["wears_off_early"].get("wear_off_day", (9, 18))
    wear_off = told["windows"][1]["wear_off"]
    assert early <= wear_off["day"] <= late
    days = [each["wear_off"]["day"] for each in told["windows"][1:] if each["wear_off"]["day"]]
    assert early <= median(days) <= late
    assert told["gap_risk"]["code"] == "worn_off_before_in_most"
    assert "worn off before the usual interval in most windows" in told["gap_risk"]["words"]
    assert told["gap_risk"]["interval_days"] == 35
    assert told["time_to_wear_off"]["method"] == "kaplan_meier"
    assert early <= told["time_to_wear_off"]["median"]["value"] <= late


def test_who_loses_nothing_is_held_by_all_windows(clinic: Clinic) -> None:
    told = read(clinic, "steady")
    assert told["gap_risk"]["code"] == "held_in_all"
    assert told["time_to_wear_off"]["reason"] == "all_censored"
    assert told["time_to_wear_off"]["median"]["value"] is None


def test_who_entered_care_on_dosing_day_has_no_level_of_before(clinic: Clinic) -> None:
    told = read(clinic, "first_course")
    assert told["reference"]["source"] is None
    (window,) = told["windows"]
    assert len(window["sessions"]) == 3
    assert (window["wear_off"]["state"], window["wear_off"]["day"]) == ("insufficient", None)


def test_who_logs_one_day_in_three_is_told_why_there_are_no_numbers(clinic: Clinic) -> None:
    told = read(clinic, "sparse")
    closed = [each["wear_off"] for each in told["windows"][1:]]
    insufficient = [each for each in closed if each["state"] == "insufficient"]
    assert len(insufficient) >= len(closed) / 4
    assert {each["reason"] for each in insufficient} <= {"too_few_days", "too_few_early_days"}
    assert {each["day"] for each in insufficient} == {None}


def test_bladder_symptoms_that_stay_are_not_called_resolved(clinic: Clinic) -> None:
    window = read(clinic, "side_effects")["windows"][0]
    urinary = {each["code"]: each for each in window["recovery"] if "urinary" in each["code"]}
    assert urinary.keys() == {"urinary_urgency", "urinary_pain"}
    assert {each["worst_severity"] for each in urinary.values()} == {3}
    assert {each["is_resolved"] for each in urinary.values()} == {False}


@pytest.mark.parametrize("key", KEYS)
def test_every_document_of_every_story_can_be_read(clinic: Clinic, key: str) -> None:
    patient = clinic.patients[f"STORY-{key}"]["id"]
    for document in ("response-curve", "control-chart"):
        for measure in ("mood", "anxiety", "sleep_quality", "composite"):
            read(clinic, key, document, f"?measure={measure}")
            drawn = clinic.clinician.get(f"/v1/patients/{patient}/{document}.svg?measure={measure}")
            assert drawn.status_code == 200


@pytest.mark.parametrize("key", ["wears_off_early", "first_course"])
def test_check_ins_and_windows_agree_on_sessions_and_days(clinic: Clinic, key: str) -> None:
    """The one is derived in SQL, the other cut in Python."""
    told = read(clinic, key)
    by_session = {each["session_id"]: each for each in told["windows"]}
    points = {
        (each["session_id"], point["day_offset"]): point["value"]
        for each in read(clinic, key, "response-curve", "?measure=mood")["windows"]
        for point in each["points"]
    }
    found = set()
    for day, checkin in clinic.days(f"STORY-{key}").items():
        window = by_session.get(checkin["session_id"])
        if window is None:  # before the first session, or inside a block
            continue
        assert window["from"] <= str(day) <= window["to"]
        at = (checkin["session_id"], checkin["day_offset"])
        if checkin["mood"] is not None:
            assert points[at] == checkin["mood"]
            found.add(at)
    assert found == points.keys()
