"""The benchmark's bare handler leaves the rows our own PUT leaves, so the two can be compared."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bench.bare import write
from care.protocol import Entry
from clinical.checkins import normalized
from models.audit_event import AuditEvent
from models.checkin import Checkin
from models.checkin_revision import CheckinRevision
from models.patient_stream import PatientStream
from tests.people import ZONE, Household, Person, World, household

# What differs between any two writes: whose they are, when they came, and names made for them.
OWN = {"clinic_id", "patient_id", "id", "at", "op_id", "actor", "login_id", "membership_id"}
OWN |= {"request_id", "address", "received_at", "entered_by"}


def _rows(world: World, home: Household) -> list[list[dict[str, Any]]]:
    found = []
    for table in (Checkin, CheckinRevision, PatientStream, AuditEvent):
        of_patient = select(table).where(table.__table__.c.patient_id == home.patient_id)
        found.append([_without_own(row._mapping) for row in world.rows(of_patient)])
    return found


def _without_own(row: Any) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in OWN}
    if isinstance(kept.get("body"), dict):
        kept["body"] = _without_own(kept["body"])
    return kept


def _write_bare(world: World, who: Person, body: dict[str, Any], instant: datetime) -> None:
    ids = {"LOGIN": who.login_id, "CLINIC": who.clinic_id, "MEMBER": who.membership_id}
    assert who.patient_id is not None
    entry = Entry(instant.date(), normalized(body), instant, ZONE)
    write(world.services.database, ids | {"PATIENT": who.patient_id}, entry, datetime.now(UTC))


def test_the_bare_handler_leaves_the_same_rows(world: World) -> None:
    ours, bare = household(world), household(world)
    instant = datetime.now(UTC).replace(hour=6, microsecond=0)  # 07:00 or 08:00 in Berlin
    answers = {"mood": 6, "side_effects": [{"code": "nausea", "severity": 1}], "note": "a walk"}
    told = {"recorded_at": instant.isoformat(), "timezone": ZONE}
    sent = ours.patient.put(f"/v1/me/checkins/{instant.date()}", answers | told)
    _write_bare(world, bare.patient, dict(answers), instant)
    assert sent.status_code == 201
    assert all(_rows(world, ours))
    assert _rows(world, bare) == _rows(world, ours)
