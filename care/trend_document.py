"""Puts a trend document together: which days each figure is of, and what it is compared to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from care.effects import effects_of, no_effects
from care.trend_inputs import DAY_FIELDS, Inputs
from clinical import trends
from clinical.baseline import Baseline, LoggedDay, choose, search_period
from clinical.coverage import Series, coverage
from clinical.diary import Diary, diary
from clinical.measures import CUSTOM_MAXIMUM, CUSTOM_MINIMUM, MEASURES, CustomMeasure
from clinical.periods import Period, before_session, since_session
from clinical.summaries import Summary

Columns = Mapping[str, Sequence[float | None]]
_ASKED = "side_effects asked"
_WORDS = ("key", "prompt", "unit", "minimum", "maximum", "direction", "low_end", "high_end")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a summary is asked about, and on which of the patient's days."""

    period: Period
    today: date
    timezone: str
    custom: tuple[CustomMeasure, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """The diaries all measures are cut from, and the periods they are cut to."""

    main: Diary
    before: Diary
    baseline: Baseline
    period: Period
    since: Period | str
    session: date | None


def compose(inputs: Inputs, asked: Asked, input_hash: str) -> dict[str, Any]:
    """The document, as plain values: dates are dates, ids are ids."""
    scene = _scene(inputs, asked)
    base = scene.baseline
    return {
        "method_version": trends.METHOD_VERSION,
        "thresholds": dict(trends.THRESHOLDS),
        "from": asked.period.first,
        "to": asked.period.last,
        "timezone": asked.timezone,
        "input_hash": input_hash,
        "today": asked.today,
        "baseline": {
            "source": base.source,
            "from": base.period.first if base.period else None,
            "to": base.period.last if base.period else None,
            "reason": base.reason,
        },
        "last_session": _last_session(inputs, asked.period.last),
        "sessions": list(inputs.sessions),
        "measures": [_measure(scene, words) for words in _shown(scene, asked)],
        "side_effects": {
            "period": _effects(scene, inputs, asked.period),
            "since_session": _effects(scene, inputs, scene.since),
        },
    }


def _scene(inputs: Inputs, asked: Asked) -> _Scene:
    fields = _fields(inputs.days)
    dates, columns = fields["local_date"], _columns(fields, asked.custom)
    baseline = _baseline(inputs, fields, columns)
    session = inputs.last_session["date"] if inputs.last_session else None
    # A traveller may have logged tomorrow already: then it was to be expected.
    ended = max([asked.today, *dates])
    span = Period(inputs.span.first, min(asked.period.last, ended))
    asked_on = [None if told is None else 1.0 for told in fields["side_effects_json"]]
    return _Scene(
        diary(dates, {**columns, _ASKED: asked_on}, span),
        _baseline_diary(baseline, dates, columns),
        baseline,
        asked.period,
        since_session(session, asked.period.last),
        session,
    )


def _fields(days: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """The rows turned on their side: every field's values, in the order of the rows."""
    turned = zip(*days, strict=True) if days else [()] * len(DAY_FIELDS)
    return dict(zip(DAY_FIELDS, turned, strict=True))


def _columns(fields: Mapping[str, Sequence[Any]], custom: Sequence[CustomMeasure]) -> Columns:
    """Every measure's answers, in the order of the days."""
    columns = {key: fields[key] for key in MEASURES}
    if not custom:
        return columns
    own = [orjson.loads(told) if told else {} for told in fields["custom_json"]]
    return columns | {measure.key: [given.get(measure.key) for given in own] for measure in custom}


def _baseline(inputs: Inputs, fields: Mapping[str, Sequence[Any]], columns: Columns) -> Baseline:
    if inputs.first_session is None:
        return choose(None, (), ())
    searched = search_period(inputs.first_session)
    logged = [
        LoggedDay(day, fields["source"][index])
        for index, day in enumerate(fields["local_date"])
        if searched.first <= day <= searched.last
        and any(values[index] is not None for values in columns.values())
    ]
    return choose(inputs.first_session, logged, inputs.session_days)


def _baseline_diary(baseline: Baseline, dates: Sequence[date], columns: Columns) -> Diary:
    """Of the baseline's period, the days that count."""
    if baseline.period is None:
        return Diary(date.min, {})
    at = [index for index, day in enumerate(dates) if day in baseline.days]
    counted = {key: [values[index] for index in at] for key, values in columns.items()}
    return diary([dates[index] for index in at], counted, baseline.period)


def _shown(scene: _Scene, asked: Asked) -> list[dict[str, Any]]:
    """The words of each measure to show: a retired one only where the period has days of it."""
    words = [{name: getattr(measure, name) for name in _WORDS} for measure in MEASURES.values()]
    for measure in asked.custom:
        if measure.retired and not coverage(scene.main.cut(measure.key, asked.period)).n_observed:
            continue
        told: dict[str, Any] = {"minimum": CUSTOM_MINIMUM, "maximum": CUSTOM_MAXIMUM, "unit": None}
        words.append({name: told.get(name, getattr(measure, name, None)) for name in _WORDS})
    return words


def _measure(scene: _Scene, words: Mapping[str, Any]) -> dict[str, Any]:
    key = words["key"]
    series = scene.main.cut(key, scene.period)
    base = scene.before.columns.get(key)
    baseline = trends.baseline_level(base)
    before = scene.main.cut(key, scene.period.before())
    whole = trends.figures(series, before, baseline)
    return {
        **words,
        "period": _figures(scene.period, whole, series),
        "since_session": _since(scene, key, baseline),
        "points": trends.points(series, scene.period.first),
    }


def _since(scene: _Scene, key: str, baseline: trends.Level | str) -> dict[str, Any]:
    """The figures from the day after the last session on, compared to as many before it."""
    since, session = scene.since, scene.session
    if session is None or isinstance(since, str):
        return _figures(None, trends.no_figures(str(since)), None)
    series = scene.main.cut(key, since)
    before = scene.main.cut(key, before_session(session, since))
    return _figures(since, trends.figures(series, before, baseline), series)


def _figures(
    period: Period | None, figures: Mapping[str, Summary], series: Series | None
) -> dict[str, Any]:
    last_date = None
    if period is not None and series is not None:
        last_date = trends.last_date(series, period.first)
    return {
        "from": period.first if period else None,
        "to": period.last if period else None,
        **{name: summary.as_dict() for name, summary in figures.items()},
        "last_date": last_date,
    }


def _effects(scene: _Scene, inputs: Inputs, period: Period | str) -> dict[str, Any]:
    """Side effects of a period; of none, no days and no codes."""
    if isinstance(period, str):
        return no_effects()
    asked = [
        orjson.loads(day.side_effects_json)
        for day in inputs.days
        if day.side_effects_json and period.first <= day.local_date <= period.last
    ]
    return effects_of(period, asked, coverage(scene.main.cut(_ASKED, period)))


def _last_session(inputs: Inputs, last: date) -> dict[str, Any] | None:
    session = inputs.last_session
    if session is None:
        return None
    return {
        "session_id": session["session_id"],
        "date": session["date"],
        "day_offset": (last - session["date"]).days,
        "route": session["route"],
        "doses": session["doses"],
    }
