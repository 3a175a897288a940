"""The calendar feed: what a calendar needs, at an address that can be taken back, and no more."""

from datetime import time, timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from formats.calendar import feed
from models.clinic import Clinic
from models.membership import Membership
from models.patient import Patient
from models.treatment_session import TreatmentSession
from tests.people import Household
from tests.test_enumeration import change, comparable
from tests.test_session_guides import PLANNED, made
from tests.visits import booking, completed, sessions

PATH = "/v1/me/calendar"


def opened(home: Household) -> str:
    """The path of a new feed."""
    answer = home.patient.put(PATH, None)
    assert answer.status_code == 200, answer.json
    url: str = answer.json["url"]
    return url.removeprefix("http://localhost:8000")


def read(home: Household, path: str) -> list[Any]:
    answer = home.world.client().get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def test_a_booking_is_in_the_feed_at_its_time_and_tells_no_more(home: Household) -> None:
    session_id = made(home, booking(7, planned=PLANNED, note="bring the long form"))
    path = opened(home)
    (event,) = read(home, path)
    scheduled = select(TreatmentSession.scheduled_at)
    (row,) = home.world.rows(scheduled.where(TreatmentSession.patient_id == home.patient_id))
    assert event.decoded("dtstart") == row.scheduled_at
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=150)
    assert str(event["summary"]) == "Appointment"
    assert set(event) == {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "CLASS"),
    }
    whole = home.world.client().get(path).text
    ids = [str(home.patient_id), str(home.clinic_id), session_id]
    for told in [*ids, "esketamine", "nasal", "Clinic", "long form"]:
        assert told not in whole
        assert told.replace("-", "") not in path + whole


def test_a_moved_booking_keeps_its_name_and_a_cancelled_one_says_so(home: Household) -> None:
    session_id = made(home, booking(7))
    path = opened(home)
    (before,) = read(home, path)
    moved = {"scheduled_at": booking(9)["scheduled_at"]}
    tag = {"If-Match": '"r1"'}
    assert home.clinician.patch(sessions(home, session_id), moved, headers=tag).status_code == 200
    (after,) = read(home, path)
    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") > before.decoded("dtstart")
    assert after.decoded("sequence") > before.decoded("sequence")
    gone, tag = {"status": "cancelled", "status_reason": "travel"}, {"If-Match": '"r2"'}
    assert home.clinician.patch(sessions(home, session_id), gone, headers=tag).status_code == 200
    (cancelled,) = read(home, path)
    assert str(cancelled["status"]) == "CANCELLED"


def test_the_daily_hour_floats_with_the_phone(home: Household) -> None:
    path = opened(home)
    assert read(home, path) == []
    assert home.patient.patch("/v1/me", {"reminder_at": "20:30"}).status_code == 200
    (event,) = read(home, path)
    begins = event.decoded("dtstart")
    assert (begins.time(), begins.tzinfo) == (time(20, 30), None)
    assert event["rrule"]["freq"] == ["DAILY"]
    assert str(event["summary"]) == "Interlude"
    assert len(event.walk("VALARM")) == 1


def test_a_feed_that_is_closed_or_opened_anew_is_there_no_more(home: Household) -> None:
    first = opened(home)
    assert home.patient.get(PATH).json["url"].endswith(first)
    second = opened(home)
    client = home.world.client()
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    for _ in range(2):
        assert home.patient.delete(PATH).status_code == 204
    assert home.patient.get(PATH).json == {"url": None}
    third = opened(home)
    states = [client.get(path).status_code for path in (first, second, third)]
    assert states == [404, 404, 200]
    assert len({first, second, third}) == 3


def test_what_is_no_feed_is_not_found_whatever_it_looks_like(home: Household) -> None:
    path, client = opened(home), home.world.client()
    token = path.rpartition("/")[2]
    wrong = [token[:-2] + "AA", token[1:], "x", "%C3%A9", token + "AAAA", "A" * 70]
    answers = [client.get(f"/v1/calendar/{one}") for one in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(comparable(answer)) for answer in answers}) == 1


def test_who_is_shut_out_has_no_feed(home: Household) -> None:
    path, client, at = opened(home), home.world.client(), home.world.now
    for table, where in (
        (Membership, Membership.id == home.patient.membership_id),
        (Clinic, Clinic.clinic_id == home.clinic_id),
    ):
        change(home.world, table, where, disabled_at=at)
        assert client.get(path).status_code == 404
        change(home.world, table, where, disabled_at=None)
        assert client.get(path).status_code == 200


def test_a_calendar_that_has_read_it_is_told_so(home: Household) -> None:
    made(home, completed(-1))
    path, client = opened(home), home.world.client()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    own = Patient.id == home.patient_id
    change(home.world, Patient, own, language="de")
    german = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (german.status_code, "Termin" in german.text) == (200, True)


def test_an_empty_feed_is_a_calendar_too() -> None:
    calendar = Calendar.from_ical(feed([], None, "fr"))
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
