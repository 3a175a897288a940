"""From what was sent about a session, and what is stored, to the session as it would be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from care.principal import Chart, Principal
from care.refusals import Fault, Invalid
from clinical.days import local_day, timezones
from clinical.doses import DOSE_KEYS
from clinical.treatments import HAPPENED
from clinical.visits import COLUMNS, Visit
from clinical.vitals import READINGS, says_nothing
from models.db import as_json


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """What somebody says about one session: the values they sent, and what they stand by.

    `given` is as the API's body after its schema; `confirmed` holds the JSON pointers of unlikely
    values that were asked about; `import_key` names an imported row for ever.
    """

    chart: Chart
    session_id: UUID
    given: Mapping[str, Any]
    confirmed: frozenset[str] = frozenset()
    source: Literal["staff", "import"] = "staff"
    import_key: str | None = None


_JSON = ("planned", "adverse_effects", "rescue_medications")
_MOMENT = ("started_at", "scheduled_at", "timezone")


def filled_in(entry: SessionEntry, principal: Principal, stored: Visit | None) -> Visit:
    """The visit a SessionEntry would make of the stored one, None for a new one.

    What is not sent stays, doses are replaced whole, readings minute by minute; the day is fixed
    anew only when the time is. Invalid for a time zone there is none of.
    """
    given = entry.given
    columns = dict.fromkeys((*COLUMNS, "local_date")) if stored is None else dict(stored.columns)
    columns |= {name: given[name] for name in COLUMNS if name in given}
    columns |= {name: as_json(columns[name]) for name in _JSON}
    columns["status"] = columns["status"] or "booked"
    columns["timezone"] = columns["timezone"] or principal.clinic.timezone
    if columns["status"] in ("booked", "completed") and "status_reason" not in given:
        columns["status_reason"] = None  # what hindered it is over
    if columns["given_by"] is None and columns["status"] in HAPPENED and entry.source == "staff":
        columns["given_by"] = principal.membership_id
    _fix_day(columns, stored, entry.chart.days.day_boundary_minutes)
    vitals, sent, twice = _merged_readings(given.get("vitals") or (), stored)
    return Visit(columns, _doses(given, columns, stored), vitals, sent, twice)


def _fix_day(columns: dict[str, Any], stored: Visit | None, day_boundary_minutes: int) -> None:
    if columns["timezone"] not in timezones():
        raise Invalid([Fault("/timezone", "Must be an IANA time zone like Europe/Berlin.")])
    if stored is not None and all(columns[name] == stored[name] for name in _MOMENT):
        return  # a patient's new day boundary moves no session
    begins = columns["started_at"] or columns["scheduled_at"]
    if begins is not None:
        columns["local_date"] = local_day(begins, columns["timezone"], day_boundary_minutes)


def _doses(
    given: Mapping[str, Any], columns: Mapping[str, Any], stored: Visit | None
) -> Sequence[Mapping[str, Any]]:
    if given.get("doses") is None:
        return () if stored is None else stored.doses
    return [_dose(dose, columns["started_at"]) for dose in given["doses"]]


def _dose(given: Mapping[str, Any], started_at: datetime | None) -> dict[str, Any]:
    """A dose as it is stored, so that two can be compared: given at the start unless told."""
    dose = {key: given.get(key) for key in DOSE_KEYS}
    given_at = dose["given_at"] or started_at
    dose["given_at"] = None if given_at is None else given_at.astimezone(UTC)
    amount = given.get("dose_mg")  # a file may lack it, and then it is judged as missing
    dose["dose_mg"] = None if amount is None else float(amount)
    return dose


def _merged_readings(
    given: Sequence[Mapping[str, Any]], stored: Visit | None
) -> tuple[dict[int, Mapping[str, Any]], dict[int, int], list[int]]:
    """The readings by minute, where each of those sent stands, and where a minute comes again."""
    readings = {} if stored is None else dict(stored.readings)
    sent: dict[int, int] = {}
    twice = []
    for number, one in enumerate(given):
        minute = one["minute"]
        if minute in sent:
            twice.append(number)
        sent[minute] = number
        readings[minute] = {name: one.get(name) for name in READINGS}
        if says_nothing(readings[minute]):
            del readings[minute]
    return readings, sent, twice
