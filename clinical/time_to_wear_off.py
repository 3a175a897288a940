"""How long a session's gain lasted over a patient's windows: Kaplan-Meier, or the list of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinical.coverage import Coverage
from clinical.statistics import NORMAL_QUANTILE
from clinical.summaries import Summary, rounded, stated, withheld

# 4-clinical 4a.12: "show median + CI only if >=5 windows and >=3 events, else list".
LEAST_WINDOWS, LEAST_EVENTS = 5, 3

THRESHOLDS: Mapping[str, float] = {
    "wear_off_curve_minimum_windows": LEAST_WINDOWS,
    "wear_off_curve_minimum_events": LEAST_EVENTS,
}
CAUTION = (
    "A window ends with the next session, and sessions tend to be given when somebody feels worse: "
    "what would have worn off next is then not seen, and the curve is too rosy. Windows of one "
    "person resemble each other, so the interval is too narrow. Doses and routes are not told "
    "apart."
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A window: the day its gain wore off, or if censored, the last day it was seen to hold."""

    session_id: UUID
    day: int
    is_censored: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "session_id": self.session_id,
            "day": self.day,
            "is_censored": self.is_censored,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which windows wore off; `survival` is the share that lasts longer, not rounded."""

    day: int
    at_risk: int
    events: int
    survival: float
    interval: tuple[float, float] | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "at_risk": self.at_risk,
            "events": self.events,
            "survival": rounded(self.survival),
            "interval": None if self.interval is None else [rounded(end) for end in self.interval],
        }


@dataclass(frozen=True, slots=True)
class TimeToWearOff:
    """The curve, where there are windows enough for one; else why not. The windows always."""

    reason: str | None
    windows: tuple[Watched, ...]
    steps: tuple[Step, ...]
    median: Summary

    def as_dict(self) -> dict[str, Any]:
        return {
            "method": "kaplan_meier" if self.reason is None else "list",
            "reason": self.reason,
            "n_windows": len(self.windows),
            "n_events": _events(self.windows),
            "median": self.median.as_dict(),
            "steps": [step.as_dict() for step in self.steps],
            "windows": [window.as_dict() for window in self.windows],
            "caution": CAUTION,
        }


def time_to_wear_off(windows: Sequence[Watched], n_all: int) -> TimeToWearOff:
    """The curve over windows that wore off or held, in the order given, of `n_all` there are.

    The median's counts are of windows, not of days.
    """
    watched = tuple(windows)
    counted = Coverage(len(watched), n_all, 0)
    fault = _fault(watched)
    if fault is not None:
        return TimeToWearOff(fault, watched, (), withheld(fault, counted))
    steps = kaplan_meier(watched)
    return TimeToWearOff(None, watched, steps, _median(steps, counted))


def kaplan_meier(windows: Sequence[Watched]) -> tuple[Step, ...]:
    """S = prod(1 - d / n) after each day with an event, with Greenwood's log-log 95 % interval.

    A window censored on a day was still at risk on it. Where nothing is left there is no interval.
    """
    steps = []
    survival, variance = 1.0, 0.0
    for day in sorted({window.day for window in windows if not window.is_censored}):
        at_risk = sum(window.day >= day for window in windows)
        events = sum(window.day == day and not window.is_censored for window in windows)
        survival *= 1 - events / at_risk
        if events < at_risk:
            variance += events / (at_risk * (at_risk - events))
            interval = _log_log(survival, variance)
        else:
            interval = None
        steps.append(Step(day, at_risk, events, survival, interval))
    return tuple(steps)


def _fault(windows: Sequence[Watched]) -> str | None:
    if len(windows) < LEAST_WINDOWS:
        return "too_few_windows"
    events = _events(windows)
    if events == 0:
        return "all_censored"
    return "too_few_events" if events < LEAST_EVENTS else None


def _events(windows: Sequence[Watched]) -> int:
    return sum(not window.is_censored for window in windows)


def _log_log(survival: float, variance: float) -> tuple[float, float]:
    spread = NORMAL_QUANTILE * math.sqrt(variance) / abs(math.log(survival))
    return survival ** math.exp(spread), survival ** math.exp(-spread)


def _median(steps: Sequence[Step], counted: Coverage) -> Summary:
    """The first day on which the curve is at a half or below; likewise for its interval's ends.

    An interval whose upper end the curve never reaches is left out: no day stands for "later".
    """
    middle = _first_at_half(steps, [step.survival for step in steps])
    if middle is None:
        return withheld("median_not_reached", counted)
    lower = _first_at_half(steps, [step.interval[0] if step.interval else 0.0 for step in steps])
    upper = _first_at_half(steps, [step.interval[1] if step.interval else 0.0 for step in steps])
    between = None if lower is None or upper is None else (float(lower), float(upper))
    return stated(middle, counted, between)


def _first_at_half(steps: Sequence[Step], shares: Sequence[float]) -> int | None:
    half = 0.5 + 1e-12  # 1 - 1/2 by way of 3/4 and 2/3 is not quite a half to a computer
    return next(
        (step.day for step, share in zip(steps, shares, strict=True) if share <= half), None
    )
