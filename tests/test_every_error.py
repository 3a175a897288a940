"""Every error, from whatever layer, is a problem document that says nothing it should not."""

import re
import sqlite3
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy.exc
from flask import Flask
from flask.testing import FlaskClient
from flask_smorest.spec.plugins import FlaskPlugin

from api.app import create_app
from api.bodies import MAXIMUM_BYTES
from api.problems import CONTENT_TYPE, TYPES
from api.settings import Settings
from care import audit, clinics
from care.refusals import Conflict, Fault, Gone, Invalid, Refusal, TooManyAttempts, Unavailable
from models.faults import Busy
from tests import postgres
from tests.conftest import SECRET_KEY, migrated
from tests.matrix import ANSWERS, DAY
from tests.people import Household, World, household

SECRET = "mood 3, most_of_the_time"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def problem(response: Any, slug: str) -> dict[str, Any]:
    """The body, held to what every problem document says."""
    kind = TYPES[slug]
    assert (response.status_code, response.content_type) == (kind.status, CONTENT_TYPE)
    body: dict[str, Any] = response.json
    assert body["type"] == f"/problems/{slug}"
    assert (body["title"], body["status"]) == (kind.title, kind.status)
    assert body["instance"] == f"urn:uuid:{response.headers['X-Request-Id']}"
    assert body["detail"]
    assert SECRET not in response.text
    return body


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/me/",
        "/v1/nothing",
        "/v1/patients/not-an-id",
        "/v1/me/checkins/2026-02-30",
        "/v1/me/checkins/20260203",
        "/docs/../auth.py",
        "/problems/nothing",
        "/v1/invitations/nothing",
    ],
)
def test_what_does_not_exist_is_not_found(home: Household, path: str) -> None:
    problem(home.patient.get(path), "not-found")
    problem(home.patient.client.get(path), "not-found")


def test_a_wrong_method_is_told_exactly_the_right_ones(app: Flask) -> None:
    allowed: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        path = FlaskPlugin.flaskpath2openapi(rule.rule)
        allowed.setdefault(path, set()).update(rule.methods or ())
    for path, right in allowed.items():
        asked = re.sub(r"\{date\}", "2026-01-05", re.sub(r"\{\w+_id\}", str(uuid4()), path))
        for method in set(METHODS) - right:
            response = app.test_client().open(asked, method=method)
            assert set(response.headers["Allow"].split(", ")) == right, (method, path)
            assert response.status_code == 405
            if method != "HEAD":  # which has no body
                problem(response, "method-not-allowed")


def test_an_id_of_the_request_comes_back_only_if_it_is_one(home: Household) -> None:
    sent = str(uuid4())
    for path, slug in (("/nowhere", "not-found"), ("/v1/clinic", "forbidden")):
        named = home.patient.get(path, headers={"X-Request-Id": sent})
        assert problem(named, slug)["instance"] == f"urn:uuid:{sent}"
        other = home.patient.get(path, headers={"X-Request-Id": SECRET})
        assert problem(other, slug)["instance"] != f"urn:uuid:{SECRET}"


WRITES = [("POST", "/v1/auth/login"), ("PUT", "/v1/me/checkins/2026-01-05"), ("PATCH", "/v1/me")]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    ("body", "content_type", "slug"),
    [
        (b'{"note": "' + b"a" * MAXIMUM_BYTES + b'"}', "application/json", "too-large"),
        (b"mood=3", "application/x-www-form-urlencoded", "unsupported-media-type"),
        (b'{"mood": 3}', "text/plain", "unsupported-media-type"),
        (b'{"mood": 3', "application/json", "unreadable"),
        (b"", "application/json", "unreadable"),
        (b"[]", "application/json", "invalid"),
    ],
)
def test_a_body_that_is_none_of_ours_is_refused_by_its_kind(
    home: Household, method: str, path: str, body: bytes, content_type: str, slug: str
) -> None:
    problem(home.patient.send(method, path, data=body, content_type=content_type), slug)


def test_every_fault_of_an_invalid_request_has_a_pointer(home: Household) -> None:
    answer = problem(home.patient.patch("/v1/me", {"timezone": "Mars", "mood": 3}), "invalid")
    assert {fault["pointer"] for fault in answer["errors"]} == {"/timezone", "/mood"}
    assert all(fault["detail"] for fault in answer["errors"])


def test_a_stale_edit_is_a_problem_that_carries_the_present_state(home: Household) -> None:
    path = f"/v1/me/checkins/{DAY}"
    assert home.patient.put(path, ANSWERS).status_code == 201
    second = home.patient.put(path, ANSWERS | {"mood": 3}, headers={"If-Match": '"r1"'})
    stale = home.patient.put(path, ANSWERS | {"mood": 9}, headers={"If-Match": '"r1"'})
    assert problem(stale, "precondition-failed")["current"] == second.json
    problem(home.patient.put(path, ANSWERS | {"mood": 9}), "precondition-required")
    assert home.patient.get(path).json == second.json


UNAVAILABLE = [
    Busy(SECRET),
    Unavailable(retry_after_seconds=3),
    sqlalchemy.exc.OperationalError(SECRET, {}, Exception(SECRET)),
    sqlalchemy.exc.InterfaceError(SECRET, {}, Exception(SECRET)),
    sqlalchemy.exc.TimeoutError(SECRET),
    psycopg.OperationalError(SECRET),
    psycopg.InterfaceError(SECRET),
    psycopg.errors.PipelineAborted(SECRET),
    psycopg.errors.QueryCanceled(SECRET),
    sqlite3.OperationalError(SECRET),
]


