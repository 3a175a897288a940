"""The smallest stories in which the sync of check-ins would lose, double or invent something."""

from typing import Any

import pytest
from flask import Flask

from clinical.checkins import NO_ANSWERS
from tests.sync import invariants
from tests.sync.device import Fate, Phone
from tests.sync.machine import NAMES
from tests.sync.run import Run
from tests.sync.scene import Scene, Time

NAUSEA = {"code": "nausea", "severity": 1}


@pytest.fixture
def run(sync_app: Flask, sync_time: Time) -> Run:
    return Run(Scene(sync_app, sync_time), NAMES)


@pytest.fixture
def phone(run: Run) -> Phone:
    return run.phones[0]


@pytest.fixture
def other(run: Run) -> Phone:
    """Another device of the same patient."""
    return run.phones[1]


def say(run: Run, phone: Phone, day: int = 0, **answers: Any) -> None:
    """The patient changes these answers of a day, a second later than before."""
    run.wait(1)
    date = run.days[day]
    phone.client.edit(date, {**NO_ANSWERS, **(phone.client.shown(date) or {}), **answers})
    run.look(phone)


def delete(run: Run, phone: Phone, day: int = 0) -> None:
    run.wait(1)
    phone.client.edit(run.days[day], None)
    run.look(phone)


def send(run: Run, phone: Phone, fate: Fate = "arrives") -> None:
    """One batch, and what befalls it."""
    phone.wire.fate = fate
    run.push(phone)


def sync(run: Run, *phones: Phone) -> None:
    """Each device sends and reads all it can."""
    for phone in phones:
        run.settle(phone)


def stored(run: Run, day: int = 0) -> Any:
    return run.stored().get(run.days[day])


def everything_holds(run: Run) -> None:
    run.come_to_rest()
    run.judge()


def test_an_answer_that_was_lost_is_given_again_whatever_came_since(
    run: Run, phone: Phone, other: Phone
) -> None:
    say(run, phone, mood=3)
    send(run, phone, "lost")
    sync(run, other)
    say(run, other, mood=7)
    sync(run, other)
    sync(run, phone)
    assert stored(run).mood == 7
    assert phone.client.shown(run.days[0]) == other.client.shown(run.days[0])
    everything_holds(run)


def test_of_two_edits_of_one_state_none_replaces_the_other(
    run: Run, phone: Phone, other: Phone
) -> None:
    say(run, phone, mood=3)
    sync(run, phone, other)
    say(run, phone, sleep_hours=8)
    say(run, other, note="walk")
    sync(run, phone, other)
    day = stored(run)
    assert (day.mood, day.sleep_hours, day.note) == (3, 8, "walk")
    everything_holds(run)


def test_a_day_logged_again_after_it_was_deleted_is_there(run: Run, phone: Phone) -> None:
    say(run, phone, mood=3)
    sync(run, phone)
    delete(run, phone)
    sync(run, phone)
    say(run, phone, mood=7)
    sync(run, phone)
    day = stored(run)
    assert (day.deleted, day.mood, day.revision) == (False, 7, 3)
    everything_holds(run)


def test_an_edit_that_lost_is_kept_in_the_history(run: Run, phone: Phone, other: Phone) -> None:
    say(run, phone, mood=3)
    sync(run, phone)
    say(run, other, mood=7)
    send(run, other)  # answered `conflict`
    assert [row.body["mood"] for row in run.seen("x").rows().conflicts] == [7]
    everything_holds(run)


def test_nothing_is_acknowledged_before_it_is_committed(run: Run, phone: Phone) -> None:
    say(run, phone, mood=3)
    send(run, phone, "before commit")
    assert stored(run) is None
    assert [one.stage for one in phone.client.kept.operations] == ["sent"]
    everything_holds(run)
    assert stored(run).mood == 3


def test_a_page_goes_on_where_the_one_before_ended(run: Run, phone: Phone, other: Phone) -> None:
    for day in (0, 1, 2):
        say(run, phone, day, mood=day)
    sync(run, phone)
    run.read_to_the_end(other, 1)
    assert sorted(other.client.kept.days) == sorted(run.days)


def test_after_a_restore_the_server_speaks_of_another_history(run: Run, phone: Phone) -> None:
    sync(run, phone)
    before = phone.client.kept.epoch
    run.back_up()
    say(run, phone, mood=3)
    sync(run, phone)
    run.restore()
    assert stored(run) is None
    sync(run, phone)
    assert phone.client.kept.epoch != before
    everything_holds(run)


