"""A visit for treatment as plain values, and what in it is impossible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from clinical.days import local_day
from clinical.doses import DOSE_KEYS, dose_faults
from clinical.plans import TEMPLATES
from clinical.remarks import Remark, number_fault, one_of_fault
from clinical.treatments import HAPPENED, PREGNANCY_STATUSES, STATUS_REASONS, STATUSES
from clinical.vitals import (
    reading_faults,
    weight_fault,
)

# A device's clock may be that far ahead of ours (u).
CLOCK_TOLERANCE = timedelta(minutes=5)
LEAST_MINUTES, MOST_MINUTES = 5, 1440
LONGEST = timedelta(minutes=MOST_MINUTES)
# How long a visit takes where neither its route nor anybody has said (u).
USUAL_MINUTES = 120

# What a record of a visit says besides its doses and readings.
COLUMNS = (
    "course_id",
    "status",
    "status_reason",
    "status_note",
    "scheduled_at",
    "scheduled_minutes",
    "timezone",
    "started_at",
    "stopped_at",
    "planned",
    "weight_kg",
    "last_food_at",
    "last_drink_at",
    "driver_confirmed",
    "pregnancy_status",
    "adverse_effects",
    "rescue_medications",
    "ready_to_leave_at",
    "given_by",
    "note",
)
# What takes the patient's time: no two of these may overlap.
TAKES_TIME = ("booked", "completed", "aborted")


@dataclass(frozen=True, slots=True)
class Visit:
    """`columns` by COLUMNS and `local_date`, doses in the order given, readings by minute."""

    columns: Mapping[str, Any]
    doses: Sequence[Mapping[str, Any]] = ()
    vitals: Mapping[int, Mapping[str, Any]] | None = None
    # Where each reading stands in the request, for the faults found in it.
    sent: Mapping[int, int] | None = None
    # Where a minute stands there that had been listed before.
    twice: Sequence[int] = ()

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]

    @property
    def readings(self) -> Mapping[int, Mapping[str, Any]]:
        return self.vitals or {}

    @property
    def begins(self) -> datetime | None:
        """When it began, or is booked to."""
        instant: datetime | None = self["started_at"] or self["scheduled_at"]
        return instant

    @property
    def has_begun(self) -> bool:
        """Whether anything was recorded of the session itself, and not only of its booking."""
        return self["status"] in HAPPENED or self["started_at"] is not None or bool(self.readings)

    @property
    def calendar_day(self) -> date | None:
        """The date on the wall of the place: holidays, courses and plans are kept by it, whenever
        the patient's own day begins."""
        return None if self.begins is None else local_day(self.begins, self["timezone"], 0)

    @property
    def route(self) -> str | None:
        """By which route it was, or is planned to be; None when nothing says so."""
        first = next(iter(self.doses), self["planned"])
        return None if first is None else first["route"]

    @property
    def ends(self) -> datetime | None:
        """When it ended, or is expected to."""
        if self["stopped_at"] is not None:
            stopped: datetime = self["stopped_at"]
            return stopped
        minutes = self["scheduled_minutes"] or usual_minutes(self.route)
        return None if self.begins is None else self.begins + timedelta(minutes=minutes)

    def where(self, minute: int) -> str:
        """The pointer to the reading of a minute."""
        return f"/vitals/{(self.sent or {}).get(minute, 0)}"

    @property
    def when(self) -> str:
        """The pointer to what says when it was."""
        return "/scheduled_at" if self["started_at"] is None else "/started_at"


@dataclass(frozen=True, slots=True)
class Around:
    """What a visit is judged by besides itself. `course` is (started, ended); None without one."""

    now: datetime
    birth_date: date
    registered_at: datetime
    course: tuple[date, date | None] | None = None
    last_weight_kg: float | None = None
    holidays: frozenset[date] = frozenset()


def usual_minutes(route: str | None) -> int:
    """How long a visit by this route takes, as the route's plan has it."""
    minutes: int = TEMPLATES.get(str(route), {}).get("session_minutes", USUAL_MINUTES)
    return minutes


def same(one: Visit, other: Visit) -> bool:
    """Whether two records of a visit say the same; the order of doses does not count. One that
    contradicts itself is the same as none."""
    return (
        not one.twice
        and not other.twice
        and one.columns == other.columns
        and _sorted(one.doses) == _sorted(other.doses)
        and one.readings == other.readings
    )


