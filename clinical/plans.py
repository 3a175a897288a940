"""Plans of a course: one template per route, and the dates a plan proposes for what comes next.

A plan is plain JSON, so that a clinician can edit it: steps of so many sessions so many days apart,
then maintenance. A proposal is arithmetic on a calendar; nobody is booked by it.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, count, cycle, islice, repeat
from typing import Any

# Bounds of what can be written into a plan: room for everything in 4-clinical 2a and far more.
MOST_STEPS = 12
MOST_SESSIONS = 100
MOST_GAPS = 14
MOST_DAYS_APART = 365
SHORTEST_SESSION_MINUTES, LONGEST_SESSION_MINUTES = 15, 720
# ISO: 1 is Monday. Clinics are taken to be open from Monday to Friday (u).
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OPEN_WEEKDAYS = [1, 2, 3, 4, 5]
_ONE_DAY = timedelta(days=1)

_THRICE_WEEKLY, _TWICE_WEEKLY, _WEEKLY = [2, 2, 3], [3, 4], [7]


def _plan(
    *steps: tuple[int, list[int]], maintenance_days_apart: int | None, session_minutes: int
) -> dict[str, Any]:
    return {
        "steps": [{"sessions": sessions, "days_apart": apart} for sessions, apart in steps],
        "maintenance_days_apart": maintenance_days_apart,
        "session_minutes": session_minutes,
        "open_weekdays": _OPEN_WEEKDAYS,
    }


# 4-clinical 2a. Six infusions, thrice weekly for two weeks [S37]; maintenance is "as needed", every
# 28 days until somebody says otherwise (u); 40 min of infusion and the time until the blood
# pressure is normal again, 90 min [S48], within 120 min (u).
_INFUSIONS = _plan((6, _THRICE_WEEKLY), maintenance_days_apart=28, session_minutes=120)
# Weeks 1-4 twice weekly, 5-8 weekly, then every two weeks [S40]; two hours of observation [S49] and
# half an hour before (u).
_NASAL = _plan((8, _TWICE_WEEKLY), (4, _WEEKLY), maintenance_days_apart=14, session_minutes=150)
# One to three a week: two; a course of three months [S41], and no maintenance after it (u).
_SWALLOWED = _plan((24, _TWICE_WEEKLY), maintenance_days_apart=None, session_minutes=120)

TEMPLATES: Mapping[str, Mapping[str, Any]] = {
    "intravenous": _INFUSIONS,
    "intranasal": _NASAL,
    "intramuscular": _INFUSIONS,
    "subcutaneous": _INFUSIONS,
    "oral": _SWALLOWED,
    "sublingual": _SWALLOWED,
}
TEMPLATE_SOURCES: Mapping[str, str] = {
    "intravenous": "Six in two weeks, then as needed (28 days to begin with).",
    "intranasal": "The label's schedule of esketamine: twice weekly, weekly, every two weeks.",
    "intramuscular": "As intravenous.",
    "subcutaneous": "As intravenous.",
    "oral": "One to three a week for three months (twice weekly to begin with).",
    "sublingual": "One to three a week for three months (twice weekly to begin with).",
}


def template(route: str) -> dict[str, Any]:
    """The route's plan, a copy of one's own to edit."""
    return deepcopy(dict(TEMPLATES[route]))


@dataclass(frozen=True, slots=True)
class SoFar:
    """Where a course stands: its first day, the days with a session, and the day it is asked."""

    started_on: date
    session_dates: Iterable[date]
    today: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """`due_on` is the day the plan says, `reason` why `on` is another; None when it is not.

    `number` counts the course's sessions from 1.
    """

    number: int
    on: date
    due_on: date
    reason: str | None


def days_apart(plan: Mapping[str, Any]) -> Iterator[int]:
    """The days between each session and the next, from the second on; ends where the plan does.

    The first step's first session is the start itself, so that step has one gap less.
    """
    steps = [islice(cycle(step["days_apart"]), step["sessions"]) for step in plan["steps"]]
    first = plan["steps"][0]
    steps[0] = islice(cycle(first["days_apart"]), first["sessions"] - 1)
    maintenance = plan["maintenance_days_apart"]
    return chain(*steps, () if maintenance is None else repeat(maintenance))


def proposed_dates(
    plan: Mapping[str, Any], so_far: SoFar, holidays: Mapping[date, str], *, limit: int
) -> list[Proposal]:
    """The next sessions, at most `limit`; fewer where the plan ends.

    Each counts from the session before it, held or proposed, so a session held as proposed changes
    nothing about the rest. None is before the course's first day. A day that is closed gives way to
    the nearest open one, the earlier of two as near: a dose is due before the effect of the last
    has gone (4-clinical 2a [S36]). What is overdue is due today.
    """
    held = sorted(set(so_far.session_dates))
    gaps = islice(days_apart(plan), max(len(held) - 1, 0), None)
    due = so_far.started_on
    if held:
        gap = next(gaps, None)
        if gap is None:
            return []
        due = held[-1] + timedelta(days=gap)
    earliest = max([so_far.today, so_far.started_on, *(day + _ONE_DAY for day in held[-1:])])
    found: list[Proposal] = []
    for number in range(len(held) + 1, len(held) + 1 + limit):
        on, reason = _open_day(due, earliest, plan["open_weekdays"], holidays)
        found.append(Proposal(number, on, due, reason))
        gap = next(gaps, None)
        if gap is None:
            break
        due, earliest = on + timedelta(days=gap), on + _ONE_DAY
    return found


def _open_day(
    due: date, earliest: date, open_weekdays: Iterable[int], holidays: Mapping[date, str]
) -> tuple[date, str | None]:
    """The open day nearest to the one that is due, and why it is another."""
    wanted = max(due, earliest)
    reason = _closed(wanted, open_weekdays, holidays) or ("overdue" if wanted > due else None)
    for distance in count():
        for day in (wanted - distance * _ONE_DAY, wanted + distance * _ONE_DAY):
            if day >= earliest and _closed(day, open_weekdays, holidays) is None:
                return day, reason
    raise AssertionError("a plan has an open weekday")


def _closed(day: date, open_weekdays: Iterable[int], holidays: Mapping[date, str]) -> str | None:
    if day in holidays:
        return f"holiday: {holidays[day]}"
    if day.isoweekday() not in open_weekdays:
        return f"closed: {WEEKDAYS[day.isoweekday() - 1]}"
    return None
