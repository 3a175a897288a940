"""Passwords: what is accepted, how they are kept, and what changing one ends."""

import threading
import unicodedata
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select, update

from care import passwords
from care.refusals import Unavailable
from models.account import Account
from tests.people import PASSWORD, Person, World
from tests.sign_in import OTHER_PASSWORD, is_open, log_in, refresh, second_place, stopped

NEW = "seven-green-lanterns"


@pytest.fixture
def person(world: World) -> Person:
    return world.person(world.clinic(), "clinician")


def change(person: Person, new: str = NEW, current: str = PASSWORD) -> Any:
    body = {"current_password": current, "new_password": new}
    return person.post("/v1/auth/password", body)


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.json
    return [error["pointer"] for error in answer.json["errors"]]


def stored_hash(world: World, person: Person) -> str:
    own = select(Account.password_hash).where(Account.id == person.account_id)
    return str(world.rows(own)[0].password_hash)


def test_a_changed_password_is_the_only_one(world: World, person: Person) -> None:
    assert change(person).status_code == 204
    assert log_in(world, person.email).status_code == 401
    assert log_in(world, person.email, NEW).status_code == 200


def test_changing_the_password_ends_the_others_and_only_these(world: World, person: Person) -> None:
    second = second_place(world, person)
    here = log_in(world, person.email, membership_id=str(person.membership_id)).json
    there = log_in(world, person.email, membership_id=str(second)).json
    colleague = world.person(person.clinic_id, "clinician")
    assert change(person).status_code == 204
    for other in (here, there):  # both clinics: it is one account
        assert not is_open(world, other["access_token"])
        assert refresh(world, other["refresh_token"]).status_code == 401
    assert person.get("/v1/me").status_code == 200
    assert refresh(world, person.refresh_token).status_code == 200
    assert colleague.get("/v1/me").status_code == 200


def test_a_refused_change_changes_nothing(world: World, person: Person) -> None:
    other = log_in(world, person.email).json
    before = stored_hash(world, person)
    assert pointers(change(person, current=OTHER_PASSWORD)) == ["/current_password"]
    assert pointers(change(person, new="short")) == ["/new_password"]
    both = change(person, new="short", current=OTHER_PASSWORD)
    assert pointers(both) == ["/current_password", "/new_password"]
    for missing in ({}, {"current_password": 5}):  # of a weak one is told beside other faults
        refused = person.post("/v1/auth/password", {"new_password": "short", "x": 1, **missing})
        assert sorted(pointers(refused)) == ["/current_password", "/new_password", "/x"]
    assert stored_hash(world, person) == before
    assert is_open(world, other["access_token"])


def test_guessing_the_present_password_gets_slow_and_weak_new_ones_do_not_count(
    person: Person,
) -> None:
    with stopped():
        for _ in range(6):
            assert pointers(change(person, new="short")) == ["/new_password"]
        malformed = {"current_password": OTHER_PASSWORD, "new_password": NEW, "x": 1}
        for _ in range(6):  # no guess either: the present password is not looked at
            assert pointers(person.post("/v1/auth/password", malformed)) == ["/x"]
        for _ in range(5):
            assert pointers(change(person, current=OTHER_PASSWORD)) == ["/current_password"]
        slowed = change(person)
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "1")


def test_a_new_password_is_not_made_of_ones_own_name(person: Person) -> None:
    own = person.email.partition("@")[0]
    assert pointers(change(person, new=own + "!")) == ["/new_password"]


