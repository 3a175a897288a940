"""Logged days as one array per measure over a span of days: what every summary is cut from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from clinical.coverage import Series
from clinical.periods import Period

NO_DAY: Series = np.empty(0)


@dataclass(frozen=True, slots=True)
class Diary:
    """One value per day from `first` on for each measure; a day nobody answered is NaN."""

    first: date
    columns: Mapping[str, Series]

    def cut(self, key: str, period: Period | None) -> Series:
        """The measure's values on the days of the period, as far as the diary covers them."""
        if period is None:
            return NO_DAY
        start = max((period.first - self.first).days, 0)
        return self.columns[key][start : max((period.last - self.first).days + 1, 0)]


def diary(
    dates: Sequence[date], answers: Mapping[str, Sequence[float | None]], span: Period
) -> Diary:
    """The diary of a span: `answers` holds, by measure, one value for each of `dates`.

    Dates outside the span are left out; their order does not matter.
    """
    days = max(span.days, 0)
    start = span.first.toordinal()
    at = np.fromiter((day.toordinal() for day in dates), dtype=np.int64, count=len(dates)) - start
    inside = (at >= 0) & (at < days)
    columns = {}
    for key, values in answers.items():
        column = np.full(days, np.nan)
        column[at[inside]] = np.array(values, dtype=np.float64)[inside]
        columns[key] = column
    return Diary(span.first, columns)
