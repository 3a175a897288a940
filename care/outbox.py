"""The outbox: letters put in with what they tell of, and claimed by whoever sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.db import as_json, new_id
from models.message import Message

Channel = Literal["email", "webhook"]

# Longer than any one batch takes to send (care/channels.py bounds each letter): a letter whose
# sender died is free again after that (u).
CLAIM = timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)  # (u)
# A receiver that says "never" may only be set up wrongly: it is asked again, for about two hours.
REFUSALS_BORNE = 8  # (u)
# An address is kept no longer than an occasion might be put in again (u).
KEPT = timedelta(days=180)
# A letter that is due so long should have gone (u).
PATIENCE = timedelta(minutes=5)

_INSERT = {
    "sqlite": sqlite.insert(Message).on_conflict_do_nothing(
        index_elements=["clinic_id", "dedupe_key"]
    ),
    "postgresql": postgresql.insert(Message).on_conflict_do_nothing(
        index_elements=["clinic_id", "dedupe_key"]
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent to whom; `dedupe_key` names the occasion within the clinic.

    `params` hold ids and dates alone: no health words, no token. After `expires_at` nobody wants
    it any more; without one it is tried until it is through.
    """

    clinic_id: UUID
    kind: str
    channel: Channel
    recipient: str
    language: str
    params: Mapping[str, Any]
    dedupe_key: str
    due_at: datetime
    patient_id: UUID | None = None
    expires_at: datetime | None = None


def put(connection: Connection, letter: Letter, now: datetime) -> bool:
    """Whether it was put in: False where the occasion had its letter before."""
    unless_there = _INSERT[connection.dialect.name].values(
        clinic_id=letter.clinic_id,
        id=new_id(),
        patient_id=letter.patient_id,
        kind=letter.kind,
        channel=letter.channel,
        recipient=letter.recipient,
        language=letter.language,
        params=as_json(dict(letter.params)),
        dedupe_key=letter.dedupe_key,
        due_at=letter.due_at,
        expires_at=letter.expires_at,
        created_at=now,
        attempts=0,
    )
    return connection.execute(unless_there.returning(Message.id)).first() is not None


def was_put(connection: Connection, letter: Letter) -> bool:
    """Whether the letter's occasion has had one."""
    same = (Message.clinic_id == letter.clinic_id, Message.dedupe_key == letter.dedupe_key)
    return connection.execute(select(Message.id).where(*same)).first() is not None


def _free(channels: Sequence[str], now: datetime) -> tuple[Any, ...]:
    """The conditions of a letter that may be claimed now."""
    return (
        Message.settled_at.is_(None),
        Message.due_at <= now,
        Message.channel.in_(channels),
        or_(Message.claimed_until.is_(None), Message.claimed_until <= now),
    )


def clinics_waiting(
    connection: Connection, channels: Sequence[str], now: datetime
) -> Sequence[UUID]:
    """Whose letters may be claimed now, by any of these channels."""
    waiting = select(Message.clinic_id).where(*_free(channels, now)).distinct()
    return connection.scalars(waiting.order_by(Message.clinic_id)).all()


def waiting_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when the oldest letter waits that should have gone; None where none does."""
    tried = Message.attempts > 0
    is_waiting = or_(tried & Message.claimed_until.is_(None), Message.due_at <= now - PATIENCE)
    wanted = or_(Message.expires_at.is_(None), Message.expires_at > now)
    oldest = select(func.min(Message.created_at)).where(Message.settled_at.is_(None))
    return connection.scalar(oldest.where(is_waiting, wanted))


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims: a name of its own for each process, and the channels it can send by."""

    name: str
    channels: Sequence[str]


def claim(
    connection: Connection, clinic_id: UUID, sender: Sender, now: datetime, at_most: int = 10
) -> Sequence[Any]:
    """The clinic's letters that are this sender's to send now, longest due first.

    One UPDATE on both databases: two at once never get the same letter. Commit before sending.
    """
    free = _free(sender.channels, now)
    of_clinic = select(Message.id).where(Message.clinic_id == clinic_id, *free)
    oldest = of_clinic.order_by(Message.due_at, Message.id).limit(at_most)
    # Found once: as a plain subquery PostgreSQL may run it for each row, and claim them all.
    chosen = oldest.with_for_update(skip_locked=True).cte("oldest")
    claimed = connection.execute(
        update(Message)
        .where(Message.clinic_id == clinic_id, *free)
        .where(Message.id.in_(select(chosen.c.id)))
        .values(claimed_by=sender.name, claimed_until=now + CLAIM, attempts=Message.attempts + 1)
        .returning(Message)
    ).all()
    return sorted(claimed, key=lambda letter: (letter.due_at, letter.id))


def settle(connection: Connection, letter: Any, now: datetime, *, fault: str | None = None) -> None:
    """It was sent; with a fault, nobody will send it any more, and that is why."""
    changed = {"settled_at": now, "fault": fault, "claimed_by": None, "claimed_until": None}
    connection.execute(_unsettled(letter).values(**changed))


def postpone(connection: Connection, letter: Any, now: datetime, fault: str) -> None:
    """It could not be sent: it is due again after a wait that doubles with each attempt."""
    wait = min(FIRST_WAIT * 2 ** min(letter.attempts - 1, 16), LONGEST_WAIT)
    changed = {"due_at": now + wait, "fault": fault, "claimed_by": None, "claimed_until": None}
    connection.execute(_unsettled(letter).values(**changed))


def sweep(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Settle what nobody wants any more, and drop what was settled long ago."""
    of_clinic = Message.clinic_id == clinic_id
    nobody_sends = or_(Message.claimed_until.is_(None), Message.claimed_until <= now)
    connection.execute(
        update(Message)
        .where(of_clinic, Message.settled_at.is_(None), Message.expires_at <= now, nobody_sends)
        .values(settled_at=now, fault="expired", claimed_by=None, claimed_until=None)
    )
    connection.execute(delete(Message).where(of_clinic, Message.settled_at < now - KEPT))


def needs_sweep(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether `sweep` would change anything."""
    over = and_(Message.settled_at.is_(None), Message.expires_at <= now)
    wanted = or_(over, Message.settled_at < now - KEPT)
    found = select(Message.id).where(Message.clinic_id == clinic_id, wanted).limit(1)
    return connection.execute(found).first() is not None


def _unsettled(letter: Any) -> Any:
    this = (Message.clinic_id == letter.clinic_id, Message.id == letter.id)
    return update(Message).where(*this, Message.settled_at.is_(None))
