"""A letter that there is a form to fill in: at one's own hour, once, while there is one."""

from datetime import datetime, time, timedelta

from care import form_letters
from clinical.reminders import wall_instant
from commands.jobs.delivery import deliver_for
from commands.jobs.rounds import Round, go
from tests.filled_scales import ago, stored, today
from tests.letters import stored as letters
from tests.people import ZONE, Household
from tests.post import office
from tests.test_delivery import Hands
from tests.test_reminders import wish
from tests.trend_rows import add_course, add_session

ROUND = Round("forms", form_letters.put_due, form_letters.are_due)


def evening(home: Household, days: int = 0) -> datetime:
    """20:00 of today, or of a day so far from it."""
    return wall_instant(today(home) + timedelta(days=days), time(20), ZONE)


def go_at(home: Household, now: datetime) -> list[str]:
    """The texts that went out."""
    hands = Hands()
    own = office(home.world, {"email": hands}, lambda: now)
    go(own, ROUND, home.clinic_id)
    deliver_for(own, home.clinic_id)
    return [sent.text for sent in hands.taken]


def due_today(home: Household) -> None:
    """In maintenance, two weeks after the last session: scales are wanted today."""
    course_id = add_course(home, ago(home, 60))
    add_session(home, ago(home, 14), course_id=course_id)


def test_who_has_a_form_to_fill_in_is_told_once(home: Household) -> None:
    wish(home)
    due_today(home)
    assert go_at(home, evening(home) - timedelta(minutes=1)) == []
    (text,) = go_at(home, evening(home))
    assert text.startswith("There is a form for you to fill in, in Interlude: https://")
    assert go_at(home, evening(home) + timedelta(minutes=1)) == []
    assert go_at(home, evening(home, 1)) == []  # the same day's forms


def test_who_has_none_or_wants_no_letters_gets_none(home: Household) -> None:
    wish(home)
    assert go_at(home, evening(home)) == []
    due_today(home)
    wish(home, reminder_channel=None)
    assert go_at(home, evening(home, 1)) == []
    assert letters(home.world, home.clinic_id) == []


def test_what_is_filled_in_while_the_letter_waits_is_not_told_of(home: Household) -> None:
    wish(home)
    due_today(home)
    go(office(home.world, {}, lambda: evening(home)), ROUND, home.clinic_id)
    assert [row.kind for row in letters(home.world, home.clinic_id)] == ["form"]
    for key in ("phq9", "gad7", "bladder", "craving", "cognition"):
        stored(home, today(home), instrument=key)
    assert go_at(home, evening(home) + timedelta(minutes=1)) == []
    assert [row.fault for row in letters(home.world, home.clinic_id)] == ["obsolete"]
