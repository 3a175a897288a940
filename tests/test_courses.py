"""Courses: opened one at a time, with a plan, and ended with a reason."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from care.courses import CourseEntry, open_course
from care.principal import Chart, operator
from clinical.days import DayRules
from clinical.plans import TEMPLATES, template
from models.course import Course
from models.db import new_id
from models.fact_revision import FactRevision
from tests import facts
from tests.at_once import at_once, twin
from tests.entries import match, pointers, today
from tests.facts import COURSE, of
from tests.lists import walk
from tests.people import ZONE, Household

ENDED = {"phase": "ended", "ended_on": "2026-01-20", "note": "moved away"}


def opened(home: Household, **given: Any) -> Any:
    answer = home.clinician.post(of(home, "courses"), COURSE | given)
    assert answer.status_code == 201, answer.json
    return answer


def path_of(home: Household, answer: Any) -> str:
    return of(home, f"courses/{answer.json['id']}")


def test_every_route_begins_with_its_own_plan(home: Household) -> None:
    listed = home.front_desk.get("/v1/plan-templates").json
    assert {item["route"]: item["plan"] for item in listed["items"]} == dict(TEMPLATES)
    for route in TEMPLATES:
        answer = opened(home, route=route)
        assert answer.json["plan"] == template(route)
        facts.changed(home.clinician, path_of(home, answer), ENDED)


def test_a_course_opened_on_the_server_has_its_routes_plan(home: Household) -> None:
    course_id = new_id()
    chart = Chart(home.clinic_id, home.patient_id, ZONE, DayRules(240, 14))
    course = {"indication": "trd", "route": "intranasal", "started_on": date(2026, 1, 5)}
    with home.world.services.database.begin(write=True) as connection:
        entry = CourseEntry(chart, course_id, course)
        open_course(connection, operator(home.clinic_id), entry, datetime.now(UTC))
        connection.commit()
    (row,) = home.world.rows(select(Course).where(Course.id == course_id))
    assert (row.plan, row.phase, row.created_by) == (template("intranasal"), "induction", None)


def test_a_course_is_shown_as_it_was_opened(home: Household) -> None:
    key = {"Idempotency-Key": "once"}
    first = home.clinician.post(of(home, "courses"), COURSE, headers=key)
    again = home.clinician.post(of(home, "courses"), COURSE, headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    shown = first.json
    assert (shown["phase"], shown["ended_on"], shown["revision"]) == ("induction", None, 1)
    path = path_of(home, first)
    assert home.clinician.get(path).json == shown
    assert home.clinician.get(of(home, "courses")).json["items"] == [shown]
    assert home.patient.get("/v1/me/courses").json["items"] == [shown]
    held = {"If-None-Match": first.headers["ETag"]}
    assert home.clinician.get(path, headers=held).status_code == 304
    assert facts.audited(home.world, home.patient_id) == ["course.create"]
    assert facts.inputs_version(home.world, home.patient_id) == 1


def test_one_course_is_open_at_a_time(home: Household) -> None:
    first = opened(home)
    second = home.clinician.post(of(home, "courses"), COURSE | {"route": "oral"})
    assert (second.status_code, second.json["type"]) == (409, "/problems/conflict")
    assert facts.changed(home.clinician, path_of(home, first), ENDED).status_code == 200
    opened(home, route="oral")
    reopened = {"phase": "maintenance", "ended_on": None}
    assert facts.changed(home.clinician, path_of(home, first), reopened).status_code == 409


def test_of_four_courses_opened_at_once_one_is_open(home: Household) -> None:
    requests = [
        partial(twin(home.world, home.clinician).post, of(home, "courses"), COURSE)
        for _ in range(4)
    ]
    assert sorted(answer.status_code for answer in at_once(requests)) == [201, 409, 409, 409]
    assert len(home.clinician.get(of(home, "courses")).json["items"]) == 1


def test_phases_change_when_somebody_says_so(home: Household) -> None:
    path = path_of(home, opened(home))
    kept = facts.changed(home.clinician, path, {"phase": "maintenance"})
    assert (kept.json["phase"], kept.json["revision"]) == ("maintenance", 2)
    back = facts.changed(home.clinician, path, {"phase": "induction"})  # worse again
    assert back.json["phase"] == "induction"
    ended = facts.changed(home.clinician, path, ENDED).json
    assert {key: ended[key] for key in ENDED} == ENDED
    assert facts.changed(home.clinician, path, ENDED).json == ended
    reopened = facts.changed(home.clinician, path, {"phase": "maintenance", "ended_on": None}).json
    assert (reopened["phase"], reopened["revision"]) == ("maintenance", 5)
    changes = ["course.change"] * 4
    assert facts.audited(home.world, home.patient_id) == ["course.create", *changes]
    assert facts.inputs_version(home.world, home.patient_id) == 5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"phase": "ended"}, ["/ended_on", "/note"]),
        ({"phase": "ended", "ended_on": "2026-01-04", "note": "x"}, ["/ended_on"]),  # began on 5th
        ({"phase": "ended", "ended_on": "2999-01-01"}, ["/ended_on", "/note"]),
        ({"ended_on": "2026-01-20"}, ["/ended_on"]),  # still open
        ({"started_on": "1979-12-31"}, ["/started_on"]),  # born on 1 January 1980
        ({"started_on": "2999-01-01", "phase": "ended"}, ["/ended_on", "/note", "/started_on"]),
    ],
)
def test_a_course_that_cannot_be_is_refused(
    home: Household, change: dict[str, Any], told: list[str]
) -> None:
    answer = opened(home)
    assert pointers(facts.changed(home.clinician, path_of(home, answer), change)) == told
    assert home.clinician.get(path_of(home, answer)).json == answer.json


def test_what_a_course_once_said_is_kept_for_ever(home: Household) -> None:
    answer = opened(home)
    unseen = home.clinician.patch(path_of(home, answer), {"phase": "maintenance"})
    assert (unseen.status_code, unseen.headers["ETag"]) == (428, '"r1"')
    facts.changed(home.clinician, path_of(home, answer), {"phase": "maintenance"})
    kept = select(FactRevision).where(FactRevision.fact_id == UUID(answer.json["id"]))
    found = home.world.rows(kept.order_by(FactRevision.revision))
    assert [row.body["phase"] for row in found] == ["induction", "maintenance"]


def test_a_stale_change_of_a_course_changes_nothing(home: Household) -> None:
    answer = opened(home)
    path = path_of(home, answer)
    changed = home.clinician.patch(path, {"note": "first"}, headers=match(answer))
    stale = home.clinician.patch(path, {"note": "second"}, headers=match(answer))
    assert (stale.status_code, stale.json["type"]) == (412, "/problems/precondition-failed")
    assert home.clinician.get(path).json == changed.json


def test_an_old_course_is_asked_about_and_may_be_stood_by(home: Household) -> None:
    old = COURSE | {"started_on": "2003-05-05", "phase": "ended", "ended_on": "2003-06-01"}
    asked = home.clinician.post(of(home, "courses"), old)
    assert (asked.status_code, asked.json["type"]) == (422, "/problems/questions")
    assert [fault["pointer"] for fault in asked.json["errors"]] == ["/started_on"]
    answer = opened(home, **old, confirmed=["/started_on"])
    noted = facts.changed(home.clinician, path_of(home, answer), {"note": "from the old file"})
    assert noted.status_code == 200  # what was stood by is not asked again


def test_next_weeks_course_is_entered_today(home: Household) -> None:
    late = str(today() + timedelta(days=402))  # further than anything is booked unasked
    refusal = home.clinician.post(of(home, "courses"), COURSE | {"started_on": late})
    assert pointers(refusal) == ["/started_on"]
    start = today() + timedelta(days=7)
    path = path_of(home, opened(home, started_on=str(start)))
    first, second = home.clinician.get(f"{path}/proposal?limit=2").json["items"]
    assert first["due_on"] == str(start)
    assert str(start) <= first["date"] < second["date"]
    # One that comes to nothing ends on a day that has been: its start is moved with it.
    gone = ENDED | {"ended_on": str(today())}
    assert pointers(facts.changed(home.clinician, path, gone)) == ["/ended_on"]
    moved = facts.changed(home.clinician, path, gone | {"started_on": str(today())})
    assert (moved.status_code, moved.json["phase"]) == (200, "ended")


def test_every_fault_of_a_plan_is_named_at_once(home: Household) -> None:
    plan = {
        "steps": [
            {"sessions": 0, "days_apart": []},
            {"sessions": 6, "days_apart": [2, 0, 366, 2.0]},
            {"sessions": 6},
        ],
        "maintenance_days_apart": 0,
        "session_minutes": 14,
        "open_weekdays": [1, 8],
        "holidays": [],
    }
    wanted = [
        "/plan/holidays",
        "/plan/maintenance_days_apart",
        "/plan/open_weekdays/1",
        "/plan/session_minutes",
        "/plan/steps/0/days_apart",
        "/plan/steps/0/sessions",
        *(f"/plan/steps/1/days_apart/{place}" for place in (1, 2, 3)),
        "/plan/steps/2/days_apart",
    ]
    assert pointers(home.clinician.post(of(home, "courses"), COURSE | {"plan": plan})) == wanted
    path = path_of(home, opened(home))
    assert pointers(facts.changed(home.clinician, path, {"plan": plan})) == wanted
    for weekdays in ([], [1, 1]):
        twice = template("oral") | {"open_weekdays": weekdays}
        assert pointers(facts.changed(home.clinician, path, {"plan": twice})) == [
            "/plan/open_weekdays"
        ]


def test_an_edited_plan_is_the_courses_own(home: Household) -> None:
    path = path_of(home, opened(home))
    weekly = template("intravenous") | {"maintenance_days_apart": 7, "open_weekdays": [3]}
    assert facts.changed(home.clinician, path, {"plan": weekly}).json["plan"] == weekly
    listed = home.clinician.get("/v1/plan-templates").json["items"]
    assert {item["route"]: item["plan"] for item in listed} == dict(TEMPLATES)


def test_courses_are_listed_the_last_entered_first(home: Household) -> None:
    ids = [opened(home, **ENDED).json["id"] for _ in range(3)]
    for limit in (1, 3):
        listed = walk(home.clinician, of(home, "courses"), limit)
        assert [item["id"] for item in listed] == ids[::-1]
