"""Who looks at the demo clinic's alerts, and that the old ones have been looked at."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from care import alert_acts, alerts
from care.principal import Principal
from commands.demo.life import Life
from models.alert import Alert
from models.message import Message

HOURS = [{"weekdays": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "17:00"}]
# What was last told before this is over and done with; the newer waits to be looked at.
LEFT_OPEN = timedelta(days=2)
ACKNOWLEDGED_AFTER, RESOLVED_AFTER = timedelta(minutes=50), timedelta(hours=20)


def reviewed_by(clinician: Principal) -> dict[str, Any]:
    """The settings with which the clinic asks about suicidal thoughts."""
    return {"reviewer_id": clinician.membership_id, "review_hours": HOURS}


def looked_at(life: Life, now: datetime) -> None:
    """Each old alert acknowledged, and resolved the day after; its letters are long since sent."""
    old = select(Alert).where(
        Alert.clinic_id == life.chart.clinic_id,
        Alert.patient_id == life.chart.patient_id,
        Alert.is_open,
        Alert.last_raised_at < now - LEFT_OPEN,
    )
    for alert in life.connection.execute(old.order_by(Alert.opened_at)).all():
        which, since = (life.chart, alert), alert.last_raised_at
        alert_acts.acknowledge(life.connection, life.clinician, which, since + ACKNOWLEDGED_AFTER)
        taken = (life.chart, alerts.find(life.connection, life.chart, alert.id))
        given = {"outcome": "reached", "note": None}
        alert_acts.resolve(life.connection, life.clinician, taken, given, since + RESOLVED_AFTER)
    sent = update(Message).where(
        Message.clinic_id == life.chart.clinic_id, Message.settled_at.is_(None)
    )
    past = sent.where(Message.created_at < now - LEFT_OPEN)
    life.connection.execute(past.values(settled_at=Message.created_at))
