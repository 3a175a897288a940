"""What is done again and again without anybody asking, clinic by clinic, and when it last was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select, update

from models.clinic import Clinic
from models.server_meta import ServerMeta

# A beat comes with each round, some seconds apart; after this the jobs are taken for stopped (u).
LATE_AFTER = timedelta(minutes=3)

State = Literal["running", "late", "never"]


def open_clinics(connection: Connection) -> Sequence[UUID]:
    """The clinics that are not shut."""
    live = select(Clinic.clinic_id).where(Clinic.disabled_at.is_(None))
    return connection.scalars(live.order_by(Clinic.clinic_id)).all()


def beat(connection: Connection, now: datetime) -> None:
    """Note that the jobs have gone round."""
    connection.execute(update(ServerMeta).values(jobs_beat_at=now))


def last_beat(connection: Connection) -> datetime | None:
    """When the jobs last went round; None if never."""
    return connection.scalar(select(ServerMeta.jobs_beat_at))


def state(beat_at: datetime | None, now: datetime) -> State:
    """Whether the jobs run."""
    if beat_at is None:
        return "never"
    return "late" if now - beat_at > LATE_AFTER else "running"
