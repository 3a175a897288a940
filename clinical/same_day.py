"""Today beside the same day of a patient's earlier windows: a dip that always comes is none."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from clinical.coverage import Series
from clinical.response_curves import BAND_MINIMUM_WINDOWS
from clinical.statistics import quarters
from clinical.summaries import rounded
from clinical.wear_off import LEAST_GAIN

# A neighbouring day is as good as the day itself (u): over two days a curve moves by less than
# ratings can tell, and a third of the days would else be missing.
NEIGHBOURS_DAYS = 1

THRESHOLDS: Mapping[str, float] = {
    "same_day_minimum_windows": BAND_MINIMUM_WINDOWS,
    "same_day_neighbours_days": NEIGHBOURS_DAYS,
    "same_day_least_difference": LEAST_GAIN,
}

State = Literal["usual", "below_usual", "above_usual", "too_few"]


@dataclass(frozen=True, slots=True)
class SameDay:
    """`value` is of the current window, `n` how many earlier ones have the day; in own units.

    `below_usual` is a lower number than usual, whichever end of the measure is the better one.
    """

    state: State
    n: int
    value: float | None
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    day_offset: int
    reason: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def same_day(
    day_offset: int, current: Series, earlier: Sequence[Series], *, per_y: float = 1.0
) -> SameDay:
    """How the current window's day compares to that day of earlier windows, days 1 on of each.

    Of each window the median of the day and its neighbours; a window without any of them is not
    counted. Below or above is outside the middle half, and further from the median than ratings
    can tell from nothing; `per_y` is what one unit of y is in the measure's own.
    """
    value = _about(current, day_offset)
    others = [_about(window, day_offset) for window in earlier]
    usual = np.array([other for other in others if other is not None])
    n = len(usual)
    reason = _fault(day_offset, value, n)
    told = None if value is None else rounded(value)
    if reason is not None or value is None:
        return SameDay("too_few", n, told, None, None, None, day_offset, reason)
    _, lower, median, upper, _ = quarters(usual)
    away = rounded(value - median)
    least = rounded(LEAST_GAIN * per_y)
    state: State = "usual"
    if value < lower and -away >= least:
        state = "below_usual"
    elif value > upper and away >= least:
        state = "above_usual"
    return SameDay(
        state, n, told, rounded(median), rounded(lower), rounded(upper), day_offset, None
    )


def _about(window: Series, day_offset: int) -> float | None:
    """The median of the day and its neighbours, as far as there are any."""
    around = window[max(day_offset - 1 - NEIGHBOURS_DAYS, 0) : max(day_offset + NEIGHBOURS_DAYS, 0)]
    known = around[~np.isnan(around)]
    return float(np.median(known)) if len(known) else None


def _fault(day_offset: int, value: float | None, n: int) -> str | None:
    if day_offset < 1:
        return "no_day_since_session"
    if value is None:
        return "too_few_days"
    return "too_few_windows" if n < BAND_MINIMUM_WINDOWS else None
