"""What a finding does to the alert of its episode: open one, join the open one, or stay quiet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from clinical.review_times import ReviewTimes
from clinical.safety import SAFETY_RULES, SEVERITIES, Finding, higher

# How long a rule says no more about what it has told: 4-clinical 5d; U1's week is ours (u).
QUIET: Mapping[str, timedelta] = {
    "E1": timedelta(hours=48),
    "E2": timedelta(days=30),
    "M1": timedelta(days=7),
    "C1": timedelta(days=7),
    "U1": timedelta(days=7),
}


# 3c [S68]: imminent risk is answered within 12 hours.
URGENT_WITHIN = timedelta(hours=12)


class Step(Enum):
    """`JOIN` asks for attention again, `NOTE` only adds what was told to an alert that is open."""

    OPEN = "open"
    JOIN = "join"
    NOTE = "note"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest alert of an episode; `codes` are what its findings have named."""

    is_open: bool
    severity: str
    last_raised_at: datetime
    codes: frozenset[str] = frozenset()


def step(finding: Finding, standing: Standing | None, now: datetime) -> Step:
    """What comes of a finding. An answer about suicidal thoughts is never quieted."""
    if standing is None:
        return Step.OPEN
    if standing.is_open:
        return Step.NOTE if _is_told_already(finding, standing, now) else Step.JOIN
    return Step.NOTHING if _is_told_already(finding, standing, now) else Step.OPEN


def named(told: Mapping[str, Any]) -> frozenset[str]:
    """What a finding is about, so that another of the same is no news: its codes, and the safety
    answer a silence follows."""
    since = told.get("flagged_on")
    return frozenset([*told.get("codes", ()), *([f"since {since}"] if since else [])])


def _is_told_already(finding: Finding, standing: Standing, now: datetime) -> bool:
    quiet = QUIET.get(finding.rule)
    if quiet is None or now - standing.last_raised_at >= quiet:
        return False
    is_more = higher(finding.severity, standing.severity) != standing.severity
    return not is_more and named(finding.told) <= standing.codes


def is_told_at_once(rule: str, severity: str) -> bool:
    """Whether somebody is written to, and others when nobody acknowledges; the rest waits in the
    list, so that what is urgent is not one of many."""
    if severity == "low":
        return False
    return rule in SAFETY_RULES or SEVERITIES.index(severity) >= SEVERITIES.index("high")


def due_at(severity: str, times: ReviewTimes, minutes: int, now: datetime) -> datetime:
    """By when somebody has acknowledged it: a normal one by the end of the next working day."""
    if severity in ("high", "urgent"):
        return next_due_at(severity, times, minutes, now)
    return times.end_of_next_day(now)


def next_due_at(severity: str, times: ReviewTimes, minutes: int, now: datetime) -> datetime:
    """By when the next person has acknowledged it, once one has not."""
    return _capped(severity, times.after_minutes(now, minutes), times, now)


def due_again_at(severity: str, times: ReviewTimes, now: datetime) -> datetime:
    """When all are told once more who have been told: the end of the next working day."""
    return _capped(severity, times.end_of_next_day(now), times, now)


def _capped(severity: str, due: datetime, times: ReviewTimes, now: datetime) -> datetime:
    """Not later than the wall clock allows, whatever hours a clinic has named."""
    if severity == "urgent":
        return min(due, now + URGENT_WITHIN)
    return min(due, times.midnight_after_next_day(now)) if severity == "high" else due
