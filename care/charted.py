"""M1: looks at the control chart of patients whose days came in, and raises what has drifted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, select

from care import control_chart, streams
from care.alerts import Raising, raise_alert
from care.kept import Kept
from care.principal import Chart, ClinicRules, Principal, operator
from care.windows import digest, question
from clinical.days import DEFAULT_BACKFILL_DAYS, DayRules
from clinical.measures import COMPOSITE
from clinical.safety import Finding
from models.checkin import Checkin
from models.patient import Patient
from models.patient_stream import PatientStream

RUNNING_DAYS = 2  # 5d M1: above the limit on two valid days running
_LATELY = timedelta(days=2)  # days that came in before that were looked at then (u)
_AT_ONCE = 20  # charts of one round: the others wait some seconds for the next (u)
# What was looked at, by the patient and the count of what a chart is made of.
_seen: Kept[bool] = Kept(100_000)


def is_waiting(connection: Connection, clinic_id: UUID, now: datetime) -> bool:
    """Whether anybody's days came in that nobody has looked at."""
    return bool(_waiting(connection, clinic_id, now))


def look(connection: Connection, clinic_id: UUID, now: datetime) -> None:
    """Look at the charts that may have changed, some at a time."""
    for row in _waiting(connection, clinic_id, now)[:_AT_ONCE]:
        rules = DayRules(row.day_boundary_minutes, DEFAULT_BACKFILL_DAYS)
        chart = Chart(clinic_id, row.id, row.timezone, rules)
        _look_at(connection, operator(clinic_id), chart, now)
        _seen.get(_key(row), lambda: True)


def _look_at(connection: Connection, principal: Principal, chart: Chart, now: datetime) -> None:
    who = replace(principal, clinic=ClinicRules(chart.timezone, DEFAULT_BACKFILL_DAYS))
    asked = question(who, chart, COMPOSITE.key, now)
    day = drifted(control_chart.read(connection, asked)["points"])
    if day is None:
        return
    streams.lock(connection, chart)
    finding = Finding("M1", "normal", "M1", {"measure": COMPOSITE.key})
    raising = Raising(chart, finding, f"M1|{day}", {"date": day}, sent=f"M1|{day}")
    raise_alert(connection, principal, raising, now)


def drifted(points: Sequence[Any]) -> date | None:
    """The last answered day where it and the one before it are both above the limit."""
    last = points[-RUNNING_DAYS:]
    is_drifted = len(last) == RUNNING_DAYS and all(point["is_beyond"] for point in last)
    return last[-1]["date"] if is_drifted else None


def _waiting(connection: Connection, clinic_id: UUID, now: datetime) -> list[Any]:
    came_in = exists().where(
        Checkin.clinic_id == Patient.clinic_id,
        Checkin.patient_id == Patient.id,
        Checkin.received_at >= now - _LATELY,
        Checkin.source != "import",
    )
    statement = (
        select(
            Patient.id, Patient.timezone, Patient.day_boundary_minutes, PatientStream.inputs_version
        )
        .join(
            PatientStream,
            and_(
                PatientStream.clinic_id == Patient.clinic_id,
                PatientStream.patient_id == Patient.id,
            ),
        )
        .where(Patient.clinic_id == clinic_id, came_in)
        .order_by(Patient.id)
    )
    return [row for row in connection.execute(statement) if _key(row) not in _seen]


def _key(row: Any) -> bytes:
    return digest([str(row.id), row.inputs_version]).encode()
