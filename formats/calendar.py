"""A calendar feed (RFC 5545): when, and not what for; whoever sees the calendar learns no more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

# As with letters: no word of health, of who treats, or of what is done.
_WORDS = {
    "en": {"appointment": "Appointment", "entry": "Interlude"},
    "de": {"appointment": "Termin", "entry": "Interlude"},
}
_READ_AGAIN = timedelta(hours=4)  # (u)
# A day long past, on which the daily entry began: every calendar counts on from it.
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry: `uid` stays the same, `revision` counts its changes."""

    uid: str
    begins: datetime
    ends: datetime
    revision: int
    changed_at: datetime
    is_cancelled: bool


def feed(appointments: Iterable[Appointment], reminder_at: time | None, language: str) -> bytes:
    """The feed: the appointments, and each day's entry at its hour where one is wanted."""
    words = _WORDS.get(language.partition("-")[0].lower(), _WORDS["en"])
    calendar = Calendar()
    calendar.add("prodid", "-//Interlude//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Interlude")
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"VALUE": "DURATION"})
    for appointment in appointments:
        calendar.add_component(_event(appointment, words["appointment"]))
    if reminder_at is not None:
        calendar.add_component(_daily(reminder_at, words["entry"]))
    written: bytes = calendar.to_ical()
    return written


def _event(appointment: Appointment, title: str) -> Event:
    event = Event()
    event.add("uid", f"{appointment.uid}@interlude")
    event.add("dtstamp", appointment.changed_at)
    event.add("dtstart", appointment.begins)
    event.add("dtend", appointment.ends)
    event.add("sequence", appointment.revision)
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    event.add("summary", title)
    event.add("class", "PRIVATE")
    return event


def _daily(at: time, title: str) -> Event:
    """Each day at this hour by the phone's own clock, whatever zone it is in."""
    begins = datetime.combine(_FIRST_DAY.date(), at)  # without a zone, which is that
    event = Event()
    event.add("uid", "daily@interlude")
    event.add("dtstamp", _FIRST_DAY)
    event.add("dtstart", begins)
    event.add("duration", timedelta(minutes=5))
    event.add("rrule", {"freq": "daily"})
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta())
    event.add_component(alarm)
    return event
