"""Puts the windows side by side: each one's own results, compared, and what they show together."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from care import instruments, window_inputs
from care.window_header import header
from care.window_history import histories
from care.window_inputs import Inputs
from care.window_results import Material, Results, results_of
from care.window_scales import scales_of
from care.window_scene import VALUE, Scene, scene
from care.windows import Question
from clinical import window_comparison as figures
from clinical.course_scores import Held
from clinical.instruments import Instrument
from clinical.periods import Period
from clinical.trends import BASELINE_DAYS
from clinical.windows import Given, Session, Window

_VITALS: Mapping[str, Callable[[Iterable[int]], int]] = {
    "highest_systolic_mmhg": max,
    "highest_diastolic_mmhg": max,
    "lowest_spo2_percent": min,
}


def read(connection: Connection, question: Question) -> dict[str, Any]:
    """The document, as plain values."""
    asked = question.asked
    inputs = window_inputs.read(
        connection, question.chart, asked.today, asked.key, with_effects=True
    )
    return compose(inputs, question, instruments.own(connection, question.chart.clinic_id))


def compose(inputs: Inputs, question: Question, known: Mapping[str, Instrument]) -> dict[str, Any]:
    """The document of these inputs: windows newest first; `known` are the clinic's scales."""
    asked = question.asked
    made = scene(inputs, asked, window_inputs.span(asked.today))
    dates = [row.local_date for row in inputs.days]
    results = [
        results_of(_material(made, question, window, _effects(window, inputs, dates)))
        for window in made.windows
    ]
    best = _best(made.windows, results)
    held = [
        Held(made.courses.get(each.id), each.date, each.began, each.id) for each in inputs.sessions
    ]
    shown = [
        _window(inputs, made.windows[at], results[at])
        | {"scales": scales_of(made.windows[at], inputs.scores, held, known)}
        | {"compared": _compared(made, results, at, best)}
        for at in range(len(results))
    ]
    return {
        **header(question, inputs, made),
        "windows": shown[::-1],
        **histories(inputs, question, made, results),
    }


def _material(
    made: Scene, question: Question, window: Window, effects: tuple[str | None, ...]
) -> Material:
    block = window.block[0].date
    week = Period(block - timedelta(days=BASELINE_DAYS), block - timedelta(days=1))
    return Material(
        window=window,
        reference=made.reference_of(window),
        orientation=question.asked.orientation,
        y=made.y(window),
        before=made.days.cut(VALUE, week),
        effects=effects,
    )


def _effects(window: Window, inputs: Inputs, dates: Sequence[Any]) -> tuple[str | None, ...]:
    """The side effects of each of its days from day 0 on, as JSON; None where nobody asked."""
    texts: list[str | None] = [None] * (window.days + 1)
    begin, end = bisect_left(dates, window.first), bisect_right(dates, window.last)
    for at in range(begin, end):
        texts[(dates[at] - window.first).days] = inputs.days[at].side_effects_json
    return tuple(texts)


def _best(windows: Sequence[Window], results: Sequence[Results]) -> int | None:
    """Which closed window was the best; an open one has not shown all it will."""
    closed = [
        (result.peak, result.area)
        for window, result in zip(windows, results, strict=True)
        if not window.is_open
    ]
    return figures.best(closed)


def _compared(made: Scene, results: Sequence[Results], at: int, best: int | None) -> dict[str, Any]:
    """This window against the one before it and the best one; null where it is that itself."""
    others = {"previous": at - 1 if at else None, "best": None if best == at else best}
    return {
        name: None if other is None else _against(made, results, at, other)
        for name, other in others.items()
    }


def _against(made: Scene, results: Sequence[Results], at: int, other: int) -> dict[str, Any]:
    told = figures.compare(results[at].days, results[other].days)
    return {"session_id": made.windows[other].session.id, **told.as_dict()}


def _window(inputs: Inputs, window: Window, result: Results) -> dict[str, Any]:
    return {
        "session_id": window.session.id,
        "date": window.first,
        "number": window.number,
        "kind": window.kind,
        "from": window.first,
        "to": window.last,
        "is_open": window.is_open,
        "days": window.days,
        "interval_days": window.interval_days,
        "sessions": [_session(session) for session in window.block],
        "route": window.route,
        "doses": [_dose(dose) for session in window.same_day for dose in session.doses],
        **result.shown,
        "vitals": _vitals(inputs, window),
    }


def _vitals(inputs: Inputs, window: Window) -> dict[str, int | None]:
    """The extremes over the sessions of day 0; null where nothing was measured."""
    rows = [inputs.vitals[each.id] for each in window.same_day if each.id in inputs.vitals]
    found: dict[str, int | None] = {}
    for name, worst in _VITALS.items():
        measured = [value for row in rows if (value := getattr(row, name)) is not None]
        found[name] = worst(measured) if measured else None
    return found


def _session(session: Session) -> dict[str, Any]:
    return {"session_id": session.id, "date": session.date}


def _dose(dose: Given) -> dict[str, Any]:
    return {
        "drug": dose.drug,
        "route": dose.route,
        "dose_mg": dose.dose_mg,
        "mg_per_kg": dose.mg_per_kg,
    }
