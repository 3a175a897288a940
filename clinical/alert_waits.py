"""How long alerts waited until somebody acknowledged them, from what happened to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Wait:
    """From when an alert asked for attention until somebody acknowledged it, None while waiting."""

    severity: str
    since: datetime
    until: datetime | None

    def minutes(self, now: datetime) -> float:
        return ((self.until or now) - self.since).total_seconds() / 60


def waits(events: Iterable[Any]) -> Sequence[Wait]:
    """The waits of one alert from its events in order.

    An answer that joins an alert nobody has acknowledged waits with it; one that only adds to it
    (no severity) asks for nothing.
    """
    found: list[Wait] = []
    since: datetime | None = None
    severity = ""
    for event in events:
        is_raise = event.kind in ("raised", "appended") and event.severity is not None
        severity = event.severity if is_raise else severity
        if (is_raise or event.kind == "reopened") and since is None:
            since = event.at
        elif event.kind == "acknowledged" and since is not None:
            found.append(Wait(severity, since, event.at))
            since = None
    return [*found, Wait(severity, since, None)] if since is not None else found


def summary(found: Sequence[Wait], now: datetime) -> dict[str, Any]:
    """Median and worst time to acknowledge, and the longest that is still waiting, in minutes."""
    past = [wait.minutes(now) for wait in found if wait.until is not None]
    waiting = [wait.minutes(now) for wait in found if wait.until is None]
    return {
        "acknowledged": len(past),
        "median_minutes": round(median(past), 1) if past else None,
        "worst_minutes": round(max(past), 1) if past else None,
        "waiting": len(waiting),
        "longest_waiting_minutes": round(max(waiting), 1) if waiting else None,
    }
