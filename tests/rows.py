"""One row for every table, in the order their foreign keys ask for."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from models.db import Base

NOW = datetime(2026, 1, 5, 19, 30, 15, 250_000, UTC)
CLINIC, PATIENT, MEMBERSHIP, ACCOUNT, LOGIN = (uuid4() for _ in range(5))
_PLACE: Mapping[str, UUID] = {"clinic_id": CLINIC, "patient_id": PATIENT}

# server_meta is not here: its one row comes with its migration.
ROWS: Mapping[str, Mapping[str, Any]] = {
    "clinic": {
        "clinic_id": CLINIC,
        "name": "Clinic",
        "country": "DE",
        "timezone": "Europe/Berlin",
        "holidays": [{"date": "2026-01-06", "name": "Epiphany"}],
        "custom_measures": [],
        "backfill_days": 14,
        "revision": 1,
        "created_at": NOW,
    },
    "account": {
        "id": ACCOUNT,
        "email": "ada@example.org",
        "password_hash": "hash",
        "display_name": "Ada",
        "created_at": NOW,
    },
    "patient": {
        "clinic_id": CLINIC,
        "id": PATIENT,
        "display_name": "Ada",
        "birth_date": date(1984, 5, 2),
        "mrn": "7",
        "country": "DE",
        "language": "de",
        "timezone": "Europe/Berlin",
        "day_boundary_minutes": 240,
        "reminder_at": time(20, 0),
        "revision": 1,
        "created_at": NOW,
    },
    "membership": {
        "clinic_id": CLINIC,
        "id": MEMBERSHIP,
        "account_id": ACCOUNT,
        "role": "clinician",
        "timezone": "Europe/Berlin",
        "language": "de",
        "created_at": NOW,
    },
    "care_team": {**_PLACE, "id": uuid4(), "membership_id": MEMBERSHIP, "since": NOW},
    "invitation": {
        **_PLACE,
        "id": uuid4(),
        "role": "patient",
        "email": "ada@example.org",
        "created_at": NOW,
        "expires_at": NOW,
    },
    "consent": {**_PLACE, "id": uuid4(), "version": "2026-11", "given_at": NOW},
    "idempotency_key": {
        "clinic_id": CLINIC,
        "membership_id": MEMBERSHIP,
        "key": "k",
        "request_hash": "h",
        "object_id": PATIENT,
        "created_at": NOW,
    },
    "login": {
        "id": LOGIN,
        "account_id": ACCOUNT,
        "clinic_id": CLINIC,
        "membership_id": MEMBERSHIP,
        "created_at": NOW,
        "refreshed_at": NOW,
        "expires_at": NOW,
    },
    "refresh_token": {"hash": "h", "login_id": LOGIN, "issued_at": NOW, "expires_at": NOW},
    "throttle": {"key": "k", "attempts": 1, "counted_since": NOW, "next_at": NOW},
    "patient_stream": {**_PLACE, "version": 1, "inputs_version": 1, "gc_floor": 0},
    "checkin_revision": {
        **_PLACE,
        "op_id": "o",
        "local_date": date(2026, 1, 5),
        "revision": 1,
        "version": 1,
        "kind": "applied",
        "request_hash": "h",
        "body": {"mood": 6},
        "result": {"created": True},
        "received_at": NOW,
    },
    "checkin": {
        **_PLACE,
        "local_date": date(2026, 1, 5),
        "revision": 1,
        "version": 1,
        "deleted": False,
        "timezone": "Europe/Berlin",
        "utc_offset_minutes": 60,
        "recorded_at": NOW,
        "received_at": NOW,
        "clock_suspect": False,
        "source": "app",
        "mood": 6,
        "sleep_hours": 7.25,
        "side_effects": [{"code": "nausea", "severity": 1}],
        "note": "short walk",
    },
    "audit_event": {
        **_PLACE,
        "id": uuid4(),
        "at": NOW,
        "action": "patient.read",
        "object_type": "patient",
        "outcome": "ok",
    },
}


def fill(connection: Connection) -> None:
    """A row into every table that has none by itself."""
    for name, values in ROWS.items():
        connection.execute(insert(Base.metadata.tables[name]).values(**values))