def taken() -> sqlite3.IntegrityError:
    """What SQLite itself says when a unique key is taken."""
    own = sqlite3.connect(":memory:")
    own.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
    try:
        own.executemany("INSERT INTO one VALUES (?)", [(1,), (1,)])
    except sqlite3.IntegrityError as error:
        return error
    finally:
        own.close()
    raise AssertionError("SQLite took one key twice")


CONFLICTS = [
    Conflict("The state is another."),
    sqlalchemy.exc.IntegrityError(SECRET, {}, psycopg.errors.UniqueViolation(SECRET)),
    psycopg.errors.UniqueViolation(SECRET),
    taken(),
]
FAULTS = [
    psycopg.errors.CheckViolation(SECRET),
    psycopg.errors.NotNullViolation(SECRET),
    sqlite3.IntegrityError(SECRET),
    sqlalchemy.exc.IntegrityError(SECRET, {}, sqlite3.IntegrityError(SECRET)),
    RuntimeError(SECRET),
    RecursionError(SECRET),
    MemoryError(SECRET),
    KeyError(SECRET),
    UnicodeEncodeError("utf-8", SECRET, 0, 1, SECRET),
    sqlalchemy.exc.DataError(SECRET, {}, Exception(SECRET)),
    psycopg.DataError(SECRET),
    psycopg.errors.UndefinedTable(SECRET),
]


def failing(home: Household, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Any:
    """The answer to a change in whose depth this error is raised."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(clinics, "change", fail)
    return home.admin.patch("/v1/clinic", {"name": "Other"})


@pytest.mark.parametrize("error", UNAVAILABLE, ids=lambda error: type(error).__qualname__)
def test_what_cannot_be_done_now_says_when_to_try_again(
    home: Household, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    response = failing(home, monkeypatch, error)
    problem(response, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("error", CONFLICTS, ids=lambda error: type(error).__qualname__)
def test_what_does_not_fit_the_state_is_a_conflict(
    home: Household, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    problem(failing(home, monkeypatch, error), "conflict")


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__qualname__)
def test_our_own_fault_says_nothing(
    home: Household, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    answer = problem(failing(home, monkeypatch, error), "server-error")
    assert answer["detail"] == TYPES["server-error"].meaning


@pytest.mark.parametrize(
    "refusal",
    [
        Gone("Used."),
        Invalid([Fault("/a", "b")]),
        TooManyAttempts(7),
        Unavailable(),
        Conflict("No."),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_every_refusal_has_a_documented_type(
    home: Household, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    home.admin.client = FlaskClient(home.world.app, use_cookies=False)  # not what a clinic answers
    assert refusal.slug in TYPES
    problem(failing(home, monkeypatch, refusal), refusal.slug)


def test_a_refusal_whose_audit_fails_is_a_problem_too(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/patients/{home.patient_id}"
    problem(home.colleague.get(path), "not-found")

    def fail(*_: object) -> None:
        raise Busy(SECRET)

    monkeypatch.setattr(audit, "write", fail)
    response = home.colleague.get(path)
    problem(response, "unavailable")
    assert response.headers["Retry-After"]
    assert "Epoch" in response.headers


def test_guessing_is_told_to_wait(home: Household) -> None:
    guess = {"email": home.clinician.email, "password": "not this one"}

    def answer() -> Any:
        address = {"REMOTE_ADDR": home.clinician.address}
        return home.clinician.client.post("/v1/auth/login", json=guess, environ_base=address)

    for _ in range(5):  # five are free
        problem(answer(), "wrong-credentials")
    sixth = answer()
    problem(sixth, "too-many-attempts")
    assert int(sixth.headers["Retry-After"]) >= 1


GONE = ["sqlite:////nowhere/gone.sqlite", "postgresql://nobody@/gone?host=/nowhere"]


@pytest.mark.parametrize("url", GONE, ids=["sqlite", "postgresql"])
def test_without_a_database_the_server_says_so_and_lives(home: Household, url: str) -> None:
    settings = Settings(
        database_url=url, secret_key=SECRET_KEY, environment="test", log_level="error"
    )
    client = FlaskClient(create_app(settings), use_cookies=False)
    bearer = {"Authorization": f"Bearer {home.patient.token}"}
    login = {"email": home.patient.email, "password": SECRET}
    for response in (
        client.get("/v1/me", headers=bearer),
        client.put("/v1/me/checkins/2026-01-05", headers=bearer, json={}),
        client.post("/v1/auth/login", json=login),
        client.get("/ready"),
    ):
        problem(response, "unavailable")
        assert "Epoch" not in response.headers  # nobody knows it, and a wrong one would alarm
    assert client.get("/health").status_code == 200


def test_killed_connections_are_noticed_by_nobody_and_forgotten(postgres_server: str) -> None:
    url = migrated(postgres.create_database(postgres_server, f"killed{uuid4().hex}"))
    settings = Settings(
        database_url=url, secret_key=SECRET_KEY, environment="test", log_level="error"
    )
    app = create_app(settings)
    app.test_client_class = FlaskClient
    patient = household(World(app)).patient
    database = app.extensions["services"].database
    for held in [database.begin(write=False) for _ in range(3)]:
        held.close()  # three connections wait in the pool
    assert patient.get("/v1/me").status_code == 200
    with psycopg.connect(url, autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert [patient.get("/v1/me").status_code for _ in range(4)] == [200, 200, 200, 200]
    database.close()
