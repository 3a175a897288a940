"""From outside nobody learns who has an account: same answers, same work, whoever is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from argon2 import extract_parameters
from sqlalchemy import event, update

from care import passwords
from models.account import Account
from models.clinic import Clinic
from models.membership import Membership
from tests.people import PASSWORD, Person, World, fresh_address
from tests.sign_in import OTHER_PASSWORD, log_in


class CountingHasher:
    """The real hasher, remembering the settings of every hash it was given to verify."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.verified: list[Any] = []

    def verify(self, stored: str, password: str) -> bool:
        self.verified.append(extract_parameters(stored))
        return bool(self.real.verify(stored, password))


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """The SQL of everything done inside the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = world.services.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def unknown() -> str:
    return f"nobody.{uuid4().hex}@example.org"


def change(world: World, table: Any, where: Any, **values: Any) -> None:
    with world.services.database.begin(write=True) as connection:
        connection.execute(update(table).where(where).values(**values))
        connection.commit()


def shut_out(world: World, kind: str) -> Person:
    """Somebody with the right password who may nevertheless come in nowhere."""
    person = world.person(world.clinic(), "clinician")
    table, where = {
        "account": (Account, Account.id == person.account_id),
        "membership": (Membership, Membership.id == person.membership_id),
        "clinic": (Clinic, Clinic.clinic_id == person.clinic_id),
    }[kind]
    change(world, table, where, disabled_at=world.now)
    return person


def comparable(answer: Any) -> tuple[Any, ...]:
    """All of an answer but its own number."""
    return answer.status_code, answer.json | {"instance": ""}, sorted(answer.headers.keys())


@pytest.fixture
def person(world: World) -> Person:
    return world.person(world.clinic(), "clinician")


def test_wrong_password_and_unknown_address_are_one_answer(world: World, person: Person) -> None:
    wrong = log_in(world, person.email, OTHER_PASSWORD)
    assert comparable(wrong) == comparable(log_in(world, unknown()))
    assert (wrong.status_code, wrong.json["type"]) == (401, "/problems/wrong-credentials")


@pytest.mark.parametrize("kind", ["account", "membership", "clinic"])
def test_who_is_shut_out_is_unknown_even_with_the_right_password(world: World, kind: str) -> None:
    answer = log_in(world, shut_out(world, kind).email, PASSWORD)
    assert comparable(answer) == comparable(log_in(world, unknown(), PASSWORD))


def test_a_place_that_is_not_theirs_is_one_answer_too(world: World, person: Person) -> None:
    foreign = world.person(world.clinic(), "admin").membership_id
    asked = {"membership_id": str(foreign)}
    answer = log_in(world, person.email, PASSWORD, **asked)
    assert comparable(answer) == comparable(log_in(world, unknown(), PASSWORD, **asked))


def test_the_same_work_is_done_for_known_and_unknown(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = CountingHasher(passwords._HASHER)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    with statements(world) as for_known:
        log_in(world, person.email, OTHER_PASSWORD)
    with statements(world) as for_unknown:
        log_in(world, unknown(), OTHER_PASSWORD)
    assert for_known == for_unknown != []
    assert len(hasher.verified) == 2
    assert hasher.verified[0] == hasher.verified[1]  # as slow, therefore


def test_an_address_in_capitals_is_the_same_account(world: World, person: Person) -> None:
    assert log_in(world, person.email.upper()).status_code == 200


def test_inviting_tells_nothing_about_accounts(world: World, person: Person) -> None:
    admin = world.person(person.clinic_id, "admin")
    elsewhere = world.person(world.clinic(), "clinician")
    known = admin.post("/v1/staff", {"email": elsewhere.email, "role": "clinician"})
    other = admin.post("/v1/staff", {"email": unknown(), "role": "clinician"})
    assert known.status_code == other.status_code == 201
    assert known.json.keys() == other.json.keys()


def test_a_forged_invitation_is_one_that_never_was(world: World, person: Person) -> None:
    client, keys = world.client(), world.services.keys
    never = keys.invitation_token(uuid4())
    forged = f"{uuid4().hex}.{never.partition('.')[2]}"
    answers = [client.get(f"/v1/invitations/{token}") for token in (never, forged, "x", "x.y")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(comparable(answer)) for answer in answers}) == 1


def test_ids_of_nobody_and_of_others_are_one_answer(world: World, person: Person) -> None:
    other = world.person(person.clinic_id, "clinician")
    foreign = person.delete(f"/v1/me/logins/{other.login_id}")
    assert comparable(foreign) == comparable(person.delete(f"/v1/me/logins/{uuid4()}"))
    assert foreign.status_code == 404
    assert other.get("/v1/me").status_code == 200


def test_failures_are_noted_alike(world: World, person: Person) -> None:
    """One event each, in nobody's clinic: neither the clinic's trail nor the account's tells."""
    address = fresh_address()
    with statements(world) as seen:
        log_in(world, person.email, OTHER_PASSWORD, address=address)
        log_in(world, unknown(), OTHER_PASSWORD, address=address)
    written = [statement for statement in seen if statement.startswith("INSERT INTO audit_event")]
    assert len(written) == 2
