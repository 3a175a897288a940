"""Rating scales in trends and windows: their points, lines, baseline, and what is overdue."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from models.clinic import Clinic
from tests.filled_scales import ago, at, filled, own, path, sent, stored, today
from tests.lists import walk
from tests.people import Household
from tests.trend_rows import add_course, add_session


def trends(home: Household, **asked: Any) -> dict[str, Any]:
    answer = home.clinician.get(f"/v1/patients/{home.patient_id}/trends", query_string=asked)
    assert answer.status_code == 200, answer.json
    told: dict[str, Any] = answer.json
    return told


def scale(home: Household, key: str = "phq9", **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in trends(home, **asked)["scales"] if each["key"] == key
    )
    return found


def windows(home: Household) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = home.clinician.get(f"/v1/patients/{home.patient_id}/windows").json[
        "windows"
    ]
    return told


def treated(home: Household) -> None:
    """A course of two sessions, 40 and 12 days ago, with a PHQ-9 of 18 before the first."""
    course_id = add_course(home, ago(home, 41))
    for days in (40, 12):
        add_session(home, ago(home, days), course_id=course_id)
    stored(home, ago(home, 42), 18)


def test_a_scale_is_there_with_the_lines_it_is_drawn_with(home: Household) -> None:
    treated(home)
    stored(home, ago(home, 20), 9)
    told = scale(home)
    assert (told["name"], told["total_minimum"], told["total_maximum"]) == ("PHQ-9", 0, 27)
    assert (told["direction"], told["remission_at_most"]) == ("higher_is_worse", 4)
    assert told["response_share"] == 0.5
    assert told["bands"][2] == {"minimum": 10, "maximum": 14, "label": "moderate"}
    assert (told["baseline"]["total"], told["reason"]) == (18, None)


def test_its_points_are_those_of_the_period_oldest_first(home: Household) -> None:
    treated(home)
    for days, total in ((28, 11), (27, 12), (20, 9), (11, 7), (0, 8)):
        stored(home, ago(home, days), total)
    points = scale(home)["points"]
    assert [point["total"] for point in points] == [12, 9, 7, 8]  # from 27 days ago
    assert [point["band"] for point in points] == ["moderate", "mild", "mild", "mild"]
    # 40 - 27 = 13 days after one session; 20 is 20 after it; 11 is 1 and 0 is 12 after the other.
    assert [point["recall_spans_session"] for point in points] == [True, False, True, True]


def test_the_last_score_is_held_against_the_courses_baseline(home: Household) -> None:
    treated(home)
    stored(home, ago(home, 20), 9)
    stored(home, ago(home, 3), 4)
    last = scale(home)["last"]
    assert (last["total"], last["change"]) == (4, -14)
    assert (last["responded"], last["remitted"], last["reliably_better"]) == (True, True, True)
    earlier = scale(home, to=str(ago(home, 10)))["last"]
    assert (earlier["total"], earlier["responded"], earlier["remitted"]) == (9, True, False)


def test_without_a_baseline_the_reason_is_told(home: Household) -> None:
    stored(home, ago(home, 3), 4)
    told = scale(home)
    assert (told["baseline"], told["reason"]) == (None, "no_session")
    add_session(home, ago(home, 20))
    assert scale(home)["reason"] == "no_baseline"


def test_a_prorated_score_is_a_flagged_point_and_never_the_last(home: Household) -> None:
    treated(home)
    stored(home, ago(home, 9), 12)
    sent(home.patient, own(), filled([2, 1, 2, 1, 3, None, None, 1, 0], day=ago(home, 2)))
    told = scale(home)
    shown = ("total", "prorated_total", "is_prorated", "band")
    # 10 points in 7 answers: 10/7 * 9 = 12.86
    assert [tuple(each[name] for name in shown) for each in told["points"]] == [
        (12, None, False, "moderate"), (None, 13, True, None),
    ]  # fmt: skip
    inside = windows(home)[0]["scales"][0]["inside"]
    assert [tuple(each[name] for name in shown) for each in inside][-1] == (None, 13, True, None)
    assert told["last"]["total"] == 12


def test_a_scale_of_no_score_and_a_void_one_are_not_there(home: Household) -> None:
    sent(home.patient, own(), filled([2, *[None] * 8], day=today(home)))
    stored(home, ago(home, 2), voided_at=home.world.now)
    stored(home, ago(home, 28))
    assert trends(home)["scales"] == []


def test_a_new_score_moves_the_tag_of_the_trend(home: Household) -> None:
    tag = home.patient.get("/v1/me/trends").headers["ETag"]
    held = {"headers": {"If-None-Match": tag}}
    assert home.patient.get("/v1/me/trends", **held).status_code == 304
    sent(home.patient, own(), filled(day=today(home)))
    assert home.patient.get("/v1/me/trends", **held).status_code == 200


def test_what_a_clinic_sets_moves_the_tag_of_the_trend(home: Household) -> None:
    add_course(home, ago(home, 20))
    held = {"headers": {"If-None-Match": home.patient.get("/v1/me/trends").headers["ETag"]}}
    with home.world.services.database.begin(write=True) as connection:
        mine = update(Clinic).where(Clinic.clinic_id == home.clinic_id)
        connection.execute(mine.values(screens={"bladder": None}))
        connection.commit()
    assert home.patient.get("/v1/me/trends", **held).status_code == 200


def test_screens_that_are_overdue_stand_in_the_trend(home: Household) -> None:
    add_course(home, ago(home, 60))
    add_session(home, ago(home, 60))
    stored(home, ago(home, 31), 1, instrument="bladder")
    stored(home, ago(home, 30), 2, instrument="craving")
    overdue = {each["key"]: each for each in trends(home)["overdue_screens"]}
    assert overdue["bladder"] == {
        "key": "bladder",
        "due_on": str(ago(home, 1)),
        "last_on": str(ago(home, 31)),
    }
    assert "craving" not in overdue  # due today, not overdue
    assert overdue["cognition"]["last_on"] is None


def test_a_window_has_the_last_score_before_its_session_and_those_inside(home: Household) -> None:
    treated(home)
    totals = {39: 15, 27: 10, 14: 12, 5: 6}
    ids = {days: str(stored(home, ago(home, days), total)) for days, total in totals.items()}
    second, first = (each["scales"] for each in windows(home))
    assert [each["key"] for each in first] == ["phq9"]
    assert (first[0]["before"]["total"], first[0]["before"]["day_offset"]) == (18, -2)
    told = [(each["total"], each["day_offset"]) for each in first[0]["inside"]]
    assert told == [(15, 1), (10, 13), (12, 26)]  # 40 - 39, 40 - 27, 40 - 14
    assert second[0]["before"]["assessment_id"] == ids[14]
    assert [each["assessment_id"] for each in second[0]["inside"]] == [ids[5]]
    assert second[0]["inside"][0]["recall_spans_session"] is True  # 12 - 5 = 7 days after


def test_a_score_of_the_sessions_day_stands_where_its_time_puts_it(home: Household) -> None:
    day = ago(home, 12)
    add_session(home, day)  # its dose at 12:00 UTC
    stored(home, day, 14, completed_at=at(day, 9))
    stored(home, day, 6, instrument="gad7", completed_at=at(day, 15))
    told = {each["key"]: each for each in windows(home)[0]["scales"]}
    assert (told["phq9"]["before"]["total"], told["phq9"]["inside"]) == (14, [])
    assert told["gad7"]["before"] is None
    assert [each["day_offset"] for each in told["gad7"]["inside"]] == [0]


@pytest.mark.parametrize(("minute", "is_before"), [(-15, True), (0, False), (40, False)])
def test_a_score_of_a_session_stands_where_its_minute_puts_it(
    home: Household, minute: int, is_before: bool
) -> None:
    day = ago(home, 12)
    given = {"session_id": add_session(home, day), "minute": minute}
    stored(home, day, 14, **given)
    told = windows(home)[0]["scales"][0]
    assert (told["before"] is not None, told["inside"] == []) == (is_before, is_before)
    point = scale(home)["points"][0]
    assert point["recall_spans_session"] is not is_before
    assert (scale(home)["baseline"] is not None) is is_before


def test_the_last_of_two_scores_of_one_day_is_the_one_completed_or_entered_last(
    home: Household,
) -> None:
    treated(home)
    day, now = ago(home, 2), home.world.now
    first, second, third = (UUID(int=number) for number in (3, 1, 2))
    stored(home, day, 5, id=first, completed_at=at(day, 8))
    stored(home, day, 6, id=second, completed_at=at(day, 9))
    assert scale(home)["last"]["total"] == 6
    stored(home, day, 7, id=third, created_at=now)
    assert [each["total"] for each in scale(home)["points"]] == [5, 6, 7]
    assert scale(home)["last"]["total"] == 7
    listed = home.clinician.get(path(home)).json["items"]
    assert [one["total"] for one in listed] == [7, 6, 5, 18]
    assert walk(home.clinician, path(home), 1) == listed


def test_a_window_without_scores_has_none(home: Household) -> None:
    add_session(home, ago(home, 30))
    stored(home, ago(home, 45), 14)  # 15 days before
    stored(home, today(home) + timedelta(days=1), 3)  # after the window's end, as it is today
    assert windows(home)[0]["scales"] == []


def test_the_patient_reads_the_same(home: Household) -> None:
    treated(home)
    stored(home, ago(home, 3), 4)
    for document in ("trends", "windows"):
        theirs = home.clinician.get(f"/v1/patients/{home.patient_id}/{document}").data
        assert home.patient.get(f"/v1/me/{document}").data == theirs
