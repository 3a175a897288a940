"""/v1/me/reminders: when and by which way a patient is reminded of the day's entry."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from api.auth import connection, now, principal
from api.bodies import read_json
from api.fields import Code, Day, Instant, WallTime, Whole
from api.preconditions import IF_MATCH, IF_NONE_MATCH, precondition_holds
from api.problems import Problem
from api.replies import ETAG_HEADER, content_tag, reply
from api.routes import Routes, load
from care import access, patients, reminders
from care.refusals import Conflict, Fault
from clinical.days import local_day
from clinical.reminders import following, is_quiet
from models.patient import Patient

blp = Routes("reminders", "When you are reminded.")

# A text goes through the clinic's gateway, the webhook.
_CHANNELS = {"email": "email", "text": "webhook"}
_NAMES = {stored: name for name, stored in _CHANNELS.items()}
_LONGEST_PAUSE = timedelta(days=366)
_SNOOZE_MINUTES = (5, 720)  # (u)


class Reminders(Schema):
    """How you are reminded, and when next."""

    reminder_at = fields.String(required=True, allow_none=True)
    channel = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(tuple(_CHANNELS))
    )
    quiet_from = fields.String(required=True, allow_none=True)
    quiet_until = fields.String(required=True, allow_none=True)
    snoozed_until = Instant(required=True, allow_none=True)
    paused_until = fields.Date(required=True, allow_none=True)
    timezone = fields.String(required=True)
    next_at = Instant(required=True, allow_none=True)


class RemindersChange(Schema):
    """Only what is sent is changed."""

    reminder_at = WallTime(allow_none=True, metadata={"example": "20:00"})
    channel = Code(tuple(_CHANNELS), allow_none=True)
    quiet_from = WallTime(allow_none=True, metadata={"example": "22:00"})
    quiet_until = WallTime(allow_none=True, metadata={"example": "08:00"})
    paused_until = Day(allow_none=True)


class SnoozeIn(Schema):
    """For how long the next reminder is put off."""

    minutes = Whole(*_SNOOZE_MINUTES, required=True)


@blp.serve("GET", "/v1/me/reminders", "own_reminders.read", parameters=[IF_NONE_MATCH])
@blp.response(200, Reminders, headers=ETAG_HEADER)
def get_reminders() -> Response:
    """How you are reminded, and when next."""
    body = _shown(_own())
    return reply(body, etag=content_tag(body))


@blp.serve(
    "PATCH",
    "/v1/me/reminders",
    "own_reminders.write",
    problems=("invalid", "unreadable", "unsupported-media-type", "precondition-failed"),
    parameters=[IF_MATCH],
    requestBody={"required": True, "content": {"application/json": {"schema": RemindersChange}}},
)
@blp.response(200, Reminders, headers=ETAG_HEADER)
def change_reminders() -> Response:
    """Change your hour, its channel, the quiet hours, or pause: reminders begin again after a day.

    One time counts on your own clock, wherever you are: tell a new zone with `PATCH /v1/me`.
    """
    raw = read_json(request)
    own = _locked()
    body = load(RemindersChange(), raw, _faults(own, raw))
    if not precondition_holds(content_tag(_shown(own))):
        raise Problem("precondition-failed", "Your reminders have changed meanwhile.")
    if body:
        _change(_columns(body))
    return _answer()


@blp.serve("POST", "/v1/me/reminders/snooze", "own_reminders.write", problems=("conflict",))
@blp.arguments(SnoozeIn)
@blp.response(200, Reminders, headers=ETAG_HEADER)
def snooze_reminders(body: dict[str, Any]) -> Response:
    """Be reminded again so many minutes from now, unless the day is logged by then."""
    if _locked().reminder_at is None:
        raise Conflict("You are not reminded: set `reminder_at` first.")
    _change({"reminders_snoozed_until": now() + timedelta(minutes=body["minutes"])})
    return _answer()


def _own() -> Any:
    chart = access.own_chart(principal())
    own = (Patient.clinic_id == chart.clinic_id, Patient.id == chart.patient_id)
    return connection().execute(select(Patient).where(*own)).one()


def _locked() -> Any:
    patients.lock(connection(), principal(), access.own_chart(principal()).patient_id)
    return _own()


def _change(columns: Mapping[str, Any]) -> None:
    patient_id = access.own_chart(principal()).patient_id
    patients.change(connection(), principal(), (patient_id, columns), now())


def _answer() -> Response:
    body = _shown(_own())
    connection().commit()
    return reply(body, etag=content_tag(body))


def _columns(body: dict[str, Any]) -> dict[str, Any]:
    columns = dict(body)
    if "channel" in columns:
        named = columns.pop("channel")
        columns["reminder_channel"] = None if named is None else _CHANNELS[named]
    if "paused_until" in columns:
        columns["reminders_paused_until"] = columns.pop("paused_until")
    return columns


def _faults(own: Any, raw: Any) -> list[Fault]:
    """What does not fit together in what would be stored; the form of each is the schema's."""
    if not isinstance(raw, Mapping) or RemindersChange().validate(raw):
        return []
    wanted = own._asdict() | _columns(RemindersChange().load(raw))
    faults = []
    quiet = (wanted["quiet_from"], wanted["quiet_until"])
    if (quiet[0] is None) != (quiet[1] is None) or (quiet[0] is not None and quiet[0] == quiet[1]):
        faults.append(Fault("/quiet_until", "Quiet hours have a beginning and another end."))
    elif wanted["reminder_at"] is not None and is_quiet(wanted["reminder_at"], *quiet):
        faults.append(Fault("/reminder_at", "Lies in the quiet hours."))
    if wanted["reminder_channel"] == "webhook" and wanted["phone"] is None:
        faults.append(Fault("/channel", "The clinic has no telephone number of yours."))
    return faults + _pause_faults(own, raw.get("paused_until"), wanted)


def _pause_faults(own: Any, sent: Any, wanted: Mapping[str, Any]) -> list[Fault]:
    if sent is None:
        return []
    today = _today(own)
    until: date = wanted["reminders_paused_until"]
    if today <= until <= today + _LONGEST_PAUSE:
        return []
    return [Fault("/paused_until", "Must be from today to a year ahead.")]


def _today(own: Any) -> date:
    return local_day(now(), own.timezone, own.day_boundary_minutes)


def _shown(own: Any) -> dict[str, Any]:
    wishes = reminders.wishes_of(own)
    logged = reminders.last_logged(connection(), own.clinic_id, [own.id], now())
    ahead = following(wishes, now(), logged.get(own.id)) if own.reminder_channel else None
    snoozed: datetime | None = own.reminders_snoozed_until
    paused: date | None = own.reminders_paused_until
    return {
        "reminder_at": _clock(own.reminder_at),
        "channel": _NAMES.get(own.reminder_channel),
        "quiet_from": _clock(own.quiet_from),
        "quiet_until": _clock(own.quiet_until),
        "snoozed_until": snoozed if snoozed is not None and snoozed > now() else None,
        "paused_until": paused if paused is not None and paused >= _today(own) else None,
        "timezone": own.timezone,
        "next_at": None if ahead is None else ahead.due_at,
    }


def _clock(at: Any) -> str | None:
    return None if at is None else at.strftime("%H:%M")
