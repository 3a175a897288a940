"""Letters go out: claimed and committed, sent with no transaction open, then settled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from care import letters, outbox, resets
from care.channels import Channels, NotSent, Outgoing, send
from care.letters import Desk, Facts
from care.outbox import Sender
from formats.letters import compose
from models.engine import Database

# So much of a claim must be left for a letter to be begun: the longest any channel takes.
_ONE_LETTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Office:
    """What one process of jobs works with; `name` is its own among all of them."""

    database: Database
    desk: Desk
    channels: Channels
    clock: Callable[[], datetime]
    name: str


def deliver(office: Office) -> int:
    """Send what is due and can be sent; answers how many letters went out."""
    _put_resets(office)
    if not office.channels:
        return 0
    sender = Sender(office.name, tuple(office.channels))
    with office.database.begin(write=False) as connection:
        waiting = outbox.clinics_waiting(connection, sender.channels, office.clock())
    return sum(deliver_for(office, clinic_id) for clinic_id in waiting)


def _put_resets(office: Office) -> None:
    # Looked first: on SQLite a writer takes the one place there is.
    with office.database.begin(write=False) as connection:
        if not resets.are_waiting(connection):
            return
    with office.database.begin(write=True) as connection:
        resets.put_letters(connection, office.clock())
        connection.commit()


def deliver_for(office: Office, clinic_id: Any) -> int:
    """The same for one clinic."""
    sender = Sender(office.name, tuple(office.channels))
    with office.database.begin(write=True) as connection:
        claimed = outbox.claim(connection, clinic_id, sender, office.clock())
        connection.commit()
    return sum(_carry(office, letter) for letter in claimed)


def _carry(office: Office, letter: Any) -> bool:
    """Whether this letter went out."""
    now = office.clock()
    if letter.claimed_until - now < _ONE_LETTER:
        return False  # the ones before took long: it is free again soon
    if letter.expires_at is not None and letter.expires_at <= now:
        return _settled(office, letter, fault="expired")
    with office.database.begin(write=False) as connection:
        told = letters.facts(connection, office.desk, letter, now)
    if told is None:
        return _settled(office, letter, fault="obsolete")
    try:
        send(office.channels, letter.channel, _outgoing(letter, told, now))
    except NotSent as failed:
        return _failed(office, letter, failed)
    _settled(office, letter, fault=None)
    return True


def _outgoing(letter: Any, told: Facts, now: datetime) -> Outgoing:
    words = compose(letter.kind, letter.language, told)
    return Outgoing(letter.id, letter.recipient, words.subject, words.text, now)


def _failed(office: Office, letter: Any, failed: NotSent) -> bool:
    structlog.get_logger().warning("letter not sent", letter=str(letter.id), fault=failed.fault)
    if failed.is_refused and letter.attempts >= outbox.REFUSALS_BORNE:
        return _settled(office, letter, fault=failed.fault)
    with office.database.begin(write=True) as connection:
        outbox.postpone(connection, letter, office.clock(), failed.fault)
        connection.commit()
    return False


def _settled(office: Office, letter: Any, *, fault: str | None) -> bool:
    """False, for whoever settles a letter that did not go out."""
    with office.database.begin(write=True) as connection:
        outbox.settle(connection, letter, office.clock(), fault=fault)
        connection.commit()
    return False
