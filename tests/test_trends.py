"""Trends over HTTP: a check-in appears, a session moves what follows it, a tag tells of both."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask

from care.principal import Chart, operator
from care.treatments import SessionEntry, record
from clinical.days import DayRules, local_day
from clinical.measures import MEASURES
from clinical.summaries import REASONS
from clinical.trends import FIGURES, METHOD_VERSION, THRESHOLDS
from models.db import new_id
from tests.entries import ITCH, PAIN, entry, own
from tests.people import ZONE, Household, household
from tests.trend_rows import DOSE, add_course, add_session, change_session, log_days

MINE = "/v1/me/trends"


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def theirs(home: Household) -> str:
    return f"/v1/patients/{home.patient_id}/trends"


def read(home: Household, query: str = "", path: str = MINE) -> Any:
    answer = home.patient.get(path + query)
    assert answer.status_code == 200, answer.json
    return answer.json


def of(told: Any, key: str = "mood", part: str = "period") -> Any:
    return next(item for item in told["measures"] if item["key"] == key)[part]


def moods(home: Household, today: date, levels: dict[int, int], **more: Any) -> None:
    """A mood on each day so many days ago."""
    days = {today - timedelta(days=ago): {"mood": mood} | more for ago, mood in levels.items()}
    log_days(home, days)


def test_by_default_it_is_28_days_up_to_the_patients_today(home: Household, today: date) -> None:
    told = read(home)
    assert (told["from"], told["to"]) == (str(today - timedelta(days=27)), str(today))
    assert (told["today"], told["timezone"]) == (str(today), ZONE)
    assert told["method_version"] == METHOD_VERSION
    assert told["thresholds"] == THRESHOLDS
    assert [item["key"] for item in told["measures"]] == list(MEASURES)
    assert of(told)["coverage"] == {
        "value": 0,
        "n_observed": 0,
        "n_expected": 28,
        "longest_gap_days": 28,
        "interval": None,
        "reason": None,
    }


def test_a_patient_without_anything_gets_reasons_and_not_a_single_number(home: Household) -> None:
    told = read(home)
    assert (told["last_session"], told["sessions"]) == (None, [])
    assert told["baseline"] == {"source": None, "from": None, "to": None, "reason": "no_session"}
    for item in told["measures"]:
        for name in FIGURES:
            if name != "coverage":
                assert item["period"][name]["value"] is None
                assert item["period"][name]["reason"] == "too_few_days"
            assert item["since_session"][name]["reason"] == "no_session"


def test_a_check_in_appears_at_once(home: Household, today: date) -> None:
    before = read(home)
    body = entry(today, mood=7, sleep_hours=6.5, side_effects=[{"code": "nausea", "severity": 2}])
    assert home.patient.put(own(today), body).status_code == 201
    told = read(home)
    assert told["input_hash"] != before["input_hash"]
    assert of(told, part="points") == [{"date": str(today), "value": 7}]
    assert (of(told)["last"]["value"], of(told)["last_date"]) == (7, str(today))
    assert of(told, "sleep_hours")["last"]["value"] == 6.5
    assert of(told, "energy")["last"]["value"] is None
    effects = told["side_effects"]["period"]
    assert (effects["days_asked"], effects["days_expected"]) == (1, 28)
    assert effects["codes"][0]["share"]["reason"] == "too_few_days"
    assert effects["codes"][0]["mean_severity"]["value"] == 2


def test_a_deleted_day_is_gone_and_not_a_zero(home: Household, today: date) -> None:
    stored = home.patient.put(own(today), entry(today, mood=7))
    assert of(read(home))["coverage"]["n_observed"] == 1
    deleted = home.patient.delete(own(today), headers={"If-Match": stored.headers["ETag"]})
    assert deleted.status_code == 204
    assert of(read(home))["coverage"]["n_observed"] == 0


def test_the_figures_are_those_of_the_days(home: Household, today: date) -> None:
    """28 days of 6, the 28 before of 4, a course since 40 days with the week before at 3."""
    levels = dict.fromkeys(range(28), 6) | dict.fromkeys(range(28, 56), 4)
    moods(home, today, levels | dict.fromkeys(range(57, 64), 3))
    add_session(home, today - timedelta(days=56))
    period = of(read(home))
    assert (period["mean"]["value"], period["slope_per_week"]["value"]) == (6, 0)
    assert (period["change_to_previous"]["value"], period["change_to_baseline"]["value"]) == (2, 3)


def test_clinician_and_patient_get_the_same_bytes_and_tag(home: Household, today: date) -> None:
    moods(home, today, {ago: ago % 7 for ago in range(40)})
    add_session(home, today - timedelta(days=9))
    patient, clinician = home.patient.get(MINE), home.clinician.get(theirs(home))
    assert patient.data == clinician.data
    assert patient.headers["ETag"] == clinician.headers["ETag"]


def test_a_session_moves_what_is_told_since_it(home: Household, today: date) -> None:
    """Mood 8 on the last 5 days, 4 before. Since a session 5 days ago: 5 days, day 0 left out."""
    moods(home, today, {ago: 8 if ago < 5 else 4 for ago in range(40)})
    session = add_session(home, today - timedelta(days=5))
    since = of(read(home), part="since_session")
    assert (since["mean"]["value"], since["mean"]["n_expected"]) == (8, 5)
    assert since["change_to_previous"]["value"] == 4
    change_session(home, session, local_date=today - timedelta(days=8))
    told = read(home)
    since = of(told, part="since_session")
    assert told["last_session"]["day_offset"] == 8
    assert (since["mean"]["value"], since["mean"]["n_expected"]) == (6.5, 8)  # (5 * 8 + 3 * 4) / 8


def test_only_sessions_that_took_place_and_are_not_void_count(home: Household, today: date) -> None:
    counted = add_session(home, today - timedelta(days=9))
    void = add_session(home, today - timedelta(days=3))
    for status in ("booked", "cancelled", "missed", "aborted"):
        add_session(home, today - timedelta(days=2), status=status, dose=None)
    assert read(home)["last_session"]["session_id"] == str(void)
    change_session(home, void, voided_at=home.world.now, void_reason="of another patient")
    told = read(home)
    assert told["last_session"]["session_id"] == str(counted)
    assert [item["session_id"] for item in told["sessions"]] == [str(counted)]


def test_a_session_recorded_by_its_own_verb_is_seen_at_once(home: Household, today: date) -> None:
    tag = home.patient.get(MINE).headers["ETag"]
    session_id = new_id()
    noon = datetime.combine(today - timedelta(days=5), time(10), UTC)
    dose = DOSE | {"formulation": "solution", "given_at": noon, "duration_minutes": 40}
    took_place = {"status": "completed", "started_at": noon, "timezone": ZONE, "doses": [dose]}
    chart = Chart(home.clinic_id, home.patient_id, ZONE, DayRules(240, 14))
    entry = SessionEntry(chart, session_id, took_place | {"weight_kg": 70.0}, source="import")
    with home.world.services.database.begin(write=True) as connection:
        record(connection, operator(home.clinic_id), entry, home.world.now)
        connection.commit()
    answer = home.patient.get(MINE, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    last = answer.json["last_session"]
    assert (last["session_id"], last["day_offset"]) == (str(session_id), 5)
    assert (last["route"], last["doses"]) == ("intravenous", [DOSE])


def test_sessions_are_told_with_what_was_given(home: Household, today: date) -> None:
    older = add_session(home, today - timedelta(days=20), dose=None)
    planned = add_session(
        home, today - timedelta(days=10), dose=None, planned={"route": "intranasal"}
    )
    newer = add_session(home, today - timedelta(days=3))
    add_session(home, today - timedelta(days=30))
    told = read(home)
    sessions = told["sessions"]
    assert [item["session_id"] for item in sessions] == [str(older), str(planned), str(newer)]
    assert [item["route"] for item in sessions] == [None, "intranasal", "intravenous"]
    assert (sessions[2]["doses"], sessions[0]["doses"]) == ([DOSE], [])
    last = {name: sessions[2][name] for name in ("session_id", "date", "route", "doses")}
    assert told["last_session"] == last | {"day_offset": 3}


def test_the_last_session_may_lie_before_the_period(home: Household, today: date) -> None:
    session = add_session(home, today - timedelta(days=50))
    told = read(home)
    assert told["sessions"] == []
    assert told["last_session"]["session_id"] == str(session)
    assert told["last_session"]["day_offset"] == 50
    assert of(told, part="since_session")["from"] == str(today - timedelta(days=49))


def test_a_period_of_the_past_knows_nothing_of_later_sessions(home: Household, today: date) -> None:
    session = add_session(home, today - timedelta(days=50))
    add_session(home, today - timedelta(days=5))
    told = read(home, f"?to={today - timedelta(days=10)}")
    assert told["last_session"]["session_id"] == str(session)
    assert told["last_session"]["day_offset"] == 40


def test_the_baseline_is_before_the_latest_course(home: Household, today: date) -> None:
    """First course 90 days ago from mood 2, the second 20 days ago from mood 5; now 7."""
    courses = [add_course(home, today - timedelta(days=ago)) for ago in (90, 20)]
    for ago, course in ((90, 0), (60, 0), (20, 1), (6, 1)):
        add_session(home, today - timedelta(days=ago), course_id=courses[course])
    levels = dict.fromkeys(range(20), 7) | dict.fromkeys(range(20, 28), 5)
    moods(home, today, levels | dict.fromkeys(range(90, 98), 2))
    told = read(home, f"?from={today - timedelta(days=19)}")
    assert told["baseline"]["source"] == "course"
    assert told["baseline"]["to"] == str(today - timedelta(days=21))
    assert of(told)["change_to_baseline"]["value"] == 2
    past = f"?from={today - timedelta(days=97)}&to={today - timedelta(days=40)}"
    assert read(home, past)["baseline"]["to"] == str(today - timedelta(days=91))


def test_imported_history_stands_in_for_a_baseline(home: Household, today: date) -> None:
    add_session(home, today - timedelta(days=10))
    past = {today - timedelta(days=ago): {"mood": 3} for ago in range(30, 40)}
    log_days(home, past, source="import")
    told = read(home, f"?from={today - timedelta(days=6)}")
    assert told["baseline"] == {
        "source": "imported",
        "from": str(today - timedelta(days=36)),
        "to": str(today - timedelta(days=30)),
        "reason": None,
    }
    moods(home, today, dict.fromkeys(range(7), 5))
    assert of(read(home, f"?from={today - timedelta(days=6)}"))["change_to_baseline"]["value"] == 2


def test_a_clinics_own_measures_are_told_and_no_other_clinics(home: Household, today: date) -> None:
    home.admin.patch("/v1/clinic", {"custom_measures": [PAIN, ITCH]})
    days = {today - timedelta(days=ago): {"custom": {"pain": ago % 3}} for ago in range(9)}
    log_days(home, days)
    told = read(home, f"?from={today - timedelta(days=8)}")
    assert of(told, "pain")["mean"]["value"] == 1
    assert [item["key"] for item in told["measures"]] == [*MEASURES, "pain"]  # itch: no days of it
    stranger = household(home.world)
    assert [item["key"] for item in read(stranger)["measures"]] == list(MEASURES)


def test_every_reason_is_in_the_contract(app: Flask) -> None:
    schemas = app.extensions["openapi"].to_dict()["components"]["schemas"]
    promised = schemas["Summary"]["properties"]["reason"]["enum"]
    assert set(promised) - {None} == set(REASONS)
