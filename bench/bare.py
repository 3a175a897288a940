"""The smallest handler that leaves the same rows as our PUT: the same statements, nothing else.

No routing, tokens, permissions, validation, conflict rules or headers: it believes what it is sent.
What it costs is what the database and the shared statements cost; the rest is ours.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson

from care.protocol import Entry, request_hash
from clinical import days
from clinical.checkins import normalized
from clinical.days import DEFAULT_BACKFILL_DAYS, DEFAULT_DAY_BOUNDARY_MINUTES, DayRules
from models.audit_event import INSERT_AUDIT_EVENT
from models.checkin import INSERT_DAY, SELECT_DAY_AND_OPERATION
from models.checkin_revision import INSERT_REVISION
from models.db import new_id
from models.engine import Database
from models.login import SELECT_LIVE_LOGIN
from models.patient_stream import ADVANCE_STREAM, LOCK_STREAM
from models.prepared import together

WHO = ("LOGIN", "CLINIC", "PATIENT", "MEMBER")
RULES = DayRules(DEFAULT_DAY_BOUNDARY_MINUTES, DEFAULT_BACKFILL_DAYS)


def create() -> Callable[..., list[bytes]]:
    """The WSGI app on DATABASE_URL; X-Login, X-Clinic, X-Patient, X-Member tell who asks."""
    database = Database(os.environ["DATABASE_URL"], pool_size=16)

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        ids = {name: UUID(environ[f"HTTP_X_{name}"]) for name in WHO}
        day = date.fromisoformat(environ["PATH_INFO"][-10:])
        body = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        recorded_at = datetime.fromisoformat(body.pop("recorded_at"))
        entry = Entry(day, normalized(body), recorded_at, body.pop("timezone"))
        stored = write(database, ids, entry, datetime.now(UTC))
        start_response("201 Created", [("Content-Type", "application/json")])
        return [orjson.dumps(stored, option=orjson.OPT_UTC_Z)]

    return app


def write(database: Database, ids: dict[str, UUID], entry: Entry, now: datetime) -> dict[str, Any]:
    """Store one new day as care.checkins does; answers it."""
    owner = {"clinic_id": ids["CLINIC"], "patient_id": ids["PATIENT"]}
    with database.begin(write=True) as connection:
        together(connection, (SELECT_LIVE_LOGIN, {"login_id": ids["LOGIN"], "now": now}))
        asked: dict[str, Any] = owner | {"local_date": entry.date, "op_id": None}
        steps: list[Any] = [(SELECT_DAY_AND_OPERATION, asked)]
        if not database.is_sqlite:
            steps.insert(0, (LOCK_STREAM, asked))
        stored = together(connection, *steps)[-1][0]
        version = stored.stream_version + 1
        day = _day(entry, ids, now)
        moved = {
            "in_clinic": ids["CLINIC"],
            "of_patient": ids["PATIENT"],
            "version": version,
        }
        together(
            connection,
            (ADVANCE_STREAM, moved),
            (INSERT_DAY, owner | day | {"version": version, "skew_ms": None}),
            (INSERT_REVISION, owner | _history(entry, day) | {"version": version}),
            (INSERT_AUDIT_EVENT, owner | _audit(entry, ids, now)),
        )
        connection.commit()
    return day


def _day(entry: Entry, ids: dict[str, UUID], now: datetime) -> dict[str, Any]:
    assert entry.recorded_at is not None
    assert entry.timezone is not None
    days.allowed_dates(entry.recorded_at, entry.timezone, RULES, now)
    return {
        "local_date": entry.date,
        "revision": 1,
        "deleted": False,
        "timezone": entry.timezone,
        "utc_offset_minutes": days.utc_offset_minutes(entry.recorded_at, entry.timezone),
        "recorded_at": entry.recorded_at,
        "received_at": now,
        "entered_late": days.entered_late(
            entry.recorded_at, entry.date, entry.timezone, DEFAULT_DAY_BOUNDARY_MINUTES
        ),
        "clock_suspect": days.clock_suspect(entry.recorded_at, now),
        "entered_by": ids["MEMBER"],
        "source": "app",
        **(entry.answers or {}),
    }


def _history(entry: Entry, day: dict[str, Any]) -> dict[str, Any]:
    return {
        "op_id": f"server:{new_id()}",
        "local_date": entry.date,
        "revision": 1,
        "kind": "applied",
        "request_hash": request_hash(entry),
        "body": orjson.loads(orjson.dumps(day)),
        "result": {"created": True},
        "device_id": None,
        "actor": day["entered_by"],
        "received_at": day["received_at"],
    }


def _audit(entry: Entry, ids: dict[str, UUID], now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": now,
        "membership_id": ids["MEMBER"],
        "login_id": ids["LOGIN"],
        "action": "checkin.create",
        "object_type": "checkin",
        "object_id": str(entry.date),
        "outcome": "ok",
        "address": "127.0.0.0",
        "request_id": str(new_id()),
        "read_hour": None,
    }
