"""What marks a session: its patient's open alerts, and its readings outside the clinic's limits.

Of patients the caller has been let in to; a constant number of statements, however many.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from clinical.safety import higher
from clinical.vitals import READINGS
from clinical.vitals_alarms import Alarm, alarms_of
from models.alert import Alert
from models.clinic import Clinic
from models.session_vitals import SessionVitals


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """How many alerts of a patient are open, and the severity of the most severe."""

    count: int = 0
    highest: str | None = None


def open_alerts(
    connection: Connection, clinic_id: UUID, patients: Collection[UUID]
) -> Mapping[UUID, OpenAlerts]:
    """By patient; those without an open alert are not in it."""
    counted = (
        select(Alert.patient_id, Alert.severity, func.count().label("how_many"))
        .where(Alert.clinic_id == clinic_id, Alert.is_open, Alert.patient_id.in_(patients))
        .group_by(Alert.patient_id, Alert.severity)
    )
    found: dict[UUID, OpenAlerts] = {}
    for row in connection.execute(counted):
        before = found.get(row.patient_id, OpenAlerts())
        highest = row.severity if before.highest is None else higher(before.highest, row.severity)
        found[row.patient_id] = OpenAlerts(before.count + row.how_many, highest)
    return found


def limits(connection: Connection, clinic_id: UUID) -> Mapping[str, int] | None:
    """The clinic's own limits; None where it has set none."""
    own = select(Clinic.vitals_alarms).where(Clinic.clinic_id == clinic_id)
    found: Mapping[str, int] | None = connection.scalar(own)
    return found


def alarms(
    connection: Connection, clinic_id: UUID, patients: Collection[UUID], sessions: Collection[UUID]
) -> Mapping[UUID, list[Alarm]]:
    """By session, its readings outside a limit; those without one are not in it."""
    read = select(SessionVitals).where(
        SessionVitals.clinic_id == clinic_id,
        SessionVitals.patient_id.in_(patients),
        SessionVitals.session_id.in_(sessions),
    )
    readings: dict[UUID, list[dict[str, Any]]] = {}
    for row in connection.execute(read):
        one = {name: getattr(row, name) for name in ("minute", *READINGS)}
        readings.setdefault(row.session_id, []).append(one)
    own = limits(connection, clinic_id)
    judged = {session_id: alarms_of(of_one, own) for session_id, of_one in readings.items()}
    return {session_id: found for session_id, found in judged.items() if found}