@pytest.mark.parametrize(
    ("password", "is_weak"),
    [
        ("elevenchars", True),  # 11 characters
        ("twelve chars", False),  # 12, blanks allowed
        ("b7" * 64, True),  # 128, of two characters
        ("qwertz-uiop-" * 10 + "asdfghjk", False),  # 10 * 12 + 8 = 128
        ("qwertz-uiop-" * 10 + "asdfghjkl", True),  # 129
        ("ababababcdab", True),  # a, b, c and d alone
        ("ketaminepassword", True),  # nothing but what anybody would try
        ("ketamine-password", True),  # one character besides
        ("ketamine-lantern-walk", False),  # 13 besides
        ("AdaExampleAda!", True),  # the owner's names and 4 characters
        ("пароль-из-слов", False),  # any alphabet, no rule of composition
    ],
)
def test_a_password_is_long_and_not_obvious_and_that_is_all(password: str, is_weak: bool) -> None:
    weakness = passwords.weakness(password, ["AdaExample", "ada"])
    assert (weakness is not None) is is_weak


def test_a_password_is_kept_as_a_slow_salted_hash(world: World, person: Person) -> None:
    change(person)
    kept = stored_hash(world, person)
    parameters = extract_parameters(kept)
    assert parameters.type is Type.ID
    cost = (parameters.memory_cost, parameters.time_cost, parameters.parallelism)
    assert cost == (19_456, 2, 1)  # OWASP: 19 MiB, two passes
    assert passwords.hash_password(NEW) != kept


def test_a_hash_of_older_settings_is_renewed_at_login(world: World, person: Person) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with world.services.database.begin(write=True) as connection:
        own = update(Account).where(Account.id == person.account_id)
        connection.execute(own.values(password_hash=older))
        connection.commit()
    assert log_in(world, person.email, OTHER_PASSWORD).status_code == 401
    assert stored_hash(world, person) == older
    assert log_in(world, person.email).status_code == 200
    renewed = stored_hash(world, person)
    assert not passwords.needs_rehash(renewed)
    assert log_in(world, person.email).status_code == 200
    assert stored_hash(world, person) == renewed


def test_one_password_typed_on_two_keyboards_is_one(world: World, person: Person) -> None:
    """A phone composes é, another sends e and an accent."""
    composed = unicodedata.normalize("NFC", "café-übergröße-42")
    apart = unicodedata.normalize("NFD", composed)
    assert composed != apart
    assert change(person, new=apart).status_code == 204
    assert log_in(world, person.email, composed).status_code == 200


def test_when_too_many_hashes_are_computed_a_login_is_sent_away_soon(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_GATE", threading.Semaphore(0))
    monkeypatch.setattr(passwords, "_GATE_WAIT_SECONDS", 0.01)
    answer = log_in(world, person.email)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_no_more_hashes_are_computed_at_once_than_the_gate_lets_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, finish = threading.Event(), threading.Event()

    class Slow:
        def hash(self, password: str) -> str:
            begun.set()
            assert finish.wait(10)
            return password

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    monkeypatch.setattr(passwords, "_GATE", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "_GATE_WAIT_SECONDS", 0.01)
    first = threading.Thread(target=passwords.hash_password, args=(NEW,))
    first.start()
    assert begun.wait(10)
    with pytest.raises(Unavailable):
        passwords.hash_password(NEW)
    finish.set()
    first.join()
    assert passwords.hash_password(NEW) == NEW  # its place is free again


def test_a_change_overtaken_by_another_changes_nothing(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else in the account is just hashing theirs when the owner's change comes through."""
    owner = log_in(world, person.email).json["access_token"]
    hash_password = passwords.hash_password

    def overtaken(password: str) -> str:
        monkeypatch.setattr(passwords, "hash_password", hash_password)
        body = {"current_password": PASSWORD, "new_password": NEW}
        sent = {"Authorization": f"Bearer {owner}"}
        answer = world.client().post("/v1/auth/password", json=body, headers=sent)
        assert answer.status_code == 204
        return hash_password(password)

    monkeypatch.setattr(passwords, "hash_password", overtaken)
    assert pointers(change(person, "thieves-want-this-one")) == ["/current_password"]
    assert log_in(world, person.email, NEW).status_code == 200
    assert person.get("/v1/me").status_code == 401
