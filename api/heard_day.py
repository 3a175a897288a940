"""What a day that was sent says to the safety rules, whatever becomes of the day."""

import datetime
from collections.abc import Mapping
from typing import Any, Literal

from flask import request

from api.auth import connection, now, principal, release_connection
from api.bodies import read_leniently
from api.safety_card import shown_card
from care import safety
from care.principal import Chart
from care.protocol import APPLYING, Outcome, Verdict
from clinical.checkins import readable

_STORED = (*APPLYING, Verdict.DUPLICATE)
Heard = tuple[Chart, datetime.date, Literal["app", "staff"]]


def day_asked(heard: Heard, raw: Any, outcome: Outcome | None) -> safety.DayAsked:
    """What a body says, as far as it can be understood, for the safety rules; no outcome: it was
    refused."""
    chart, date, source = heard
    told = raw if isinstance(raw, Mapping) else {}
    recorded_at = told.get("recorded_at")
    key = f"{date}|{recorded_at}" if isinstance(recorded_at, str) else str(date)
    word = "refused" if outcome is None else outcome.verdict.value
    sent = _sent_name(key, outcome)
    return safety.DayAsked(chart, date, readable(told), source, key, word, sent)


def _sent_name(said: str, outcome: Outcome | None) -> str | None:
    """What tells this sending from any other, for ever: the sender's own name for it, else the
    revision it made or found. Of one that left nothing there is no telling: it is heard anew."""
    op_id = request.headers.get("Idempotency-Key")
    if op_id is not None:
        return f"{said}|{principal().membership_id}|{op_id}"
    if outcome is None or outcome.day is None or outcome.verdict not in _STORED:
        return None
    return f"{said}|r{outcome.day['revision']}"


def hear_all_the_same(heard: Heard) -> None:
    """A day that was not taken has told what it told: ask of that, in a transaction of its own.

    If that cannot be written either, the answer is that failure: the sender tries again.
    """
    told = day_asked(heard, read_leniently(request), None)
    if not safety.may_fire(told.answers):
        return
    release_connection()
    card = safety.ask_of_day(connection(), principal(), told, now())
    connection().commit()
    shown_card(card)
