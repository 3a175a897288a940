"""What a session is held to around it: course, weight, holidays, staff, and other sessions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, update

from care import access, treatments
from care.principal import Origin
from care.refusals import Conflict
from care.treatments import SessionEntry
from models.clinic import Clinic
from models.course import Course
from models.db import new_id
from models.patient import Patient
from tests.people import Household
from tests.visits import (
    DOSE,
    booking,
    completed,
    instant,
    made,
    sessions,
    tag,
    told,
)

REASON = {"status_reason": "cost"}


def sent(home: Household, body: Mapping[str, Any]) -> Any:
    return home.clinician.post(sessions(home), dict(body))


def course(home: Household, started_on: date, **given: Any) -> str:
    """A course of the household's patient, straight in the table."""
    row = {
        "clinic_id": home.clinic_id,
        "patient_id": home.patient_id,
        "id": new_id(),
        "indication": "trd",
        "route": "intravenous",
        "started_on": started_on,
        "phase": "induction",
        "plan": {},
        "created_at": home.world.now,
    }
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(Course).values(**row | given))
        connection.commit()
    return str(row["id"])


def test_another_unlikely_value_is_asked_again(home: Household) -> None:
    one = made(
        home, completed(doses=[dict(DOSE) | {"dose_mg": 350}], confirmed=["/doses/0/dose_mg"])
    )
    path, body = sessions(home, one["id"]), {"doses": [dict(DOSE) | {"dose_mg": 351}]}
    assert told(home.clinician.patch(path, body, headers=tag(one)), "questions") == [
        "/doses/0/dose_mg"
    ]


def test_a_weight_is_asked_about_beside_the_last_one(home: Household) -> None:
    made(home, completed(-10, weight_kg=70))

    def answered(days: float, weight_kg: float) -> Any:
        dose = dict(DOSE) | {"dose_mg": weight_kg / 2}
        return sent(home, completed(days, weight_kg=weight_kg, doses=[dose]))

    # 15 % of 70 kg are 10.5 kg.
    assert answered(-5, 80.5).status_code == 201
    assert told(answered(-4, 68), "questions") == ["/weight_kg"]  # 12.5 of 80.5
    assert answered(-11, 120).status_code == 201  # nothing was weighed before


def test_a_booking_on_a_day_the_clinic_is_closed_is_asked(home: Household) -> None:
    # Midnight in Berlin is 23:00 UTC of the day before, in winter.
    closed = date(datetime.now(UTC).year + 1, 1, 1)
    with home.world.services.database.begin(write=True) as connection:
        own = update(Clinic).where(Clinic.clinic_id == home.clinic_id)
        connection.execute(own.values(holidays=[{"date": closed.isoformat(), "name": "New Year"}]))
        connection.commit()
    midnight = datetime(closed.year - 1, 12, 31, 23, tzinfo=UTC)
    for at, status in ((midnight - timedelta(hours=3), 201), (midnight, 422)):
        answer = sent(home, {"status": "booked", "scheduled_at": at.isoformat()})
        assert answer.status_code == status, at
    assert told(answer, "questions") == ["/scheduled_at"]
    done = {"status": "booked", "scheduled_at": at.isoformat(), "confirmed": ["/scheduled_at"]}
    assert sent(home, done).status_code == 201


def test_a_session_is_not_before_its_course_and_after_its_end_is_asked(home: Household) -> None:
    day = datetime.now(UTC).date()
    running = course(home, day - timedelta(days=20))
    over = course(home, day - timedelta(days=90), ended_on=day - timedelta(days=60), phase="ended")
    assert told(sent(home, completed(-25, course_id=running)), "invalid") == ["/course_id"]
    assert sent(home, completed(-15, course_id=running)).status_code == 201
    assert told(sent(home, completed(-95, course_id=over)), "invalid") == ["/course_id"]
    assert sent(home, completed(-65, course_id=over)).status_code == 201
    assert told(sent(home, completed(-50, course_id=over)), "questions") == ["/course_id"]


def test_the_course_of_another_patient_is_none(home: Household) -> None:
    another = home.world.patient(home.clinic_id)
    theirs = course(home, date(2020, 1, 1), patient_id=another)
    assert told(sent(home, booking(course_id=theirs)), "invalid") == ["/course_id"]


def test_whoever_gave_it_is_staff_of_the_clinic(home: Household) -> None:
    for days, person in ((-5, home.colleague), (-6, home.front_desk)):
        given_by = str(person.membership_id)
        answer = sent(home, completed(days, given_by=given_by))
        assert answer.status_code == 201, answer.json
    for person in (home.stranger, home.patient):
        answer = sent(home, completed(-8, given_by=str(person.membership_id)))
        assert told(answer, "invalid") == ["/given_by"]


# A session from 10:00 to 12:00 a day ago; another from so many hours after it, as long as this.
OVERLAPS = [(0, 2), (1, 0.5), (-1, 2), (1.9, 1), (-1, 4)]
CLEAR = [(2, 1), (-2, 2), (5, 1)]


