"""How much of a period was observed: days observed, days expected, the longest gap."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Series = np.ndarray[Any, np.dtype[np.float64]]
"""One value per expected day, in the order of the days; NaN where the day was not observed."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """`longest_gap_days`: most expected days in a row without a value, the edges included."""

    n_observed: int
    n_expected: int
    longest_gap_days: int

    @property
    def share(self) -> float:
        return self.n_observed / self.n_expected


NO_DAYS = Coverage(0, 0, 0)


def coverage(series: Series) -> Coverage:
    """How much of the series was observed."""
    observed = (~np.isnan(series)).nonzero()[0]
    expected = len(series)
    if len(observed) == expected:
        return Coverage(expected, expected, 0)
    if not len(observed):
        return Coverage(0, expected, expected)
    longest = max(int(observed[0]), expected - 1 - int(observed[-1]))
    if len(observed) > 1:
        # Not np.diff and np.flatnonzero: of a window's few days their checks take longest.
        longest = max(longest, int((observed[1:] - observed[:-1]).max()) - 1)
    return Coverage(len(observed), expected, longest)
