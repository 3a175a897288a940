"""Rating scales in a trend: the period's scores, the course's baseline, what the last means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical.assessment_dates import Due
from clinical.course_scores import Held, Moment, Scored, baseline, first_session
from clinical.instruments import Instrument
from clinical.periods import Period
from clinical.scale_points import GivenScore, baseline_shown, complete, meant, point
from clinical.screens import SCREENS

_SHOWN = (
    *("name", "total_minimum", "total_maximum", "direction", "recall_days"),
    *("remission_at_most", "remission_at_least", "response_share"),
)


@dataclass(frozen=True, slots=True)
class ScaleInputs:
    """`scores` and `sessions` of the period and of the days around the course's first dose."""

    scores: Sequence[GivenScore]
    sessions: Sequence[Held]
    due: Sequence[Due]

    @property
    def keys(self) -> list[str]:
        """Which scales there are scores of."""
        return sorted({each.instrument for each in self.scores})


NO_SCALES = ScaleInputs((), (), ())


def scales(
    inputs: ScaleInputs, period: Period, known: Mapping[str, Instrument]
) -> list[dict[str, Any]]:
    """Each scale with a score in the period, in the order of their keys."""
    inside = [each for each in inputs.scores if period.first <= each.date <= period.last]
    keys = sorted({each.instrument for each in inside} & known.keys())
    whole = complete(inputs.scores)
    return [_scale(known[key], inside, (inputs.sessions, whole), period.last) for key in keys]


def _scale(
    scale: Instrument,
    inside: Sequence[GivenScore],
    course: tuple[Sequence[Held], Sequence[Scored]],
    last: date,
) -> dict[str, Any]:
    sessions, whole = course
    first = first_session(sessions, Moment(last))
    before = baseline(whole, scale.key, first)
    mine = [each for each in inside if each.instrument == scale.key]
    newest = next((each for each in reversed(mine) if each.total is not None), None)
    reason = None
    if before is None:
        reason = "no_session" if first is None else "no_baseline"
    return {
        "key": scale.key,
        **{name: getattr(scale, name) for name in _SHOWN},
        "bands": [
            {"minimum": band.minimum, "maximum": band.maximum, "label": band.label}
            for band in scale.bands
        ],
        "baseline": baseline_shown(before),
        "reason": reason,
        "points": [point(each, scale, sessions) for each in mine],
        "last": None if newest is None else _last(newest, scale, before),
    }


def _last(newest: GivenScore, scale: Instrument, before: Scored | None) -> dict[str, Any]:
    told = {"assessment_id": newest.id, "date": newest.date, "total": newest.total}
    return told | meant(scale, newest.total, before)


def overdue_screens(inputs: ScaleInputs) -> list[dict[str, Any]]:
    """The periodic screens that are overdue today, the longest first."""
    return [
        {"key": each.key, "due_on": each.due_on, "last_on": each.last_on}
        for each in inputs.due
        if each.key in SCREENS and each.state == "overdue"
    ]