def test_two_sessions_of_a_patient_do_not_overlap(home: Household) -> None:
    made(home, completed(-1))
    for after, long in OVERLAPS:
        start, stop = instant(-1, hours=after), instant(-1, hours=after + long)
        body = completed(started_at=start, stopped_at=stop, vitals=[])
        assert told(sent(home, body), "conflict") == []
        booked = booking(scheduled_at=start, scheduled_minutes=int(long * 60))
        assert told(sent(home, booked | {"confirmed": ["/scheduled_at"]}), "conflict") == []


def test_two_on_one_day_are_allowed(home: Household) -> None:
    began = datetime.fromisoformat(made(home, completed(-1))["started_at"])
    for after, long in CLEAR:
        start = began + timedelta(hours=after)
        stop = start + timedelta(hours=long)
        when = {"started_at": start.isoformat(), "stopped_at": stop.isoformat()}
        body = completed(vitals=[], **when)
        assert sent(home, body).status_code == 201, after


def test_a_booking_takes_two_hours_unless_it_says_otherwise(home: Household) -> None:
    at = datetime.fromisoformat(made(home, booking(9))["scheduled_at"])

    def booked(minutes: int) -> int:
        later = (at + timedelta(minutes=minutes)).isoformat()
        return int(sent(home, {"status": "booked", "scheduled_at": later}).status_code)

    assert [booked(119), booked(120)] == [409, 201]


def test_a_spray_takes_longer_as_its_plan_says(home: Household) -> None:
    spray = {"drug": "esketamine", "route": "intranasal", "dose_mg": 56}
    at = datetime.fromisoformat(made(home, booking(9, planned=spray))["scheduled_at"])

    def booked(minutes: int) -> int:
        later = (at + timedelta(minutes=minutes)).isoformat()
        return int(sent(home, {"status": "booked", "scheduled_at": later}).status_code)

    assert [booked(149), booked(150)] == [409, 201]


def test_an_overlap_names_when_the_other_begins(home: Household) -> None:
    made(home, booking(scheduled_at="2027-01-11T08:30:00Z", confirmed=["/scheduled_at"]))
    during = booking(scheduled_at="2027-01-11T09:00:00Z", confirmed=["/scheduled_at"])
    for answer in (
        sent(home, during),
        home.front_desk.post(
            f"/v1/patients/{home.patient_id}/bookings",
            {key: during[key] for key in ("scheduled_at", "confirmed")},
        ),
    ):
        assert told(answer, "conflict") == []
        # 08:30 UTC in winter
        assert answer.json["detail"] == (
            "Overlaps another session of this patient, on 2027-01-11 at 09:30 (Europe/Berlin)."
        )


def test_what_was_cancelled_or_missed_takes_no_time(home: Household) -> None:
    one = made(home, booking(9))
    gone = {"status": "cancelled", **REASON}
    assert home.clinician.patch(sessions(home, one["id"]), gone).status_code == 200
    again = made(home, booking(9))
    # Its time is another's now.
    back = home.clinician.patch(sessions(home, one["id"]), {"status": "booked"})
    assert told(back, "conflict") == []
    assert home.clinician.get(sessions(home, again["id"])).json == again


def test_other_patients_have_time_of_their_own(home: Household) -> None:
    made(home, booking(9))
    another = home.world.patient(home.clinic_id)
    home.world.treats(home.clinician, another)
    answer = home.clinician.post(f"/v1/patients/{another}/sessions", booking(9))
    assert answer.status_code == 201


def test_a_clock_a_little_ahead_is_believed(home: Household) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=4)).isoformat()
    body = completed(started_at=soon, stopped_at=None, vitals=[])
    assert sent(home, body).status_code == 201


def test_somebody_born_later_was_not_treated_before(home: Household) -> None:
    with home.world.services.database.begin(write=True) as connection:
        own = update(Patient).where(Patient.id == home.patient_id)
        connection.execute(own.values(birth_date=date(2024, 6, 1)))
        connection.commit()
    at: dict[str, Any] = {"started_at": "2024-05-31T09:00:00Z", "stopped_at": None, "vitals": []}
    assert told(sent(home, completed(**at)), "invalid") == ["/started_at"]


def test_an_imported_row_is_recorded_once_for_ever(home: Household) -> None:
    database, now = home.world.services.database, datetime.now(UTC)
    given = {"status": "completed", "started_at": now - timedelta(days=9), "doses": [DOSE]}
    with database.begin(write=True) as connection:
        login = home.clinician.login_id
        who = access.authenticate(connection, login, now, Origin())
        chart = access.chart(connection, who, home.patient_id, now)
        old = partial(SessionEntry, chart, given=given, source="import", import_key="row 7")
        first, again = new_id(), new_id()
        treatments.record(connection, who, old(session_id=first), now)
        treatments.void(connection, who, (chart, first), ("wrong file", None), now)
        with pytest.raises(Conflict):
            treatments.record(connection, who, old(session_id=again), now)
        connection.commit()
    one = home.clinician.get(sessions(home, first)).json
    assert (one["source"], one["given_by"]) == ("import", None)  # who imports did not give it
