"""Home doses held against the plan of their course: a neutral task, in the dose's own request."""

from typing import Any

from tests.entries import match
from tests.facts import COURSE, of
from tests.people import Household
from tests.safety import alerts, ask_safety, events, evidence, letters, open_alerts
from tests.visits import doses, home_dose

U1 = [("U1", "normal")]


def course(home: Household, **given: Any) -> Any:
    body = {**COURSE, "route": "sublingual", "started_on": "2024-05-01", **given}
    answer = home.clinician.post(of(home, "courses"), body)
    assert answer.status_code == 201, answer.json
    return answer


def taken(home: Household, at: str, **given: Any) -> Any:
    answer = home.clinician.post(doses(home), home_dose(given_at=f"2024-05-{at}", **given))
    assert answer.status_code == 201, answer.json
    return answer


def test_a_dose_sooner_than_planned_is_a_task_in_the_same_request(home: Household) -> None:
    ask_safety(home)
    course(home)  # 3 and 4 days apart
    taken(home, "06T18:00:00Z")
    taken(home, "09T18:00:00Z")
    assert alerts(home) == []
    early = taken(home, "10T18:00:00Z")
    assert open_alerts(home) == U1
    (told,) = evidence(home)
    assert told == {
        "codes": ["early_dose"],
        "days_apart": 1,
        "planned_days_apart": 4,
        "dose_id": early.json["id"],
        "date": "2024-05-10",
        "source": "staff",
    }
    assert letters(home) == []  # it waits in the list
    (shown,) = home.clinician.get("/v1/alerts").json["items"]
    assert "For the clinician to look at" in shown["because"]["words"]


def test_a_dose_corrected_to_a_sooner_day_is_told_and_the_same_again_is_not(
    home: Household,
) -> None:
    course(home)
    taken(home, "06T18:00:00Z")
    late = taken(home, "09T18:00:00Z")
    path = doses(home, late.json["id"])
    moved = home.clinician.patch(path, {"given_at": "2024-05-07T18:00:00Z"}, headers=match(late))
    assert (moved.status_code, open_alerts(home)) == (200, U1)
    home.clinician.patch(path, {"given_at": "2024-05-07T18:00:00Z"})
    noted = home.clinician.patch(path, {"note": "after supper"})
    assert (noted.status_code, noted.json["note"]) == (200, "after supper")
    assert [event.kind for event in events(home)] == ["raised"]


def test_a_dose_that_is_refused_or_sent_again_tells_nothing_more(home: Household) -> None:
    course(home)
    taken(home, "06T18:00:00Z")
    wrong = home_dose(given_at="2024-05-07T18:00:00Z", dose_mg=-1)
    assert home.clinician.post(doses(home), wrong).status_code == 422
    assert alerts(home) == []
    body = home_dose(given_at="2024-05-07T18:00:00Z")
    for _ in range(2):
        key = {"Idempotency-Key": "d1"}
        assert home.clinician.post(doses(home), body, headers=key).status_code == 201
    assert [event.kind for event in events(home)] == ["raised"]


def test_a_void_dose_counts_for_nothing(home: Household) -> None:
    course(home)
    first = taken(home, "06T18:00:00Z")
    gone = home.clinician.post(doses(home, first.json["id"], "void"), {"reason": "not taken"})
    assert gone.status_code == 200
    taken(home, "07T18:00:00Z")
    assert alerts(home) == []


def test_without_a_plan_for_its_route_and_day_nothing_is_said(home: Household) -> None:
    for at in ("06T08:00:00Z", "06T18:00:00Z"):
        taken(home, at)  # no course
    course(home, started_on="2024-05-07", route="oral")
    for at in ("08T08:00:00Z", "08T18:00:00Z"):
        taken(home, at)  # another route
    assert alerts(home) == []


def test_a_dose_in_a_session_is_one_of_the_plans(home: Household) -> None:
    course(home)
    visit = {
        "status": "completed",
        "started_at": "2024-05-06T08:00:00Z",
        "stopped_at": "2024-05-06T10:00:00Z",
        "weight_kg": 70,
        "doses": [{"drug": "ketamine", "route": "sublingual", "dose_mg": 100}],
    }
    made = home.clinician.post(f"/v1/patients/{home.patient_id}/sessions", visit)
    assert made.status_code == 201, made.json
    taken(home, "07T08:00:00Z")
    assert open_alerts(home) == U1


def test_doses_say_no_more_for_a_week_unless_it_is_another_thing(home: Household) -> None:
    course(home)
    for at in ("06", "07", "08"):
        taken(home, f"{at}T18:00:00Z")
    told = [(event.kind, event.severity) for event in events(home)]
    assert told == [("raised", "normal"), ("appended", None)]  # noted, and asks for nothing
    used = {"side_effects": [{"code": "extra_use", "severity": 1}]}
    entry = {"recorded_at": "2024-05-08T19:00:00Z", "timezone": "Europe/Berlin", **used}
    assert home.patient.put("/v1/me/checkins/2024-05-08", entry).status_code == 201
    assert events(home)[-1].severity == "normal"
    assert len(alerts(home)) == 1
