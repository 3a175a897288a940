"""Letters go out at least once, whatever dies on the way; a mail server may be away or slow."""

import socket
import sqlite3
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from care import outbox
from care.channels import NotSent, Outgoing
from care.channels.mail import Mail
from commands.jobs.delivery import Office, deliver_for
from models.engine import Database
from tests.letters import NOON, letter, put, stored
from tests.people import World
from tests.post import SENDER, MailBox, mail_server, office


class Killed(BaseException):
    """Nothing in the code may catch what a kill stands for."""


class Hands:
    """A channel that keeps what it is handed, and may do something before or after that."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []

    def send(self, outgoing: Outgoing) -> None:
        self.taken.append(outgoing)


def deliver_at(world: World, clinic_id: UUID, channel: Any, now: datetime) -> int:
    return deliver_for(office(world, {"email": channel}, lambda: now), clinic_id)


class Steps:
    """Counts the steps of a delivery - each statement, each commit, before and after sending - and
    dies at one of them, its connections cut as a process's are that is killed."""

    def __init__(self, database: Database, last: int) -> None:
        self.last, self.done = last, 0
        self.open: list[Any] = []
        event.listen(database.engine, "connect", lambda driver, _: self.open.append(driver))
        for name in ("before_cursor_execute", "commit"):
            event.listen(database.engine, name, self.step)

    def step(self, *_: Any) -> None:
        self.done += 1
        if self.done == self.last:
            for driver in self.open:
                driver.close()
            raise Killed


class DyingHands(Hands):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.steps = steps

    def send(self, outgoing: Outgoing) -> None:
        self.steps.step()
        super().send(outgoing)
        self.steps.step()


def delivered_until(world: World, url: str, clinic_id: UUID, last: int) -> tuple[Steps, Hands]:
    """A process of its own that is killed at that step, if it comes so far."""
    database = Database(url)
    steps = Steps(database, last)
    hands = DyingHands(steps)
    own = replace(office(world, {"email": hands}, lambda: NOON), database=database)
    with suppress(Killed, SQLAlchemyError, sqlite3.Error, psycopg.Error):
        deliver_for(own, clinic_id)
    if steps.done < last:
        database.close()
    return steps, hands


def test_a_kill_at_any_step_loses_no_letter(world: World, database_url: str) -> None:
    last, deliveries = 0, []
    while True:
        last += 1
        clinic_id, after = world.clinic(), Hands()
        put(world, letter(clinic_id))
        steps, before = delivered_until(world, database_url, clinic_id, last)
        for _ in range(500):  # PostgreSQL notices only soon that the killed one is gone
            deliver_at(world, clinic_id, after, NOON + outbox.CLAIM)
            (row,) = stored(world, clinic_id)
            if row.settled_at is not None:
                break
        assert (row.settled_at is not None, row.fault) == (True, None), last
        sent = [*before.taken, *after.taken]
        assert {outgoing.id for outgoing in sent} == {row.id}, last  # at least once, known again
        deliveries.append(len(sent))
        if steps.done < last:
            break
    assert deliveries[-1] == 1  # nobody killed it
    assert set(deliveries) == {1, 2}
    assert last >= 7  # claimed, committed, looked up, sent, settled, committed


def test_a_kill_before_the_sending_is_made_good_and_one_after_it_sends_twice(world: World) -> None:
    told = []
    for where in ("before", "after"):
        clinic_id = world.clinic()
        put(world, letter(clinic_id))

        class Dying(Hands):
            def send(self, outgoing: Outgoing, where: str = where) -> None:
                if where == "after":
                    super().send(outgoing)
                raise Killed

        first, second = Dying(), Hands()
        with pytest.raises(Killed):
            deliver_at(world, clinic_id, first, NOON)
        deliver_at(world, clinic_id, second, NOON + outbox.CLAIM - timedelta(seconds=1))
        assert second.taken == []
        deliver_at(world, clinic_id, second, NOON + outbox.CLAIM)
        told.append((len(first.taken), len(second.taken)))
        assert len({sent.id for sent in [*first.taken, *second.taken]}) == 1  # known again by it
    assert told == [(0, 1), (1, 1)]


def test_two_offices_at_once_send_each_letter_once(world: World) -> None:
    clinic_id, hands, gate = world.clinic(), Hands(), threading.Barrier(3)
    put(world, *(letter(clinic_id, str(number)) for number in range(30)))

    def work(own: Office) -> None:
        gate.wait(10)
        for _ in range(6):
            deliver_for(own, clinic_id)

    offices = [office(world, {"email": hands}, lambda: NOON) for _ in range(3)]
    workers = [threading.Thread(target=work, args=(own,)) for own in offices]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(hands.taken) == len({sent.id for sent in hands.taken}) == 30


