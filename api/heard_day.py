"""What a day that was sent says to the safety rules, whatever becomes of the day."""

import datetime
import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from flask import request

from api.attempts import another_follows
from api.auth import connection, now, principal, release_connection
from api.bodies import raw_of, read_json, read_leniently
from api.overheard import found_in
from api.problems import Problem
from api.safety_card import shown_card
from care import safety
from care.principal import Chart
from care.protocol import APPLYING, Outcome, Verdict
from clinical.checkins import readable, weight
from clinical.days import local_day

_STORED = (*APPLYING, Verdict.DUPLICATE)
Heard = tuple[Chart, datetime.date, Literal["app", "staff"]]


def day_asked(
    heard: Heard, raw: Any, outcome: Outcome | None, *, op_id: str | None = None
) -> safety.DayAsked:
    """What a body says, as far as it can be understood, for the safety rules; no outcome: it was
    refused. `op_id` is the sender's own name for it, else the request's."""
    chart, date, source = heard
    told = raw if isinstance(raw, Mapping) else {}
    recorded_at = told.get("recorded_at")
    key = f"{date}|{recorded_at}" if isinstance(recorded_at, str) else str(date)
    word = "refused" if outcome is None else outcome.verdict.value
    name = op_id or request.headers.get("Idempotency-Key")
    sent = _sent_name(key, outcome, name)
    return safety.DayAsked(chart, date, readable(told), source, key, word, sent)


def _sent_name(said: str, outcome: Outcome | None, op_id: str | None) -> str | None:
    """What tells this sending from any other, for ever: the sender's own name for it, else the
    revision it made or found. Of one that left nothing there is no telling: it is heard anew."""
    if op_id is not None:
        return f"{said}|{principal().membership_id}|{op_id}"
    if outcome is None or outcome.day is None or outcome.verdict not in _STORED:
        return None
    return f"{said}|r{outcome.day['revision']}"


def hear_all_the_same(heard: Heard) -> None:
    """A day that was not taken has told what it told: ask of that, in a transaction of its own.

    If that cannot be written either, the answer is that failure: the sender tries again. Where the
    view itself is about to be tried again, that hears it.
    """
    if another_follows(sys.exception()):
        return
    told = day_asked(heard, read_leniently(request), None)
    if not safety.may_fire(told.answers):
        return
    release_connection()
    card = safety.ask_of_day(connection(), principal(), told, now())
    connection().commit()
    shown_card(card)


# More answers than these in one refused body are heard as far as they say most (u).
_MOST_HEARD = 400
# What names an item is taken from one that was refused only if it can be a name at all.
_NAMING = ("op_id", "recorded_at", "date")
_PLAIN = re.compile(r"[!-~]{1,128}")


def items_asked(
    chart: Chart, items: Sequence[Any], outcomes: Sequence[Outcome | None]
) -> list[safety.DayAsked]:
    """What the items of a batch say to the safety rules, whatever became of each."""
    told = [(_said(item, outcome), outcome) for item, outcome in zip(items, outcomes, strict=True)]
    return [_item_asked(chart, item, outcome) for item, outcome in told if _is_told(item)]


def _said(item: Any, outcome: Outcome | None) -> Mapping[str, Any]:
    """An item as far as it can be understood; of one that was refused also what stands in it where
    it does not belong, or is no word."""
    if outcome is not None and isinstance(item, Mapping):
        return item
    whole = {
        name: value
        for name, value in (item.items() if isinstance(item, Mapping) else ())
        if name not in _NAMING or (isinstance(value, str) and _PLAIN.fullmatch(value))
    }
    if readable(whole)["suicidal_thoughts"] is not None:
        return whole
    return {**whole, **found_in(json.dumps(item).encode())}


def _is_told(item: Mapping[str, Any]) -> bool:
    return safety.may_fire(readable(item))


def _item_asked(chart: Chart, item: Mapping[str, Any], outcome: Outcome | None) -> safety.DayAsked:
    named = item.get("op_id")
    op_id = named if isinstance(named, str) else None
    return day_asked((chart, _day_told(item, chart), "app"), item, outcome, op_id=op_id)


def _day_told(item: Mapping[str, Any], chart: Chart) -> datetime.date:
    """The day an item is about; the patient's today where that cannot be read."""
    try:
        return datetime.date.fromisoformat(item["date"])
    except (TypeError, ValueError, KeyError):
        return local_day(now(), chart.timezone, chart.days.day_boundary_minutes)


def hear_batch_all_the_same(chart: Chart) -> None:
    """A batch that was not taken as a whole has told what its items tell."""
    if another_follows(sys.exception()):
        return
    told = [said for item in _items_leniently() if _is_told(said := _said(item, None))]
    if not told:
        told = [said for said in [found_in(raw_of(request))] if _is_told(said)]
    if not told:
        return
    told.sort(key=lambda item: -weight(readable(item)["suicidal_thoughts"]))
    heard = told[:_MOST_HEARD]
    release_connection()
    asked = items_asked(chart, heard, [None] * len(heard))
    cards = [safety.ask_of_day(connection(), principal(), one, now()) for one in asked]
    connection().commit()
    shown_card(next((card for card in cards if card is not None), None))


def _items_leniently() -> Sequence[Any]:
    """The items of a body; what is found in it at all where they cannot be read."""
    try:
        raw = read_json(request, apart="items")
        items = raw["items"] if isinstance(raw, Mapping) else None
    except (Problem, KeyError):
        items = None
    return items if isinstance(items, list) else []
