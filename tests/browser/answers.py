"""Answers of the API about windows, made up for one state each, for a page to show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 11, 25)
OFFSET = 22
MEASURE = {
    "key": "composite", "prompt": "Mood, interest and energy together", "unit": None,
    "minimum": 0, "maximum": 10, "direction": "higher_is_better",
    "low_end": "worst", "high_end": "best",
}  # fmt: skip
CAUTION = (
    "Sessions are given sooner when somebody is worse, so the days may be too rosy; the windows of "
    "one person are not independent of each other."
)


def summary(
    value: float | None = None,
    *,
    reason: str | None = "too_few_days",
    interval: Sequence[float] | None = None,
    n: int = 18,
) -> dict[str, Any]:
    is_told = value is not None
    return {
        "value": value, "n_observed": n if is_told else 2, "n_expected": 22,
        "longest_gap_days": 2, "interval": interval, "reason": None if is_told else reason,
    }  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A window's wearing off, as the API tells it."""

    state: str | None
    day: int | None = None
    interval: tuple[int, int | None] | None = None
    reason: str | None = None
    gain: float | None = None
    fractions: tuple[tuple[float, str, int | None, Any], ...] = ()


WORN_OFF = Told(
    "worn_off", 14, (11, 18), None, 3.2,
    ((0.25, "worn_off", 7, (5, 9)), (0.5, "worn_off", 14, (11, 18)), (0.75, "holding", None, None)),
)  # fmt: skip
OPEN_END = Told("worn_off", 21, (17, None), None, 2.8, ((0.5, "worn_off", 21, (17, None)),))
HOLDING = Told(
    "holding", gain=3.2, fractions=((0.25, "worn_off", 16, (12, 20)), (0.5, "holding", None, None))
)
NO_RESPONSE = Told("no_response", gain=0.3, fractions=((0.5, "no_response", None, None),))
INSUFFICIENT = Told("insufficient", reason="too_few_early_days")
TOO_SHORT = Told(None, reason="interval_too_short", gain=2.0)


@dataclass(frozen=True)
class Story:
    """A patient: the wearing off of each window, newest first."""

    windows: tuple[Told, ...] = ()
    interval_days: int = 35
    is_logged: bool = True
    gap: dict[str, Any] = field(default_factory=dict)

    def day_of(self, at: int) -> date:
        return TODAY - timedelta(days=OFFSET + at * self.interval_days)


STORIES = {
    "worn_off": Story((WORN_OFF, WORN_OFF, OPEN_END, HOLDING, WORN_OFF, WORN_OFF)),
    "holding": Story((HOLDING, HOLDING, HOLDING, HOLDING)),
    "no_response": Story((NO_RESPONSE, NO_RESPONSE)),
    "insufficient": Story((INSUFFICIENT, WORN_OFF)),
    "interval_too_short": Story((TOO_SHORT, TOO_SHORT, TOO_SHORT), interval_days=7),
    "no_session": Story(),
    "empty": Story((INSUFFICIENT,), is_logged=False),
}


def stated(story: Story) -> dict[str, Any]:
    is_known = story.is_logged and bool(story.windows)
    return {
        "method_version": "windows-3",
        "thresholds": {"baseline_days": 7, "baseline_minimum_days": 4, "wear_off_minimum_days": 4},
        "from": story.day_of(len(story.windows)), "to": TODAY, "today": TODAY,
        "timezone": "Europe/Berlin", "input_hash": "0" * 64, "measure": MEASURE,
        "reference": {
            "source": "course" if is_known else None,
            "from": story.day_of(len(story.windows)) if is_known else None,
            "to": story.day_of(len(story.windows)) if is_known else None,
            "level": summary(2.6 if is_known else None, reason="too_few_baseline_days"),
            "reason": None if is_known else "no_session" if not story.windows else "too_few_days",
        },
    }  # fmt: skip


def windows(story: Story) -> dict[str, Any]:
    """The windows document."""
    shown = [_window(story, at) for at in range(len(story.windows))]
    wore_off = [told.day for told in story.windows[1:] if told.state == "worn_off" and told.day]
    closed = [told for told in story.windows[1:] if told.state in ("worn_off", "holding")]
    return {
        **stated(story),
        "current": _current(story),
        "windows": shown,
        "time_to_wear_off": {
            "method": "kaplan_meier" if len(wore_off) > 2 else "list",
            "reason": None if len(wore_off) > 2 else "too_few_windows",
            "n_windows": len(closed), "n_events": len(wore_off),
            "median": summary(14, interval=(12, 21)) if len(wore_off) > 2 else summary(),
            "steps": [
                {"day": 14, "at_risk": 5, "events": 3, "survival": 0.4, "interval": [0.1, 0.7]},
                {"day": 21, "at_risk": 2, "events": 1, "survival": 0.2, "interval": None},
            ],
            "windows": [
                {"session_id": f"s{at}", "day": told.day or 34, "is_censored": told.day is None}
                for at, told in enumerate(story.windows)
                if at and told in closed
            ],
            "caution": CAUTION,
        },
        "troughs": _troughs(story),
        "outcomes": _outcomes(story),
        "gap_risk": {
            "code": "too_few_windows", "words": "too few windows to tell", "next_session": None,
            "interval_days": None, "n_windows": len(closed), "n_worn_off_before": len(wore_off),
            "n_held": len(closed) - len(wore_off), "usual_interval_days": None, **story.gap,
        },
        "exposure": [
            {"drug": "ketamine", "route": "intravenous", "sessions": len(shown),
             "doses": len(shown), "total_mg": 35.0,
             "first": story.day_of(len(shown) - 1),
             "last": story.day_of(0)}
        ] if shown else [],
    }  # fmt: skip


