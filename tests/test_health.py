"""/health and /ready: the process lives without a database, and takes work only with its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from care import jobs, outbox
from models.server_meta import SCHEMA_REVISION
from tests.apps import UNREACHABLE, app_on, nobody, own_database, run_sql
from tests.letters import letter, put
from tests.people import World


@pytest.fixture
def own_app(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    is_sqlite = engine_name == "sqlite"
    server = None if is_sqlite else request.getfixturevalue("postgres_server")
    with app_on(own_database(server, tmp_path)) as app:
        yield app


def test_a_server_with_its_tables_is_alive_and_ready(world: World) -> None:
    client = nobody(world.app)
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/ready").json["status"] == "ready"
    assert client.head("/ready").status_code == 200


@pytest.mark.parametrize("url", UNREACHABLE)
def test_without_a_database_it_is_alive_and_not_ready(url: str) -> None:
    with app_on(url) as app:
        client = nobody(app)
        alive, ready = client.get("/health"), client.get("/ready")
        assert (alive.status_code, alive.json) == (200, {"status": "ok"})
        assert (ready.status_code, ready.json["type"]) == (503, "/problems/unavailable")
        assert int(ready.headers.get("Retry-After", "0")) > 0
        assert "Epoch" not in alive.headers  # nobody knows it, and a wrong one would alarm
        for word in ("none", "127.0.0.1", "proc"):
            assert word not in ready.json["detail"]


@pytest.mark.parametrize("url", UNREACHABLE)
def test_without_a_database_a_request_is_told_to_come_again(url: str) -> None:
    with app_on(url) as app:
        body = {"email": "a@example.org", "password": "correct-horse-battery"}
        answer = nobody(app).post("/v1/auth/login", json=body)
        assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable")
        assert answer.headers["Retry-After"] == "1"


def test_it_is_not_ready_on_the_tables_of_other_code(own_app: Flask) -> None:
    client = nobody(own_app)
    assert client.get("/ready").status_code == 200
    for revision in ("0001", "9999"):
        run_sql(own_app, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608
        refused = client.get("/ready")
        assert (refused.status_code, refused.json["type"]) == (503, "/problems/unavailable")
        assert client.get("/health").status_code == 200
    run_sql(own_app, f"UPDATE alembic_version SET version_num = '{SCHEMA_REVISION}'")  # noqa: S608
    assert client.get("/ready").status_code == 200
    run_sql(own_app, "DROP TABLE alembic_version")
    assert client.get("/ready").status_code == 503


def test_being_ready_tells_when_the_jobs_last_went_round(own_app: Flask) -> None:
    client, database = nobody(own_app), own_app.extensions["services"].database
    assert client.get("/ready").json == {
        "status": "ready",
        "jobs": "never",
        "jobs_beat_at": None,
        "letters_waiting_since": None,
        "clinics_without_reviewer": 0,
    }
    for ago, state in ((timedelta(minutes=2), "running"), (timedelta(minutes=4), "late")):
        with database.begin(write=True) as connection:
            jobs.beat(connection, datetime.now(UTC) - ago)
            connection.commit()
        told = client.get("/ready").json
        assert (told["status"], told["jobs"]) == ("ready", state)
        assert datetime.fromisoformat(told["jobs_beat_at"]) < datetime.now(UTC) - ago


def test_being_ready_tells_of_letters_that_cannot_be_sent(own_app: Flask) -> None:
    world, client = World(own_app), nobody(own_app)
    now = datetime.now(UTC)

    def waiting() -> str | None:
        told: str | None = client.get("/ready").json["letters_waiting_since"]
        return told

    clinic_id, since = world.clinic(), now - timedelta(hours=1)
    put(world, letter(clinic_id, "later", due_at=now + timedelta(hours=9)), now=since)
    put(world, letter(clinic_id, "now", due_at=now), now=since)
    put(world, letter(clinic_id, "over", due_at=since, expires_at=now), now=since)
    assert waiting() is None
    put(world, letter(clinic_id, "stuck", due_at=now - outbox.PATIENCE), now=since)
    assert datetime.fromisoformat(waiting() or "") == since
    run_sql(own_app, "UPDATE message SET settled_at = created_at WHERE dedupe_key = 'stuck'")
    assert waiting() is None
    run_sql(own_app, "UPDATE message SET attempts = 1 WHERE dedupe_key = 'now'")
    assert datetime.fromisoformat(waiting() or "") == since  # tried, and put off
