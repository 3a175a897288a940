"""For how long nobody has heard of a patient, and when that is too long (4-clinical 5d, C1)."""

from collections.abc import Mapping
from datetime import date

from clinical.safety import Finding

# 5d C1: 3 days in induction, 7 in maintenance; 2 answered days missed after a safety rule fired.
DEFAULTS: Mapping[str, int] = {"induction": 3, "maintenance": 7, "after_flag": 2}
FEWEST_DAYS, MOST_DAYS = 1, 60


def of_silence(
    last_day: date,
    flagged_on: date | None,
    today: date,
    limits: Mapping[str, int],
    phase: str | None,
) -> Finding | None:
    """The finding of too long a silence, None while it is not: `today` itself is not missed yet.

    `flagged_on` is the day a safety rule last fired, None when none has lately; `phase` is the open
    course's, None without one: then only what follows a safety answer counts.
    """
    if flagged_on is not None:
        missed = (today - max(last_day, flagged_on)).days - 1
        if missed >= limits["after_flag"]:
            return _finding("high", "after_flag", last_day, missed)
    missed = (today - last_day).days - 1
    if phase in ("induction", "maintenance") and missed >= limits[phase]:
        return _finding("low", phase, last_day, missed)
    return None


def _finding(severity: str, code: str, last_day: date, missed: int) -> Finding:
    told = {"last_day": last_day.isoformat(), "codes": [code]}
    return Finding("C1", severity, "C1", {**told, "missed_days": missed})
