"""Guessing a password gets slow, for one account and one network; nobody is shut out."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from api.app import create_app
from care import passwords, throttles
from care.refusals import TooManyAttempts
from models.throttle import Throttle
from tests.people import PASSWORD, Person, World, fresh_address
from tests.sign_in import OTHER_PASSWORD, log_in, stopped


@pytest.fixture
def person(world: World) -> Person:
    return world.person(world.clinic(), "clinician")


def guess(world: World, email: str, times: int = 1, **more: Any) -> list[int]:
    """The statuses of wrong passwords tried one after the other."""
    return [log_in(world, email, OTHER_PASSWORD, **more).status_code for _ in range(times)]


def unknown() -> str:
    return f"nobody.{fresh_address()}@example.org"


def counted(world: World, kind: str, subject: str) -> int:
    """How many attempts are held against an account or a network."""
    key = world.services.keys.throttle_key(kind, subject)
    found = world.rows(select(Throttle.attempts).where(Throttle.key == key))
    return sum(row.attempts for row in found)


def test_the_sixth_guess_waits_for_known_and_unknown_alike(world: World, person: Person) -> None:
    answers = {}
    for email in (person.email, unknown()):
        with stopped():
            assert guess(world, email, 5) == [401] * 5
            answers[email] = log_in(world, email, OTHER_PASSWORD)
    known, other = answers.values()
    assert known.status_code == other.status_code == 429
    assert known.headers["Retry-After"] == other.headers["Retry-After"] == "1"
    assert known.json.keys() == other.json.keys()
    assert known.json | {"instance": ""} == other.json | {"instance": ""}


def test_the_right_password_waits_too_and_then_ends_the_count(world: World, person: Person) -> None:
    with stopped() as time:
        guess(world, person.email, 5)
        assert log_in(world, person.email).status_code == 429
        time.pass_by(seconds=1)
        assert log_in(world, person.email).status_code == 200
        assert counted(world, "account", person.email) == 0
        assert guess(world, person.email, 5) == [401] * 5


def test_waits_double_up_to_a_minute_and_never_end_in_a_lock(world: World, person: Person) -> None:
    waits = []
    with stopped() as time:
        guess(world, person.email, 4)
        for _ in range(9):
            assert guess(world, person.email) == [401]
            refused = log_in(world, person.email)
            waits.append(int(refused.headers["Retry-After"]))
            time.pass_by(seconds=waits[-1])
        assert log_in(world, person.email).status_code == 200
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]  # 2**0 to 2**5; 2**6 = 64 is over the cap


def test_where_the_owner_logged_in_before_others_guesses_make_nobody_wait(
    world: World, person: Person
) -> None:
    home = fresh_address()
    with stopped() as time:
        assert log_in(world, person.email, address=home).status_code == 200
        time.pass_by(days=89)
        assert guess(world, person.email, 6) == [401] * 5 + [429]
        assert log_in(world, person.email).status_code == 429
        assert guess(world, person.email, 6, address=home) == [401] * 5 + [429]
        time.pass_by(seconds=1)
        assert log_in(world, person.email, address=home).status_code == 200
        assert counted(world, "account", person.email) == 5  # guessing elsewhere stays slow
        time.pass_by(days=90)
        assert guess(world, person.email, 6, address=home) == [401] * 5 + [429]
        assert counted(world, "account", person.email) == 5


def test_guesses_at_everybody_make_nobody_else_wait(world: World, person: Person) -> None:
    with world.services.database.begin(write=True) as connection:
        for _ in range(2100):  # each from elsewhere at another account
            keys = throttles.attempt_keys(world.services.keys, unknown(), fresh_address())
            throttles.book(connection, keys, world.now)
    assert log_in(world, person.email).status_code == 200


def test_a_refused_guess_is_neither_looked_at_nor_counted(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped():
        guess(world, person.email, 5)
        monkeypatch.setattr(passwords, "verify", lambda *_: pytest.fail("looked at"))
        assert guess(world, person.email, 3) == [429] * 3
        assert counted(world, "account", person.email) == 5


def test_of_an_hour_of_guesses_from_everywhere_fewer_than_a_hundred_are_looked_at(
    world: World, person: Person
) -> None:
    """Each the instant it is let in: more guesses, even 10,000, are refused and count nothing.

    5 at once, 6 while the waits double (1 + 2 + ... + 32 = 63 s), then one a minute: 58 or 59.
    """
    now, looked_at = world.now, 0
    with world.services.database.begin(write=True) as connection:  # never committed
        while now < world.now + timedelta(hours=1):
            keys = throttles.attempt_keys(world.services.keys, person.email, fresh_address())
            try:
                throttles.book(connection, keys, now)
                looked_at += 1
            except TooManyAttempts as refused:
                now += timedelta(seconds=refused.retry_after_seconds)
    assert looked_at in (5 + 6 + 58, 5 + 6 + 59)


def test_parallel_guesses_do_not_slip_through(world: World, person: Person) -> None:
    with stopped(), ThreadPoolExecutor(10) as pool:
        answers = pool.map(lambda _: guess(world, person.email), range(30))
        statuses = Counter(status for answer in answers for status in answer)
    assert statuses == {401: 5, 429: 25}


def test_who_came_first_but_is_counted_second_waits_no_more_and_no_less(
    world: World, person: Person
) -> None:
    """Two logins at once are counted in either order; each carries the instant it began."""
    keys = throttles.attempt_keys(world.services.keys, person.email, fresh_address())
    earlier = world.now - timedelta(milliseconds=50)
    with world.services.database.begin(write=True) as connection:  # never committed
        for now in (world.now, earlier, world.now, earlier, world.now):
            throttles.book(connection, keys, now)
        with pytest.raises(TooManyAttempts):
            throttles.book(connection, keys, earlier)


def test_a_network_is_slowed_after_fifty_guesses_and_others_are_not(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify", lambda stored, given: given == PASSWORD)
    address = fresh_address()
    with stopped() as time:
        statuses = [guess(world, unknown(), address=address)[0] for _ in range(50)]
        assert statuses == [401] * 50
        assert log_in(world, person.email, address=address).status_code == 429
        assert log_in(world, person.email).status_code == 200
        time.pass_by(minutes=61)  # a new hour is counted, however little quiet there was
        assert guess(world, unknown(), 2, address=address) == [401, 401]
        assert counted(world, "address", address) == 2


def test_a_busy_network_is_not_slowed_for_ever(world: World) -> None:
    """Two wrong passwords every half hour for two days: 192, and never fifty in an hour."""
    address = fresh_address()
    with world.services.database.begin(write=True) as connection:  # never committed
        for number in range(192):
            keys = throttles.attempt_keys(world.services.keys, unknown(), address)
            throttles.book(connection, keys, world.now + number // 2 * timedelta(minutes=30))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("198.51.100.1", "198.51.100.2", False),
        ("198.51.100.1", "::ffff:198.51.100.1", True),
        ("::ffff:198.51.100.1", "::ffff:198.51.100.2", False),
        ("no address", None, True),
    ],
)
def test_a_household_is_one_network(one: str, other: str | None, is_same: bool) -> None:
    assert (throttles.network(one) == throttles.network(other)) is is_same


def test_an_ipv6_network_is_counted_as_one(world: World) -> None:
    hexes = fresh_address().replace("10.", "").replace(".", "")
    network = f"2001:db8:{int(hexes) & 0xFFFF:x}:7"
    for last in ("1", "ffff:1", "a:b:c:d"):
        address = f"{network}::{last}" if last.count(":") < 3 else f"{network}:{last}"
        guess(world, unknown(), address=address)
    assert counted(world, "address", throttles.network(f"{network}::")) == 3


def test_a_forged_forwarding_header_changes_no_key(world: World) -> None:
    address = fresh_address()
    for number in range(3):
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        guess(world, unknown(), address=address, headers=forged)
    assert counted(world, "address", address) == 3


def test_behind_a_trusted_proxy_the_address_it_saw_counts(app: Flask, world: World) -> None:
    seen, claimed, proxy = fresh_address(), fresh_address(), fresh_address()
    settings = replace(app.extensions["settings"], trusted_proxies=1)
    behind = World(create_app(settings, clock=world.services.clock))
    forwarded = {"X-Forwarded-For": f"{claimed}, {seen}"}
    guess(behind, unknown(), address=proxy, headers=forwarded)
    behind.services.database.close()
    assert [counted(world, "address", one) for one in (seen, claimed, proxy)] == [1, 0, 0]


def test_a_server_clock_that_was_ahead_makes_nobody_wait(world: World, person: Person) -> None:
    with stopped() as time:
        time.pass_by(days=365)
        assert guess(world, person.email, 5) == [401] * 5
        assert guess(world, person.email) == [429]
        time.pass_by(days=-365)
        assert log_in(world, person.email).status_code == 200


def test_no_row_names_whom_it_slows(world: World, person: Person) -> None:
    address = fresh_address()
    guess(world, person.email, address=address)
    keys = " ".join(row.key for row in world.rows(select(Throttle.key)))
    assert person.email not in keys
    assert address not in keys
