"""A day as it is read from what was sent, and as it is shown."""

import datetime
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from marshmallow import Schema, ValidationError

from api.answers import CheckinIn, Entered
from api.auth import now, principal
from api.routes import MOST_FAULTS, load
from care.checkins import date_faults
from care.principal import Chart
from care.protocol import Entry
from care.refusals import Fault, Invalid
from clinical.checkins import ANSWER_KEYS, clinic_faults
from clinical.windows import Anchor

_CHECKIN_IN = CheckinIn()
_WHEN_AND_WHERE = Entered()


def read_entry(raw: Any, day: datetime.date, chart: Chart) -> Entry:
    """The body as an entry; Invalid names every fault, the clinic's own rules' included."""
    return entry_of(day, load_here(_CHECKIN_IN, raw, day, chart))


def load_here(schema: Schema, raw: Any, day: datetime.date | None, chart: Chart) -> dict[str, Any]:
    """A body that says something of a day; Invalid names its faults, and those of the clinic's
    rules and of the date. Where these are all there are, care decides: they count only if it would
    be written.
    """
    told = raw if isinstance(raw, Mapping) else {}
    try:
        return load(schema, raw)
    except Invalid as invalid:
        named = {fault.pointer for fault in invalid.faults}
        more = faults_here(told) + ([] if day is None else faults_of_date(day, chart, told))
        more = [fault for fault in more if fault.pointer not in named]
        raise Invalid((invalid.faults + more)[:MOST_FAULTS]) from None


def entry_of(day: datetime.date, body: Mapping[str, Any]) -> Entry:
    """A body that was loaded, as an entry."""
    answers = {key: body[key] for key in ANSWER_KEYS}
    return Entry(day, answers, body["recorded_at"], body["timezone"])


def faults_here(told: Mapping[str, Any]) -> list[Fault]:
    """What this clinic cannot take of a day."""
    rules = principal().clinic
    found = clinic_faults(told, rules.measures, asks_safety=rules.asks_safety)
    return [Fault(pointer, detail) for pointer, detail in found]


def faults_of_date(day: datetime.date, chart: Chart, told: Mapping[str, Any]) -> list[Fault]:
    """The fault of the date of a body that has others; none where its clock cannot be read."""
    try:
        entry = _WHEN_AND_WHERE.load({key: told.get(key) for key in ("recorded_at", "timezone")})
    except ValidationError:
        return []
    return date_faults(Entry(day, {}, entry["recorded_at"], entry["timezone"]), chart, now())


def shown(day: Mapping[str, Any], anchor: Anchor) -> dict[str, Any]:
    """A day as the API shows it, with what is derived from the sessions around it."""
    derived = {name: getattr(anchor, name) for name in ("session_id", "day_offset", "pre_dose")}
    return {**stored(day), **derived}


def stored(day: Mapping[str, Any]) -> dict[str, Any]:
    """A day as it is stored, under the names the API shows."""
    body = {key: value for key, value in day.items() if key != "local_date"}
    return {"date": day["local_date"], **body}


def tag(revision: int, anchor: Anchor) -> str:
    """`r<revision>.<anchor>`: the anchor moves when a session around the day does."""
    derived = [anchor.session_id, anchor.day_offset, anchor.pre_dose]
    told = hashlib.sha256(orjson.dumps(derived)).hexdigest()[:8]
    return f"r{revision}.{told}"
