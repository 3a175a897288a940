"""What every document about windows states of itself: methods, bounds, period, hash, reference."""

from typing import Any

from care.window_inputs import Inputs
from care.window_scene import Scene
from care.windows import Question, digest
from clinical.orientation import Orientation
from clinical.reference import Reference
from clinical.statistics import t_quantile
from clinical.summaries import Summary, stated, withheld
from clinical.window_methods import METHOD_VERSION, THRESHOLDS


def header(question: Question, inputs: Inputs, scene: Scene) -> dict[str, Any]:
    """From the oldest window's first day to today; the reference level is the latest course's."""
    asked = question.asked
    first = scene.windows[0].first if scene.windows else asked.today
    return {
        "method_version": METHOD_VERSION,
        "thresholds": dict(THRESHOLDS),
        "from": first,
        "to": asked.today,
        "timezone": asked.timezone,
        "input_hash": digest([METHOD_VERSION, asked, *inputs.told()]),
        "today": asked.today,
        "measure": asked.words,
        "reference": _shown(scene.reference, asked.orientation),
    }


def _shown(reference: Reference, orientation: Orientation) -> dict[str, Any]:
    return {
        "source": reference.source,
        "from": reference.first,
        "to": reference.last,
        "level": level_of(reference, orientation).as_dict(),
        "reason": reference.reason,
    }


def level_of(reference: Reference, orientation: Orientation) -> Summary:
    """The reference level in the measure's own units and direction."""
    if reference.level is None:
        return withheld(str(reference.reason), reference.coverage)
    between = None
    if reference.standard_error is not None:
        half = t_quantile(reference.n_observed - 1) * reference.standard_error
        ends = (orientation.own(reference.level + sign * half) for sign in (-1, 1))
        low, high = sorted(ends)
        between = (low, high)
    return stated(orientation.own(reference.level), reference.coverage, between)
