"""All windows on one line of days: what was logged since the first session, and the sessions."""

from typing import Any

from sqlalchemy import Connection

from care import window_inputs
from care.window_header import header
from care.window_scene import VALUE, scene
from care.windows import Question
from clinical.periods import Period
from clinical.trends import points


def read(connection: Connection, question: Question) -> dict[str, Any]:
    """What a picture of the windows is drawn from."""
    asked = question.asked
    inputs = window_inputs.read(
        connection, question.chart, asked.today, asked.key, with_effects=False
    )
    made = scene(inputs, asked, window_inputs.span(asked.today))
    told = header(question, inputs, made)
    days = made.days.cut(VALUE, Period(told["from"], told["to"]))
    return {
        **told,
        "points": points(days, told["from"]),
        "sessions": [
            {"date": each.date, "called": _called(each.doses)}
            for each in inputs.sessions
            if each.date >= told["from"]
        ],
    }


def _called(doses: Any) -> str:
    return " + ".join(f"{dose.dose_mg:g} mg" for dose in doses) or "session"
