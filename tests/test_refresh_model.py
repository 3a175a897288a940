"""An honest phone that loses answers stays logged in; a thief is found out or dispossessed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from care import logins
from care.keys import token_hash
from care.logins import Device, Grant
from care.principal import Origin
from care.refusals import Unauthenticated
from models.audit_event import AuditEvent
from models.login import Login
from models.refresh_token import RefreshToken
from tests.people import Person, World
from tests.sign_in import is_open, log_in, refresh, stopped

PHONE = Device("phone", None, Origin())
ELSEWHERE = Device("elsewhere", None, Origin())
WAITS = [1, 30, 59, 60, 61, 900, 86_400, 20 * 86_400]


def alive(login_id: Any) -> Any:
    """The tokens of a login that can be exchanged without any grace."""
    return select(RefreshToken.hash).where(
        RefreshToken.login_id == login_id,
        RefreshToken.used_at.is_(None),
        RefreshToken.discarded_at.is_(None),
    )


class PhoneAndThief(RuleBasedStateMachine):
    """One login of a patient; nothing is committed, and time is a number."""

    world: World
    place: Any

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.world.services.database.begin(write=True)
        self.now: datetime = self.world.now
        grant = logins.begin(self.connection, self.place, PHONE, self.now)
        self.login_id = grant.login_id
        self.held, self.held_until = grant.refresh_jti, grant.refresh_expires_at
        self.retry_before: datetime | None = None  # set while an answer is lost
        self.stolen: list[str] = []
        self.thief_came = False  # at all
        self.thief_won_by: Device | None = None  # a token since the phone last did
        self.ended = False

    def teardown(self) -> None:
        self.connection.close()

    def present(self, jti: str, device: Device) -> Grant | None:
        """What the server gives; a login once ended gives nobody anything."""
        try:
            grant = logins.rotate(self.connection, jti, device, self.now)
        except Unauthenticated:
            assert self.ended, "refused, though the login is alive"
            return None
        assert not self.ended
        self.ended = grant is None
        return grant

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        """The phone lets no token expire, and tries again within a minute of a lost answer."""
        until = self.now + timedelta(seconds=seconds)
        last = self.world.now + logins.PATIENT_LIFETIME.absolute
        latest = min(self.held_until, last) - timedelta(seconds=1)
        if self.retry_before is not None:
            latest = min(latest, self.retry_before)
        self.now = max(self.now, min(until, latest))

    @precondition(lambda self: not self.ended)
    @rule(arrives=st.booleans(), overheard=st.booleans())
    def phone_refreshes(self, arrives: bool, overheard: bool) -> None:
        grant = self.present(self.held, PHONE)
        if not self.thief_came:
            assert grant is not None, "an honest phone was logged out"
        if self.thief_won_by is ELSEWHERE:
            assert grant is None, "a theft went unseen"
        if grant is None:
            return
        self.thief_won_by = None
        hashes = self.connection.scalars(alive(self.login_id)).all()
        assert not {token_hash(jti) for jti in self.stolen} & set(hashes)
        self.retry_before = None if arrives else self.now + logins.LOST_RESPONSE_GRACE
        if arrives:
            self.held, self.held_until = grant.refresh_jti, grant.refresh_expires_at
        if overheard:
            self.stolen.append(grant.refresh_jti)

    @rule()
    def thief_copies_the_phone(self) -> None:
        self.stolen.append(self.held)

    @precondition(lambda self: self.stolen)
    @rule(newest=st.integers(0, 3), device=st.sampled_from([PHONE, ELSEWHERE]))
    def thief_refreshes(self, newest: int, device: Device) -> None:
        """With what was stolen, from another device or from one that says it is the phone."""
        jti = self.stolen[-1 - newest % len(self.stolen)]
        was_alive = token_hash(jti) in self.connection.scalars(alive(self.login_id)).all()
        if self.ended:
            assert self.present(jti, device) is None
            return
        self.thief_came = True
        grant = self._thief_presents(jti, device)
        if was_alive:
            assert grant is not None  # nobody can tell yet
        if grant is not None:
            self.thief_won_by = device
            self.stolen.append(grant.refresh_jti)

    def _thief_presents(self, jti: str, device: Device) -> Grant | None:
        row = select(RefreshToken.expires_at).where(RefreshToken.hash == token_hash(jti))
        if self.connection.scalars(row).one() > self.now:
            return self.present(jti, device)
        with pytest.raises(Unauthenticated):
            logins.rotate(self.connection, jti, device, self.now)
        return None

    @invariant()
    def one_token_at_most_is_good(self) -> None:
        assert len(self.connection.scalars(alive(self.login_id)).all()) <= 1

    @invariant()
    def the_login_is_alive_until_it_ended(self) -> None:
        ended_at = self.connection.scalars(
            select(Login.ended_at).where(Login.id == self.login_id)
        ).one()
        assert (ended_at is not None) is self.ended


def patient(world: World) -> Person:
    clinic_id = world.clinic()
    return world.person(clinic_id, "patient", world.patient(clinic_id))


def test_a_phone_that_loses_answers_and_a_thief(world: World) -> None:
    with world.services.database.begin(write=False) as connection:
        place = logins.memberships(connection, patient(world).account_id)[0]
    members = {"world": world, "place": place}
    machine = type("ThisPhoneAndThief", (PhoneAndThief,), members)
    run_state_machine_as_test(
        machine, settings=settings(max_examples=40, stateful_step_count=12, deadline=None)
    )


def test_a_refresh_token_is_exchanged_for_the_next(world: World) -> None:
    first = log_in(world, patient(world).email, device_id="phone").json
    second = refresh(world, first["refresh_token"], device_id="phone")
    assert second.status_code == 200
    assert second.json["user"] == first["user"]
    assert second.json["refresh_token"] != first["refresh_token"]
    assert is_open(world, second.json["access_token"])
    assert refresh(world, second.json["refresh_token"], device_id="phone").status_code == 200


def test_a_refresh_token_is_taken_as_bearer_too(world: World) -> None:
    person = patient(world)
    headers = {"Authorization": f"Bearer {person.refresh_token}"}
    answer: Any = world.client().post("/v1/auth/refresh", headers=headers)
    assert answer.status_code == 200
    assert is_open(world, answer.json["access_token"])


@pytest.mark.parametrize(
    ("seconds", "device", "status"),
    [(0, "phone", 200), (60, "phone", 200), (61, "phone", 401), (0, "other", 401)],
)
def test_a_lost_answer_is_given_again_to_the_same_device_within_a_minute(
    world: World, seconds: int, device: str, status: int
) -> None:
    with stopped() as time:
        first = log_in(world, patient(world).email, device_id="phone").json
        lost = refresh(world, first["refresh_token"], device_id="phone").json
        time.pass_by(seconds=seconds)
        again = refresh(world, first["refresh_token"], device_id=device)
        assert again.status_code == status
        # A token used twice ends the login, whoever holds the newest.
        assert is_open(world, lost["access_token"]) is (status == 200)


def test_each_lost_answer_begins_the_minute_anew(world: World) -> None:
    with stopped() as time:
        first = log_in(world, patient(world).email, device_id="phone").json
        for _ in range(4):  # 3 * 45 s = 135 s after the first answer was lost
            assert refresh(world, first["refresh_token"], device_id="phone").status_code == 200
            time.pass_by(seconds=45)


def test_a_discarded_token_ends_the_login(world: World) -> None:
    first = log_in(world, patient(world).email, device_id="phone").json
    lost = refresh(world, first["refresh_token"], device_id="phone").json
    again = refresh(world, first["refresh_token"], device_id="phone").json
    assert refresh(world, lost["refresh_token"], device_id="phone").status_code == 401
    assert not is_open(world, again["access_token"])
    assert refresh(world, again["refresh_token"], device_id="phone").status_code == 401


def test_a_token_whose_successor_was_used_ends_the_login_and_is_noted(world: World) -> None:
    person = patient(world)
    first = log_in(world, person.email, device_id="phone").json
    second = refresh(world, first["refresh_token"], device_id="phone").json
    third = refresh(world, second["refresh_token"], device_id="phone").json
    reused = refresh(world, first["refresh_token"], device_id="phone")
    assert (reused.status_code, reused.json["type"]) == (401, "/problems/unauthenticated")
    assert not is_open(world, third["access_token"])
    assert is_open(world, person.token)  # another login of the same person
    noted = select(AuditEvent.outcome).where(
        AuditEvent.clinic_id == person.clinic_id, AuditEvent.action == "login.reuse"
    )
    assert [row.outcome for row in world.rows(noted)] == ["failed"]


def test_parallel_refreshes_leave_one_good_token(world: World) -> None:
    person = patient(world)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(world, person.refresh_token), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len(world.rows(alive(person.login_id))) == 1
