"""A letter that there is a form to fill in: once for each day something is wanted by."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import assessment_due, instruments, outbox
from care.kept import Kept
from care.principal import Chart
from care.reminders import SELECT_REMINDED, letter_to, wishes_of
from care.visit_letters import EVENING
from care.windows import digest
from clinical.days import DEFAULT_BACKFILL_DAYS, DayRules
from clinical.reminders import Occasion, latest
from models.patient import Patient

# Whose forms were looked at on which day: a patient's hour lasts many rounds.
_seen: Kept[bool] = Kept(10_000)


def are_due(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether somebody's hour has come whose forms nobody has looked at today."""
    return any(True for _ in _come(connection, clinic_id, now))


def put_due(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Put in a letter for everybody whose hour it is and who has a form to fill in."""
    for patient, occasion in list(_come(connection, clinic_id, now)):
        wanted_by = wanted(connection, patient, occasion.day)
        if wanted_by is not None:
            key = f"form:{patient.id}:{wanted_by}"
            told = {"params": {"day": occasion.day}, "expires_at": occasion.expires_at}
            letter = letter_to(patient, "form", key, occasion.due_at, **told)
            if letter is not None:
                outbox.put(connection, letter, now)
        _seen.get(_key(patient, occasion), lambda: True)


def _come(connection: Connection, clinic_id: UUID, now: datetime) -> Iterator[tuple[Any, Occasion]]:
    of_clinic = (Patient.clinic_id == clinic_id, Patient.reminder_channel.is_not(None))
    for patient in connection.execute(SELECT_REMINDED.where(*of_clinic)).all():
        wishes = wishes_of(patient)
        occasion = latest(replace(wishes, at=wishes.at or EVENING), now)
        if occasion is not None and _key(patient, occasion) not in _seen:
            yield patient, occasion


def _key(patient: Any, occasion: Occasion) -> bytes:
    return digest([str(patient.id), str(occasion.due_at)]).encode()


def wanted(connection: Connection, patient: Any, day: date) -> date | None:
    """By when the last of the forms is wanted that the patient may fill in on that day."""
    rules = DayRules(patient.day_boundary_minutes, DEFAULT_BACKFILL_DAYS)
    chart = Chart(patient.clinic_id, patient.id, patient.timezone, rules)
    known = instruments.own(connection, patient.clinic_id)
    days = [
        each.due_on
        for each in assessment_due.read(connection, chart, day)
        if each.opens_on <= day and each.key in known and known[each.key].rater != "clinician"
    ]
    return max(days, default=None)


def still_wanted(connection: Connection, letter: Any) -> bool:
    """Whether there is still a form to fill in, and the patient is reminded this way."""
    own = (Patient.clinic_id == letter.clinic_id, Patient.id == letter.patient_id)
    patient = connection.execute(select(Patient).where(*own)).one()
    if patient.reminder_channel != letter.channel:
        return False
    return wanted(connection, patient, date.fromisoformat(letter.params["day"])) is not None
