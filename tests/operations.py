"""Every operation with a JSON body, who may send it, and a body that would be taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from models.db import Base
from tests.areas import AREAS
from tests.contract import document
from tests.entries import entry, of_patient, own
from tests.people import PASSWORD, Household, Person, World

DAY = "2024-05-10"


@dataclass(frozen=True, slots=True)
class Sending:
    """One operation as its sender would rightly send it."""

    who: Person
    method: str
    path: str
    body: Mapping[str, Any]
    schema: str  # its name among the contract's

    def send(self, body: Any = None, **options: Any) -> Any:
        return self.who.send(self.method, self.path, body, **options)


def with_bodies() -> dict[str, str]:
    """The schema of each operation of the contract that has a JSON body, by operation id."""
    found = {}
    for operations in document()["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "requestBody" in operation:
                reference = operation["requestBody"]["content"]["application/json"]["schema"]
                found[operation["operationId"]] = reference["$ref"].rpartition("/")[2]
    return found


def properties(schema: str) -> dict[str, Any]:
    """What a body of this schema may hold."""
    described: dict[str, Any] = document()["components"]["schemas"][schema]["properties"]
    return described


def sendings(home: Household) -> dict[str, Sending]:
    """Each by its operation id; a missing or superfluous one is an error here."""
    schemas = with_bodies()
    given = {**_about_oneself(home), **_about_the_clinic(home)}
    for area in AREAS:
        given |= area.sendings(home)
    assert given.keys() == schemas.keys()
    return {name: Sending(*told, schemas[name]) for name, told in given.items()}


def _about_oneself(home: Household) -> dict[str, tuple[Person, str, str, Mapping[str, Any]]]:
    patient, desk = home.patient, home.front_desk
    passwords = {"current_password": PASSWORD, "new_password": "blue-lantern-walks"}
    return {
        "put_checkin": (patient, "PUT", own(DAY), entry(DAY)),
        "change_me": (patient, "PATCH", "/v1/me", {"display_name": "Ann"}),
        "log_in": (
            patient, "POST", "/v1/auth/login", {"email": patient.email, "password": PASSWORD},
        ),
        "refresh": (patient, "POST", "/v1/auth/refresh", {"refresh_token": patient.refresh_token}),
        "change_password": (desk, "POST", "/v1/auth/password", passwords),
    }  # fmt: skip


def _about_the_clinic(home: Household) -> dict[str, tuple[Person, str, str, Mapping[str, Any]]]:
    admin, clinician = home.admin, home.clinician
    invited = admin.post("/v1/staff", {"email": "new@example.org", "role": "clinician"}).json
    born = {"display_name": "Ada", "birth_date": "1984-05-02"}
    patient = born | {"country": "DE", "language": "de", "timezone": "Europe/Berlin"}
    accepted = {"password": "blue-lantern-walks", "display_name": "Bo", "timezone": "UTC"}
    joined = {
        "patient_id": str(home.patient_id),
        "membership_id": str(home.colleague.membership_id),
    }
    staff = f"/v1/staff/{home.colleague.membership_id}"
    return {
        "put_checkin_for_staff": (
            clinician, "PUT", of_patient(home.patient_id, "2024-05-11"), entry("2024-05-11"),
        ),
        "create_patient": (clinician, "POST", "/v1/patients", patient),
        "change_patient_for_staff": (
            clinician, "PATCH", f"/v1/patients/{home.patient_id}", {"phone": "030"},
        ),
        "change_clinic": (admin, "PATCH", "/v1/clinic", {"name": "Isar"}),
        "invite_staff": (admin, "POST", "/v1/staff", {"email": "x@example.org", "role": "admin"}),
        "change_staff": (admin, "PATCH", staff, {"disabled": False}),
        "join_care_team": (admin, "POST", "/v1/care-teams", joined),
        "accept_invitation": (
            admin, "POST", f"/v1/invitations/{invited['token']}/accept", accepted,
        ),
    }  # fmt: skip


def snapshot(world: World, home: Household) -> dict[str, Any]:
    """The clinic's rows in every table, and how many rows there are in those without a clinic.

    Reads are left out of the audit trail: a refused write may have opened the chart first.
    """
    return {table.name: _held(world, home, table) for table in Base.metadata.sorted_tables}


def _held(world: World, home: Household, table: Table) -> Any:
    if table.name == "account":
        people = (home.patient, home.front_desk, home.admin)
        chosen: ColumnElement[bool] = table.c.id.in_([person.account_id for person in people])
    elif "clinic_id" not in table.c:
        return world.rows(select(func.count()).select_from(table))[0][0]
    else:
        chosen = table.c.clinic_id == home.clinic_id
        if table.name == "audit_event":
            chosen &= table.c.read_hour.is_(None)
    return sorted(str(tuple(row)) for row in world.rows(select(table).where(chosen)))
