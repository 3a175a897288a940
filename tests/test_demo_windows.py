"""The scripted patients' windows say what their stories do."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.demo_clinic import KEYS, MAINTAINED, Clinic, demo_clinic


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    yield from demo_clinic(tmp_path_factory)


@pytest.fixture
def windows(clinic: Clinic) -> Any:
    """The windows document of a story, of one measure."""

    def read(key: str, measure: str = "composite") -> Any:
        patient = clinic.patients[f"STORY-{key}"]["id"]
        answer = clinic.clinician.get(f"/v1/patients/{patient}/windows?measure={measure}")
        assert answer.status_code == 200, answer.json
        return answer.json

    return read


def last_closed(document: Any) -> Any:
    return next(window for window in document["windows"] if not window["is_open"])


@pytest.mark.parametrize(
    ("key", "state"),
    [("steady", "holding"), ("wears_off_early", "worn_off"), ("no_response", "no_response")],
)
@pytest.mark.parametrize("measure", ["composite", "mood"])
def test_the_last_closed_window_is_in_its_state(
    windows: Any, key: str, state: str, measure: str
) -> None:
    told = last_closed(windows(key, measure))["wear_off"]
    assert (told["state"], told["reason"]) == (state, None)


@pytest.mark.parametrize("measure", ["composite", "mood"])
def test_early_wear_off_is_on_days_9_to_18(windows: Any, measure: str) -> None:
    told = last_closed(windows("wears_off_early", measure))["wear_off"]
    assert 9 <= told["day"] <= 18
    assert told["interval"][0] <= told["day"]


def test_the_gap_risk_of_the_early_wear_off_is_told(windows: Any) -> None:
    risk = windows("wears_off_early")["gap_risk"]
    assert risk["code"] == "worn_off_before_in_most"
    assert "worn off before the usual interval in most windows" in risk["words"]
    assert risk["next_session"]["date"] is not None
    assert windows("steady")["gap_risk"]["code"] == "held_in_all"


def test_who_entered_care_on_dosing_day_has_no_course_baseline(windows: Any) -> None:
    document = windows("first_course")
    assert document["reference"]["source"] != "course"
    assert document["windows"][0]["kind"] == "induction"
    assert len(document["windows"][0]["sessions"]) == 3  # three of six, one block


def test_few_days_are_null_with_a_reason(windows: Any) -> None:
    found = windows("sparse")["windows"]
    assert any(window["wear_off"]["state"] == "insufficient" for window in found)
    for window in found:
        told = window["wear_off"]
        assert (told["reason"] is not None) == (told["state"] in (None, "insufficient"))
        for name in ("peak_gain", "area_per_day", "good_days", "onset_day", "level_before"):
            assert (window[name]["value"] is None) == (window[name]["reason"] is not None)


@pytest.mark.parametrize("key", MAINTAINED)
def test_where_the_patient_stands_today(clinic: Clinic, windows: Any, key: str) -> None:
    document = windows(key)
    assert (
        document["current"]["day_offset"]
        == (clinic.today - clinic.completed(f"STORY-{key}")[-1]).days
    )
    assert document["current"]["same_day"]["state"] in (
        "usual", "below_usual", "above_usual", "too_few",
    )  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_doses_to_date_are_those_of_the_sessions(clinic: Clinic, windows: Any, key: str) -> None:
    (given,) = windows(key)["exposure"]
    assert given["sessions"] == len(clinic.completed(f"STORY-{key}"))
