"""A clinic that asks about suicidal thoughts, and what its alerts and letters came to."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from models.alert import Alert
from models.alert_event import AlertEvent
from models.clinic import Clinic
from models.message import Message
from tests.people import Household, Person

# Every hour of the week: what a test sends is always looked at now.
ALWAYS_OPEN = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "23:59"}]


def ask_safety(home: Household, reviewer: Person | None = None, **settings: Any) -> None:
    """The clinic names its clinician (or another) as the reviewer, with hours."""
    who = reviewer or home.clinician
    values = {"reviewer_id": who.membership_id, "review_hours": ALWAYS_OPEN} | settings
    with home.world.services.database.begin(write=True) as connection:
        of_clinic = update(Clinic).where(Clinic.clinic_id == home.clinic_id)
        connection.execute(of_clinic.values(**values))
        connection.commit()


def alerts(home: Household) -> list[Any]:
    """The clinic's alerts, oldest first."""
    own = select(Alert).where(Alert.clinic_id == home.clinic_id)
    return home.world.rows(own.order_by(Alert.opened_at, Alert.id))


def open_alerts(home: Household) -> list[tuple[str, str]]:
    """(rule, severity) of each open alert."""
    return sorted((alert.rule, alert.severity) for alert in alerts(home) if alert.is_open)


def events(home: Household) -> list[Any]:
    """What happened to the clinic's alerts, in order."""
    own = select(AlertEvent).where(AlertEvent.clinic_id == home.clinic_id)
    return home.world.rows(own.order_by(AlertEvent.at, AlertEvent.alert_id, AlertEvent.number))


def evidence(home: Household) -> list[Mapping[str, Any]]:
    return [event.evidence for event in events(home) if event.evidence is not None]


def letters(home: Household) -> list[str]:
    """Who was written to, in order."""
    own = select(Message).where(Message.clinic_id == home.clinic_id, Message.kind == "task")
    return [row.recipient for row in home.world.rows(own.order_by(Message.created_at))]
