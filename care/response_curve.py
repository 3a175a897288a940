"""The response curve: windows' logged days, the current one's level, the middle of the rest."""

import math
from typing import Any

from sqlalchemy import Connection

from care import window_inputs
from care.window_header import header
from care.window_inputs import Inputs
from care.window_scene import VALUE, Scene, scene
from care.windows import Question
from clinical.periods import Period
from clinical.response_curves import BandDay, Point, RibbonDay, band, points, ribbon
from clinical.summaries import rounded
from clinical.wear_off import Estimate, estimate
from clinical.windows import Window


def read(connection: Connection, question: Question) -> dict[str, Any]:
    """The document, as plain values."""
    told = read_with_wear_off(connection, question)
    del told["wear_off"]
    return told


def read_with_wear_off(connection: Connection, question: Question) -> dict[str, Any]:
    """The same, with `wear_off` of the current window beside it, as the windows document has it."""
    asked = question.asked
    inputs = window_inputs.read(
        connection, question.chart, asked.today, asked.key, with_effects=False
    )
    return compose(inputs, question)


def compose(inputs: Inputs, question: Question) -> dict[str, Any]:
    """The document of these inputs: windows newest first."""
    asked = question.asked
    made = scene(inputs, asked, window_inputs.span(asked.today))
    told = _estimate(made)
    earlier = [window for window in made.windows if not window.is_open]
    return {
        **header(question, inputs, made),
        "current": None if told is None else _current(made.windows[-1], told, question),
        "windows": [_window(made, inputs, window) for window in reversed(made.windows)],
        "band": [_band_day(day) for day in band([made.values(window) for window in earlier])],
        "wear_off": told and {"state": told.state, "day": told.day, "interval": told.interval},
    }


def _estimate(made: Scene) -> Estimate | None:
    if not made.windows:
        return None
    window = made.windows[-1]
    return estimate(made.y(window)[: window.days_to_judge], made.reference_of(window))


def _current(window: Window, told: Estimate, question: Question) -> dict[str, Any]:
    drawn = ribbon(told.ribbon, question.asked.orientation.own)
    return {
        "session_id": window.session.id,
        "date": window.first,
        "ribbon": [_ribbon_day(day) for day in drawn],
    }


def _window(made: Scene, inputs: Inputs, window: Window) -> dict[str, Any]:
    on_day = made.days.cut(VALUE, Period(window.first, window.first))
    day_0 = float(on_day[0])
    logged = points(
        made.values(window),
        day_0=None if math.isnan(day_0) else day_0,
        pre_dose=inputs.pre_dose.get(window.first),
    )
    return {
        "session_id": window.session.id,
        "date": window.first,
        "is_current": window.is_open,
        "points": [_point(point) for point in logged],
    }


# Not dataclasses.asdict: it copies deeply, and a history has thousands of points.
def _point(point: Point) -> dict[str, Any]:
    return {
        "day_offset": point.day_offset,
        "value": rounded(point.value),
        "pre_dose": point.pre_dose,
    }


def _ribbon_day(day: RibbonDay) -> dict[str, Any]:
    return {"day_offset": day.day_offset, "level": day.level, "low": day.low, "high": day.high}


def _band_day(day: BandDay) -> dict[str, Any]:
    return {
        "day_offset": day.day_offset,
        "n": day.n,
        "median": day.median,
        "lower_quartile": day.lower_quartile,
        "upper_quartile": day.upper_quartile,
    }
