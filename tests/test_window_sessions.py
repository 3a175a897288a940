"""What a window tells of its session: doses, vitals, side effects and how long they lasted."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from clinical.days import local_day
from models.session_vitals import SessionVitals
from tests.people import ZONE, Household
from tests.trend_rows import DOSE, add_session, log_days


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def newest(home: Household) -> Any:
    answer = home.patient.get("/v1/me/windows?measure=mood")
    assert answer.status_code == 200, answer.json
    return answer.json["windows"][0]


def measure(home: Household, session_id: Any, minute: int, **readings: int) -> None:
    own = {"clinic_id": home.clinic_id, "patient_id": home.patient_id, "session_id": session_id}
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(SessionVitals).values(**own, minute=minute, **readings))
        connection.commit()


def test_two_sessions_on_a_day_are_told_as_one(home: Household, today: date) -> None:
    day = today - timedelta(days=9)
    begins = [datetime.combine(day, time(hour), UTC) for hour in (9, 17)]
    early, late = (
        add_session(home, day, dose=DOSE | {"given_at": at}, started_at=at, weight_kg=70)
        for at in begins
    )
    measure(home, early, 40, systolic_mmhg=151, diastolic_mmhg=88, spo2_percent=97)
    measure(home, late, 0, systolic_mmhg=128, diastolic_mmhg=90)
    told = newest(home)
    assert told["session_id"] == str(late)
    assert [each["session_id"] for each in told["sessions"]] == [str(early), str(late)]
    assert told["doses"] == [DOSE | {"mg_per_kg": 0.5}] * 2
    assert told["vitals"] == {
        "highest_systolic_mmhg": 151,
        "highest_diastolic_mmhg": 90,
        "lowest_spo2_percent": 97,
    }


def test_a_session_without_readings_has_none(home: Household, today: date) -> None:
    add_session(home, today - timedelta(days=9))
    assert set(newest(home)["vitals"].values()) == {None}


def test_a_side_effect_is_followed_until_somebody_asked_and_it_was_gone(
    home: Household, today: date
) -> None:
    """Nausea on days 0 and 1, not asked on 2 and 3, gone on 4: between day 1 and day 4."""
    day = today - timedelta(days=9)
    add_session(home, day)
    nausea = [{"code": "nausea", "severity": 2}]
    told = {0: nausea, 1: nausea, 2: None, 4: [], 5: [], 6: [], 7: [], 8: []}
    log_days(
        home,
        {day + timedelta(days=at): {"mood": 5, "side_effects": each} for at, each in told.items()},
    )
    window = newest(home)
    assert window["recovery"] == [
        {
            "code": "nausea",
            "label": "Nausea",
            "worst_severity": 2,
            "resolved_day": 4,
            "interval": [1, 4],
            "is_resolved": True,
            "reason": None,
        }
    ]
    effects = window["side_effects"]
    assert (effects["from"], effects["days_asked"], effects["days_expected"]) == (str(day), 7, 10)
    (told_of,) = effects["codes"]
    assert (told_of["days"], told_of["share"]["value"]) == (2, round(2 / 7, 4))


def test_exposure_adds_up_what_was_given_by_drug_and_route(home: Household, today: date) -> None:
    """35 mg twice in a vein, 56 mg once by nose: never 126 mg of anything."""
    nasal = {"drug": "esketamine", "route": "intranasal", "dose_mg": 56.0}
    for ago, dose in ((40, DOSE), (20, DOSE), (9, nasal)):
        add_session(home, today - timedelta(days=ago), dose=dose)
    told = home.patient.get("/v1/me/windows").json["exposure"]
    assert [(each["drug"], each["sessions"], each["total_mg"]) for each in told] == [
        ("ketamine", 2, 70),
        ("esketamine", 1, 56),
    ]
    assert told[0]["first"] == str(today - timedelta(days=40))


def test_sessions_ten_days_apart_have_troughs_and_no_wear_off_day(
    home: Household, today: date
) -> None:
    """Every 10 days, mood rising by one from one interval to the next: .7 a week."""
    starts = (45, 35, 25, 15)
    for ago in starts:
        add_session(home, today - timedelta(days=ago))
    levels = {(35, 45): 4, (25, 35): 5, (15, 25): 6, (0, 15): 7}
    days = {
        today - timedelta(days=ago): {"mood": mood}
        for (last, first), mood in levels.items()
        for ago in range(last, first)
    }
    log_days(home, days)
    told = home.patient.get("/v1/me/windows?measure=mood").json
    assert [each["level"]["value"] for each in told["troughs"]["levels"]] == [4, 5, 6]
    assert told["troughs"]["slope_per_week"]["value"] == 0.7  # 1 in 10 days
    short = told["windows"][1]["wear_off"]
    assert (short["state"], short["reason"], short["day"]) == (None, "interval_too_short", None)
    assert told["windows"][0]["wear_off"]["reason"] != "interval_too_short"


def test_weekly_sessions_are_one_block_and_each_has_its_trough(
    home: Household, today: date
) -> None:
    """Every 7 days, mood rising by one from one week to the next: 1 a week; day 0 never counts."""
    starts = (29, 22, 15, 8)
    for ago in starts:
        add_session(home, today - timedelta(days=ago))
    levels = {29: 4, 22: 5, 15: 6, 8: 7}
    days = {
        today - timedelta(days=start - after): {"mood": level if after else 0}
        for start, level in levels.items()
        for after in range(7)
    }
    log_days(home, days)
    told = home.patient.get("/v1/me/windows?measure=mood").json
    assert [window["kind"] for window in told["windows"]] == ["induction"]
    troughs = told["troughs"]["levels"]
    assert [each["level"]["value"] for each in troughs] == [4, 5, 6]
    assert [each["level"]["n_observed"] for each in troughs] == [6, 6, 6]
    assert told["troughs"]["slope_per_week"]["value"] == 1


@pytest.mark.parametrize(
    ("last", "day_offset", "reason"), [(21, 21, None), (15, 15, None), (14, None, "too_few_days")]
)
def test_a_window_tells_whether_it_is_worse_than_two_weeks_before(
    home: Household, today: date, last: int, day_offset: int | None, reason: str | None
) -> None:
    """Mood 8 on day 1 down to 3 on day 21; day 14 has day 0 before it, which no level counts."""
    start = today - timedelta(days=21)
    add_session(home, start)
    falling = {
        start + timedelta(days=offset): {"mood": round(8 - 5 * offset / 21)}
        for offset in range(last + 1)
    }
    log_days(home, falling)
    told = home.patient.get("/v1/me/windows?measure=mood").json["current"]["direction"]
    assert (told["days_ago"], told["day_offset"], told["reason"]) == (14, day_offset, reason)
    assert (told["p_worse"] is None) == (day_offset is None)
    assert told["p_worse"] is None or told["p_worse"] > 0.95
