"""The control chart: the days since a stable stretch, and the limit they are held against."""

from typing import Any

from sqlalchemy import Connection

from care import window_inputs
from care.window_header import header
from care.window_inputs import Inputs
from care.window_scene import Y, scene
from care.windows import Question
from clinical.control_chart import control_chart


def read(connection: Connection, question: Question) -> dict[str, Any]:
    """The document, as plain values."""
    asked = question.asked
    inputs = window_inputs.read(
        connection, question.chart, asked.today, asked.key, with_effects=False
    )
    return compose(inputs, question)


def compose(inputs: Inputs, question: Question) -> dict[str, Any]:
    """The document of these inputs; it begins with the stable stretch, or the oldest window."""
    asked = question.asked
    made = scene(inputs, asked, window_inputs.span(asked.today))
    first, turned = made.days.first, asked.orientation
    sessions = [
        (session.date - first).days for session in inputs.sessions if session.date <= asked.today
    ]
    chart = control_chart(made.days.columns[Y], sessions)
    told = header(question, inputs, made)
    shown = chart.as_dict(first, turned.own, per_y=turned.per_y)
    begun = shown["stable"]["from"]
    return {**told, "from": told["from"] if begun is None else min(told["from"], begun), **shown}
