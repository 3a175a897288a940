"""Reminders of the day's entry: who wants one now, by which way, and whether it makes sense."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from care import outbox
from care.outbox import Letter
from clinical.reminders import Occasion, Wishes, latest
from models.account import Account
from models.checkin import Checkin
from models.membership import Membership
from models.patient import Patient

# No zone's day lies further from ours than this.
_NEAR = timedelta(days=3)

SELECT_REMINDED = (
    select(Patient, Account.email.label("account_email"))
    .join(
        Membership,
        (Membership.clinic_id == Patient.clinic_id) & (Membership.patient_id == Patient.id),
    )
    .join(Account, Account.id == Membership.account_id)
    .where(Membership.disabled_at.is_(None), Account.disabled_at.is_(None))
)


def wishes_of(patient: Any) -> Wishes:
    """How the patient of this row wants to be reminded."""
    return Wishes(
        patient.reminder_at,
        patient.timezone,
        patient.day_boundary_minutes,
        patient.quiet_from,
        patient.quiet_until,
        patient.reminders_snoozed_until,
        patient.reminders_paused_until,
    )


def recipient_of(patient: Any) -> str | None:
    """Where a letter to this row of SELECT_REMINDED goes; None where there is nowhere."""
    address: str | None = patient.phone
    return patient.account_email if patient.reminder_channel == "email" else address


def letter_to(patient: Any, kind: str, key: str, due_at: datetime, **more: Any) -> Letter | None:
    """A letter by the way this row of SELECT_REMINDED has chosen; None where there is none."""
    recipient = recipient_of(patient)
    if recipient is None or patient.reminder_channel is None:
        return None
    return Letter(
        clinic_id=patient.clinic_id,
        kind=kind,
        channel=patient.reminder_channel,
        recipient=recipient,
        language=patient.language,
        params=more.pop("params", {}),
        dedupe_key=key,
        due_at=due_at,
        patient_id=patient.id,
        **more,
    )


def are_due(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether `put_due` would put in anything."""
    return any(not outbox.was_put(connection, one) for one in _due(connection, clinic_id, now))


def put_due(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Put in a letter for everybody whose hour it is and whose day is not logged."""
    for letter in _due(connection, clinic_id, now):
        outbox.put(connection, letter, now)


def _due(connection: Connection, clinic_id: UUID, now: datetime) -> Iterator[Letter]:
    of_clinic = (Patient.clinic_id == clinic_id, Patient.reminder_at.is_not(None))
    patients = connection.execute(
        SELECT_REMINDED.where(*of_clinic, Patient.reminder_channel.is_not(None))
    ).all()
    come = [(patient, latest(wishes_of(patient), now)) for patient in patients]
    wanted = {patient.id: occasion for patient, occasion in come if occasion is not None}
    logged = last_logged(connection, clinic_id, list(wanted), now)
    for patient, occasion in come:
        if occasion is not None and not _is_logged(logged, patient.id, occasion):
            letter = _letter(patient, occasion)
            if letter is not None:
                yield letter


def _is_logged(logged: Mapping[UUID, date], patient_id: UUID, occasion: Occasion) -> bool:
    """Whether that day, or a later one, is logged: a phone further east may be a day ahead."""
    return patient_id in logged and logged[patient_id] >= occasion.day


def last_logged(
    connection: Connection, clinic_id: UUID, patient_ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, date]:
    """The newest logged day of each of these patients, where it is a recent one."""
    newest = (
        select(Checkin.patient_id, func.max(Checkin.local_date).label("day"))
        .where(Checkin.clinic_id == clinic_id, Checkin.patient_id.in_(patient_ids))
        .where(Checkin.deleted.is_(False), Checkin.local_date >= (now - _NEAR).date())
        .group_by(Checkin.patient_id)
    )
    return {row.patient_id: row.day for row in connection.execute(newest)}


def _letter(patient: Any, occasion: Occasion) -> Letter | None:
    key = f"reminder:{patient.id}:{occasion.day}"
    if occasion.is_snoozed:
        key += f":{occasion.due_at:%Y-%m-%dT%H:%M:%S}"
    told = {"params": {"day": occasion.day}, "expires_at": occasion.expires_at}
    return letter_to(patient, "reminder", key, occasion.due_at, **told)


def still_wanted(connection: Connection, letter: Any, now: datetime) -> bool:
    """Whether the letter's day is still not logged, and its patient has not put reminders off."""
    own = (Patient.clinic_id == letter.clinic_id, Patient.id == letter.patient_id)
    patient = connection.execute(select(Patient).where(*own)).one()
    day = date.fromisoformat(letter.params["day"])
    if patient.reminder_at is None or patient.reminder_channel != letter.channel:
        return False
    snoozed, paused = patient.reminders_snoozed_until, patient.reminders_paused_until
    if (snoozed is not None and snoozed > now) or (paused is not None and paused >= day):
        return False
    logged = last_logged(connection, letter.clinic_id, [letter.patient_id], now)
    return letter.patient_id not in logged or logged[letter.patient_id] < day
