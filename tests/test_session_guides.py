"""A session's guide over the API: one's own, by route, in one's language, and no one else's."""

from datetime import datetime, timedelta
from typing import Any

from tests.people import Household
from tests.visits import DOSE, booking, completed, sessions

NASAL = {**DOSE, "drug": "esketamine", "formulation": "nasal_spray", "route": "intranasal"}
PLANNED = {"drug": "esketamine", "formulation": "nasal_spray", "route": "intranasal", "dose_mg": 56}


def made(home: Household, body: dict[str, Any]) -> str:
    answer = home.clinician.post(sessions(home), body)
    assert answer.status_code == 201, answer.json
    session_id: str = answer.json["id"]
    return session_id


def guide(home: Household, session_id: str) -> Any:
    answer = home.patient.get(f"/v1/me/sessions/{session_id}/guide")
    assert answer.status_code == 200, answer.json
    return answer.json


def at(advice: list[dict[str, Any]], code: str) -> datetime:
    (text,) = [one["at"] for one in advice if one["code"] == code]
    return datetime.fromisoformat(text)


def test_before_a_nasal_session_food_ends_two_hours_ahead(home: Household) -> None:
    told = guide(home, made(home, booking(7, planned=PLANNED)))
    begins = datetime.fromisoformat(told["begins_at"])
    assert (told["route"], told["minutes_on_site"]) == ("intranasal", 150)
    assert begins - at(told["prepare"], "food") == timedelta(hours=2)
    assert begins - at(told["prepare"], "drink") == timedelta(minutes=30)
    assert [one["code"] for one in told["prepare"]][:3] == ["food", "nose", "drink"]
    ends = begins + timedelta(minutes=150)
    assert at(told["afterwards"], "driving") == ends + timedelta(hours=24)


def test_after_a_session_driving_counts_from_its_last_dose(home: Household) -> None:
    told = guide(home, made(home, completed(-1)))
    assert told["prepare"] == []
    waited = at(told["afterwards"], "driving") - datetime.fromisoformat(told["begins_at"])
    assert waited >= timedelta(hours=24, minutes=40)  # the infusion took 40 minutes


def test_the_route_is_the_courses_where_no_plan_says_so(home: Household) -> None:
    course = home.clinician.post(
        f"/v1/patients/{home.patient_id}/courses",
        {"indication": "trd", "route": "intranasal", "started_on": "2026-01-05"},
    )
    assert course.status_code == 201, course.json
    told = guide(home, made(home, booking(7, course_id=course.json["id"])))
    assert told["route"] == "intranasal"


def test_a_cancelled_session_asks_for_nothing(home: Household) -> None:
    session_id = made(home, booking(7))
    cancelled = home.clinician.patch(
        sessions(home, session_id),
        {"status": "cancelled", "status_reason": "travel"},
        headers={"If-Match": '"r1"'},
    )
    assert cancelled.status_code == 200, cancelled.json
    told = guide(home, session_id)
    assert (told["prepare"], told["afterwards"]) == ([], [])


def test_it_speaks_the_patients_language_and_is_cached_by_its_tag(home: Household) -> None:
    session_id = made(home, booking(7))
    path = f"/v1/me/sessions/{session_id}/guide"
    english = home.patient.get(path)
    again = home.patient.get(path, headers={"If-None-Match": english.headers["ETag"]})
    assert again.status_code == 304
    assert home.patient.patch("/v1/me", {"language": "de-DE"}).status_code == 200
    german = home.patient.get(path, headers={"If-None-Match": english.headers["ETag"]})
    assert german.status_code == 200
    assert german.json["afterwards"][0]["text"].startswith("Ruhen Sie sich aus.")
