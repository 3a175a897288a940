"""Fills a database with a clinic of patients who are logged in, and their ready-made requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from flask import Flask
from sqlalchemy import Connection, insert

from api.auth import Services
from api.tokens import tokens
from care import logins
from care.logins import Device
from care.principal import Origin
from models.account import Account
from models.clinic import Clinic
from models.db import new_id
from models.membership import Membership
from models.patient import Patient
from models.patient_stream import PatientStream

ZONE = "Europe/Berlin"
FIRST_DAY = date(2020, 6, 1)


@dataclass(frozen=True, slots=True)
class Seat:
    """One logged-in patient."""

    token: str
    login_id: UUID
    clinic_id: UUID
    patient_id: UUID
    membership_id: UUID


def seats(app: Flask, count: int) -> list[Seat]:
    """`count` patients of one new clinic, each with a live login."""
    services: Services = app.extensions["services"]
    now = datetime.now(UTC)
    clinic_id = new_id()
    with services.database.begin(write=True) as connection, app.test_request_context():
        clinic = {"clinic_id": clinic_id, "name": "Bench", "country": "DE", "timezone": ZONE}
        connection.execute(insert(Clinic).values(created_at=now, **clinic))
        seated = [_seat(connection, clinic_id, now) for _ in range(count)]
        connection.commit()
    return seated


def _seat(connection: Connection, clinic_id: UUID, now: datetime) -> Seat:
    patient_id, account_id, membership_id = new_id(), new_id(), new_id()
    own = {"clinic_id": clinic_id, "created_at": now}
    named = {"timezone": ZONE, "language": "en"}
    born = {"display_name": "Bench", "birth_date": date(1980, 1, 1), "country": "DE"}
    account = {"email": f"{account_id.hex}@bench.example", "display_name": "Bench"}
    rows = (
        (Patient, own | named | born | {"id": patient_id}),
        (PatientStream, {"clinic_id": clinic_id, "patient_id": patient_id}),
        (Account, account | {"id": account_id, "password_hash": "-", "created_at": now}),
        (
            Membership,
            own
            | named
            | {
                "id": membership_id,
                "account_id": account_id,
                "role": "patient",
                "patient_id": patient_id,
            },
        ),
    )
    for table, values in rows:
        connection.execute(insert(table).values(**values))
    place = logins.memberships(connection, account_id)[0]
    grant = logins.begin(connection, place, Device(None, None, Origin()), now)
    return Seat(tokens(grant, now)[0], grant.login_id, clinic_id, patient_id, membership_id)


def put_requests(seated: list[Seat], first: int, count: int) -> list[bytes]:
    """`count` PUTs of days nobody has logged yet, from the `first`-th on, patients in turn."""
    return [
        _put(seated[number % len(seated)], FIRST_DAY + timedelta(days=number // len(seated)))
        for number in range(first, first + count)
    ]


ANSWERS: Mapping[str, Any] = {
    "mood": 6, "interest": 5, "energy": 4, "anxiety": 3, "irritability": 2,
    "sleep_hours": 7.25, "sleep_quality": 4, "suicidal_thoughts": None,
    "side_effects": [{"code": "nausea", "severity": 1}], "custom": None, "note": "short walk",
}  # fmt: skip


def answers(day: date) -> dict[str, Any]:
    """A day's body, entered that evening."""
    return {**ANSWERS, "recorded_at": f"{day}T20:14:09Z", "timezone": ZONE}


def _put(seat: Seat, day: date) -> bytes:
    return request(seat, "PUT", f"/v1/me/checkins/{day}", orjson.dumps(answers(day)))


def request(seat: Seat, method: str, path: str, body: bytes = b"") -> bytes:
    """A request as it goes over the wire, with what the bare handler wants to know."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {seat.token}\r\nContent-Type: application/json\r\n"
        f"X-Login: {seat.login_id}\r\nX-Clinic: {seat.clinic_id}\r\n"
        f"X-Patient: {seat.patient_id}\r\nX-Member: {seat.membership_id}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
