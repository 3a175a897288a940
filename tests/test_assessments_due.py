"""Which scales and screens are due, through HTTP: by the plan, and by sessions as they are."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bench.counts import counted
from clinical.assessment_dates import FORTNIGHTLY_DAYS, OPENS_DAYS, SCREEN_OPENS_DAYS, WEEKLY_DAYS
from clinical.screens import SCREENS
from models.clinic import Clinic
from tests import visits
from tests.contract import ROOT
from tests.facts import put, row
from tests.filled_scales import ago, filled, own, path, sent, stored, today
from tests.people import Household
from tests.trend_rows import add_course, add_session, change_session
from tests.visits import booking, tag


def due(home: Household) -> dict[str, dict[str, Any]]:
    """What stands next, by scale."""
    answer = home.clinician.get(path(home, below="due"))
    assert answer.status_code == 200, answer.json
    return {each["key"]: each for each in answer.json["items"]}


def next_of(home: Household, key: str = "phq9") -> tuple[str, str, str]:
    told = due(home)[key]
    return told["reason"], told["due_on"], told["state"]


def in_days(home: Household, days: int) -> str:
    return str(today(home) + timedelta(days=days))


def test_without_a_course_nothing_is_due(home: Household) -> None:
    add_session(home, ago(home, 3))
    told = home.patient.get(own(below="due")).json
    assert told == {"today": str(today(home)), "timezone": "Europe/Berlin", "items": []}


def test_a_session_that_is_moved_moves_what_is_due_before_it(home: Household) -> None:
    course_id = add_course(home, ago(home, 60))
    add_session(home, ago(home, 20), course_id=course_id)
    stored(home, ago(home, 1))
    booked = visits.made(home, booking(10, course_id=str(course_id)))
    day = booked["local_date"] if "local_date" in booked else in_days(home, 10)
    assert next_of(home) == ("before_session", day, "upcoming")
    moved = home.clinician.patch(
        visits.sessions(home, booked["id"]),
        {"scheduled_at": booking(17)["scheduled_at"]},
        headers=tag(booked),
    )
    assert moved.status_code == 200, moved.json
    assert next_of(home) == ("fortnightly", in_days(home, 8), "upcoming")  # -20 + 28 = 8


def test_what_was_filled_in_is_due_no_more(home: Household) -> None:
    course_id = add_course(home, ago(home, 60))
    add_session(home, ago(home, 15), course_id=course_id)
    assert next_of(home) == ("fortnightly", str(ago(home, 1)), "overdue")  # -15 + 14 = -1
    partial = filled([2, 1, *[None] * 7], day=today(home))
    sent(home.patient, own(), partial)
    assert due(home)["phq9"]["state"] == "overdue"  # in part is not done
    one = sent(home.patient, own(), filled(day=today(home)))
    assert next_of(home) == ("fortnightly", in_days(home, 13), "upcoming")
    assert due(home)["phq9"]["last_on"] == str(today(home))
    home.patient.post(own(one["id"], "void"), {"reason": "a try"})
    assert due(home)["phq9"]["state"] == "overdue"


def test_a_patient_sees_what_they_fill_in_themself(home: Household) -> None:
    add_course(home, ago(home, 3))
    add_session(home, ago(home, 1))
    mine = home.patient.get(own(below="due")).json["items"]
    assert {each["rater"] for each in mine} == {"self", "either"}
    assert {"phq9", "gad7", "bladder"} <= {each["key"] for each in mine}
    theirs = due(home)
    assert theirs.keys() - {each["key"] for each in mine} == {"blood_pressure"}
    assert theirs["blood_pressure"]["name"] == "Blood pressure"


def test_a_clinic_sets_how_often_a_screen_is_wanted(home: Household) -> None:
    add_course(home, ago(home, 100))
    add_session(home, ago(home, 100))
    stored(home, ago(home, 20), 1, instrument="bladder")
    assert next_of(home, "bladder") == ("screen", in_days(home, 10), "upcoming")  # 30 - 20
    with home.world.services.database.begin(write=True) as connection:
        mine = update(Clinic).where(Clinic.clinic_id == home.clinic_id)
        connection.execute(mine.values(screens={"bladder": 14, "craving": None}))
        connection.commit()
    assert next_of(home, "bladder") == ("screen", str(ago(home, 6)), "overdue")  # 14 - 20
    assert "craving" not in due(home)


def test_a_pressure_measured_at_a_session_or_told_by_another_counts(home: Household) -> None:
    add_course(home, ago(home, 200))
    session_id = add_session(home, ago(home, 200))
    assert next_of(home, "blood_pressure") == ("screen", str(ago(home, 200)), "overdue")
    own_ids = {"clinic_id": home.clinic_id, "patient_id": home.patient_id}
    table, told = row("session_vitals", home.clinic_id, home.patient_id)
    told = {name: value for name, value in told.items() if name != "id"}
    put(home.world, (table, told | own_ids | {"session_id": session_id}))
    assert next_of(home, "blood_pressure") == ("screen", str(ago(home, 110)), "overdue")
    told_by_another = {"code": "85354-9", "observed_at": home.world.now}
    put(home.world, row("observation", home.clinic_id, home.patient_id, **told_by_another))
    assert next_of(home, "blood_pressure") == ("screen", in_days(home, 90), "upcoming")


def test_a_session_entered_in_error_is_none(home: Household) -> None:
    add_course(home, ago(home, 30))
    session_id = add_session(home, ago(home, 15))
    assert next_of(home)[0] == "fortnightly"
    change_session(home, session_id, voided_at=home.world.now)
    assert next_of(home) == ("baseline", str(ago(home, 30)), "overdue")


def test_what_is_held_already_is_not_sent_again(home: Household) -> None:
    add_course(home, ago(home, 3))
    tag_of = home.clinician.get(path(home, below="due")).headers["ETag"]
    again = home.clinician.get(path(home, below="due"), headers={"If-None-Match": tag_of})
    assert again.status_code == 304


def test_due_dates_cost_the_same_with_a_long_history(home: Household) -> None:
    add_course(home, ago(home, 400))
    costs = []
    for _ in range(2):
        for days in range(0, 300, 30):
            stored(home, ago(home, days))
            add_session(home, ago(home, days))
        home.clinician.get(path(home, below="due"))
        with counted(home.world.services.database) as counts:
            due(home)
        costs.append(counts.statements)
    assert costs[0] == costs[1]


def test_the_due_dates_to_be_signed_are_the_ones_in_use() -> None:
    signed = (ROOT / "docs" / "sign-off.md").read_text()
    for told in (
        f"from {OPENS_DAYS} days before it is due; a screen from {SCREEN_OPENS_DAYS} days before",
        f"{WEEKLY_DAYS // 2} of {WEEKLY_DAYS} days, {FORTNIGHTLY_DAYS // 2} of {FORTNIGHTLY_DAYS}",
        f"falls within {FORTNIGHTLY_DAYS // 2} days before that",
        "bladder {bladder}, cognition {cognition}, craving {craving}, "
        "blood pressure {blood_pressure};".format(**SCREENS),
    ):
        assert signed.count(told) == 1, told
