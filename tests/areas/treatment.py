"""Sessions, bookings, doses and the clinic's day, in the tests of all routes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from models.db import new_id
from models.dose import Dose
from models.treatment_session import TreatmentSession
from tests.people import ZONE, Household, World
from tests.visits import (
    DURING,
    booking,
    bookings,
    completed,
    doses,
    home_dose,
    made,
    sessions,
    signed,
)

TABLE = """
GET    /v1/me/sessions                        200   200   403   403  403   403   403   401
GET    /v1/me/sessions/{session_id}           200   404   403   403  403   403   403   401
GET    /v1/me/doses                           200   200   403   403  403   403   403   401
GET    /v1/sessions                           403   403   200   200  200   403   200   401
GET    /v1/patients/{patient_id}/sessions     403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/sessions     403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/sessions/{session_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/sessions/{session_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/sessions/{session_id}/sign
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/sessions/{session_id}/addenda
                                              403   403   201   404  403   404   404   401
POST   /v1/patients/{patient_id}/sessions/{session_id}/void
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/bookings     403   403   201   404  201   201   404   401
PATCH  /v1/patients/{patient_id}/bookings/{session_id}
                                              403   403   200   404  200   200   404   401
GET    /v1/patients/{patient_id}/doses        403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/doses        403   403   201   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/doses/{dose_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/doses/{dose_id}/void
                                              403   403   200   404  403   404   404   401
"""
_ONE = "/v1/patients/{patient_id}/sessions/{session_id}"
_BOOKING = "/v1/patients/{patient_id}/bookings"
_DOSES = "/v1/patients/{patient_id}/doses"
REASON = {"reason": "recorded twice"}
# Three may book at once: each for a day of their own.
_DAYS = {"clinician": 100, "front_desk": 101, "admin": 102}

SPECIAL: Mapping[Any, Any] = {
    ("POST", f"{_ONE}/addenda"): lambda scene: {"session_id": _signed(scene)},
    ("PATCH", f"{_BOOKING}/{{session_id}}"): lambda scene: {"session_id": _booked(scene)},
}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {
    ("POST", "/v1/patients/{patient_id}/sessions"): lambda *_: booking(),
    ("PATCH", _ONE): lambda *_: {"vitals": [dict(DURING) | {"minute": 60}]},
    ("POST", f"{_ONE}/addenda"): lambda *_: {"text": "well the next morning"},
    ("POST", f"{_ONE}/void"): lambda *_: REASON,
    ("POST", _BOOKING): lambda _, person: {
        "scheduled_at": booking(_DAYS.get(person.role if person else "", 99))["scheduled_at"]
    },
    ("PATCH", f"{_BOOKING}/{{session_id}}"): lambda *_: {"driver_confirmed": True},
    ("POST", _DOSES): lambda *_: home_dose(),
    ("PATCH", f"{_DOSES}/{{dose_id}}"): lambda *_: {"lot": "A1"},
    ("POST", f"{_DOSES}/{{dose_id}}/void"): lambda *_: REASON,
}


def _booked(scene: Any) -> str:
    """A booking of the household's patient: the same one, whoever asks."""
    listed = scene.home.patient.get("/v1/me/sessions?status=booked").json["items"]
    found: str = (listed or [made(scene.home, booking(50))])[0]["id"]
    return found


def _signed(scene: Any) -> str:
    """A signed session of the household's patient: the same one, whoever asks."""
    listed = scene.home.patient.get("/v1/me/sessions").json["items"]
    closed = [one for one in listed if one["signed_at"] is not None]
    found: str = (closed or [signed(scene.home, -30)])[0]["id"]
    return found


def ids(home: Household) -> dict[str, str]:
    """What this area's path parameters name in the household: written straight, unread by staff."""
    return {
        "session_id": _session_row(home.world, home.clinic_id, home.patient_id),
        "dose_id": _dose_row(home.world, home.clinic_id, home.patient_id),
    }


def foreign(home: Household) -> dict[str, str]:
    """The same in another clinic."""
    world, elsewhere = home.world, home.stranger.clinic_id
    patient_id = world.patient(elsewhere)
    return {
        "session_id": _session_row(world, elsewhere, patient_id),
        "dose_id": _dose_row(world, elsewhere, patient_id),
    }


def _session_row(world: World, clinic_id: UUID, patient_id: UUID) -> str:
    return _row(
        world,
        TreatmentSession,
        (clinic_id, patient_id),
        status="completed",
        started_at=world.now.replace(year=world.now.year - 1),
        weight_kg=70,
        source="staff",
    )


def _dose_row(world: World, clinic_id: UUID, patient_id: UUID) -> str:
    return _row(
        world,
        Dose,
        (clinic_id, patient_id),
        given_at=world.now.replace(year=world.now.year - 1),
        place="home",
        drug="ketamine",
        route="oral",
        dose_mg=100,
        source="staff",
    )


def _row(world: World, table: Any, owner: tuple[UUID, UUID], **given: Any) -> str:
    """The id of a row of this patient, a year old."""
    values = {
        "clinic_id": owner[0],
        "patient_id": owner[1],
        "id": new_id(),
        "timezone": ZONE,
        "local_date": world.now.replace(year=world.now.year - 1).date(),
        "revision": 1,
        "created_at": world.now,
    }
    with world.services.database.begin(write=True) as connection:
        connection.execute(insert(table).values(**values | given))
        connection.commit()
    return str(values["id"])


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    clinician, desk = home.clinician, home.front_desk
    past, booked, off = made(home, completed(-20)), made(home, booking(20)), made(home, booking(21))
    closed, dose = signed(home, -22), ids(home)["dose_id"]
    at, ready = booking(22)["scheduled_at"], {"ready_to_leave_at": past["stopped_at"]}
    return {
        "record_session_for_staff": (clinician, "POST", sessions(home), completed(-10)),
        "change_session_for_staff": (clinician, "PATCH", sessions(home, past["id"]), ready),
        "add_addendum_for_staff": (
            clinician, "POST", sessions(home, closed["id"], "addenda"), {"text": "well"},
        ),
        "void_session_for_staff": (clinician, "POST", sessions(home, off["id"], "void"), REASON),
        "book_session_for_staff": (desk, "POST", bookings(home), {"scheduled_at": at}),
        "change_booking_for_staff": (
            desk, "PATCH", bookings(home, booked["id"]), {"driver_confirmed": True},
        ),
        "record_dose_for_staff": (clinician, "POST", doses(home), home_dose()),
        "change_dose_for_staff": (clinician, "PATCH", doses(home, dose), {"lot": "A1"}),
        "void_dose_for_staff": (
            clinician, "POST", doses(home, ids(home)["dose_id"], "void"), REASON,
        ),
    }  # fmt: skip
