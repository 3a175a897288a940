"""The demo in full: every scripted patient is as its story says, today, by plain arithmetic."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select

from clinical.treatments import ROUTES
from models.audit_event import AuditEvent
from models.contraindication import Contraindication
from models.course import Course
from models.decision import Decision
from models.diagnosis import Diagnosis
from models.dose import Dose
from models.event import Event
from models.medication import Medication
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession
from models.trial import Trial
from tests.contract import ROOT
from tests.demo_clinic import KEYS, MAINTAINED, TOLD, Clinic, demo_clinic

# The sessions of each route's plan before maintenance.
STEPS = {"intravenous": 6, "intranasal": 12, "intramuscular": 6, "sublingual": 6}
DEMO_STORIES = ROOT.parent / "shared" / "data" / "demo_stories.json"

__all__ = ["demo_clinic"]  # a fixture: pytest finds it by its name


def test_there_are_eight_stories_and_forty_others_all_treated_by_the_clinician(
    clinic: Clinic,
) -> None:
    numbered = {f"DEMO-{number}" for number in range(1, 41)}
    assert clinic.patients.keys() == numbered | {f"STORY-{key}" for key in KEYS}
    assert len(KEYS) == 8
    names = [patient["display_name"] for patient in clinic.patients.values()]
    assert len(set(names)) == len(names)
    assert clinic.patients["DEMO-1"]["display_name"] == "Alex Winter" == sorted(names)[0]


def test_the_settings_are_those_of_the_design() -> None:
    shared = json.loads(DEMO_STORIES.read_text())["stories"] if DEMO_STORIES.exists() else []
    for story in shared:
        settings = set(story) - {"who", "expect"}
        ours = TOLD[story["key"]]
        assert {name: ours[name] for name in settings} == {name: story[name] for name in settings}


@pytest.mark.parametrize("key", KEYS)
def test_sessions_are_as_many_as_far_apart_and_as_long_ago_as_told(
    clinic: Clinic, key: str
) -> None:
    told, days = TOLD[key], clinic.completed(f"STORY-{key}")
    assert (clinic.today - days[-1]).days == told["today_day_offset"]
    if key == "first_course":
        assert len(days) == told["induction_sessions_done"]
        return
    assert len(days) == STEPS[told["route"]] + told["sessions"]
    apart = [(later - sooner).days for sooner, later in pairwise(days)]
    assert apart[-told["sessions"] :] == [told["maintenance_interval_days"]] * told["sessions"]
    assert max(apart[: -told["sessions"]]) <= 7


@pytest.mark.parametrize("key", KEYS)
def test_one_session_is_booked_in_so_many_days(clinic: Clinic, key: str) -> None:
    booked = [row for row in clinic.sessions(f"STORY-{key}") if row.status == "booked"]
    due_on = clinic.today + timedelta(days=TOLD[key]["next_session_in_days"])
    assert [row.local_date for row in booked] == [due_on]


@pytest.mark.parametrize("key", KEYS)
def test_course_and_doses_are_of_the_route_and_the_phase_is_right(clinic: Clinic, key: str) -> None:
    mine = UUID(clinic.patients[f"STORY-{key}"]["id"])
    (course,) = clinic.world.rows(select(Course).where(Course.patient_id == mine))
    assert course.phase == ("induction" if key == "first_course" else "maintenance")
    assert course.started_on == clinic.completed(f"STORY-{key}")[0]
    routes = {row.route for row in clinic.world.rows(select(Dose).where(Dose.patient_id == mine))}
    assert routes == {course.route} == {TOLD[key]["route"]}


@pytest.mark.parametrize("key", [key for key in KEYS if key != "sparse"])
def test_the_baseline_is_the_course_s_own_but_for_who_entered_care_on_dosing_day(
    clinic: Clinic, key: str
) -> None:
    trends = clinic.clinician.get(f"/v1/patients/{clinic.patients[f'STORY-{key}']['id']}/trends")
    assert trends.status_code == 200
    assert (trends.json["baseline"]["source"] == "course") is (key != "first_course")
    assert trends.json["last_session"]["day_offset"] == TOLD[key]["today_day_offset"]


@pytest.mark.parametrize("key", KEYS)
def test_about_the_told_share_of_days_is_missing(clinic: Clinic, key: str) -> None:
    told, days = TOLD[key], clinic.days(f"STORY-{key}")
    silent = told.get("silent_last_days", 0)
    before = told.get("days_before_first_dose", 14)
    expected = (clinic.today - clinic.completed(f"STORY-{key}")[0]).days + 1 + before - silent
    # Days of the chain hang together, by .7 - .3 * m / (1 - m) = r from one to the next: n days
    # count as n * (1 - r) / (1 + r). Four standard errors.
    share = told["missing"]
    lag = 0.7 - 0.3 * share / (1 - share)
    error = (share * (1 - share) / expected * (1 + lag) / (1 - lag)) ** 0.5
    assert 1 - len(days) / expected == pytest.approx(share, abs=4 * error)


def test_who_logs_one_day_in_three_has_little_to_show(clinic: Clinic) -> None:
    path = f"/v1/patients/{clinic.patients['STORY-sparse']['id']}/trends"
    (mood,) = (one for one in clinic.clinician.get(path).json["measures"] if one["key"] == "mood")
    assert mood["period"]["coverage"]["value"] < 0.45


def test_the_silent_one_logged_well_and_then_nothing_for_twelve_days(clinic: Clinic) -> None:
    days = clinic.days("STORY-silent")
    assert (clinic.today - max(days)).days >= 12
    month = {clinic.today - timedelta(days=n) for n in range(12, 42)}
    assert len(month & days.keys()) >= 24  # of 30, one in ten missing


def test_bladder_symptoms_are_told_for_three_weeks_at_severity_3(clinic: Clinic) -> None:
    days = clinic.days("STORY-side_effects")
    told = {
        day: {effect["code"]: effect["severity"] for effect in answers["side_effects"]}
        for day, answers in days.items()
    }
    weeks = {clinic.today - timedelta(days=n) for n in range(21)} & days.keys()
    assert len(weeks) >= 12
    for day, codes in told.items():
        bladder = {code: rated for code, rated in codes.items() if code.startswith("urinary")}
        expected = {"urinary_urgency": 3, "urinary_pain": 3} if day in weeks else {}
        assert bladder == expected


def test_the_steady_one_keeps_nearly_all_of_the_gain(clinic: Clinic) -> None:
    before, early = clinic.y_before("STORY-steady"), clinic.y("STORY-steady", 1, 3)
    late = clinic.y("STORY-steady", 18, 20)
    # 7.5 and then 7.5 - 4 * 2**(-2/60) = 3.59; on day 19, 7.5 - 4 * 2**(-19/60) = 4.29.
    assert before == pytest.approx(7.5, abs=0.8)
    assert early == pytest.approx(3.59, abs=0.6)
    assert late == pytest.approx(4.29, abs=0.6)
    assert (before - late) / (before - early) > 0.7


def test_the_early_wear_off_has_a_good_response_half_gone_in_about_two_weeks(
    clinic: Clinic,
) -> None:
    mrn = "STORY-wears_off_early"
    before, early = clinic.y_before(mrn), clinic.y(mrn, 1, 3)
    # 7.5 - 4.5 * mean(2**(-d/13), d = 1..3) = 3.45
    assert early == pytest.approx(3.45, abs=0.6)
    # The gain of days 1-3 is half gone: (B - y) / (B - P) is above a half before, below after.
    kept = {
        day: (before - clinic.y(mrn, day - 1, day + 1)) / (before - early) for day in (8, 14, 20)
    }
    assert kept[8] > 0.55
    assert 0.35 < kept[14] < 0.65  # 2**(-14/13) / .9 = .53
    assert kept[20] < 0.45  # and worn off by today, day 22


def test_who_does_not_respond_is_no_better_after_a_session(clinic: Clinic) -> None:
    mrn = "STORY-no_response"
    assert clinic.y(mrn, 1, 3) == pytest.approx(clinic.y(mrn, 10, 13), abs=0.6)
    assert clinic.y_before(mrn) - clinic.y(mrn, 1, 3) < 1.5


def test_who_entered_care_on_dosing_day_has_no_day_before_it(clinic: Clinic) -> None:
    assert min(clinic.days("STORY-first_course")) >= clinic.completed("STORY-first_course")[0]


def test_often_this_morning_after_weeks_of_none_is_one_open_alert(clinic: Clinic) -> None:
    days = clinic.days("STORY-safety")
    assert days.pop(clinic.today)["suicidal_thoughts"] == "often"
    assert {day["suicidal_thoughts"] for day in days.values()} == {"none"}
    (alert,) = clinic.open_alerts("STORY-safety")
    assert (alert["rule"], alert["severity"], alert["acknowledged_at"]) == ("S2", "high", None)
    shown = clinic.clinician.get(f"/v1/alerts/{alert['id']}").json
    assert shown["events"][0]["evidence"]["answer"] == "often"


def test_three_weeks_of_bladder_symptoms_are_told_to_the_clinician(clinic: Clinic) -> None:
    alerts = clinic.open_alerts("STORY-side_effects", "all")
    assert {alert["rule"] for alert in alerts} == {"E1", "E2"}
    opened = {alert["rule"]: alert for alert in alerts if alert["is_open"]}
    assert opened["E1"]["severity"] == "high"


@pytest.mark.parametrize("key", [key for key in MAINTAINED if key != "silent"])
def test_most_stories_log_on_the_very_last_days(clinic: Clinic, key: str) -> None:
    latest = max(clinic.days(f"STORY-{key}"))
    assert clinic.today - timedelta(days=7) <= latest <= clinic.today


def test_the_first_patient_s_today_is_left_to_log(clinic: Clinic) -> None:
    assert max(clinic.days("DEMO-1")) == clinic.today - timedelta(days=1)


def test_the_clinic_has_all_there_is_to_see(clinic: Clinic) -> None:
    sessions = clinic.world.rows(select(TreatmentSession))
    statuses = Counter(row.status for row in sessions)
    assert statuses["completed"] > 400
    assert statuses["cancelled"] and statuses["missed"]
    happened = [row for row in sessions if row.status == "completed"]
    assert all(row.weight_kg and row.ready_to_leave_at for row in happened)
    signed = sum(row.signed_at is not None for row in happened)
    assert 0.8 < signed / len(happened) < 0.97
    measured = {row.session_id for row in clinic.world.rows(select(SessionVitals))}
    dosed = {row.session_id for row in clinic.world.rows(select(Dose))}
    assert measured == dosed == {row.id for row in happened}
    courses = clinic.world.rows(select(Course))
    assert {course.route for course in courses} == set(ROUTES)
    assert {course.phase for course in courses} == {"induction", "maintenance", "ended"}


def test_every_chart_tells_what_was_tried_and_decided(clinic: Clinic) -> None:
    everybody = {UUID(patient["id"]) for patient in clinic.patients.values()}
    for kind in (Trial, Medication, Contraindication):
        assert {row.patient_id for row in clinic.world.rows(select(kind))} == everybody
    diagnoses = clinic.world.rows(select(Diagnosis))
    assert {row.patient_id for row in diagnoses if row.code == "trd"} == everybody
    decided = clinic.world.rows(select(Decision))
    assert {reason for row in decided for reason in row.reasons} >= {"no_response", "wearing_off"}
    scripted = {UUID(clinic.patients[f"STORY-{key}"]["id"]) for key in KEYS}
    events = clinic.world.rows(select(Event))
    assert events and not scripted & {row.patient_id for row in events}


def test_nothing_in_the_demo_is_of_the_future_but_bookings(clinic: Clinic) -> None:
    now = datetime.now(UTC)
    for row in clinic.world.rows(select(AuditEvent)):
        assert row.at <= now
    for row in clinic.world.rows(select(TreatmentSession)):
        assert row.created_at <= now
        assert row.status == "booked" or row.scheduled_at <= now
        assert row.status != "booked" or row.scheduled_at > now


@pytest.mark.parametrize("mrn", ["STORY-steady", "STORY-no_response"])
def test_scales_are_filled_in_as_told_before_the_course_and_around_sessions(
    clinic: Clinic, mrn: str
) -> None:
    baseline, before, after = TOLD[mrn.removeprefix("STORY-")]["phq9"]
    path = f"/v1/patients/{clinic.patients[mrn]['id']}"
    scores = clinic.clinician.pages(f"{path}/assessments")
    last, first = scores[0], scores[-1]
    assert (first["total"], {score["total"] for score in scores[:-1]}) == (
        baseline,
        {before, after},
    )
    assert last["meaning"]["baseline"]["total"] == baseline
    # Half of 18 is 9 and 4 is below 5; 16 or 17 of 17 is neither.
    assert last["meaning"]["responded"] is (mrn == "STORY-steady")
    assert {score["safety_card"] for score in scores if "safety_card" in score} == set()
