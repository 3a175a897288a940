"""Whether the current window's level is worse than it was two weeks ago, as a probability."""

from dataclasses import asdict, dataclass
from typing import Any

from clinical.smoother import DIRECTION_DAYS
from clinical.summaries import rounded
from clinical.wear_off import Estimate


@dataclass(frozen=True, slots=True)
class Direction:
    """`p_worse` of `day_offset`, the window's last logged day, against `days_ago` before it.

    Of the smoothed level (4-clinical 4a: from its draws, not from p-values). Not given, with the
    reason, where the window is too short or has too few days to be smoothed.
    """

    days_ago: int
    day_offset: int | None
    p_worse: float | None
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def direction(told: Estimate) -> Direction:
    """The direction a window's estimate shows."""
    if told.p_worse is None:
        return Direction(DIRECTION_DAYS, None, None, "too_few_days")
    return Direction(DIRECTION_DAYS, len(told.ribbon), rounded(told.p_worse), None)