def test_a_letter_reaches_a_mail_server_in_its_words(world: World) -> None:
    clinic_id, box = world.clinic(), MailBox()
    put(world, letter(clinic_id), letter(clinic_id, "de", language="de-AT", recipient="b@x.org"))
    with mail_server(box) as mail:
        assert deliver_at(world, clinic_id, mail, NOON) == 2
    first, second = sorted(box.letters, key=lambda told: str(told["To"]))
    assert (first["To"], second["To"]) == ("b@x.org", "reviewer@example.org")
    assert box.texts().count("There is a new task in Interlude.") == 1
    assert box.texts().count("In Interlude gibt es eine neue Aufgabe.") == 1
    assert (first["From"], first["Subject"]) == (SENDER, "Interlude")
    ids = {f"<{row.id}@app.example.org>" for row in stored(world, clinic_id)}
    assert {str(told["Message-ID"]) for told in box.letters} == ids
    assert {row.settled_at for row in stored(world, clinic_id)} == {NOON}


def test_a_mail_server_that_is_away_delays_and_nothing_more(world: World) -> None:
    clinic_id = world.clinic()
    put(world, letter(clinic_id))
    with socket.socket() as closed:  # bound and not listening: refused at once
        closed.bind(("127.0.0.1", 0))
        away = Mail("127.0.0.1", closed.getsockname()[1], SENDER)
        assert deliver_at(world, clinic_id, away, NOON) == 0
    (row,) = stored(world, clinic_id)
    assert (row.settled_at, row.fault, row.attempts) == (None, "unreachable", 1)
    box = MailBox()
    with mail_server(box) as mail:
        assert deliver_at(world, clinic_id, mail, NOON + timedelta(seconds=59)) == 0
        assert deliver_at(world, clinic_id, mail, NOON + timedelta(minutes=1)) == 1
    assert len(box.letters) == 1
    (row,) = stored(world, clinic_id)
    assert (row.settled_at, row.fault) == (NOON + timedelta(minutes=1), None)


def drip(listener: socket.socket, stop: threading.Event) -> None:
    """Answer byte by byte for ever: no single wait is long."""
    talker, _ = listener.accept()
    with talker:
        try:
            while not stop.wait(0.01):
                talker.sendall(b"2")
        except OSError:
            return


def test_a_mail_server_that_drips_is_cut_off(world: World) -> None:
    clinic_id, stop = world.clinic(), threading.Event()
    put(world, letter(clinic_id))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dripping = threading.Thread(target=drip, args=(listener, stop))
        dripping.start()
        port = listener.getsockname()[1]
        slow = Mail("127.0.0.1", port, SENDER, letter_seconds=0.2)
        began = datetime.now(UTC)
        assert deliver_at(world, clinic_id, slow, NOON) == 0
        assert datetime.now(UTC) - began < timedelta(seconds=3)
        stop.set()
        dripping.join(10)
    (row,) = stored(world, clinic_id)
    assert (row.settled_at, row.fault) == (None, "unreachable")


def test_a_server_that_refuses_the_address_is_asked_eight_times(world: World) -> None:
    clinic_id, box = world.clinic(), MailBox(lambda _: "550 no such user")
    put(world, letter(clinic_id))
    now, tried = NOON, 0
    with mail_server(box) as mail:
        while (row := stored(world, clinic_id)[0]).settled_at is None:
            now = max(now, row.due_at)
            deliver_at(world, clinic_id, mail, now)
            tried += 1
    assert (tried, row.fault, box.letters) == (outbox.REFUSALS_BORNE, "recipient_refused", [])


def test_for_now_is_not_for_ever(world: World) -> None:
    clinic_id, box = world.clinic(), MailBox(lambda _: "451 try again later")
    put(world, letter(clinic_id))
    now = NOON
    with mail_server(box) as mail:
        for _ in range(outbox.REFUSALS_BORNE + 2):
            deliver_at(world, clinic_id, mail, now)
            now = stored(world, clinic_id)[0].due_at
        box.answer = lambda _: "250 OK"
        assert deliver_at(world, clinic_id, mail, now) == 1


def test_what_nobody_wants_any_more_is_not_sent(world: World) -> None:
    clinic_id, hands = world.clinic(), Hands()
    put(world, letter(clinic_id, expires_at=NOON + timedelta(minutes=5)))
    assert deliver_at(world, clinic_id, hands, NOON + timedelta(minutes=5)) == 0
    (row,) = stored(world, clinic_id)
    assert (row.fault, hands.taken) == ("expired", [])


def test_a_channel_that_is_not_set_up_leaves_its_letters_waiting(world: World) -> None:
    clinic_id, hands = world.clinic(), Hands()
    put(world, letter(clinic_id, channel="webhook", recipient="+49 30 1"))
    assert deliver_at(world, clinic_id, hands, NOON) == 0
    assert [row.attempts for row in stored(world, clinic_id)] == [0]


def test_one_letter_that_fails_keeps_no_other_back(world: World) -> None:
    clinic_id = world.clinic()

    class Picky(Hands):
        def send(self, outgoing: Outgoing) -> None:
            if outgoing.recipient == "bad@example.org":
                raise NotSent("server_refused")
            super().send(outgoing)

    bad = letter(clinic_id, "bad", recipient="bad@example.org", due_at=NOON - timedelta(hours=1))
    put(world, bad, letter(clinic_id, "good"))
    assert deliver_at(world, clinic_id, Picky(), NOON) == 1
    assert {row.dedupe_key: row.fault for row in stored(world, clinic_id)} == {
        "bad": "server_refused",
        "good": None,
    }
