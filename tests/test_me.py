"""/v1/me: one's own profile, and how a patient's day boundary cuts the days that may be logged."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Clock
from tests.people import ZONE, Household


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.json
    return sorted(error["pointer"] for error in answer.json["errors"])


def clinic_of(home: Household) -> dict[str, str]:
    return {"id": str(home.clinic_id), "name": "Clinic", "country": "DE", "timezone": ZONE}


def test_a_patient_sees_their_profile(home: Household) -> None:
    assert home.patient.get("/v1/me").json == {
        "id": str(home.patient.membership_id),
        "role": "patient",
        "display_name": "Patient",
        "email": home.patient.email,
        "patient_id": str(home.patient_id),
        "clinic": clinic_of(home),
        "country": "DE",
        "timezone": ZONE,
        "language": "en",
        "day_boundary": "04:00",
        "reminder_at": None,
    }


def test_a_patients_country_is_their_own_and_staffs_the_clinics(home: Household) -> None:
    moved = home.front_desk.patch(f"/v1/patients/{home.patient_id}", {"country": "AT"})
    assert moved.status_code == 200
    assert home.patient.get("/v1/me").json["country"] == "AT"
    assert home.clinician.get("/v1/me").json["country"] == "DE"


@pytest.mark.parametrize("role", ["clinician", "front_desk", "admin"])
def test_staff_have_no_day_boundary(home: Household, role: str) -> None:
    person = getattr(home, role)
    shown = person.get("/v1/me").json
    assert (shown["role"], shown["email"]) == (role, person.email)
    assert shown["patient_id"] is shown["day_boundary"] is shown["reminder_at"] is None
    refused = person.patch("/v1/me", {"day_boundary": "05:00", "reminder_at": None})
    assert pointers(refused) == ["/day_boundary", "/reminder_at"]
    bad = {"day_boundary": "13:00", "reminder_at": None, "timezone": "Mars/Base", "role": "admin"}
    assert pointers(person.patch("/v1/me", bad)) == sorted(f"/{name}" for name in bad)
    assert person.get("/v1/me").json == shown


def test_only_what_is_sent_is_changed(home: Household) -> None:
    before = home.patient.get("/v1/me").json
    given = {
        "display_name": "Åsa",
        "timezone": "Pacific/Auckland",
        "language": "sv-SE",
        "day_boundary": "12:00",
        "reminder_at": "21:30",
    }
    after = home.patient.patch("/v1/me", given)
    assert after.json == before | given
    assert home.patient.patch("/v1/me", {"reminder_at": None}).json["reminder_at"] is None
    assert home.patient.patch("/v1/me", {}).json == before | given | {"reminder_at": None}
    chart = home.clinician.get(f"/v1/patients/{home.patient_id}").json
    assert (chart["timezone"], chart["language"]) == ("Pacific/Auckland", "sv-SE")


def test_staff_change_their_own_profile_alone(home: Household) -> None:
    given = {"display_name": "Dr. New", "timezone": "Asia/Tokyo", "language": "ja"}
    before = home.colleague.get("/v1/me").json
    shown = home.clinician.patch("/v1/me", given).json
    assert {name: shown[name] for name in given} == given
    assert home.colleague.get("/v1/me").json == before
    assert home.patient.get("/v1/me").json["timezone"] == ZONE


def test_every_bad_field_is_named_at_once(home: Household) -> None:
    before = home.patient.get("/v1/me").json
    bad = {
        "display_name": " ",
        "timezone": "localtime",
        "language": "x",
        "day_boundary": "4:00",
        "reminder_at": "24:00",
        "role": "admin",
        "patient_id": str(home.patient_id),
    }
    assert pointers(home.patient.patch("/v1/me", bad)) == sorted(f"/{name}" for name in bad)
    nulls = dict.fromkeys(("display_name", "timezone", "language", "day_boundary"))
    assert pointers(home.patient.patch("/v1/me", nulls)) == sorted(f"/{name}" for name in nulls)
    assert home.patient.get("/v1/me").json == before


@pytest.mark.parametrize(("boundary", "status"), [("00:00", 200), ("12:00", 200), ("12:01", 422)])
def test_a_day_begins_in_its_first_half(home: Household, boundary: str, status: int) -> None:
    answer = home.patient.patch("/v1/me", {"day_boundary": boundary})
    assert answer.status_code == status
    if status == 422:
        assert pointers(answer) == ["/day_boundary"]
        both = home.patient.patch("/v1/me", {"day_boundary": boundary, "timezone": "Mars/Base"})
        assert pointers(both) == ["/day_boundary", "/timezone"]


def test_a_held_state_is_not_sent_again_and_a_stale_one_changes_nothing(home: Household) -> None:
    held = home.patient.get("/v1/me").headers["ETag"]
    unchanged = home.patient.get("/v1/me", headers={"If-None-Match": held})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    based_on = {"If-Match": held}
    fresh = home.patient.patch("/v1/me", {"language": "de"}, headers=based_on)
    stale = home.patient.patch("/v1/me", {"language": "fr"}, headers=based_on)
    assert (fresh.status_code, stale.status_code) == (200, 412)
    now = home.patient.get("/v1/me", headers={"If-None-Match": held})
    assert (now.status_code, now.json["language"]) == (200, "de")
    assert now.headers["ETag"] == fresh.headers["ETag"]


@pytest.fixture
def night(clock: Clock) -> date:
    """It is 02:00 in Berlin, on the day answered."""
    now = datetime.now(UTC)
    day = now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    clock.ahead = datetime.combine(day, time(2), ZoneInfo(ZONE)) - now
    return day


def logged(home: Household, day: date, clock: Clock) -> int:
    entry = {"recorded_at": clock().isoformat(), "timezone": ZONE}
    answer = home.patient.put(f"/v1/me/checkins/{day}", {"mood": 5} | entry)
    if answer.status_code == 422:
        assert pointers(answer) == ["/date"]
    return int(answer.status_code)


@pytest.mark.parametrize(("boundary", "days_back"), [("04:00", 1), ("00:00", 0), ("12:00", 1)])
def test_the_day_boundary_moves_the_days_that_may_be_logged(
    home: Household, night: date, clock: Clock, boundary: str, days_back: int
) -> None:
    home.patient.patch("/v1/me", {"day_boundary": boundary})
    today = night - timedelta(days=days_back)
    assert home.patient.get("/v1/measures").json["date"] == str(today)
    # 14 days back, and one ahead for the traveller whose zone is behind their clock.
    logs = [logged(home, today + timedelta(days=days), clock) for days in (-15, -14, 1, 2)]
    assert logs == [422, 201, 201, 422]


def test_days_logged_before_stay_as_they_were_cut(
    home: Household, night: date, clock: Clock
) -> None:
    logged(home, night - timedelta(days=1), clock)
    before = home.patient.get("/v1/me/checkins").data
    home.patient.patch("/v1/me", {"day_boundary": "12:00", "timezone": "Asia/Tokyo"})
    assert home.patient.get("/v1/me/checkins").data == before
