"""A summary number: its value, how many days stand behind it, or why there is none."""

import math
from dataclasses import dataclass
from typing import Any

from clinical.coverage import Coverage

# Why a value is null: the whole list, for the contract and for whoever shows it.
REASONS = (
    "no_days_expected",
    "no_session",
    "no_day_since_session",
    "session_too_long_ago",
    "too_few_days",
    "too_sparse",
    "too_short_a_span",
    "too_few_days_before",
    "no_baseline",
    "too_few_baseline_days",
    "too_few_early_days",
    "no_measurable_gain",
    "no_onset_seen",
    "window_too_short",
    "after_an_event",
    "not_logged_so_long",
    "too_few_common_days",
    "too_few_windows",
    "too_few_events",
    "all_censored",
    "median_not_reached",
    "no_stable_stretch",
    "no_spread",
    "interval_too_short",
    "still_present",
)
SIGNIFICANT_DIGITS = 4
# Ratings are in steps of a quarter or a third: what is smaller than this is the computer's, and 0.
DECIMALS_AT_MOST = 9


@dataclass(frozen=True, slots=True)
class Summary:
    """`value` is null exactly when `reason` is given; numbers are rounded and always finite."""

    value: float | None
    n_observed: int
    n_expected: int
    longest_gap_days: int
    interval: tuple[float, float] | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise ValueError("a value is null exactly when a reason is given")
        if self.reason is not None and self.reason not in REASONS:
            raise ValueError("no such reason")
        if self.interval is not None and (
            self.value is None or self.interval[0] > self.interval[1]
        ):
            raise ValueError("an interval belongs to a value, its lower end first")

    def as_dict(self) -> dict[str, Any]:
        interval = None if self.interval is None else list(self.interval)
        return {
            "value": self.value,
            "n_observed": self.n_observed,
            "n_expected": self.n_expected,
            "longest_gap_days": self.longest_gap_days,
            "interval": interval,
            "reason": self.reason,
        }


def stated(
    value: float, coverage: Coverage, interval: tuple[float, float] | None = None
) -> Summary:
    """A value with the days behind it, rounded."""
    between = None if interval is None else (rounded(interval[0]), rounded(interval[1]))
    return Summary(
        rounded(value),
        coverage.n_observed,
        coverage.n_expected,
        coverage.longest_gap_days,
        between,
    )


def withheld(reason: str, coverage: Coverage) -> Summary:
    """No value, and why."""
    return Summary(
        None,
        coverage.n_observed,
        coverage.n_expected,
        coverage.longest_gap_days,
        reason=reason,
    )


def rounded(value: float) -> float:
    """To 4 significant digits, so that the same inputs give the same bytes; never NaN."""
    if not math.isfinite(value):
        raise ValueError("a summary is a finite number")
    told = round(value, DECIMALS_AT_MOST)
    return float(f"{told:.{SIGNIFICANT_DIGITS}g}") + 0.0  # + 0.0: there is no -0 in a chart