def _current(story: Story) -> dict[str, Any] | None:
    if not story.windows:
        return None
    is_enough = len(story.windows) > 3
    return {
        "session_id": "s0", "date": story.day_of(0), "day_offset": OFFSET,
        "direction": {
            "days_ago": 14, "day_offset": OFFSET if story.is_logged else None,
            "p_worse": 0.93 if story.is_logged else None,
            "reason": None if story.is_logged else "too_few_days",
        },
        "same_day": {
            "state": "usual" if is_enough else "too_few", "n": len(story.windows) - 1,
            "value": 4 if story.is_logged else None, "median": 4.33 if is_enough else None,
            "lower_quartile": 3.67 if is_enough else None,
            "upper_quartile": 5 if is_enough else None,
            "day_offset": OFFSET, "reason": None if is_enough else "too_few_windows",
        },
    }  # fmt: skip


def _window(story: Story, at: int) -> dict[str, Any]:
    told, began = story.windows[at], story.day_of(at)
    length = OFFSET if at == 0 else story.interval_days - 1
    interval = None if told.gain is None else (told.gain - 0.7, told.gain + 0.7)
    is_told = told.gain is not None and told.gain > 1 and told.state is not None
    return {
        "session_id": f"s{at}", "date": began, "number": len(story.windows) - at,
        "kind": "maintenance", "from": began, "to": began + timedelta(days=length),
        "is_open": at == 0, "days": length,
        "interval_days": None if at == 0 else story.interval_days,
        "sessions": [{"session_id": f"s{at}", "date": began}],
        "route": "intravenous",
        "doses": [{"drug": "ketamine", "route": "intravenous", "dose_mg": 35, "mg_per_kg": 0.5}],
        "coverage": summary(0.8 if story.is_logged else None),
        "level_before": summary(2.9), "onset_day": summary(1),
        "peak_gain": summary(told.gain and told.gain + 0.6), "peak_day": 3 if told.gain else None,
        "area_per_day": summary(told.gain and told.gain / 2),
        "good_days": summary(0.5 if is_told else None, interval=(0.29, 0.71) if is_told else None),
        "gain_kept": [
            {"day": day, "share": summary(share if is_told and day <= length else None,
             reason="window_too_short" if is_told else "no_measurable_gain",
             interval=(share - 0.15, share + 0.15) if is_told and day <= length else None)}
            for day, share in ((7, 0.76), (14, 0.5), (21, 0.34))
        ],
        "wear_off": _wear_off(told, at, interval),
        "side_effects": {"from": began, "to": began, "days_asked": 12, "days_expected": 22,
                         "codes": []},
        "recovery": _recovery(at) if story.is_logged else [],
        "vitals": {"highest_systolic_mmhg": 148, "highest_diastolic_mmhg": 91,
                   "lowest_spo2_percent": 96 if at else None},
        "compared": {
            "previous": _compared(at + 1) if at + 1 < len(story.windows) and is_told else None,
            "best": _compared(2) if at != 2 and len(story.windows) > 2 and is_told else None,
        },
    }  # fmt: skip


def _wear_off(told: Told, at: int, interval: Any) -> dict[str, Any]:
    return {
        "state": told.state, "reason": told.reason, "day": told.day, "interval": told.interval,
        "p_responded": None if told.gain is None else 0.97,
        "p_worn_off": 0.93 if told.state == "worn_off" else 0.2 if told.gain else None,
        "gain": summary(told.gain, interval=interval, reason=told.reason),
        "censored_by": "next_session" if at and told.state == "holding" else None,
        "censored_on": None,
        "watched_to": None if told.state == "insufficient" else 34 if at else OFFSET,
        "fractions": [
            {"fraction": share, "state": state, "day": day, "interval": between,
             "p_worn_off": 0.9 if state == "worn_off" else 0.2}
            for share, state, day, between in told.fractions
        ],
        "rule": None if told.state is None else {
            "state": "insufficient", "reason": "too_few_days", "day": None, "interval": None,
        },
    }  # fmt: skip


def _recovery(at: int) -> list[dict[str, Any]]:
    gone = {"code": "nausea", "label": "Nausea", "worst_severity": 2, "resolved_day": 2,
            "interval": (1, 2), "is_resolved": True, "reason": None}  # fmt: skip
    lasting = {"code": "headache", "label": "Headache", "worst_severity": 1, "resolved_day": None,
               "interval": None, "is_resolved": False, "reason": None}  # fmt: skip
    return [[gone, lasting], [gone], []][at % 3]


def _compared(other: int) -> dict[str, Any]:
    return {
        "session_id": f"s{other}", "days_compared": 15, "first_day": 1, "last_day": 21,
        "gain_difference": summary(-0.4, interval=(-1.1, 0.3)),
        "good_days_difference": summary(0.1),
    }  # fmt: skip


def _troughs(story: Story) -> dict[str, Any]:
    is_short = any(told.reason == "interval_too_short" for told in story.windows)
    levels = [
        {"session_id": f"s{at}", "date": story.day_of(at), "level": summary(4.5 - at / 2)}
        for at in reversed(range(len(story.windows)))
    ]
    return {"levels": levels if is_short else [], "slope_per_week": summary(0.5)}


def _outcomes(story: Story) -> dict[str, Any]:
    if len(story.windows) < 4:
        return {"route": [], "dose_mg_per_kg": [], "interval_days": [], "reason": "too_few_windows"}
    one = {"n": 4, "wear_off_days": [14, 14, 21], "median_gain": summary(3.2)}
    return {
        "route": [{"value": "intravenous", **one}], "dose_mg_per_kg": [{"value": 0.5, **one}],
        "interval_days": [{"value": 35, **one}], "reason": None,
    }  # fmt: skip
