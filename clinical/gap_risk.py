"""The booked session beside how long the patient's own gains lasted: evidence, never advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Literal
from uuid import UUID

from clinical.summaries import rounded

# Refused below three windows: 1-product, "All that they have", 9.
LEAST_WINDOWS = 3
# A window tells that it held to a day if it was logged up to three days before it (u): as long as
# the median of three days reaches. Whoever stopped logging earlier has not kept the gain.
SLACK_DAYS = 3

THRESHOLDS: Mapping[str, float] = {
    "gap_risk_minimum_windows": LEAST_WINDOWS,
    "gap_risk_slack_days": SLACK_DAYS,
}

Code = Literal[
    "no_next_session",
    "too_few_windows",
    "worn_off_before_in_most",
    "worn_off_before_in_some",
    "held_in_all",
]


@dataclass(frozen=True, slots=True)
class Lasted:
    """A closed window: its state, the day half its gain was gone, and how long it was watched.

    `days_watched` is the last day that was logged before the next session, or before something
    else began. `interval_days` is how long after the session the next one was given.
    """

    state: str | None
    day: int | None
    days_watched: int
    interval_days: int


@dataclass(frozen=True, slots=True)
class Booked:
    """The next session, and how many days after the last one it is."""

    session_id: UUID
    date: date
    interval_days: int


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many windows half of the gain was gone before a day, and in how many it was not."""

    n_worn_off_before: int
    n_held: int

    @property
    def n(self) -> int:
        return self.n_worn_off_before + self.n_held

    @property
    def is_enough(self) -> bool:
        return self.n >= LEAST_WINDOWS


@dataclass(frozen=True, slots=True)
class GapRisk:
    """The counts are against the booked day; with none booked, against the usual interval."""

    code: Code
    words: str
    booked: Booked | None
    tally: Tally
    usual_interval_days: float | None

    def as_dict(self) -> dict[str, Any]:
        booked = self.booked
        return {
            "code": self.code,
            "words": self.words,
            "next_session": None
            if booked is None
            else {"session_id": booked.session_id, "date": booked.date},
            "interval_days": None if booked is None else booked.interval_days,
            "n_windows": self.tally.n,
            "n_worn_off_before": self.tally.n_worn_off_before,
            "n_held": self.tally.n_held,
            "usual_interval_days": self.usual_interval_days,
        }


def gap_risk(closed: Sequence[Lasted], booked: Booked | None) -> GapRisk:
    """What the patient's closed windows say of the day the next session is booked for.

    A window tells of a day if its gain had worn off before it, or was still there the day before.
    One that ended earlier without wearing off, had no gain or too few days tells nothing.
    """
    usual = usual_interval_days(closed)
    at_usual = _tally(closed, usual)
    tally = at_usual if booked is None else _tally(closed, booked.interval_days)
    code = _code(tally, booked)
    sentences = [_of_usual(at_usual, usual)] if at_usual.is_enough else []
    sentences.append(_of_booked(tally, booked, usual if sentences else None))
    words = " ".join(sentences)
    return GapRisk(code, words, booked, tally, None if usual is None else rounded(usual))


def usual_interval_days(closed: Sequence[Lasted]) -> float | None:
    """The median of the patient's own intervals; None before there are three."""
    intervals = [window.interval_days for window in closed]
    return float(median(intervals)) if len(intervals) >= LEAST_WINDOWS else None


def _tally(closed: Sequence[Lasted], day: float | None) -> Tally:
    if day is None:
        return Tally(0, 0)
    worn_off = held = 0
    for window in closed:
        if window.state == "worn_off" and window.day is not None:
            worn_off += window.day < day
            held += window.day >= day
        elif window.state == "holding":
            held += window.days_watched >= day - 1 - SLACK_DAYS
    return Tally(worn_off, held)


def _code(tally: Tally, booked: Booked | None) -> Code:
    if booked is None:
        return "no_next_session"
    if not tally.is_enough:
        return "too_few_windows"
    if not tally.n_worn_off_before:
        return "held_in_all"
    is_most = 2 * tally.n_worn_off_before > tally.n
    return "worn_off_before_in_most" if is_most else "worn_off_before_in_some"


def _in_windows(tally: Tally) -> str:
    """In most, in some or in none of the windows, with the counts."""
    if not tally.n_worn_off_before:
        return f"in none of {tally.n} windows"
    which = "most" if 2 * tally.n_worn_off_before > tally.n else "some"
    return f"in {which} windows ({tally.n_worn_off_before} of {tally.n})"


def _of_usual(tally: Tally, usual: float | None) -> str:
    return (
        f"Half of the gain had worn off before the usual interval {_in_windows(tally)}; "
        f"usual are {usual:g} days."
    )


def _of_booked(tally: Tally, booked: Booked | None, usual: float | None) -> str:
    if booked is None:
        return "No next session is booked."
    on = f"The next session is booked for day {booked.interval_days}"
    if booked.interval_days == usual:
        return f"{on}, the usual interval."
    if not tally.is_enough:
        return f"{on}; {tally.n} of the {LEAST_WINDOWS} windows needed tell of that day."
    return f"{on}: half of the gain had worn off before it {_in_windows(tally)}."
