"""Personas by relationship; each test lives in a clinic of its own and sees no other's rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, insert

from api.auth import Services
from api.tokens import tokens
from care import logins, passwords
from care.logins import Device
from care.principal import Origin
from models.account import Account
from models.care_team import CareTeamMember
from models.clinic import Clinic
from models.db import new_id
from models.membership import Membership
from models.patient import Patient
from models.patient_stream import PatientStream

PASSWORD = "correct-horse-battery"
ZONE = "Europe/Berlin"
_addresses = count(1)


@cache
def password_hash() -> str:
    """Hashed once: a hash is slow on purpose."""
    return passwords.hash_password(PASSWORD)


def fresh_address() -> str:
    """An address nobody else in the tests has, so that throttles never meet."""
    number = next(_addresses)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@dataclass
class Person:
    """Somebody with a login: sends requests as themself."""

    client: FlaskClient
    email: str
    role: str
    account_id: UUID
    membership_id: UUID
    clinic_id: UUID
    login_id: UUID
    token: str
    refresh_token: str
    patient_id: UUID | None = None
    address: str = field(default_factory=fresh_address)

    def send(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if json is not None:
            options["json"] = json
        environ = {"REMOTE_ADDR": self.address}
        return self.client.open(
            path, method=method, headers=headers, environ_base=environ, **options
        )

    def get(self, path: str, **options: Any) -> Any:
        return self.send("GET", path, **options)

    def put(self, path: str, json: Any, **options: Any) -> Any:
        return self.send("PUT", path, json, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.send("POST", path, json, **options)

    def patch(self, path: str, json: Any, **options: Any) -> Any:
        return self.send("PATCH", path, json, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.send("DELETE", path, **options)


class World:
    """Makes clinics and people straight in the tables."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.services: Services = app.extensions["services"]
        self.now = datetime.now(UTC)

    def client(self) -> FlaskClient:
        return self.app.test_client(use_cookies=False)

    def clinic(self, **given: Any) -> UUID:
        clinic_id = new_id()
        values = {"name": "Clinic", "country": "DE", "timezone": ZONE, "created_at": self.now}
        self._insert((Clinic, values | {"clinic_id": clinic_id} | given))
        return clinic_id

    def patient(self, clinic_id: UUID, **given: Any) -> UUID:
        patient_id = new_id()
        values = {
            "clinic_id": clinic_id,
            "id": patient_id,
            "display_name": "Patient",
            "birth_date": datetime(1980, 1, 1, tzinfo=UTC).date(),
            "country": "DE",
            "language": "en",
            "timezone": ZONE,
            "created_at": self.now,
        }
        stream = {"clinic_id": clinic_id, "patient_id": patient_id}
        self._insert((Patient, values | given), (PatientStream, stream))
        return patient_id

    def person(self, clinic_id: UUID, role: str, patient_id: UUID | None = None) -> Person:
        """Somebody with an account, a membership and a live login."""
        account_id, membership_id = new_id(), new_id()
        email = f"{account_id.hex}@example.org"
        account = {
            "id": account_id,
            "email": email,
            "password_hash": password_hash(),
            "display_name": role.title(),
            "created_at": self.now,
        }
        membership = {
            "clinic_id": clinic_id,
            "id": membership_id,
            "account_id": account_id,
            "role": role,
            "patient_id": patient_id,
            "timezone": ZONE,
            "language": "en",
            "created_at": self.now,
        }
        self._insert((Account, account), (Membership, membership))
        grant = self.log_in(account_id)
        with self.app.test_request_context():
            token, refresh_token = tokens(grant, datetime.now(UTC))
        return Person(
            self.client(), email, role, account_id, membership_id, clinic_id, grant.login_id,
            token, refresh_token, patient_id,
        )  # fmt: skip

    def log_in(self, account_id: UUID) -> logins.Grant:
        with self.services.database.begin(write=True) as connection:
            place = logins.memberships(connection, account_id)[0]
            device = Device(None, None, Origin())
            grant = logins.begin(connection, place, device, datetime.now(UTC))
            connection.commit()
        return grant

    def treats(self, clinician: Person, patient_id: UUID, **given: Any) -> UUID:
        row_id = new_id()
        row = {
            "clinic_id": clinician.clinic_id,
            "id": row_id,
            "patient_id": patient_id,
            "membership_id": clinician.membership_id,
            "since": self.now - timedelta(days=1),
        }
        self._insert((CareTeamMember, row | given))
        return row_id

    def rows(self, statement: Any) -> list[Any]:
        """What a statement finds, in a transaction of its own."""
        with self.services.database.begin(write=False) as connection:
            return list(connection.execute(statement).all())

    def _insert(self, *rows: tuple[Any, Mapping[str, Any]]) -> None:
        with self.services.database.begin(write=True) as connection:
            _insert_all(connection, rows)
            connection.commit()


def _insert_all(connection: Connection, rows: tuple[tuple[Any, Mapping[str, Any]], ...]) -> None:
    for table, values in rows:
        connection.execute(insert(table).values(**values))


@dataclass
class Household:
    """One clinic with everybody a rule about a patient's rows has to tell apart."""

    world: World
    clinic_id: UUID
    patient: Person
    clinician: Person
    colleague: Person
    front_desk: Person
    admin: Person
    stranger: Person

    @property
    def patient_id(self) -> UUID:
        assert self.patient.patient_id is not None
        return self.patient.patient_id


def household(world: World, **clinic: Any) -> Household:
    """`clinician` treats `patient`, `colleague` does not, `stranger` treats in another clinic."""
    clinic_id = world.clinic(**clinic)
    patient = world.person(clinic_id, "patient", world.patient(clinic_id))
    clinician = world.person(clinic_id, "clinician")
    assert patient.patient_id is not None
    world.treats(clinician, patient.patient_id)
    elsewhere = world.clinic()
    stranger = world.person(elsewhere, "clinician")
    world.treats(stranger, world.patient(elsewhere))
    return Household(
        world,
        clinic_id,
        patient,
        clinician,
        world.person(clinic_id, "clinician"),
        world.person(clinic_id, "front_desk"),
        world.person(clinic_id, "admin"),
        stranger,
    )


__all__ = ["PASSWORD", "ZONE", "Household", "Person", "World", "household"]
