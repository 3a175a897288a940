"""What is asked about windows: by which measure, and the tag of the answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from care.principal import Chart, Principal
from care.refusals import Fault, Invalid
from care.trend_inputs import version
from care.window_scene import Asked
from clinical.days import local_day
from clinical.measures import COMPOSITE, MEASURES, CustomMeasure, Measure
from clinical.window_methods import METHOD_VERSION


@dataclass(frozen=True, slots=True)
class Question:
    """Whose windows, by which measure, on which day."""

    chart: Chart
    asked: Asked


def question(principal: Principal, chart: Chart, key: str, now: datetime) -> Question:
    """The question; Invalid for a measure that is none, or has no better end."""
    measure = _measure(principal, key)
    if measure is None:
        raise Invalid([Fault("/measure", "No such measure in this clinic.")])
    if measure.direction == "neither":
        raise Invalid([Fault("/measure", "Neither end of this measure is the better one.")])
    today = local_day(now, chart.timezone, chart.days.day_boundary_minutes)
    return Question(chart, Asked(measure, today, chart.timezone))


def _measure(principal: Principal, key: str) -> Measure | CustomMeasure | None:
    if key == COMPOSITE.key:
        return COMPOSITE
    return MEASURES.get(key) or principal.clinic.measures.get(key)


def tag(connection: Connection, document: str, question: Question) -> str:
    """What moves whenever the document may: known without reading a single day."""
    counted = version(connection, question.chart)
    told = [METHOD_VERSION, document, str(question.chart.patient_id), counted, question.asked]
    return digest(told)[:16]


def digest(told: Any) -> str:
    """A hash of plain values and dataclasses."""
    return hashlib.sha256(orjson.dumps(told)).hexdigest()
