"""Route, dose and interval beside what came of them, by window: listed, nothing concluded."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from clinical.coverage import Coverage
from clinical.summaries import Summary, stated, withheld
from clinical.treatments import DRUGS, ROUTES

# Refused below three windows: 1-product, "what none documents", 9; each median alike.
LEAST_WINDOWS = 3
# Doses by weight count as the same to a twentieth of a mg/kg (u): weight changes, the aim did not.
DOSE_STEPS_PER_MG_PER_KG = 20

THRESHOLDS: Mapping[str, float] = {
    "outcomes_minimum_windows": LEAST_WINDOWS,
    "outcomes_dose_step_mg_per_kg": 1 / DOSE_STEPS_PER_MG_PER_KG,
}
_TELLING = ("worn_off", "holding", "no_response")
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A window: what was given and what came of it; one without state and gain is not counted.

    `dose` is (drug, route, mg/kg), None where several drugs or routes were given or the weight is
    not known; `interval_days` until the next session, None while the window is open; `gain` the
    smoothed gain of its first days, None where it could not be told.
    """

    state: str | None
    day: int | None
    gain: float | None
    route: str | None
    dose: tuple[str, str, float] | None
    interval_days: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """All windows with the same value, how many, and the days half of the gain was gone in them."""

    value: str | float
    n: int
    wear_off_days: tuple[int, ...]
    median_gain: Summary

    def as_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "n": self.n,
            "wear_off_days": list(self.wear_off_days),
            "median_gain": self.median_gain.as_dict(),
        }


def outcomes(windows: Sequence[Outcome]) -> dict[str, Any]:
    """The rows by route, dose and interval; refused below three windows that tell anything.

    A row of doses names its drug and route too: a mg/kg of one is none of the other.
    """
    telling = [each for each in windows if each.state in _TELLING or each.gain is not None]
    if len(telling) < LEAST_WINDOWS:
        return {"route": [], "dose_mg_per_kg": [], "interval_days": [], "reason": "too_few_windows"}
    return {
        "route": [
            _row(route, same).as_dict()
            for route, same in _grouped(telling, lambda window: window.route, ROUTES.index)
        ],
        "dose_mg_per_kg": [
            {"drug": drug, "route": route, **_row(dose, same).as_dict()}
            for (drug, route, dose), same in _grouped(telling, _dose, _dose_order)
        ],
        "interval_days": [
            _row(days, same).as_dict()
            for days, same in _grouped(telling, lambda window: window.interval_days, int)
        ],
        "reason": None,
    }


def _dose(window: Outcome) -> tuple[str, str, float] | None:
    if window.dose is None:
        return None
    drug, route, mg_per_kg = window.dose
    return drug, route, round(mg_per_kg * DOSE_STEPS_PER_MG_PER_KG) / DOSE_STEPS_PER_MG_PER_KG


def _dose_order(dose: tuple[str, str, float]) -> tuple[int, int, float]:
    drug, route, mg_per_kg = dose
    return DRUGS.index(drug), ROUTES.index(route), mg_per_kg


def _grouped(
    windows: Sequence[Outcome],
    key: Callable[[Outcome], _Key | None],
    order: Callable[[_Key], Any],
) -> list[tuple[_Key, list[Outcome]]]:
    """The windows by key, in the order of the keys; those without one are in no row."""
    found: dict[_Key, list[Outcome]] = {}
    for window in windows:
        value = key(window)
        if value is not None:
            found.setdefault(value, []).append(window)
    return sorted(found.items(), key=lambda pair: order(pair[0]))


def _row(value: str | float, windows: Sequence[Outcome]) -> Row:
    n = len(windows)
    days = tuple(
        window.day for window in windows if window.state == "worn_off" and window.day is not None
    )
    gains = [window.gain for window in windows if window.gain is not None]
    counted = Coverage(len(gains), n, 0)
    if len(gains) < LEAST_WINDOWS:
        return Row(value, n, days, withheld("too_few_windows", counted))
    return Row(value, n, days, stated(median(gains), counted))
