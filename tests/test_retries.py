"""Each statement and COMMIT fails in its turn: one effect or none, and never a 500."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models.audit_event import AuditEvent
from models.idempotency_key import IdempotencyKey
from models.throttle import Throttle
from tests.acts import DAYS, Act, acknowledge, batch, counted, keyed_post, post, put
from tests.apps import app_on, own_database
from tests.broken import (
    Plan,
    Raise,
    Struck,
    breakable,
    killed_connection,
    lost_connection,
    server_fault,
    sqlite_fault,
)
from tests.entries import entry, own
from tests.people import PASSWORD, Household, World, household
from tests.safety import alerts, ask_safety

MOST_STATEMENTS = 60


@pytest.fixture(scope="module")
def breakable_app(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    is_sqlite = engine_name == "sqlite"
    server = None if is_sqlite else request.getfixturevalue("postgres_server")
    folder: Path = tmp_path_factory.mktemp("broken")
    with app_on(own_database(server, folder)) as app:
        breakable(app.extensions["services"].database)
        yield app


@pytest.fixture
def home(breakable_app: Flask) -> Household:
    made = household(World(breakable_app))
    ask_safety(made)
    return made


PASSING = {
    "sqlite": {
        "busy": sqlite_fault("SQLITE_BUSY"),
        "snapshot": sqlite_fault("SQLITE_BUSY_SNAPSHOT"),
    },
    "postgresql": {
        "serialization": server_fault("40001"),
        "killed": killed_connection,
        "deadlock": server_fault("40P01"),
        "lost": lost_connection,
    },
}
FULL = {"sqlite": sqlite_fault("SQLITE_FULL"), "postgresql": server_fault("53100")}
LOST = {"sqlite": sqlite_fault("SQLITE_BUSY"), "postgresql": lost_connection}


@pytest.fixture
def passing(engine_name: str) -> list[Raise]:
    """The two that leave most behind: every statement meets them. The others take the same way."""
    return list(PASSING[engine_name].values())[:2]


ACTS = {
    "put": put,
    "batch": batch,
    "post": post,
    "keyed post": keyed_post,
    "acknowledge": acknowledge,
}
NAMED = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
Make = Callable[[Household], Act]


def each_statement(home: Household, make: Make, fault: Raise) -> Iterator[tuple[Any, Act]]:
    """(answer, act) of one act after the other, the 1st, 2nd, ... statement failing in each, until
    one meets no fault."""
    for number in range(1, MOST_STATEMENTS):
        act = make(home)
        with Struck(Plan(fault, at=number)) as plan:
            answer = act.send()
        if not plan.has_struck:
            assert number > 3
            return
        yield answer, act
    raise AssertionError("it never came to an end")


@NAMED
def test_what_fails_once_at_any_statement_is_done_once_and_answered_as_ever(
    home: Household, passing: list[Raise], act: Make
) -> None:
    for fault in passing if act is put else passing[:1]:  # a killed connection is slow to replace
        for answer, done in each_statement(home, act, fault):
            assert answer.status_code in (200, 201), answer.json
            assert done.effects() == 1


@NAMED
def test_a_full_disk_at_any_statement_is_503_and_nothing_is_done(
    home: Household, engine_name: str, act: Make
) -> None:
    for answer, done in each_statement(home, act, FULL[engine_name]):
        assert_not_now(answer)
        assert done.effects() == 0
        assert done.send().status_code in (200, 201)  # there is room again


@NAMED
def test_what_keeps_failing_is_503_and_nothing_is_done(
    home: Household, engine_name: str, act: Make
) -> None:
    for fault in PASSING[engine_name].values():
        done = act(home)
        with Struck(Plan(fault, at=2, always=True)):
            answer = done.send()
        assert_not_now(answer)
        assert "Nothing was saved" in answer.json["detail"]
        assert done.effects() == 0


@NAMED
def test_a_commit_that_fails_leaves_no_transaction_open_for_whoever_comes_next(
    home: Household, engine_name: str, act: Make
) -> None:
    done = act(home)
    with Struck(Plan(FULL[engine_name], commit="instead")):
        answer = done.send()
    assert_not_now(answer)
    assert done.effects() == 0
    assert done.send().status_code in (200, 201)
    assert done.effects() == 1


def assert_not_now(answer: Any) -> None:
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable"), answer.json
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("when", ["before", "after"])
@NAMED
def test_a_connection_lost_while_committing_leaves_one_effect_or_none(
    home: Household, engine_name: str, act: Make, when: str
) -> None:
    done = act(home)
    with Struck(Plan(LOST[engine_name], commit=when)) as plan:
        answer = done.send()
    assert plan.has_struck
    if act in (put, batch, keyed_post):
        assert answer.status_code in (200, 201), answer.json
        assert done.effects() == 1
    else:
        assert_not_now(answer)
        assert "may have been saved" in answer.json["detail"]
        assert done.effects() == (when == "after")


def test_a_key_that_nobody_asked_for_makes_nothing_repeatable(
    home: Household, engine_name: str
) -> None:
    """`acknowledge` takes no Idempotency-Key: one that is sent says nothing."""
    done = acknowledge(home)
    home.clinician.client.environ_base["HTTP_IDEMPOTENCY_KEY"] = "mine"
    with Struck(Plan(LOST[engine_name], commit="after")):
        answer = done.send()
    assert_not_now(answer)
    assert done.effects() == 1
    assert counted(home, IdempotencyKey) == 0


def test_a_day_that_cannot_be_written_is_heard_once_it_can(
    home: Household, passing: list[Raise]
) -> None:
    """Refused for a fault of its own, and the hearing fails at each statement: heard all the same,
    and once."""
    for fault in passing[:1]:
        for number in range(1, MOST_STATEMENTS):
            who = home.world.person(home.clinic_id, "patient", home.world.patient(home.clinic_id))
            day = str(next(DAYS))
            body = entry(day) | {"suicidal_thoughts": "often", "mood": 99}
            with Struck(Plan(fault, at=number)) as plan:
                answer = who.put(own(day), body)
            if answer.status_code == 503:
                answer = who.put(own(day), body)
            assert answer.status_code == 422
            assert answer.json["safety_card"] is not None
            found = [one for one in alerts(home) if one.patient_id == who.patient_id]
            assert len(found) == 1
            if not plan.has_struck:
                break
        assert number > 3


def test_a_denial_is_in_the_trail_once_whatever_fails(
    home: Household, passing: list[Raise]
) -> None:
    denied = (
        AuditEvent.outcome == "denied",
        AuditEvent.membership_id == home.colleague.membership_id,
    )
    before = 0
    for fault in passing[:1]:
        for number in range(1, MOST_STATEMENTS):
            with Struck(Plan(fault, at=number)) as plan:
                answer = home.colleague.get(f"/v1/patients/{home.patient_id}")
            assert answer.status_code == 404
            before += 1
            assert counted(home, AuditEvent, *denied) == before
            if not plan.has_struck:
                break


def test_a_login_that_meets_a_fault_is_counted_as_one_attempt_at_most(
    home: Household, engine_name: str
) -> None:
    for number in range(1, MOST_STATEMENTS):
        who = home.world.person(home.clinic_id, "clinician")
        body = {"email": who.email, "password": PASSWORD}
        with Struck(Plan(LOST[engine_name], at=number)) as plan:
            answer = who.post("/v1/auth/login", body)
        if not plan.has_struck:
            break
        assert answer.status_code in (200, 503), answer.json
        assert max(home.world.rows(select(Throttle.attempts)), default=(0,))[0] <= 1
        assert who.post("/v1/auth/login", body).status_code == 200
    assert number > 5
