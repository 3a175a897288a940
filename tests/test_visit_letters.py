"""Letters about one's sessions: the evening before and after them, and only while they stand."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from care import visit_letters
from commands.jobs.delivery import deliver_for
from commands.jobs.rounds import Round, go
from models.db import new_id
from models.treatment_session import TreatmentSession
from tests.letters import stored
from tests.people import ZONE, Household
from tests.post import office
from tests.test_delivery import Hands
from tests.test_enumeration import change
from tests.test_reminders import wish

ROUND = Round("visits", visit_letters.put_due, visit_letters.are_due)
EVENING = datetime(2026, 11, 25, 17, tzinfo=UTC)  # 18:00 in Berlin
NEXT_MORNING = datetime(2026, 11, 26, 8, tzinfo=UTC)


def session(home: Household, **given: Any) -> Any:
    session_id = new_id()
    values = {
        "clinic_id": home.clinic_id,
        "patient_id": home.patient_id,
        "id": session_id,
        "status": "booked",
        "scheduled_at": NEXT_MORNING,
        "timezone": ZONE,
        "local_date": NEXT_MORNING.date(),
        "source": "staff",
        "created_at": EVENING - timedelta(days=9),
    }
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(TreatmentSession).values(**(values | given)))
        connection.commit()
    return session_id


def held(home: Household, ended_at: datetime, **given: Any) -> Any:
    times = {"started_at": ended_at - timedelta(hours=2), "stopped_at": ended_at}
    return session(home, status="completed", scheduled_at=None, **(times | given))


def go_at(home: Household, now: datetime) -> list[str]:
    """The texts that went out."""
    hands = Hands()
    own = office(home.world, {"email": hands}, lambda: now)
    go(own, ROUND, home.clinic_id)
    deliver_for(own, home.clinic_id)
    return [sent.text for sent in hands.taken]


def test_the_evening_before_there_is_something_to_read(home: Household) -> None:
    wish(home, reminder_at=None)
    session(home)
    assert go_at(home, EVENING - timedelta(seconds=1)) == []
    (text,) = go_at(home, EVENING)
    assert text.startswith("There is something to read in Interlude about your next date:")
    assert go_at(home, EVENING + timedelta(minutes=5)) == []


def test_it_comes_at_ones_own_hour_and_out_of_the_quiet_ones(home: Household) -> None:
    wish(home, reminder_at=time(21), quiet_from=time(20), quiet_until=time(7))
    session(home)
    assert go_at(home, EVENING) == []
    assert go_at(home, EVENING + timedelta(hours=3)) == []
    (row,) = stored(home.world, home.clinic_id)
    assert row.due_at == datetime(2026, 11, 26, 6, tzinfo=UTC)  # 07:00, an hour and more before
    assert len(go_at(home, row.due_at)) == 1


@pytest.mark.parametrize(
    "moved",
    [
        {"status": "cancelled"},
        {"voided_at": EVENING},
        {"scheduled_at": NEXT_MORNING + timedelta(days=7)},
    ],
    ids=str,
)
def test_a_session_that_no_longer_stands_is_not_told_of(
    home: Household, moved: dict[str, Any]
) -> None:
    wish(home)
    session_id = session(home)
    go(office(home.world, {}, lambda: EVENING + timedelta(hours=2)), ROUND, home.clinic_id)
    assert len(stored(home.world, home.clinic_id)) == 1
    change(home.world, TreatmentSession, TreatmentSession.id == session_id, **moved)
    assert go_at(home, EVENING + timedelta(hours=3)) == []


def test_a_session_moved_to_another_day_has_another_letter(home: Household) -> None:
    wish(home, reminder_at=None)
    session_id = session(home)
    assert len(go_at(home, EVENING)) == 1
    day_later = {"scheduled_at": NEXT_MORNING + timedelta(days=1)}
    change(home.world, TreatmentSession, TreatmentSession.id == session_id, **day_later)
    assert go_at(home, EVENING + timedelta(minutes=1)) == []
    assert len(go_at(home, EVENING + timedelta(days=1))) == 1


def test_after_a_session_there_is_something_to_read_once(home: Household) -> None:
    wish(home)
    held(home, EVENING)
    (text,) = go_at(home, EVENING + timedelta(minutes=1))
    assert text.startswith("There is something to read in Interlude about today:")
    assert go_at(home, EVENING + timedelta(minutes=2)) == []


def test_what_was_entered_long_after_or_brought_in_sends_nothing(home: Household) -> None:
    wish(home)
    held(home, EVENING - timedelta(hours=12))
    held(home, EVENING - timedelta(hours=1), source="import")
    assert go_at(home, EVENING) == []


def test_who_chose_no_channel_gets_no_letter(home: Household) -> None:
    wish(home, reminder_channel=None)
    session(home)
    held(home, EVENING)
    assert go_at(home, EVENING + timedelta(minutes=1)) == []
