"""What doses taken at home fire: U1, earlier or more of them than the course's plan has (5d).

Only what is recorded can be held against the plan: its days apart. It names no amount, so an amount
is not judged here, and a dose that nobody recorded is not seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

from clinical.plans import days_apart
from clinical.safety import Finding

# Doses so close together are one, taken in parts; a day earlier than planned is no news; and more
# than planned are counted within a fortnight (u).
IN_PARTS = timedelta(hours=2)
TOLERATED_DAYS = 1
COUNTED_DAYS = 14


@dataclass(frozen=True, slots=True)
class Taken:
    """A dose by the route of its course: its instant, and the patient's day it belongs to."""

    at: datetime
    day: date


def of_home_dose(
    plan: Mapping[str, Any], doses: Sequence[Taken], this: datetime
) -> Sequence[Finding]:
    """What the dose taken at `this` fires, beside all `doses` of its course, in any order."""
    days, at = _without_parts(doses, this)
    gaps = list(islice(days_apart(plan), len(days)))
    told = [_beyond(days, gaps, at), _early(days, gaps, at), _often(days, gaps, at)]
    found = [one for one in told if one is not None]
    if not found:
        return []
    evidence: dict[str, Any] = {"codes": sorted(code for code, _ in found)}
    for _, more in found:
        evidence |= more
    return [Finding("U1", "normal", "U1", evidence)]


_Told = tuple[str, dict[str, int]] | None


def _without_parts(doses: Sequence[Taken], this: datetime) -> tuple[list[date], int]:
    """The day of each dose, one taken in parts once; and the place of `this` among them."""
    days: list[date] = []
    began: datetime | None = None
    at = 0
    for dose in sorted(doses, key=lambda one: one.at):
        if began is None or dose.at - began > IN_PARTS:
            days.append(dose.day)
            began = dose.at
        if dose.at <= this:
            at = len(days) - 1
    return days, at


def _beyond(days: Sequence[date], gaps: Sequence[int], at: int) -> _Told:
    """A dose after the last one the plan has."""
    planned = len(gaps) + 1
    return ("after_plan", {"planned_doses_in_all": planned}) if at >= planned else None


def _early(days: Sequence[date], gaps: Sequence[int], at: int) -> _Told:
    """This one sooner after the one before, or before the next, than is planned."""
    for place in (at, at + 1):
        if 1 <= place < len(days) and place <= len(gaps):
            apart, planned = (days[place] - days[place - 1]).days, gaps[place - 1]
            if apart == 0 or apart < planned - TOLERATED_DAYS:
                return "early_dose", {"days_apart": apart, "planned_days_apart": planned}
    return None


def _often(days: Sequence[date], gaps: Sequence[int], at: int) -> _Told:
    """More of them in a fortnight than are planned."""
    for last in _within_reach(days, at):
        taken = sum((days[last] - day).days < COUNTED_DAYS for day in days[: last + 1])
        days_back = accumulate(reversed(gaps[:last]))
        planned = 1 + sum(back < COUNTED_DAYS + TOLERATED_DAYS for back in days_back)
        if last <= len(gaps) and taken > planned:
            return "extra_dose", {"doses_in_14_days": taken, "planned_doses_in_14_days": planned}
    return None


def _within_reach(days: Sequence[date], at: int) -> Iterator[int]:
    """The doses, this and later ones, whose fortnight this one falls in."""
    return (place for place in range(at, len(days)) if (days[place] - days[at]).days < COUNTED_DAYS)
