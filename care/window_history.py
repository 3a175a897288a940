"""What a patient's windows show together, from each one's own results."""

from collections.abc import Sequence
from typing import Any

from care.window_inputs import Inputs
from care.window_results import Results
from care.window_scene import VALUE, Scene
from care.windows import Question
from clinical.coverage import Series
from clinical.direction import direction
from clinical.exposure import Dose, exposure
from clinical.gap_risk import Booked, Lasted, gap_risk
from clinical.outcomes import Outcome, outcomes
from clinical.response_curves import smoothed
from clinical.same_day import same_day
from clinical.time_to_wear_off import Watched, time_to_wear_off
from clinical.troughs import Trough, before, slope_per_week
from clinical.window_comparison import level_before
from clinical.windows import Window


def histories(
    inputs: Inputs, question: Question, made: Scene, results: Sequence[Results]
) -> dict[str, Any]:
    """The parts of the document that are about more than one window; oldest window first."""
    watched = [
        each
        for window, result in zip(made.windows, results, strict=True)
        if (each := _watched(window, result)) is not None
    ]
    told = [_outcome(window, result) for window, result in zip(made.windows, results, strict=True)]
    return {
        "current": _current(made, question, results),
        "time_to_wear_off": time_to_wear_off(watched, len(made.windows)).as_dict(),
        "troughs": _troughs(made),
        "outcomes": outcomes(told),
        "gap_risk": _gap_risk(inputs, made.windows, results),
        "exposure": [
            each.as_dict()
            for each in exposure(
                Dose(row.drug, row.route, row.dose_mg, row.local_date, row.session_id)
                for row in inputs.doses
            )
        ],
    }


def _current(made: Scene, question: Question, results: Sequence[Results]) -> dict[str, Any] | None:
    """Where the patient is, whereto it goes, and today beside that day of earlier windows."""
    if not made.windows:
        return None
    window = made.windows[-1]
    *earlier, now = (
        _levels(made, question, each, result)
        for each, result in zip(made.windows, results, strict=True)
    )
    compared = same_day(window.days, now, earlier, per_y=question.asked.orientation.per_y)
    return {
        "session_id": window.session.id,
        "date": window.first,
        "day_offset": window.days,
        "direction": direction(results[-1].told).as_dict(),
        "same_day": compared.as_dict(),
    }


def _levels(made: Scene, question: Question, window: Window, result: Results) -> Series:
    """A window's smoothed levels in own units; what was logged, where they end with an event."""
    ribbon = () if window.censored_by == "event" else result.told.ribbon
    return smoothed(ribbon, question.asked.orientation.own, made.values(window))


def _watched(window: Window, result: Results) -> Watched | None:
    """When the gain wore off, or until when it was seen to hold; None where nothing was seen."""
    told = result.wear_off
    if told is None or told.state not in ("worn_off", "holding"):
        return None
    if told.state == "worn_off" and told.day is not None:
        return Watched(window.session.id, told.day, False)
    return Watched(window.session.id, result.days_watched, True)


def _outcome(window: Window, result: Results) -> Outcome:
    told = result.wear_off
    return Outcome(
        state=None if told is None else told.state,
        day=None if told is None else told.day,
        gain=result.gain,
        route=window.route,
        dose=_dose(window),
        interval_days=window.interval_days,
    )


def _dose(window: Window) -> tuple[str, str, float] | None:
    """All that was given on day 0 by weight; None unless it was one drug by one route."""
    given = [dose for session in window.same_day for dose in session.doses]
    kinds = {(dose.drug, dose.route) for dose in given}
    by_weight = [dose.mg_per_kg for dose in given if dose.mg_per_kg is not None]
    if len(kinds) != 1 or len(by_weight) != len(given):
        return None
    ((drug, route),) = kinds
    return drug, route, sum(by_weight)


def _troughs(made: Scene) -> dict[str, Any]:
    """The levels before sessions that came within the short interval of the one before."""
    sessions = [session for window in made.windows for session in window.block]
    found = [
        (session, Trough(session.date, level_before(made.days.cut(VALUE, days))))
        for session, days in before(sessions)
    ]
    return {
        "levels": [
            {"session_id": session.id, "date": session.date, "level": trough.level.as_dict()}
            for session, trough in found
        ],
        "slope_per_week": slope_per_week([trough for _, trough in found]).as_dict(),
    }


def _gap_risk(
    inputs: Inputs, windows: Sequence[Window], results: Sequence[Results]
) -> dict[str, Any]:
    closed = [
        Lasted(
            state=None if result.wear_off is None else result.wear_off.state,
            day=None if result.wear_off is None else result.wear_off.day,
            days_watched=result.days_watched,
            interval_days=window.interval_days,
        )
        for window, result in zip(windows, results, strict=True)
        if window.interval_days is not None
    ]
    booked = None
    if inputs.next_session is not None and windows:
        session_id, day = inputs.next_session
        booked = Booked(session_id, day, (day - windows[-1].first).days)
    return gap_risk(closed, booked).as_dict()
