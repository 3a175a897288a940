"""The clinic's day: who comes, by time; what is clinical is for clinicians alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bench.counts import counted
from models.audit_event import AuditEvent
from tests.entries import entry, own, pointers
from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, FORGED, refused, walk
from tests.people import ZONE, Household, Person
from tests.safety import ask_safety
from tests.visits import DOSE, booking, completed, made, sessions

# Far from now, so that nothing depends on the hour the tests are run at.
DAY = datetime.now(UTC).date() + timedelta(days=30)
PATH = f"/v1/sessions?date={DAY}"
UNMARKED = {"alarms": [], "open_alerts": {"count": 0, "highest": None}}


def at(hour: int, day: date = DAY) -> str:
    return f"{day}T{hour:02}:00:00Z"


def booked(home: Household, patient_id: UUID, hour: int, **given: Any) -> dict[str, Any]:
    path = f"/v1/patients/{patient_id}/sessions"
    person = {"status": "booked", "scheduled_at": at(hour), **given}
    answer = home.clinician.post(path, person)
    assert answer.status_code == 201, answer.json
    session: dict[str, Any] = answer.json
    return session


def treated(home: Household, name: str, **given: Any) -> UUID:
    patient_id = home.world.patient(home.clinic_id, display_name=name, **given)
    home.world.treats(home.clinician, patient_id)
    return patient_id


def names(person: Person) -> list[str]:
    return [item["patient"]["display_name"] for item in person.get(PATH).json["items"]]


def test_the_desk_sees_who_comes_by_time_and_nothing_clinical(home: Household) -> None:
    ada = treated(home, "Ada", mrn="A-1", phone="030", language="de")
    one = booked(home, ada, 12, note="ask about the bladder", driver_confirmed=True)
    booked(home, treated(home, "Bo"), 9)
    assert names(home.front_desk) == ["Bo", "Ada"]
    answer = home.front_desk.get(PATH)
    item = answer.json["items"][1]
    assert item["patient"] == {
        "id": str(ada), "display_name": "Ada", "mrn": "A-1", "phone": "030", "language": "de",
    }  # fmt: skip
    assert (item["id"], item["driver_confirmed"], item["clinical"]) == (one["id"], True, None)
    assert (item["scheduled_at"], item["date"]) == (at(12), str(DAY))
    assert "bladder" not in answer.text


def test_the_desk_is_not_told_a_clinical_reason(home: Household) -> None:
    ada = treated(home, "Ada")
    one = booked(home, ada, 9)
    path = f"/v1/patients/{ada}/sessions/{one['id']}"
    for reason, told in (("travel", "travel"), ("blood_pressure", None)):
        answer = home.clinician.patch(path, {"status": "cancelled", "status_reason": reason})
        assert answer.status_code == 200, answer.json
        assert home.front_desk.get(PATH).json["items"][0]["status_reason"] == told
        assert home.clinician.get(PATH).json["items"][0]["status_reason"] == reason


def test_a_day_is_the_clinics_whenever_the_patients_begins(home: Household) -> None:
    ada = treated(home, "Ada", day_boundary_minutes=600)
    # Eight or nine in Berlin is before a boundary of ten: for the patient it is the day before.
    one = booked(home, ada, 7)
    assert one["date"] == str(DAY - timedelta(days=1))
    late = booked(home, treated(home, "Bo"), 23)  # after midnight in Berlin: the next day's
    assert names(home.front_desk) == ["Ada"]
    item = home.clinician.get(PATH).json["items"][0]
    assert (item["id"], item["clinical"]["days_since_last_session"]) == (one["id"], None)
    after = home.front_desk.get(f"/v1/sessions?date={DAY + timedelta(days=1)}").json["items"]
    assert [item["id"] for item in after] == [late["id"]]


def test_a_day_at_the_end_of_the_calendar_is_refused(home: Household) -> None:
    for day in ("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"):
        answer = home.front_desk.get(f"/v1/sessions?date={day}")
        assert (answer.status_code, pointers(answer)) == (422, ["/date"])
    for day in ("0001-01-05", "9999-12-27"):
        for who in (home.front_desk, home.clinician):
            assert who.get(f"/v1/sessions?date={day}").json == {"items": [], "next": None}


def test_clinicians_see_their_own_patients_alone(home: Household) -> None:
    booked(home, treated(home, "Ada"), 9)
    assert names(home.clinician) == ["Ada"]
    assert names(home.colleague) == []
    assert names(home.stranger) == []
    assert names(home.front_desk) == ["Ada"]


def test_a_clinician_sees_what_matters_first(home: Household) -> None:
    last = DAY - timedelta(days=40)
    readings = [
        {"minute": 0, "systolic_mmhg": 120, "diastolic_mmhg": 80},
        {"minute": 40, "systolic_mmhg": 141, "diastolic_mmhg": 90},
        {"minute": 60, "systolic_mmhg": 130},  # half a pressure is none
        {"minute": 90, "heart_rate_bpm": 70},
    ]
    half = dict(DOSE) | {"dose_mg": 15}
    when = {"started_at": at(9, last), "stopped_at": at(11, last)}
    given = made(home, completed(doses=[half, half], vitals=readings, **when))
    older = {"started_at": at(9, last - timedelta(days=7)), "stopped_at": None}
    made(home, completed(weight_kg=70, vitals=[], **older))
    made(home, booking(confirmed=["/scheduled_at"], scheduled_at=at(9, last + timedelta(days=2))))
    booked(home, home.patient_id, 9, note="ask about the bladder")
    (item,) = home.clinician.get(PATH).json["items"]
    assert item["clinical"] == {
        "last_blood_pressure": {
            "systolic_mmhg": 141,
            "diastolic_mmhg": 90,
            "session_id": given["id"],
            "date": str(last),
        },
        "days_since_last_session": 40,
        "last_dose": {"drug": "ketamine", "route": "intravenous", "dose_mg": 30},  # 15 + 15
        "note": "ask about the bladder",
        "marks": UNMARKED,
    }


def test_what_is_not_known_is_null(home: Household) -> None:
    booked(home, home.patient_id, 9)
    (item,) = home.clinician.get(PATH).json["items"]
    assert item["clinical"] == dict.fromkeys(item["clinical"]) | {"marks": UNMARKED}


def test_a_clinician_sees_open_alerts_and_readings_outside_the_limits(home: Household) -> None:
    ask_safety(home)
    booked(home, treated(home, "Bo"), 9)
    answer = {"suicidal_thoughts": "often"}
    home.patient.put(own("2024-05-10"), entry("2024-05-10") | answer)
    blood = {"side_effects": [{"code": "urinary_blood", "severity": 1}]}
    home.patient.put(own("2024-05-11"), entry("2024-05-11") | blood)
    given = made(home, completed(vitals=[{"minute": 40, "systolic_mmhg": 180}]))
    day = f"/v1/sessions?date={given['date']}"
    (item,) = home.clinician.get(day).json["items"]
    alarm = {"minute": 40, "reading": "systolic_mmhg", "value": 180, "limit": 180, "level": "red"}
    assert item["clinical"]["marks"]["alarms"] == [alarm]
    opened = home.clinician.get(f"/v1/patients/{home.patient_id}/alerts").json["items"]
    assert len(opened) == 2
    assert item["clinical"]["marks"]["open_alerts"] == {"count": 2, "highest": "high"}
    (bo,) = home.clinician.get(PATH).json["items"]
    assert bo["clinical"]["marks"] == UNMARKED  # somebody else's alerts are not theirs
    told = home.front_desk.get(day)
    assert told.json["items"][0]["clinical"] is None
    assert "alert" not in told.text
    for alert in opened:
        path = f"/v1/alerts/{alert['id']}"
        home.clinician.post(f"{path}/acknowledge")
        home.clinician.post(f"{path}/resolve", {"outcome": "reached"})
    (item,) = home.clinician.get(day).json["items"]
    assert item["clinical"]["marks"]["open_alerts"] == UNMARKED["open_alerts"]


def test_a_void_session_is_nowhere_and_a_cancelled_one_is_shown(home: Household) -> None:
    past = made(home, completed(-3))
    void, off = booked(home, home.patient_id, 9), booked(home, home.patient_id, 15)
    for one in (void, past):
        answer = home.clinician.post(sessions(home, one["id"], "void"), {"reason": "x"})
        assert answer.status_code == 200
    reason = {"status": "cancelled", "status_reason": "cost"}
    assert home.clinician.patch(sessions(home, off["id"]), reason).status_code == 200
    (item,) = home.clinician.get(PATH).json["items"]
    assert (item["id"], item["status"]) == (off["id"], "cancelled")
    assert item["clinical"] == dict.fromkeys(item["clinical"]) | {"marks": UNMARKED}


def test_without_a_date_it_is_the_clinics_today(home: Household) -> None:
    today = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo(ZONE))
    one = made(home, booking(scheduled_at=noon.isoformat(), confirmed=["/scheduled_at"]))
    assert [item["id"] for item in home.front_desk.get("/v1/sessions").json["items"]] == [one["id"]]
    assert home.front_desk.get(PATH).json["items"] == []


def test_each_look_is_written_down(home: Household) -> None:
    for reader in (home.front_desk, home.clinician):
        for looks in (1, 2):
            assert reader.get(PATH).status_code == 200
            own = select(AuditEvent).where(
                AuditEvent.login_id == reader.login_id, AuditEvent.action == "clinic_day.read"
            )
            assert len(home.world.rows(own)) == looks


@pytest.mark.parametrize(("role", "most"), [("front_desk", 6), ("clinician", 12)])
def test_the_day_is_shown_page_by_page_at_the_same_cost(
    home: Household, role: str, most: int
) -> None:
    hours = (9, 9, 8, 12, 10, 9)
    made_of = [booked(home, treated(home, f"P{n}"), hour) for n, hour in enumerate(hours)]
    wanted = [
        one["id"] for one in sorted(made_of, key=lambda one: (one["scheduled_at"], one["id"]))
    ]
    person: Person = getattr(home, role)
    for limit in (1, 2, 4, 50):
        assert [item["id"] for item in walk(person, PATH, limit)] == wanted
    costs = []
    for limit in (1, 6):
        with counted(home.world.services.database) as counts:
            assert len(person.get(f"{PATH}&limit={limit}").json["items"]) == limit
        costs.append(counts.statements)
    assert costs[0] == costs[1] <= most, counts.seen


def test_a_forged_cursor_is_refused(home: Household) -> None:
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE):
        assert refused(home.front_desk, "/v1/sessions", cursor), cursor
