"""Sessions and days straight in the tables, as a trend reads them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from clinical.measures import MEASURES
from models.checkin import Checkin
from models.course import Course
from models.db import new_id
from models.dose import Dose
from models.event import Event
from models.patient_stream import ADVANCE_INPUTS
from models.treatment_session import TreatmentSession
from tests.people import ZONE, Household

DOSE = {"drug": "ketamine", "route": "intravenous", "dose_mg": 35.0}


def _write(home: Household, *steps: tuple[Any, Any]) -> None:
    """As a verb of care does: rows by statement, and the inputs' version, in one transaction."""
    moved = {"in_clinic": home.clinic_id, "of_patient": home.patient_id}
    with home.world.services.database.begin(write=True) as connection:
        for statement, rows in steps:
            connection.execute(statement, rows)
        connection.execute(ADVANCE_INPUTS, moved)
        connection.commit()


def _place(home: Household) -> dict[str, Any]:
    return {
        "clinic_id": home.clinic_id,
        "patient_id": home.patient_id,
        "created_at": home.world.now,
    }


def add_course(home: Household, day: date) -> UUID:
    """A course begun that day."""
    course_id = new_id()
    told = {"indication": "trd", "route": "intravenous", "phase": "maintenance", "plan": {}}
    row = _place(home) | told | {"id": course_id, "started_on": day}
    _write(home, (insert(Course), row))
    return course_id


def add_session(
    home: Household, day: date, *, dose: Mapping[str, Any] | None = DOSE, **given: Any
) -> UUID:
    """A completed session of that day, at noon, with one dose unless none is given."""
    session_id, noon = new_id(), datetime.combine(day, time(12), UTC)
    own = _place(home) | {"timezone": ZONE, "local_date": day, "source": "staff"}
    session = own | {"id": session_id, "status": "completed", "started_at": noon} | given
    steps: list[Any] = [(insert(TreatmentSession), session)]
    if dose is not None:
        dosed = own | {"id": new_id(), "session_id": session_id, "place": "clinic"}
        steps.append((insert(Dose), dosed | {"given_at": noon} | dict(dose)))
    _write(home, *steps)
    return session_id


def add_event(home: Household, day: date, kind: str = "medication_change") -> UUID:
    """Something else that began that day."""
    event_id = new_id()
    told = {"kind": kind, "label": "another dose", "is_ongoing": False, "source": "staff"}
    _write(home, (insert(Event), _place(home) | told | {"id": event_id, "started_on": day}))
    return event_id


def change_session(home: Household, session_id: UUID, **given: Any) -> None:
    """A session moved or voided."""
    own = update(TreatmentSession).where(TreatmentSession.id == session_id)
    _write(home, (own.values(**given), {}))


def log_days(home: Household, days: Mapping[date, Mapping[str, Any]], source: str = "app") -> None:
    """Days as logged, without their history; each has every column."""
    own = {"clinic_id": home.clinic_id, "patient_id": home.patient_id, "source": source}
    told = {"revision": 1, "deleted": False, "received_at": home.world.now, "clock_suspect": False}
    answers = (*MEASURES, "side_effects", "custom")
    rows = [
        own
        | told
        | dict.fromkeys(answers)
        | {"local_date": day, "version": day.toordinal()}
        | dict(given)
        for day, given in days.items()
    ]
    _write(home, (insert(Checkin), rows))
