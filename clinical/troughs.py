"""Troughs: the levels before sessions that follow each other closely, and where they tend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from clinical.coverage import Coverage
from clinical.periods import Period
from clinical.statistics import theil_sen
from clinical.summaries import Summary, stated, withheld
from clinical.trends import BASELINE_DAYS, LEVEL_DAYS
from clinical.windows import SHORT_INTERVAL_DAYS, Session

# As little as three windows tell nothing of a dose: 1-product, row 9; taken over for a slope (u).
LEAST_TROUGHS = 3


@dataclass(frozen=True, slots=True)
class Trough:
    """The day of a session and the level of the days before it, in the measure's own units."""

    date: date
    level: Summary


def before(sessions: Sequence[Session]) -> Iterator[tuple[Session, Period]]:
    """Each session that came soon after another, with the days whose level it found; in order.

    The days are the week before it, as far as they are after the earlier session's own day. Weekly
    sessions are one block (clinical/windows.py) and have their troughs all the same; those of an
    induction, two or three a week, leave fewer days between them than a level is made of.
    """
    for earlier, later in pairwise(sessions):
        days = (later.date - earlier.date).days
        if LEVEL_DAYS < days <= SHORT_INTERVAL_DAYS:
            first = later.date - timedelta(days=min(days - 1, BASELINE_DAYS))
            yield later, Period(first, later.date - timedelta(days=1))


def slope_per_week(troughs: Sequence[Trough]) -> Summary:
    """The Theil-Sen slope of the levels over their sessions' days; its counts are of sessions."""
    told = [
        (trough.date.toordinal(), trough.level.value)
        for trough in troughs
        if trough.level.value is not None
    ]
    counted = Coverage(len(told), len(troughs), 0)
    if len(told) < LEAST_TROUGHS:
        return withheld("too_few_windows", counted)
    days, levels = (np.array(column, dtype=np.float64) for column in zip(*told, strict=True))
    slope, low, high = theil_sen(days, levels)
    return stated(7 * slope, counted, (7 * low, 7 * high))