def _sorted(doses: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return sorted([repr(dose[key]) for key in DOSE_KEYS] for dose in doses)


def overlap(one: Visit, other: Visit) -> bool:
    """Whether two visits claim the same minute; where one ends the next may begin."""
    assert one.begins and one.ends and other.begins and other.ends  # no fault was found in them
    moment = timedelta(minutes=1)  # what began and ended at once still was there
    return one.begins < max(other.ends, other.begins + moment) and other.begins < max(
        one.ends, one.begins + moment
    )


def loses(stored: Visit, visit: Visit) -> bool:
    """Whether anything that is stored would be gone or otherwise: adding loses nothing."""
    columns = any(
        value not in (None, []) and visit.columns[name] != value
        for name, value in stored.columns.items()
        if name != "local_date"  # follows from the others
    )
    doses = bool(stored.doses) and _sorted(stored.doses) != _sorted(visit.doses)
    readings = any(
        visit.readings.get(minute) != reading for minute, reading in stored.readings.items()
    )
    return columns or doses or readings


def faults(visit: Visit, around: Around) -> list[Remark]:
    """Everything impossible about a visit, each with a pointer into the request."""
    found = [*_of_values(visit), *_of_status(visit), *_of_times(visit, around)]
    found += _of_effects(visit, around.now)
    for number, dose in enumerate(visit.doses):
        found += dose_faults(dose, f"/doses/{number}")
        found += _of_dose_time(visit, dose, (number, around.now))
    for minute, reading in visit.readings.items():
        found += reading_faults(minute, reading, visit.where(minute))
    for place in visit.twice:
        found.append(Remark(f"/vitals/{place}/minute", "This minute is listed twice."))
    return found


def _of_values(visit: Visit) -> list[Remark]:
    found = [
        one_of_fault("/status", visit["status"], STATUSES),
        one_of_fault("/status_reason", visit["status_reason"], (None, *STATUS_REASONS)),
        one_of_fault("/pregnancy_status", visit["pregnancy_status"], (None, *PREGNANCY_STATUSES)),
    ]
    if visit["weight_kg"] is not None:
        found.append(weight_fault(visit["weight_kg"]))
    if visit["scheduled_minutes"] is not None:
        minutes = visit["scheduled_minutes"]
        found.append(number_fault("/scheduled_minutes", minutes, LEAST_MINUTES, MOST_MINUTES))
    return [fault for fault in found if fault is not None]


def _of_status(visit: Visit) -> Iterator[Remark]:
    status = visit["status"]
    happened = status in HAPPENED
    if happened and visit["started_at"] is None:
        yield Remark("/started_at", "What has happened began at some time.")
    if not happened and visit["scheduled_at"] is None:
        yield Remark("/scheduled_at", "What has not happened was booked for some time.")
    if status in ("cancelled", "missed") and visit["started_at"] is not None:
        yield Remark("/started_at", "Must be null: it never began.")
    if status in ("cancelled", "missed", "aborted") and visit["status_reason"] is None:
        yield Remark("/status_reason", "Say why.")
    if status in ("booked", "completed") and visit["status_reason"] is not None:
        yield Remark("/status_reason", "Must be null: nothing hindered it.")
    if not happened and visit.doses:
        yield Remark("/doses", "Doses belong to what was completed or aborted.")
    if status == "missed" and visit.readings:
        yield Remark("/vitals", "Nobody came: nothing was measured.")
    if not happened and visit["stopped_at"] is not None:
        yield Remark("/stopped_at", "Must be null until it is completed or aborted.")


def _of_times(visit: Visit, around: Around) -> Iterator[Remark]:
    started, stopped = visit["started_at"], visit["stopped_at"]
    latest = around.now + CLOCK_TOLERANCE
    for name in ("started_at", "stopped_at", "last_food_at", "last_drink_at", "ready_to_leave_at"):
        if visit[name] is not None and visit[name] > latest:
            yield Remark(f"/{name}", "Must not be in the future.")
    scheduled = visit["scheduled_at"]
    if visit["status"] == "missed" and scheduled is not None and scheduled > latest:
        yield Remark("/status", "Its time lies ahead: nobody has missed it yet.")
    if stopped is not None and started is not None and not started <= stopped <= started + LONGEST:
        yield Remark("/stopped_at", "Must be within 24 hours after started_at.")
    for name in ("last_food_at", "last_drink_at"):
        if visit[name] is not None and started is not None and visit[name] > started:
            yield Remark(f"/{name}", "Must not be after started_at.")
    ready = visit["ready_to_leave_at"]
    if ready is not None and started is not None and ready < started:
        yield Remark("/ready_to_leave_at", "Must not be before started_at.")
    for minute in visit.readings if started is not None else ():
        if started + timedelta(minutes=minute) > latest:
            yield Remark(f"{visit.where(minute)}/minute", "Must not be in the future.")
    day = visit.columns.get("local_date")
    if day is not None and day < around.birth_date:
        yield Remark(visit.when, "Must not be before the patient's birth.")
    on = visit.calendar_day
    if on is not None and around.course is not None and on < around.course[0]:
        yield Remark("/course_id", "This course began later.")


def _of_effects(visit: Visit, now: datetime) -> Iterator[Remark]:
    for number, effect in enumerate(visit["adverse_effects"] or ()):
        onset, offset = effect.get("onset_minute"), effect.get("offset_minute")
        if onset is not None and offset is not None and offset < onset:
            pointer = f"/adverse_effects/{number}/offset_minute"
            yield Remark(pointer, "Must not be before onset_minute.")
    for number, medicine in enumerate(visit["rescue_medications"] or ()):
        given = medicine.get("given_at")  # text: it is kept as JSON
        if given is not None and datetime.fromisoformat(given) > now + CLOCK_TOLERANCE:
            pointer = f"/rescue_medications/{number}/given_at"
            yield Remark(pointer, "Must not be in the future.")


def _of_dose_time(
    visit: Visit, dose: Mapping[str, Any], told: tuple[int, datetime]
) -> Iterator[Remark]:
    number, now = told
    given, started = dose["given_at"], visit["started_at"]
    pointer = f"/doses/{number}/given_at"
    if given is None or started is None:
        return  # without a start there is a fault already
    if given > now + CLOCK_TOLERANCE:
        yield Remark(pointer, "Must not be in the future.")
    elif not started <= given <= (visit["stopped_at"] or started + LONGEST):
        yield Remark(pointer, "Must be within the session.")
