"""What a letter's words are made of, looked up when it is sent: by then nobody may want it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from care import form_letters, invitations, reminders, resets, visit_letters
from care.keys import Keys
from care.refusals import NotFound

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are written: the server's keys, and the address its links begin with."""

    keys: Keys
    base: str


def facts(connection: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    """What the letter tells; None where what it tells of is over."""
    return _FACTS.get(letter.kind, _of_page)(connection, desk, letter, now)


def _of_page(_: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    return {"link": f"{desk.base}/"}  # from where everybody gets to their own page


def _of_invitation(connection: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    invitation_id = UUID(letter.params["invitation_id"])
    try:
        invitation = invitations.find(connection, invitation_id)
    except NotFound:  # its clinic is shut
        return None
    if not invitations.is_open(invitation, now):
        return None
    # Behind the # it reaches no server's log, and no other site.
    token = desk.keys.invitation_token(invitation_id)
    return {"link": f"{desk.base}/join#{token}", "days": invitations.LIFETIME.days}


def _of_reset(connection: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    reset_id = UUID(letter.params["reset_id"])
    try:
        reset = resets.find(connection, reset_id)
    except NotFound:
        return None
    if not resets.is_open(reset, now):
        return None
    minutes = int(resets.LIFETIME.total_seconds() / 60)
    return {"link": f"{desk.base}/reset#{desk.keys.reset_token(reset_id)}", "minutes": minutes}


def _of_reminder(connection: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    is_wanted = reminders.still_wanted(connection, letter, now)
    return _of_page(connection, desk, letter, now) if is_wanted else None


def _of_visit(connection: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    is_wanted = visit_letters.still_wanted(connection, letter, now)
    return _of_page(connection, desk, letter, now) if is_wanted else None


def _of_form(connection: Connection, desk: Desk, letter: Any, now: datetime) -> Facts | None:
    is_wanted = form_letters.still_wanted(connection, letter)
    return _of_page(connection, desk, letter, now) if is_wanted else None


_FACTS: Mapping[str, Callable[[Connection, Desk, Any, datetime], Facts | None]] = {
    "invitation": _of_invitation,
    "reset": _of_reset,
    "reminder": _of_reminder,
    "form": _of_form,
    "prepare": _of_visit,
    "aftercare": _of_visit,
}
