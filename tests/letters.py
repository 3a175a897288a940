"""Letters in the outbox of a test's own clinic: put in, claimed, and looked at."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from care import outbox
from care.outbox import Letter, Sender
from models.message import Message
from tests.people import World

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def letter(clinic_id: UUID, key: str = "one", **given: Any) -> Letter:
    """A task letter that is due at NOON."""
    told: dict[str, Any] = {
        "kind": "task",
        "channel": "email",
        "recipient": "reviewer@example.org",
        "language": "en",
        "params": {},
        "due_at": NOON,
    }
    return Letter(clinic_id=clinic_id, dedupe_key=key, **told | given)


def put(world: World, *letters: Letter, now: datetime = NOON) -> list[bool]:
    """Which of them were put in, each in a transaction of its own."""
    answers = []
    for one in letters:
        with world.services.database.begin(write=True) as connection:
            answers.append(outbox.put(connection, one, now))
            connection.commit()
    return answers


def claim(world: World, clinic_id: UUID, name: str, now: datetime, **given: Any) -> Sequence[Any]:
    """What a sender of both channels gets, committed."""
    sender = Sender(name, given.pop("channels", ("email", "webhook")))
    with world.services.database.begin(write=True) as connection:
        claimed = outbox.claim(connection, clinic_id, sender, now, **given)
        connection.commit()
    return claimed


def stored(world: World, clinic_id: UUID) -> list[Any]:
    """Every letter of the clinic, oldest due first."""
    of_clinic = select(Message).where(Message.clinic_id == clinic_id)
    return world.rows(of_clinic.order_by(Message.due_at, Message.dedupe_key))
