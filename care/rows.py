"""Rows of one patient's chart: found by id among the patient's own, and noted when written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from care import audit
from care.principal import Chart, Principal
from care.refusals import BaseMissing, NotYours, Stale
from models.db import as_json
from models.fact_revision import FactRevision


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


def refuse_unseen(row: Any, given: Mapping[str, Any], base: int | None) -> None:
    """Stale on any base but the row's revision; BaseMissing without one where a value would go."""
    if base is not None and base != row.revision:
        raise Stale(row.revision)
    replaced = [name for name, value in given.items() if getattr(row, name) not in (None, value)]
    if base is None and replaced:
        raise BaseMissing(row.revision)


def note(
    connection: Connection,
    principal: Principal,
    action: str,
    subject: tuple[Chart, Any, UUID],
    now: datetime,
) -> None:
    """What a write leaves: the row as it is now, kept for ever, and an audit row.

    `subject` is the chart, the row's table, and which row.
    """
    chart, table, row_id = subject
    kind = table.__tablename__
    row = find(connection, table, chart, row_id)
    connection.execute(
        insert(FactRevision).values(
            clinic_id=chart.clinic_id,
            patient_id=chart.patient_id,
            kind=kind,
            fact_id=row_id,
            revision=row.revision,
            body=as_json(row._asdict()),
            actor=principal.membership_id,
            changed_at=now,
        )
    )
    event = audit.event_values(
        principal, f"{kind}.{action}", now, subject=(kind, row_id), patient_id=chart.patient_id
    )
    audit.write(connection, event)