def test_what_a_restore_lost_is_offered_again(run: Run, phone: Phone) -> None:
    sync(run, phone)
    run.back_up()
    say(run, phone, mood=3)
    sync(run, phone)
    run.restore()
    sync(run, phone)
    assert stored(run) is not None
    assert stored(run).mood == 3
    everything_holds(run)


def test_an_edit_of_a_collected_deletion_brings_nothing_back_unasked(
    run: Run, phone: Phone, other: Phone
) -> None:
    say(run, phone, mood=3)
    sync(run, phone, other)
    delete(run, phone)
    sync(run, phone)
    run.collect()
    say(run, other, mood=7)
    send(run, other)
    assert stored(run) is None
    assert [one.reason for one in other.client.questions()] == ["log_again"]
    run.answer(other, yes=True)
    everything_holds(run)
    assert (stored(run).mood, stored(run).revision) == (7, 3)


def test_reading_from_the_start_below_collected_deletions_ends(
    run: Run, phone: Phone, other: Phone
) -> None:
    for day in (0, 1, 2):
        say(run, phone, day, mood=day)
    sync(run, phone)
    delete(run, phone, 2)
    sync(run, phone)
    run.collect()
    run.read_to_the_end(other, 1)
    assert sorted(other.client.kept.days) == sorted(run.days[:2])


def test_a_phone_that_only_sends_hears_of_a_restore(run: Run, phone: Phone) -> None:
    say(run, phone, mood=3)
    run.back_up()
    send(run, phone)
    run.restore()
    assert stored(run) is None
    say(run, phone, 1, mood=5)
    send(run, phone)  # is told of the other history
    send(run, phone)
    assert (stored(run, 0).mood, stored(run, 1).mood) == (3, 5)
    everything_holds(run)


def test_who_missed_a_collected_deletion_reads_from_the_start(
    run: Run, phone: Phone, other: Phone
) -> None:
    say(run, phone, mood=3)
    sync(run, phone, other)
    delete(run, phone)
    sync(run, phone)
    run.collect()
    run.read_to_the_end(other, 200)
    assert other.client.shown(run.days[0]) is None
    everything_holds(run)


def test_every_edit_a_restore_lost_is_offered_again_not_only_the_last_of_a_day(
    run: Run, phone: Phone
) -> None:
    say(run, phone, mood=3)
    sync(run, phone)
    run.back_up()
    say(run, phone, mood=7)
    sync(run, phone)
    say(run, phone, note="walk")
    sync(run, phone)
    run.restore()
    everything_holds(run)
    assert (stored(run).mood, stored(run).note) == (7, "walk")


def test_a_deletion_a_restore_lost_holds_though_its_phone_came_back_first(
    run: Run, phone: Phone, other: Phone
) -> None:
    sync(run, phone, other)
    run.back_up()
    say(run, phone, mood=3)
    sync(run, phone, other)
    delete(run, other)
    sync(run, other)
    run.restore()
    sync(run, other)  # there is nothing to delete yet
    sync(run, phone)  # which has not heard of the deletion
    assert not stored(run).deleted
    everything_holds(run)
    assert stored(run).deleted


def test_a_late_request_of_what_was_merged_since_changes_nothing(
    run: Run, phone: Phone, other: Phone
) -> None:
    say(run, phone, mood=3, side_effects=[])
    sync(run, phone)
    say(run, other, mood=7, side_effects=[NAUSEA])
    sync(run, other)
    before = invariants.fingerprint(run.scene, run.people["x"].patient_id)
    for sent in list(run.sent):
        run.send_again(sent)
    assert invariants.fingerprint(run.scene, run.people["x"].patient_id) == before
    assert (stored(run).mood, stored(run).side_effects) == (7, [NAUSEA])
    everything_holds(run)


def test_a_day_deleted_and_logged_again_on_one_phone_is_that_again_and_nobody_is_asked(
    run: Run, phone: Phone
) -> None:
    sync(run, phone)
    run.back_up()
    say(run, phone, mood=3)
    sync(run, phone)
    delete(run, phone)
    sync(run, phone)
    say(run, phone, mood=7)
    sync(run, phone)
    run.restore()
    run.read_to_the_end(phone, 200)
    while run.push(phone).more:
        assert phone.client.questions() == []
    assert (stored(run).mood, stored(run).revision) == (7, 3)
    everything_holds(run)
