"""How often and how badly each side effect was reported, on the days somebody was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinical import statistics
from clinical.coverage import Coverage
from clinical.side_effects import SIDE_EFFECTS
from clinical.summaries import stated, withheld
from clinical.trends import level_fault

Ticked = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reported:
    """One side effect: how severe it was on each day it was there."""

    code: str
    severities: tuple[int, ...]


def by_code(asked: Sequence[Ticked]) -> list[Reported]:
    """Every side effect that was ticked on a day asked, in the order of the list of them all."""
    found: dict[str, list[int]] = {}
    for ticked in asked:
        for effect in ticked:
            found.setdefault(effect["code"], []).append(effect["severity"])
    order = [code for code in SIDE_EFFECTS if code in found]
    return [Reported(code, tuple(found[code])) for code in order]


def summary_of(effect: Reported, observed: Coverage) -> dict[str, Any]:
    """One side effect's figures; `observed` tells of the days on which it was asked.

    Share and burden need as many asked days as a level does.
    """
    days, total = len(effect.severities), sum(effect.severities)
    fault = level_fault(observed)
    if fault is None:
        asked = observed.n_observed
        share = stated(days / asked, observed, statistics.wilson(days, asked))
        burden = stated(total / asked, observed)
    else:
        share = burden = withheld(fault, observed)
    return {
        "code": effect.code,
        "label": SIDE_EFFECTS[effect.code].label,
        "days": days,
        "share": share.as_dict(),
        "worst_severity": max(effect.severities),
        "mean_severity": stated(total / days, observed).as_dict(),
        "burden": burden.as_dict(),
    }
