"""Tables: one row class per file, the table's prebuilt statements beside it."""

from models import (
    account,
    audit_event,
    care_team,
    checkin,
    checkin_revision,
    clinic,
    consent,
    idempotency_key,
    invitation,
    login,
    membership,
    patient,
    patient_stream,
    refresh_token,
    server_meta,
    throttle,
)

__all__ = [
    "account",
    "audit_event",
    "care_team",
    "checkin",
    "checkin_revision",
    "clinic",
    "consent",
    "idempotency_key",
    "invitation",
    "login",
    "membership",
    "patient",
    "patient_stream",
    "refresh_token",
    "server_meta",
    "throttle",
]
