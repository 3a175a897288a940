"""How many days after a session each side effect was gone, as far as somebody was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinical.side_effects import SIDE_EFFECTS

Ticked = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Recovery:
    """`resolved_day` is the first day asked and absent after it had been there.

    `interval` (after, up to] is there where the days between were not asked, or where it was still
    there when last asked: then nobody knows up to when.
    """

    code: str
    worst_severity: int
    resolved_day: int | None
    interval: tuple[int, int | None] | None
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": SIDE_EFFECTS[self.code].label,
            "worst_severity": self.worst_severity,
            "resolved_day": self.resolved_day,
            "interval": None if self.interval is None else list(self.interval),
            "is_resolved": self.resolved_day is not None,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Vitals:
    """The extremes measured in the clinic during the session; None where nothing was."""

    highest_systolic_mmhg: int | None = None
    highest_diastolic_mmhg: int | None = None
    lowest_spo2_percent: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "highest_systolic_mmhg": self.highest_systolic_mmhg,
            "highest_diastolic_mmhg": self.highest_diastolic_mmhg,
            "lowest_spo2_percent": self.lowest_spo2_percent,
        }


def recovery(days: Sequence[Ticked | None]) -> list[Recovery]:
    """Each side effect ticked on any day from day 0 on, in the order of the list of them all.

    `days` has what was ticked on each day, None where nobody was asked: not asked is not gone.
    """
    asked = [
        (day, {effect["code"]: int(effect["severity"]) for effect in ticked})
        for day, ticked in enumerate(days)
        if ticked is not None
    ]
    ticked_ever = {code for _, severities in asked for code in severities}
    return [_of(code, asked) for code in SIDE_EFFECTS if code in ticked_ever]


def _of(code: str, asked: Sequence[tuple[int, Mapping[str, int]]]) -> Recovery:
    worst = max(severities.get(code, 0) for _, severities in asked)
    last_there = None
    for day, severities in asked:
        if code in severities:
            last_there = day
        elif last_there is not None:
            between = None if day - last_there == 1 else (last_there, day)
            return Recovery(code, worst, day, between, None)
    assert last_there is not None  # it was ticked on one of the days
    return Recovery(code, worst, None, (last_there, None), "still_present")
