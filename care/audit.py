"""Writes the audit trail: ids only, in the transaction of what it tells of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from care.principal import Origin, Principal
from models.audit_event import INSERT_AUDIT_EVENT
from models.db import NO_CLINIC, new_id


def event_values(
    principal: Principal,
    action: str,
    now: datetime,
    *,
    subject: tuple[str, object | None],
    patient_id: UUID | None = None,
    outcome: str = "ok",
) -> dict[str, Any]:
    """The row for INSERT_AUDIT_EVENT; `subject` is (type, id) of what was acted on."""
    object_type, object_id = subject
    return {
        "clinic_id": principal.clinic_id,
        "id": new_id(),
        "at": now,
        "membership_id": principal.membership_id,
        "login_id": principal.login_id,
        "action": action,
        "object_type": object_type,
        "object_id": None if object_id is None else str(object_id),
        "patient_id": patient_id,
        "outcome": outcome,
        "address": principal.origin.address,
        "request_id": principal.origin.request_id,
        "read_hour": None,
    }


def write(connection: Connection, values: Mapping[str, Any]) -> None:
    """Append one event; if it cannot be written, neither is what it tells of."""
    connection.execute(INSERT_AUDIT_EVENT, values)


def write_login_failure(
    connection: Connection, account_id: UUID | None, now: datetime, *, origin: Origin
) -> None:
    """A failed login, before any clinic is known; the same one row for known and unknown."""
    values = dict.fromkeys(column.name for column in INSERT_AUDIT_EVENT.table.columns)
    write(
        connection,
        values
        | {
            "clinic_id": NO_CLINIC,
            "id": new_id(),
            "at": now,
            "action": "login",
            "object_type": "account",
            "object_id": None if account_id is None else str(account_id),
            "outcome": "failed",
            "address": origin.address,
            "request_id": origin.request_id,
        },
    )
