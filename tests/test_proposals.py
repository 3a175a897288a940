"""What a course's plan comes to next: counted from the sessions really held, round the closures."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests import facts
from tests.conftest import Clock
from tests.entries import pointers
from tests.facts import of
from tests.people import ZONE, Household, World, household
from tests.rows import ROWS

# The clinic's own day, in the zone of the tests' clinics. In a day's last hour it is tomorrow, to
# which the app's clock is set on, so that midnight does not come while these tests run.
BERLIN = ZoneInfo(ZONE)
TODAY = (datetime.now(BERLIN) + timedelta(hours=1)).date()
EVERY_DAY = {"open_weekdays": [1, 2, 3, 4, 5, 6, 7]}


@pytest.fixture(autouse=True)
def today_has_begun(clock: Clock) -> None:
    began = datetime.combine(TODAY, time(), BERLIN)
    clock.ahead = max(began - datetime.now(BERLIN), timedelta())


def course(home: Household, started_on: date, **plan: Any) -> str:
    """A course whose plan is three sessions two days apart, then every ten days."""
    steps = [{"sessions": 3, "days_apart": [2]}]
    sent = {"steps": steps, "maintenance_days_apart": 10, "session_minutes": 90} | EVERY_DAY | plan
    body = facts.COURSE | {"started_on": str(started_on), "plan": sent}
    answer = home.clinician.post(of(home, "courses"), body)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def held(home: Household, on: date, **given: Any) -> None:
    """A session at nine of that day, straight in the table."""
    at = datetime.combine(on, time(9), BERLIN)
    when = {"local_date": on, "scheduled_at": at, "started_at": at, "course_id": None}
    table, row = facts.row("treatment_session", home.clinic_id, home.patient_id)
    facts.put(home.world, (table, {**row, **when, **given}))


def proposed(home: Household, course_id: str, **query: Any) -> Any:
    path = of(home, f"courses/{course_id}/proposal")
    answer = home.clinician.get(path, query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


def offsets(proposal: Any) -> list[int]:
    """The proposed days as days from today."""
    return [(date.fromisoformat(item["date"]) - TODAY).days for item in proposal["items"]]


def test_a_new_course_proposes_its_steps_then_its_maintenance(home: Household) -> None:
    proposal = proposed(home, course(home, TODAY), limit=5)
    assert offsets(proposal) == [0, 2, 4, 14, 24]  # two days apart, then ten
    assert [item["number"] for item in proposal["items"]] == [1, 2, 3, 4, 5]
    assert {item["reason"] for item in proposal["items"]} == {None}
    assert proposal["session_minutes"] == 90
    assert len(proposed(home, proposal["course_id"])["items"]) == 6


def test_what_was_really_held_is_what_the_rest_counts_from(home: Household) -> None:
    course_id = course(home, TODAY - timedelta(days=9))
    held(home, TODAY - timedelta(days=9))
    held(home, TODAY - timedelta(days=1), course_id=None)  # six days late
    assert offsets(proposed(home, course_id, limit=3)) == [1, 11, 21]  # -1 + 2, + 10, + 10


def test_only_what_was_given_or_is_booked_fills_a_place(home: Household) -> None:
    course_id = course(home, TODAY - timedelta(days=1))
    held(home, TODAY - timedelta(days=1))
    for given in (
        {"status": "aborted"},
        {"status": "missed"},
        {"status": "cancelled"},
        {"status": "booked"},  # and nobody came, nor said so
        {"voided_at": ROWS["course"]["created_at"], "void_reason": "another patient's"},
    ):
        held(home, TODAY - timedelta(days=1), **given)
    held(home, TODAY - timedelta(days=400))  # before the course
    assert offsets(proposed(home, course_id, limit=2)) == [1, 3]  # -1 + 2, + 2
    held(home, TODAY + timedelta(days=2), status="booked")
    assert offsets(proposed(home, course_id, limit=2)) == [4, 14]  # 2 + 2, + 10


def test_a_plan_is_kept_by_the_calendar_whenever_the_patients_day_begins(home: Household) -> None:
    course_id = course(home, TODAY)
    # Nine in the morning is before this patient's boundary of ten: for them it is the day before.
    held(home, TODAY, local_date=TODAY - timedelta(days=1))
    assert offsets(proposed(home, course_id, limit=2)) == [2, 4]
    held(home, TODAY + timedelta(days=2), local_date=TODAY + timedelta(days=1), status="booked")
    assert offsets(proposed(home, course_id, limit=2)) == [4, 14]


def test_a_session_of_another_course_fills_no_place(home: Household) -> None:
    past = course(home, TODAY - timedelta(days=50))
    over = {"phase": "ended", "ended_on": str(TODAY - timedelta(days=5)), "note": "x"}
    assert facts.changed(home.clinician, of(home, f"courses/{past}"), over).status_code == 200
    held(home, TODAY - timedelta(days=3), course_id=UUID(past))
    fresh = course(home, TODAY - timedelta(days=4))
    assert offsets(proposed(home, fresh, limit=1)) == [0]
    assert proposed(home, fresh, limit=1)["items"][0]["reason"] == "overdue"
    assert proposed(home, past)["items"] == []  # it has ended


def test_a_holiday_gives_way_and_the_reason_says_so(world: World) -> None:
    closed = [{"date": str(TODAY + timedelta(days=2)), "name": "New Year"}]
    home = household(world, holidays=closed)
    proposal = proposed(home, course(home, TODAY), limit=2)
    assert offsets(proposal) == [0, 1]  # of day 1 and day 3 the earlier
    assert proposal["items"][1]["due_on"] == str(TODAY + timedelta(days=2))
    assert proposal["items"][1]["reason"] == "holiday: New Year"


def test_a_plan_without_maintenance_ends(home: Household) -> None:
    course_id = course(home, TODAY, maintenance_days_apart=None)
    assert offsets(proposed(home, course_id, limit=50)) == [0, 2, 4]


def test_the_same_proposal_is_not_sent_twice(home: Household) -> None:
    path = of(home, f"courses/{course(home, TODAY)}/proposal")
    etag = home.clinician.get(path).headers["ETag"]
    assert home.clinician.get(path, headers={"If-None-Match": etag}).status_code == 304
    held(home, TODAY)
    assert home.clinician.get(path, headers={"If-None-Match": etag}).status_code == 200
    assert pointers(home.clinician.get(path, query_string={"limit": "51"})) == ["/limit"]
