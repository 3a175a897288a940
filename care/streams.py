"""The order of writes about one patient: one after the other, and counted for what reads them."""

from uuid import UUID

from sqlalchemy import Connection

from care.principal import Chart
from models.patient_stream import ADVANCE_INPUTS, LOCK_STREAM
from models.prepared import together


def lock(connection: Connection, chart: Chart) -> None:
    """Let no other write about this patient in before the caller's own is committed."""
    lock_of(connection, (chart.clinic_id, chart.patient_id))


def lock_of(connection: Connection, owner: tuple[UUID, UUID]) -> None:
    """The same by clinic and patient, for what opens no chart."""
    if connection.dialect.name == "sqlite":  # BEGIN IMMEDIATE already holds the only lock there is
        return
    values = {"clinic_id": owner[0], "patient_id": owner[1]}
    together(connection, (LOCK_STREAM, values))


def advance_inputs(connection: Connection, chart: Chart) -> None:
    """Count a change of what a summary reads; the stream is locked already."""
    values = {"in_clinic": chart.clinic_id, "of_patient": chart.patient_id}
    together(connection, (ADVANCE_INPUTS, values))
