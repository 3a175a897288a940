"""Rows of one patient's chart: found by id among the patient's own, and noted when written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import audit
from care.principal import Chart, Principal
from care.refusals import NotYours


def of_chart(table: Any, chart: Chart) -> tuple[Any, ...]:
    """The conditions that keep a table to this patient's rows."""
    return (table.clinic_id == chart.clinic_id, table.patient_id == chart.patient_id)


def key(chart: Chart, row_id: UUID) -> dict[str, UUID]:
    """The columns that name one row."""
    return {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id, "id": row_id}


def find(connection: Connection, table: Any, chart: Chart, row_id: UUID) -> Any:
    """The row; NotYours for any id but one of this patient's."""
    mine = select(table).where(*of_chart(table, chart), table.id == row_id)
    row = connection.execute(mine).one_or_none()
    if row is None:
        kind = table.__tablename__
        raise NotYours(f"No such {kind}.", f"{kind}.read", (kind, row_id))
    return row


def note(
    connection: Connection,
    principal: Principal,
    action: str,
    subject: tuple[Chart, str, UUID],
    now: datetime,
) -> None:
    """The audit row of a write; `subject` is the chart, what kind of row, and which."""
    chart, kind, row_id = subject
    event = audit.event_values(
        principal, f"{kind}.{action}", now, subject=(kind, row_id), patient_id=chart.patient_id
    )
    audit.write(connection, event)
