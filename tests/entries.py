"""Check-ins as the tests write them, and what the tables hold of one patient after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from sqlalchemy import func, select

from models.audit_event import AuditEvent
from models.checkin import ANSWERS, Checkin
from models.checkin_revision import CheckinRevision
from models.patient_stream import PatientStream
from tests.people import ZONE, Person, World

PAIN = {
    "key": "pain",
    "prompt": "Pain",
    "direction": "higher_is_worse",
    "low_end": "none",
    "high_end": "worst",
}
ITCH = PAIN | {"key": "itch", "prompt": "Itch", "retired": True}
APPLIED_ACTIONS = ("checkin.create", "checkin.replace", "checkin.delete")
PROBLEM = "application/problem+json"

# A search through the app is the same search on every run; `examples` says how long.
SEARCH = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def today() -> date:
    return datetime.now(UTC).date()


def entry(day: date | str, **answers: Any) -> dict[str, Any]:
    """A body for that day, entered that evening: mood 6 unless other answers are given."""
    when = {"recorded_at": f"{day}T18:00:00Z", "timezone": ZONE}
    return when | (answers or {"mood": 6})


def own(day: date | str) -> str:
    return f"/v1/me/checkins/{day}"


def of_patient(patient_id: UUID, day: date | str = "") -> str:
    return f"/v1/patients/{patient_id}/checkins" + (f"/{day}" if day else "")


def match(response: Any) -> dict[str, str]:
    """The If-Match that names the state a response told of."""
    return {"If-Match": response.headers["ETag"]}


def pointers(response: Any) -> list[str]:
    """Where the faults of an invalid request are; the answer is a problem document of ours."""
    assert response.content_type == PROBLEM
    assert response.json["type"] == "/problems/invalid", response.json
    return sorted(fault["pointer"] for fault in response.json["errors"])


def someone(world: World, clinic_id: UUID) -> Person:
    """One more patient of the clinic, with a login."""
    return world.person(clinic_id, "patient", world.patient(clinic_id))


@dataclass(frozen=True, slots=True)
class Rows:
    """All the tables hold of one patient's days."""

    version: int
    days: Mapping[date, Any]
    applied: list[Any]
    conflicts: list[Any]
    audited: list[str]


def rows_of(world: World, patient: UUID | None) -> Rows:
    version = world.rows(select(PatientStream.version).where(PatientStream.patient_id == patient))
    days = world.rows(select(Checkin).where(Checkin.patient_id == patient))
    history = world.rows(select(CheckinRevision).where(CheckinRevision.patient_id == patient))
    actions = world.rows(
        select(AuditEvent.action).where(
            AuditEvent.patient_id == patient, AuditEvent.action.like("checkin.%")
        )
    )
    return Rows(
        version[0].version,
        {row.local_date: row for row in days},
        [row for row in history if row.kind == "applied"],
        [row for row in history if row.kind == "conflict"],
        [row.action for row in actions],
    )


def written(world: World) -> tuple[int, ...]:
    """How many check-ins and revisions there are at all, and the sum of all version counters."""
    counted = (
        select(func.count()).select_from(Checkin),
        select(func.count()).select_from(CheckinRevision),
        select(func.coalesce(func.sum(PatientStream.version), 0)),
    )
    return tuple(int(world.rows(statement)[0][0]) for statement in counted)


def check_invariants(world: World, patient: UUID | None) -> Rows:
    """What is true of one patient's rows after whatever was sent; answers the rows."""
    rows = rows_of(world, patient)
    revisions: dict[date, list[int]] = {}
    for row in rows.applied:
        revisions.setdefault(row.local_date, []).append(row.revision)
    assert set(rows.days) == set(revisions)  # created means present or tombstoned
    for day, row in rows.days.items():
        assert sorted(revisions[day]) == list(range(1, row.revision + 1))
        if row.deleted:
            payload = (*ANSWERS, "recorded_at", "timezone", "utc_offset_minutes", "entered_late")
            assert [getattr(row, name) for name in payload] == [None] * len(payload)
    assert rows.version == len(rows.applied)  # one version each, none left out
    assert sorted(row.version for row in rows.applied) == [*range(1, rows.version + 1)]
    versions = [row.version for row in rows.days.values()]
    assert len(set(versions)) == len(versions)
    assert max(versions, default=0) == rows.version
    applied = [action for action in rows.audited if action in APPLIED_ACTIONS]
    assert len(applied) == len(rows.applied)
    assert len(rows.audited) - len(applied) == len(rows.conflicts)
    return rows
