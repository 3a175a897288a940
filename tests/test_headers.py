"""Headers of every answer: the epoch, no storing, and what a browser may do with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from flask import Flask

from models.faults import Busy
from tests.apps import app_on, nobody, own_database, run_sql
from tests.people import Household, World, household


def answers(home: Household) -> dict[str, Any]:
    """One answer of each kind: public, private, empty, unchanged, and every way to be refused."""
    held = {"If-None-Match": home.patient.get("/v1/me").headers["ETag"]}
    client = nobody(home.world.app)
    return {
        "health": client.get("/health"),
        "page": client.get("/docs"),
        "own": home.patient.get("/v1/me"),
        "unchanged": home.patient.get("/v1/me", headers=held),
        "head": home.patient.send("HEAD", "/v1/me"),
        "unreadable": client.post("/v1/auth/login", data="{", content_type="application/json"),
        "nobody": client.get("/v1/me"),
        "wrong role": home.patient.get("/v1/patients"),
        "absent": home.clinician.get(f"/v1/patients/{uuid4()}"),
        "no route": client.get("/nowhere"),
        "wrong method": home.patient.delete("/v1/me"),
        "too large": client.post("/v1/auth/login", data=b" " * 1_100_000),
        "not JSON": client.post("/v1/auth/login", data="x"),
        "invalid": client.post("/v1/auth/login", json={}),
        "ended": home.patient.post("/v1/auth/logout"),
    }


REQUEST_ID = "0b6f3c1e-52d7-4a8e-9c4f-1d2e3f4a5b6c"
EXPECTED = {
    "health": 200, "page": 200, "own": 200, "unchanged": 304, "head": 200, "unreadable": 400,
    "nobody": 401, "wrong role": 403, "absent": 404, "no route": 404, "wrong method": 405,
    "too large": 413, "not JSON": 415, "invalid": 422, "ended": 204,
}  # fmt: skip


def test_every_answer_names_the_same_epoch(home: Household) -> None:
    told = answers(home)
    assert {name: answer.status_code for name, answer in told.items()} == EXPECTED
    epochs = {answer.headers.get("Epoch") for answer in told.values()}
    assert len(epochs) == 1
    assert epochs != {None}
    assert epochs != {""}


def test_every_answer_keeps_browsers_strict(home: Household) -> None:
    for name, answer in answers(home).items():
        sent = answer.headers
        assert sent["X-Content-Type-Options"] == "nosniff", name
        assert sent["Referrer-Policy"] == "no-referrer", name
        assert sent["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert sent["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert "camera=()" in sent["Permissions-Policy"], name
        year = 365 * 24 * 60 * 60
        assert sent["Strict-Transport-Security"] == f"max-age={year}; includeSubDomains", name
        policy = sent["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; "), name
        assert "frame-ancestors 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert "*" not in policy, name


def test_nothing_but_the_contracts_pages_may_be_stored(home: Household) -> None:
    for name, answer in answers(home).items():
        if name != "page":
            assert answer.headers["Cache-Control"] == "no-store", name


@pytest.mark.parametrize("sent", [REQUEST_ID, REQUEST_ID.replace("-", ""), REQUEST_ID.upper()])
def test_a_request_id_that_is_a_uuid_is_taken(world: World, sent: str) -> None:
    answer = nobody(world.app).get("/nowhere", headers={"X-Request-Id": sent})
    taken = str(UUID(sent))
    assert answer.headers["X-Request-Id"] == taken
    assert answer.json["instance"] == f"urn:uuid:{taken}"


@pytest.mark.parametrize("sent", ["", "mood was 3", "x" * 36, f"{REQUEST_ID} mood", "1" * 31])
def test_a_request_id_that_could_carry_words_is_not_taken(world: World, sent: str) -> None:
    answers = [nobody(world.app).get("/nowhere", headers={"X-Request-Id": sent}) for _ in range(2)]
    told = {str(UUID(answer.headers["X-Request-Id"])) for answer in answers}
    assert len(told) == 2
    assert sent not in told


@pytest.fixture
def own_app(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    is_sqlite = engine_name == "sqlite"
    server = None if is_sqlite else request.getfixturevalue("postgres_server")
    with app_on(own_database(server, tmp_path)) as app:
        yield app


def test_a_restored_database_shows_another_epoch_once_reconnected(own_app: Flask) -> None:
    def epoch() -> str:
        return str(nobody(own_app).get("/health").headers["Epoch"])

    first = epoch()
    reconnect(own_app)
    assert epoch() == first
    run_sql(own_app, "UPDATE server_meta SET epoch = 'another history'")
    reconnect(own_app)
    second = epoch()
    assert second != first
    assert "history" not in second


def reconnect(app: Flask) -> None:
    app.extensions["services"].database.engine.dispose()


def test_two_databases_have_two_epochs(own_app: Flask, world: World) -> None:
    told = [client.get("/health").headers["Epoch"] for client in (
        nobody(own_app), nobody(world.app),
    )]  # fmt: skip
    assert told[0] != told[1]


def test_who_was_answered_from_the_database_is_told_the_epoch_though_it_was_away_just_now(
    postgres_server: str, engine_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are not, for a while: each would wait for a database that may still be away."""
    server = None if engine_name == "sqlite" else postgres_server
    with app_on(own_database(server, tmp_path)) as app:
        home, epoch = household(World(app)), app.extensions["services"].database.epoch
        there = home.patient.get("/v1/me").headers["Epoch"]
        with monkeypatch.context() as away:
            away.setattr(epoch, "_read", Mock(side_effect=Busy))
            epoch.forget()
            assert "Epoch" not in home.patient.client.get("/health").headers
        assert "Epoch" not in home.patient.client.get("/health").headers
        assert home.patient.get("/v1/me").headers["Epoch"] == there
