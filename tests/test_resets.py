"""A forgotten password: asked for alike by all, opened once by whoever reads the account's mail."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from care import resets
from care.passwords import verify
from commands.jobs.delivery import deliver
from models.account import Account
from models.audit_event import AuditEvent
from models.message import Message
from models.password_reset import PasswordReset
from tests.at_once import at_once
from tests.conftest import Clock
from tests.letters import stored
from tests.people import PASSWORD, Person, World, fresh_address
from tests.post import BASE, office
from tests.resets import NEW, ask, token_of, use
from tests.sign_in import is_open, log_in, refresh, second_place, stopped
from tests.test_delivery import Hands
from tests.test_enumeration import comparable, shut_out, statements, unknown


def someone(world: World, role: str = "clinician") -> Person:
    return world.person(world.clinic(), role)


def put_in(world: World) -> None:
    """The round that makes letters of what was asked."""
    with world.services.database.begin(write=True) as connection:
        resets.put_letters(connection, world.services.clock())
        connection.commit()


def test_a_letter_leads_to_a_new_password(world: World) -> None:
    person, hands = someone(world), Hands()
    assert ask(world, person.email.upper()).status_code == 204
    deliver(office(world, {"email": hands}, world.services.clock))
    (letter,) = [sent for sent in hands.taken if sent.recipient == person.email]
    link = next(line for line in letter.text.splitlines() if line.startswith(BASE))
    page, _, token = link.partition("#")
    assert page == f"{BASE}/reset"
    assert use(world, token).status_code == 204
    assert log_in(world, person.email, NEW).status_code == 200
    assert log_in(world, person.email, PASSWORD).status_code == 401


def test_asking_gets_the_same_answer_for_the_same_work_whoever_is_asked_for(world: World) -> None:
    person = someone(world)
    addresses = [person.email, unknown(), shut_out(world, "account").email]
    answers, work = [], []
    for email in addresses:
        with statements(world) as seen:
            answer = ask(world, email)
        answers.append((answer.status_code, answer.data, sorted(answer.headers.keys())))
        work.append(seen)
    assert answers == [(204, b"", answers[0][2])] * 3
    assert work == [work[0]] * 3 != [[]] * 3
    kept = world.rows(select(func.count()).select_from(PasswordReset))[0][0]
    assert kept >= 3  # a row each


def test_who_has_no_account_or_no_place_gets_no_letter_and_leaves_no_row(world: World) -> None:
    gone = [shut_out(world, kind) for kind in ("account", "membership", "clinic")]
    ask(world, unknown())
    for person in gone:
        ask(world, person.email)
    put_in(world)
    letters = [row for person in gone for row in stored(world, person.clinic_id)]
    assert letters == []
    nobodys = select(PasswordReset).where(PasswordReset.account_id.is_(None))
    assert world.rows(nobodys) == []


def test_asking_again_and_again_gets_slow_for_known_and_unknown_alike(world: World) -> None:
    person, stranger = someone(world), unknown()
    with stopped():
        for email in (person.email, stranger):
            answers = [ask(world, email).status_code for _ in range(4)]
            assert answers == [204, 204, 204, 429]
        told = [comparable(ask(world, email)) for email in (person.email, stranger)]
    assert told[0] == told[1]


def test_a_reset_ends_every_login_in_every_clinic(world: World) -> None:
    person = someone(world)
    second = second_place(world, person)
    there = log_in(world, person.email, membership_id=str(second)).json
    colleague = world.person(person.clinic_id, "clinician")
    assert use(world, token_of(world, person)).status_code == 204
    for token in (person.token, there["access_token"]):
        assert not is_open(world, token)
    for token in (person.refresh_token, there["refresh_token"]):
        assert refresh(world, token).status_code == 401
    assert colleague.get("/v1/me").status_code == 200
    trail = select(AuditEvent.clinic_id).where(AuditEvent.action == "password.reset")
    told = world.rows(trail.where(AuditEvent.object_id == str(person.account_id)))
    assert len(told) == 2  # one in each clinic's trail


def test_a_reset_opens_once_and_closes_all_others(world: World) -> None:
    person = someone(world)
    first, second = token_of(world, person), token_of(world, person)
    assert use(world, second).status_code == 204
    for token in (first, second):
        refused = use(world, token, "another-lantern-walk")
        assert (refused.status_code, refused.json["type"]) == (410, "/problems/gone")
    assert log_in(world, person.email, NEW).status_code == 200


def test_changing_the_password_closes_the_links_that_were_asked_for(world: World) -> None:
    person = someone(world)
    token = token_of(world, person)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert person.post("/v1/auth/password", body).status_code == 204
    assert use(world, token, "another-lantern-walk").status_code == 410
    assert log_in(world, person.email, NEW).status_code == 200


def test_a_reset_runs_out(world: World, clock: Clock) -> None:
    person = someone(world)
    token = token_of(world, person)
    clock.ahead = resets.LIFETIME
    assert use(world, token).status_code == 410
    put_in(world)
    hands = Hands()
    deliver(office(world, {"email": hands}, world.services.clock))
    assert [sent for sent in hands.taken if sent.recipient == person.email] == []


def test_a_weak_password_is_told_and_the_link_stays_good(world: World) -> None:
    person = someone(world)
    token = token_of(world, person)
    for weak in ("short", person.email.partition("@")[0]):
        refused = use(world, token, weak)
        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.json["errors"]] == ["/new_password"]
    assert use(world, token).status_code == 204


def test_a_token_that_never_was_is_not_found(world: World) -> None:
    keys, person = world.services.keys, someone(world)
    theirs = token_of(world, person)
    swapped = keys.invitation_token(keys.reset_id(theirs) or person.account_id)
    answers = [use(world, token) for token in (theirs[:-1] + "!", swapped, "x", "x.y")]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({str(comparable(answer)) for answer in answers}) == 1
    own = select(Account.password_hash).where(Account.id == person.account_id)
    assert verify(world.rows(own)[0].password_hash, PASSWORD)


def test_a_letter_is_put_in_once_and_holds_no_token(world: World) -> None:
    person = someone(world)
    token = token_of(world, person)
    put_in(world)
    put_in(world)
    (row,) = stored(world, person.clinic_id)
    assert (row.kind, row.recipient, row.expires_at - row.due_at <= resets.LIFETIME) == (
        "reset",
        person.email,
        True,
    )
    assert token.partition(".")[2] not in str(tuple(row))


def test_a_used_reset_is_not_written_about(world: World) -> None:
    person, hands = someone(world), Hands()
    token = token_of(world, person)
    put_in(world)
    use(world, token)
    deliver(office(world, {"email": hands}, world.services.clock))
    assert [sent for sent in hands.taken if sent.recipient == person.email] == []
    own = select(Message.fault).where(Message.clinic_id == person.clinic_id)
    assert [row.fault for row in world.rows(own)] == ["obsolete"]


def test_of_two_who_open_it_at_once_one_sets_the_password(world: World) -> None:
    person = someone(world)
    token = token_of(world, person)
    answers: list[Any] = at_once([lambda: use(world, token), lambda: use(world, token, "x" + NEW)])
    assert sorted(answer.status_code for answer in answers) == [204, 410]


def test_the_address_is_throttled_with_the_logins(world: World) -> None:
    address = fresh_address()
    with stopped():
        answers = [ask(world, unknown(), address).status_code for _ in range(51)]
    assert (set(answers[:50]), answers[50]) == ({204}, 429)


def test_hours_pass_and_asking_is_free_again(world: World, clock: Clock) -> None:
    person = someone(world)
    for _ in range(3):
        ask(world, person.email)
    clock.ahead = timedelta(hours=2)
    assert ask(world, person.email).status_code == 204
