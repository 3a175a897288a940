"""How long a clinic's alerts wait until somebody acknowledges them, measured."""

from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, select

from care.principal import Principal
from clinical.alert_waits import summary, waits
from models.alert import Alert
from models.alert_event import AlertEvent


def read(
    connection: Connection, principal: Principal, since: datetime, now: datetime
) -> dict[str, Any]:
    """The waits of alerts opened since then, and of all that are open; of nobody in particular."""
    statement = (
        select(AlertEvent.alert_id, AlertEvent.kind, AlertEvent.at, AlertEvent.severity)
        .join(
            Alert,
            and_(
                Alert.clinic_id == AlertEvent.clinic_id,
                Alert.patient_id == AlertEvent.patient_id,
                Alert.id == AlertEvent.alert_id,
            ),
        )
        .where(Alert.clinic_id == principal.clinic_id, Alert.is_open | (Alert.opened_at >= since))
        .order_by(AlertEvent.alert_id, AlertEvent.number)
    )
    rows = connection.execute(statement).all()
    by_alert = [waits(events) for _, events in groupby(rows, key=lambda row: row.alert_id)]
    return summary([wait for found in by_alert for wait in found], now)
