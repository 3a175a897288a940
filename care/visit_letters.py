"""Letters about a session of one's own: the evening before it, and after it, that there is
something to read."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from care import outbox
from care.outbox import Letter
from care.reminders import SELECT_REMINDED, letter_to, wishes_of
from clinical.days import local_day
from clinical.reminders import out_of_quiet, wall_instant
from clinical.treatments import HAPPENED
from models.patient import Patient
from models.treatment_session import TreatmentSession

# The evening before, where the patient has no hour of their own (u).
EVENING = time(18)
# So far ahead an evening before may lie; so long after its end a session is still today's (u).
_AHEAD, _AFTER = timedelta(hours=48), timedelta(hours=12)

_OF_SESSION = (TreatmentSession.clinic_id == Patient.clinic_id) & (
    TreatmentSession.patient_id == Patient.id
)
_ENDED_AT = func.coalesce(TreatmentSession.ready_to_leave_at, TreatmentSession.stopped_at)
_SELECT = SELECT_REMINDED.join(TreatmentSession, _OF_SESSION).where(
    Patient.reminder_channel.is_not(None), TreatmentSession.voided_at.is_(None)
)
_SELECT_AHEAD = _SELECT.add_columns(
    TreatmentSession.id.label("session_id"), TreatmentSession.scheduled_at
).where(TreatmentSession.status == "booked", TreatmentSession.started_at.is_(None))
_SELECT_AFTER = _SELECT.add_columns(
    TreatmentSession.id.label("session_id"), _ENDED_AT.label("ended_at")
).where(TreatmentSession.status.in_(HAPPENED), TreatmentSession.source == "staff")


def are_due(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether `put_due` would put in anything."""
    return any(not outbox.was_put(connection, one) for one in _due(connection, clinic_id, now))


def put_due(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Put in a letter for everybody with a session tomorrow, or one just over."""
    for letter in _due(connection, clinic_id, now):
        outbox.put(connection, letter, now)


def _due(connection: Connection, clinic_id: UUID, now: datetime) -> Iterator[Letter]:
    of_clinic = Patient.clinic_id == clinic_id
    soon = (TreatmentSession.scheduled_at > now, TreatmentSession.scheduled_at <= now + _AHEAD)
    for row in connection.execute(_SELECT_AHEAD.where(of_clinic, *soon)).all():
        yield from _prepare(row, now)
    lately = (now >= _ENDED_AT, now - _AFTER < _ENDED_AT)
    for row in connection.execute(_SELECT_AFTER.where(of_clinic, *lately)).all():
        yield from _aftercare(row, now)


def _prepare(row: Any, now: datetime) -> Iterator[Letter]:
    # The calendar day: whoever comes at two in the night prepares the evening before that.
    day = local_day(row.scheduled_at, row.timezone, 0)
    evening = wall_instant(day - timedelta(days=1), row.reminder_at or EVENING, row.timezone)
    due_at = out_of_quiet(max(evening, now), wishes_of(row))
    if evening > now or due_at >= row.scheduled_at:
        return
    told = {"session_id": row.session_id, "scheduled_at": row.scheduled_at}
    key = f"prepare:{row.session_id}:{day}"
    letter = letter_to(row, "prepare", key, due_at, params=told, expires_at=row.scheduled_at)
    yield from [] if letter is None else [letter]


def _aftercare(row: Any, now: datetime) -> Iterator[Letter]:
    due_at, expires_at = out_of_quiet(now, wishes_of(row)), row.ended_at + _AFTER
    if due_at >= expires_at:
        return
    key, told = f"aftercare:{row.session_id}", {"session_id": row.session_id}
    letter = letter_to(row, "aftercare", key, due_at, params=told, expires_at=expires_at)
    yield from [] if letter is None else [letter]


def still_wanted(connection: Connection, letter: Any, now: datetime) -> bool:
    """Whether the session is still as it was when the letter was put in."""
    own = (
        TreatmentSession.clinic_id == letter.clinic_id,
        TreatmentSession.patient_id == letter.patient_id,
        TreatmentSession.id == UUID(letter.params["session_id"]),
    )
    row = connection.execute(select(TreatmentSession).where(*own)).one()
    if row.voided_at is not None:
        return False
    if letter.kind == "aftercare":
        return row.status in HAPPENED
    when: datetime | None = row.scheduled_at
    return row.status == "booked" and when == datetime.fromisoformat(letter.params["scheduled_at"])
