"""What the safety rules need of a patient's past: earlier answers, and what fired lately."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from care.principal import Chart
from care.rows import of_chart
from clinical.days import days_earlier
from clinical.safety import FLAG_DAYS, NONE_DAYS, SAFETY_RULES, Lately
from clinical.safety_effects import REMEMBERED_DAYS, Told, told_of
from models.alert import Alert
from models.alert_event import AlertEvent
from models.assessment import Assessment
from models.checkin import Checkin

# A best score is one of the last year (u).
_SCORES_DAYS = 365


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


def is_open_since(connection: Connection, chart: Chart, episode: str, since: datetime) -> bool:
    """Whether an alert of the episode is open that was opened since then."""
    found = select(Alert.id).where(
        *of_chart(Alert, chart), Alert.episode == episode, Alert.is_open, Alert.opened_at >= since
    )
    return connection.execute(found).first() is not None


def days_before(connection: Connection, chart: Chart, day: date) -> Mapping[int, Told]:
    """What the two weeks before a day told of side effects and nights, by days back."""
    rows = connection.execute(
        select(Checkin.local_date, Checkin.side_effects, Checkin.sleep_hours).where(
            *of_chart(Checkin, chart),
            Checkin.deleted.is_(False),
            Checkin.local_date >= days_earlier(day, REMEMBERED_DAYS),
            Checkin.local_date < day,
        )
    )
    return {(day - row.local_date).days: told_of(row._asdict()) for row in rows}


def scores_before(
    connection: Connection, chart: Chart, about: tuple[UUID, str, date]
) -> Sequence[float]:
    """The totals of a scale on the days before, newest first; `about` is (id, scale, day)."""
    assessment_id, instrument, day = about
    rows = connection.scalars(
        select(Assessment.total)
        .where(
            *of_chart(Assessment, chart),
            Assessment.instrument == instrument,
            Assessment.id != assessment_id,
            Assessment.local_date <= day,
            Assessment.local_date > days_earlier(day, _SCORES_DAYS),
            Assessment.total.is_not(None),
            Assessment.voided_at.is_(None),
        )
        .order_by(Assessment.local_date.desc(), Assessment.created_at.desc())
    )
    return [total for total in rows if total is not None]
