"""Where a stored day's answers come from: for each the operation that gave it its present value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from care.checkins import from_body
from care.principal import Chart
from care.protocol import Day
from clinical.checkins import ANSWER_KEYS
from models.checkin_revision import SELECT_APPLIED
from models.prepared import together


@dataclass(frozen=True, slots=True)
class Origin:
    """A day as stored, the operation that made it so, and for each answer that ever changed what
    changed it last: its op id, and when by which clock it was entered."""

    day: Day
    op_id: str
    touched: Mapping[str, Mapping[str, Any]]


def of_days(connection: Connection, chart: Chart, days: Sequence[date]) -> dict[date, Origin]:
    """The origin of each of these days that is stored; in one round trip on PostgreSQL."""
    each = list(dict.fromkeys(days))
    owner = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
    asked = [(SELECT_APPLIED, {**owner, "local_date": day}) for day in each]
    histories = together(connection, *asked) if asked else []
    return {day: _of_history(rows) for day, rows in zip(each, histories, strict=True) if rows}


def _of_history(rows: Sequence[Any]) -> Origin:
    touched: dict[str, Mapping[str, Any]] = {}
    before: Mapping[str, Any] = {}
    for row in rows:
        named = {
            "op_id": row.op_id,
            "recorded_at": row.body["recorded_at"],
            "clock_suspect": row.body["clock_suspect"],
        }
        changed = [key for key in ANSWER_KEYS if row.body[key] != before.get(key)]
        touched |= dict.fromkeys(changed, named)
        before = row.body
    return Origin(from_body(rows[-1].body), rows[-1].op_id, touched)
