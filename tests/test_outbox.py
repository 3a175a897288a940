"""The outbox: one letter for one occasion, claimed by one sender at a time, free again after it."""

import threading
from datetime import timedelta
from typing import Any

from care import outbox
from tests.letters import NOON, claim, letter, put, stored
from tests.people import World


def test_one_occasion_has_one_letter(world: World) -> None:
    clinic_id, other = world.clinic(), world.clinic()
    same = letter(clinic_id, "invitation:1")
    assert put(world, same, same, letter(clinic_id, "invitation:2")) == [True, False, True]
    assert put(world, letter(other, "invitation:1")) == [True]
    assert [row.dedupe_key for row in stored(world, clinic_id)] == ["invitation:1", "invitation:2"]


def test_a_letter_of_a_transaction_that_is_undone_is_not_there(world: World) -> None:
    clinic_id = world.clinic()
    with world.services.database.begin(write=True) as connection:
        assert outbox.put(connection, letter(clinic_id), NOON)
        connection.rollback()
    assert stored(world, clinic_id) == []


def test_a_claimed_letter_is_nobody_elses_until_its_claim_runs_out(world: World) -> None:
    clinic_id = world.clinic()
    put(world, letter(clinic_id))
    assert [row.attempts for row in claim(world, clinic_id, "a", NOON)] == [1]
    assert claim(world, clinic_id, "b", NOON + outbox.CLAIM - timedelta(seconds=1)) == []
    late = claim(world, clinic_id, "b", NOON + outbox.CLAIM)  # a has died
    assert [(row.claimed_by, row.attempts) for row in late] == [("b", 2)]


def test_claimed_is_what_is_due_by_the_channels_there_are_oldest_first(world: World) -> None:
    clinic_id = world.clinic()
    put(
        world,
        letter(clinic_id, "later", due_at=NOON + timedelta(minutes=1)),
        letter(clinic_id, "third", due_at=NOON),
        letter(clinic_id, "first", due_at=NOON - timedelta(hours=2)),
        letter(clinic_id, "second", due_at=NOON - timedelta(hours=1)),
        letter(clinic_id, "text", channel="webhook", due_at=NOON - timedelta(hours=3)),
    )
    two = claim(world, clinic_id, "a", NOON, channels=("email",), at_most=2)
    assert [row.dedupe_key for row in two] == ["first", "second"]
    rest = claim(world, clinic_id, "a", NOON, channels=("email",))
    assert [row.dedupe_key for row in rest] == ["third"]


def test_a_settled_letter_is_never_claimed_again(world: World) -> None:
    clinic_id = world.clinic()
    put(world, letter(clinic_id))
    (claimed,) = claim(world, clinic_id, "a", NOON)
    with world.services.database.begin(write=True) as connection:
        outbox.settle(connection, claimed, NOON)
        outbox.postpone(connection, claimed, NOON, "late")  # told after the fact by another: no
        connection.commit()
    (row,) = stored(world, clinic_id)
    assert (row.settled_at, row.fault, row.claimed_by) == (NOON, None, None)
    assert claim(world, clinic_id, "b", NOON + timedelta(days=9)) == []


def test_waits_double_up_to_an_hour_and_the_letter_stays(world: World) -> None:
    clinic_id = world.clinic()
    put(world, letter(clinic_id))
    waits, now = [], NOON
    for _ in range(9):
        (claimed,) = claim(world, clinic_id, "a", now)
        with world.services.database.begin(write=True) as connection:
            outbox.postpone(connection, claimed, now, "unreachable")
            connection.commit()
        (row,) = stored(world, clinic_id)
        waits.append((row.due_at - now).total_seconds() / 60)
        now = row.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (row.settled_at, row.fault) == (None, "unreachable")


def test_senders_at_once_never_claim_the_same_letter(world: World) -> None:
    clinic_id = world.clinic()
    put(world, *(letter(clinic_id, str(number)) for number in range(40)))
    gate, taken = threading.Barrier(4), []

    def work(name: str) -> None:
        gate.wait(10)
        while got := claim(world, clinic_id, name, NOON, at_most=3):
            taken.extend([(name, row.dedupe_key) for row in got])

    senders = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(30)
    assert sorted(key for _, key in taken) == sorted(str(number) for number in range(40))


def test_clinics_waiting_are_those_with_something_to_claim(world: World) -> None:
    waiting, served = world.clinic(), world.clinic()
    put(world, letter(waiting), letter(served))
    claim(world, served, "a", NOON)

    def asked(*channels: str) -> set[Any]:
        with world.services.database.begin(write=False) as connection:
            return set(outbox.clinics_waiting(connection, channels, NOON)) & {waiting, served}

    assert (asked("email"), asked("webhook")) == ({waiting}, set())
