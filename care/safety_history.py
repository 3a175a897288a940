"""What the safety rules need of a patient's past: earlier answers, and what fired lately."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from care.principal import Chart
from care.rows import of_chart
from clinical.safety import FLAG_DAYS, NONE_DAYS, SAFETY_RULES, Lately
from models.alert import Alert
from models.alert_event import AlertEvent
from models.checkin import Checkin


def answers_before(connection: Connection, chart: Chart, day: date) -> Sequence[str]:
    """The answers to the suicidal-thoughts item on the answered days before this one, newest first.

    A day somebody declined is no answered day.
    """
    answered = (
        Checkin.deleted.is_(False),
        Checkin.suicidal_thoughts.is_not(None),
        Checkin.suicidal_thoughts != "declined",
        Checkin.local_date < day,
    )
    newest = select(Checkin.suicidal_thoughts).where(*of_chart(Checkin, chart), *answered)
    rows = connection.scalars(newest.order_by(Checkin.local_date.desc()).limit(NONE_DAYS))
    return [answer for answer in rows if answer is not None]


def flagged_lately(connection: Connection, chart: Chart, now: datetime) -> Lately:
    """Whether a safety rule has fired of late."""
    is_safety = Alert.rule.in_(SAFETY_RULES)
    still = select(Alert.id).where(*of_chart(Alert, chart), is_safety, Alert.is_open)
    if connection.execute(still.limit(1)).first() is not None:
        return Lately(is_flagged=True, is_open=True)
    fired = select(AlertEvent.number).where(
        *of_chart(AlertEvent, chart),
        AlertEvent.rule.in_(SAFETY_RULES),
        AlertEvent.at >= now - timedelta(days=FLAG_DAYS),
    )
    return Lately(is_flagged=connection.execute(fired.limit(1)).first() is not None)
