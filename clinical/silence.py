"""For how long nobody has heard of a patient, and when that is too long (4-clinical 5d, C1)."""

from collections.abc import Mapping
from datetime import date

from clinical.safety import Finding

# 5d C1: 3 days in induction, 7 in maintenance; 2 answered days missed after a safety rule fired.
DEFAULTS: Mapping[str, int] = {"induction": 3, "maintenance": 7, "after_flag": 2}
FEWEST_DAYS, MOST_DAYS = 1, 60


def of_silence(
    last_day: date | None,
    flagged_on: date | None,
    today: date,
    limits: Mapping[str, int],
    phase: str | None,
) -> Finding | None:
    """The finding of too long a silence, None while it is not: `today` itself is not missed yet.

    `last_day` is None of somebody who has logged nothing and is in no course; `flagged_on` the day
    a safety rule last fired, None when none has lately; `phase` is the open course's, None without
    one: then only what follows a safety answer counts.
    """
    if flagged_on is not None:
        missed = (today - max(last_day or flagged_on, flagged_on)).days - 1
        if missed >= limits["after_flag"]:
            told = {"flagged_on": flagged_on.isoformat()}
            return _finding("high", "after_flag", last_day, missed, told)
    if last_day is None or phase not in ("induction", "maintenance"):
        return None
    missed = (today - last_day).days - 1
    return _finding("low", phase, last_day, missed, {}) if missed >= limits[phase] else None


def _finding(
    severity: str, code: str, last_day: date | None, missed: int, more: Mapping[str, str]
) -> Finding:
    last = None if last_day is None else last_day.isoformat()
    told = {"last_day": last, "missed_days": missed, "codes": [code], **more}
    return Finding("C1", severity, "C1", told)
