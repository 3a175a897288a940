"""The order of writes about one patient: one after the other, and counted for what reads them."""

from sqlalchemy import Connection

from care.principal import Chart
from models.patient_stream import ADVANCE_INPUTS, LOCK_STREAM
from models.prepared import together


def lock(connection: Connection, chart: Chart) -> None:
    """Let no other write about this patient in before the caller's own is committed."""
    if connection.dialect.name == "sqlite":  # BEGIN IMMEDIATE already holds the only lock there is
        return
    values = {"clinic_id": chart.clinic_id, "patient_id": chart.patient_id}
    together(connection, (LOCK_STREAM, values))


def advance_inputs(connection: Connection, chart: Chart) -> None:
    """Count a change of what a summary reads; the stream is locked already."""
    values = {"in_clinic": chart.clinic_id, "of_patient": chart.patient_id}
    together(connection, (ADVANCE_INPUTS, values))
