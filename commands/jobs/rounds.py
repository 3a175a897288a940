"""Rounds: what each clinic needs done from time to time, in a transaction of its own."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import Connection

from care import (
    alert_rounds,
    charted,
    form_letters,
    jobs,
    outbox,
    reminders,
    tombstones,
    visit_letters,
)
from commands.jobs.delivery import Office
from models.marks import EpochUnkept


@dataclass(frozen=True, slots=True)
class Round:
    """`work` writes for one clinic; `is_needed` looks first, reading only, where that can be."""

    name: str
    work: Callable[[Connection, UUID, datetime], object]
    is_needed: Callable[[Connection, UUID, datetime], bool] | None = None


ROUNDS: Sequence[Round] = (
    Round("escalation", alert_rounds.escalate, alert_rounds.needs_escalation),
    Round("silence", alert_rounds.notice, alert_rounds.needs_notice),
    Round("charts", charted.look, charted.is_waiting),
    Round("outbox", outbox.sweep, outbox.needs_sweep),
    Round("reminders", reminders.put_due, reminders.are_due),
    Round("forms", form_letters.put_due, form_letters.are_due),
    Round("visits", visit_letters.put_due, visit_letters.are_due),
    Round("tombstones", tombstones.collect, tombstones.are_waiting),
)


def go_round(office: Office) -> None:
    """Every round for every clinic, then the beat. One that fails keeps no other from its turn, but
    the beat from coming: somebody has to look.
    """
    with office.database.begin(write=False) as connection:
        clinics = jobs.open_clinics(connection)
    went_well = [go(office, each, clinic_id) for clinic_id in clinics for each in ROUNDS]
    if not all(went_well):
        return
    with office.database.begin(write=True) as connection:
        jobs.beat(connection, office.clock())
        connection.commit()
    try:
        office.database.epoch.mark(office.clock())
    except (EpochUnkept, sqlite3.Error) as error:
        structlog.get_logger().error("not marked", error=type(error).__name__)


def go(office: Office, each: Round, clinic_id: UUID) -> bool:
    """Whether one round for one clinic went well; what fails is logged by its kind, and undone."""
    try:
        if each.is_needed is not None:
            with office.database.begin(write=False) as connection:
                if not each.is_needed(connection, clinic_id, office.clock()):
                    return True
        with office.database.begin(write=True) as connection:
            each.work(connection, clinic_id, office.clock())
            connection.commit()
    except Exception as error:  # noqa: BLE001 (whatever it is, the others go on)
        structlog.get_logger().error(
            "round failed", round=each.name, clinic=str(clinic_id), error=type(error).__name__
        )
        return False
    return True
