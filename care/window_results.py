"""What one window shows by itself, made once: kept by the content it was made from.

Only what depends on this window's own days, session and reference level is made here; what sets
windows side by side is made of these results (care/window_document.py).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from care.effects import effects_of
from care.kept import Kept
from clinical import window_comparison as figures
from clinical.coverage import Series, coverage
from clinical.orientation import Orientation
from clinical.periods import Period
from clinical.recovery import recovery
from clinical.reference import Reference
from clinical.smoother import LONGEST_DAYS
from clinical.summaries import Summary, rounded, stated, withheld
from clinical.trends import share_observed
from clinical.wear_off import Estimate, estimate, until_last_observed
from clinical.wear_off_rule import RuleResult, rule
from clinical.window_methods import METHOD_VERSION, THRESHOLDS
from clinical.windows import SHORT_INTERVAL_DAYS, Window

# Eight patients of ten years, or eighty of one: 15 kB each (measured), 15 MB together.
_MOST_KEPT = 1024
_kept: Kept["Results"] = Kept(_MOST_KEPT)


@dataclass(frozen=True, slots=True)
class Material:
    """All that a window's results depend on.

    `y` are its days from day 1 on, `before` the days of the week before its block in the measure's
    own units, `effects` its days' side effects as JSON from day 0 on, None where nobody asked.
    """

    window: Window
    reference: Reference
    orientation: Orientation
    y: Series
    before: Series
    effects: tuple[str | None, ...]

    def key(self) -> bytes:
        """A digest of it: equal where the results are, and it names nobody."""
        window = self.window
        days = [window.first, window.last, window.is_open, window.interval_days]
        censored = [window.censored_by, window.censored_on]
        levels = [self.reference, self.orientation]
        told = [METHOD_VERSION, THRESHOLDS, *days, *censored, *levels, self.effects]
        digest = hashlib.sha256(orjson.dumps(told))
        digest.update(self.y.tobytes())
        digest.update(self.before.tobytes())
        return digest.digest()

    @property
    def judged(self) -> figures.Days:
        """The days up to whatever ended or blurred the session's effect."""
        y = self.y[: self.window.days_to_judge]
        level = self.reference
        return figures.Days(y, level.level, level.reason, self.orientation.per_y)


@dataclass(frozen=True, slots=True)
class Results:
    """A window's own figures as they are shown, and what others are compared by."""

    shown: dict[str, Any]
    days: figures.Days
    peak: Summary
    area: Summary
    told: Estimate
    wear_off: Estimate | None
    gain: float | None
    level_before: Summary

    @property
    def days_watched(self) -> int:
        """The last day that tells of wearing off: whoever stops logging has not kept the gain."""
        return _watched(self.days.y)


def results_of(material: Material) -> Results:
    """The window's results, from memory where the same were made before."""
    return _kept.get(material.key(), lambda: make(material))


def forget() -> None:
    """Make every result anew from now on."""
    _kept.clear()


def make(material: Material) -> Results:
    """The window's results."""
    days, window = material.judged, material.window
    highest, peak_day = figures.peak(days)
    area = figures.area_per_day(days)
    before = figures.level_before(material.before)
    is_short = is_short_interval(window)
    told = estimate(days.y, material.reference)
    observed = coverage(days.y)
    shown = {
        "coverage": share_observed(coverage(material.y)).as_dict(),
        "level_before": before.as_dict(),
        "onset_day": figures.onset_day(days).as_dict(),
        "peak_gain": highest.as_dict(),
        "peak_day": peak_day,
        "area_per_day": area.as_dict(),
        "good_days": figures.good_days(days.y).as_dict(),
        "gain_kept": figures.gain_kept(_kept_of(material, told), observed),
        "wear_off": _wear_off(material, told, is_short),
        **_side_effects(material),
    }
    gain = _gain(material, told).value
    judged = None if is_short else told
    return Results(shown, days, highest, area, told, judged, gain, before)


def _kept_of(material: Material, told: Estimate) -> figures.Kept:
    window, watched = material.window, len(told.ribbon)
    return figures.Kept(told.kept, window.days, window.days_to_judge, watched, told.reason)


def _watched(y: Series) -> int:
    return len(until_last_observed(y[:LONGEST_DAYS]))


def is_short_interval(window: Window) -> bool:
    """Whether the next session came too soon for a day of wearing off to be told."""
    return window.interval_days is not None and window.interval_days <= SHORT_INTERVAL_DAYS


def _wear_off(material: Material, told: Estimate, is_short: bool) -> dict[str, Any]:
    window = material.window
    told_of: dict[str, Any] = {
        "gain": _gain(material, told).as_dict(),
        "censored_by": window.censored_by,
        "censored_on": window.censored_on,
        "watched_to": _watched(material.judged.y) or None,
    }
    if is_short:
        nothing = dict.fromkeys(("state", "day", "interval", "p_worn_off", "rule"))
        told_of |= {"p_responded": _rounded(told.p_responded), "fractions": []}
        return {**nothing, "reason": "interval_too_short", **told_of}
    observation = rule(material.judged.y, material.reference)
    return {
        "state": told.state,
        "reason": told.reason,
        "day": told.day,
        "interval": told.interval,
        "p_responded": _rounded(told.p_responded),
        "p_worn_off": _rounded(told.p_worn_off),
        **told_of,
        "fractions": [
            {
                "fraction": crossing.fraction,
                "state": crossing.state,
                "day": crossing.day,
                "interval": crossing.interval,
                "p_worn_off": _rounded(crossing.p_worn_off),
            }
            for crossing in told.crossings
        ],
        "rule": _rule(observation),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else rounded(share)


def _gain(material: Material, told: Estimate) -> Summary:
    """The smoothed gain of the first days with its 80 % interval, in the measure's own units."""
    observed = coverage(material.judged.y)
    if told.gain is None:
        return withheld(told.reason or "no_measurable_gain", observed)
    gain, low, high = (material.orientation.gain(each) for each in told.gain)
    return stated(gain, observed, (low, high))


def _side_effects(material: Material) -> dict[str, Any]:
    """What was reported from day 0 on, and how long: the acute effects are the session's too."""
    window = material.window
    days = [None if text is None else orjson.loads(text) for text in material.effects]
    asked = coverage(np.array([np.nan if ticked is None else 1.0 for ticked in days]))
    period = Period(window.first, window.last)
    return {
        "side_effects": effects_of(period, [each for each in days if each is not None], asked),
        "recovery": [each.as_dict() for each in recovery(days)],
    }


def _rule(observation: RuleResult) -> dict[str, Any]:
    return {
        "state": observation.state,
        "reason": observation.reason,
        "day": observation.day,
        "interval": observation.interval,
    }
