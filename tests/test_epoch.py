"""A restore is noticed though nobody says so; nothing else is taken for one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from api.settings import BadSettings
from commands.jobs import office_of
from commands.jobs.rounds import go_round
from models.engine import Database
from models.epoch import MARKED_EVERY, new_epoch
from models.marks import EpochUnkept
from tests.apps import app_on, nobody, own_database, run_sql
from tests.conftest import SECRET_KEY
from tests.contract import ROOT
from tests.marked import File
from tests.people import World, household

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path)


def told(url: str) -> str:
    """The Epoch header of a server that is started and stopped."""
    with app_on(url) as app:
        return str(nobody(app).get("/health").headers["Epoch"])


def test_a_first_mark_and_every_next_one_leave_the_epoch_as_it_is(file: File) -> None:
    before, seen = file.epoch(), set()
    for _ in range(3):
        file.marks.move()
        seen.add(file.beside.read_text())
        assert file.epoch() == before
    assert len(seen) == 3
    assert len({told(file.url) for _ in range(3)}) == 1


def test_a_copy_from_before_the_last_mark_put_back_by_cp_is_another_history(file: File) -> None:
    first = told(file.url)
    copy = file.copy("monday")
    assert told(file.url) == first  # a start, and so a mark
    file.put_back(copy)
    second = told(file.url)
    assert second != first
    assert told(file.url) == second  # noticed once
    file.put_back(copy)
    assert told(file.url) not in (first, second)


def test_a_marked_database_without_the_file_beside_it_is_another_history(file: File) -> None:
    first = told(file.url)
    file.beside.unlink()
    second = told(file.url)
    assert second != first
    assert told(file.url) == second


@pytest.mark.parametrize("garbage", ["", "x" * 36, "\x00\xff", "a" * 80])
def test_a_file_beside_it_that_is_none_of_ours_is_another_history(file: File, garbage: str) -> None:
    first = told(file.url)
    file.beside.write_text(garbage)
    second = told(file.url)
    assert second != first
    assert told(file.url) == second


def test_a_copy_from_before_there_were_marks_is_another_history(file: File) -> None:
    unmarked = file.copy("unmarked")
    first = told(file.url)
    file.put_back(unmarked)
    assert told(file.url) != first


def test_the_file_is_as_private_as_the_database(file: File) -> None:
    for mode in (0o600, 0o640):
        file.path.chmod(mode)
        file.marks.move()
        assert file.beside.stat().st_mode & 0o777 == mode


def test_a_server_that_cannot_write_beside_its_database_does_not_start(file: File) -> None:
    file.beside.mkdir()
    with pytest.raises(BadSettings) as refused, app_on(file.url):
        pass
    assert len(refused.value.faults) == 1
    assert str(file.beside) in refused.value.faults[0]
    file.beside.rmdir()
    file.beside.with_name(f"{file.beside.name}.new").mkdir()
    with pytest.raises(BadSettings), app_on(file.url):
        pass


def test_a_disk_that_is_full_moves_no_mark_and_changes_no_epoch(
    file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.marks.move()
    before = file.epoch()

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fail)
        for _ in range(2):
            with pytest.raises(EpochUnkept):
                file.marks.move()
    file.marks.move()
    assert file.epoch() == before


def test_the_mark_moves_once_a_minute_at_most(file: File) -> None:
    with closing(Database(file.url)) as database:
        seen = []
        for now in (NOW, LATER - timedelta(seconds=1), LATER, NOW):  # the last: a clock set back
            database.epoch.mark(now)
            seen.append(file.beside.read_text())
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3


def test_one_that_was_not_there_at_the_start_is_marked_before_its_epoch_is_told(
    tmp_path: Path,
) -> None:
    with app_on(f"sqlite:///{tmp_path}/own.sqlite") as app:
        assert "Epoch" not in nobody(app).get("/health").headers
        assert not (tmp_path / "own.sqlite.epoch").exists()
    file = File(tmp_path)
    with closing(Database(file.url)) as database:
        assert database.epoch() == told(file.url)
        assert file.beside.exists()


def environment(file: File) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": file.url,
        "INTERLUDE_LOG_LEVEL": "error",
    }


TELL = "import wsgi; print(wsgi.app.test_client().get('/health').headers['Epoch'])"


def started(file: File, *words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment(file), stdout=pipe, text=True)  # noqa: S603


def test_servers_and_jobs_that_start_together_on_an_old_copy_tell_one_new_epoch(
    file: File,
) -> None:
    copy, first = file.copy("unmarked"), told(file.url)
    file.put_back(copy)
    servers = [started(file, "-c", TELL) for _ in range(2)]
    jobs = started(file, "-m", "flask", "--app", "wsgi", "jobs", "run", "--once")
    assert jobs.communicate(timeout=60)[0] == "sent 0\n"
    said = {server.communicate(timeout=60)[0].strip() for server in servers}
    assert len(said) == 1
    assert said != {first}
    assert {told(file.url)} == said


def test_the_jobs_move_the_mark_with_their_beat(file: File) -> None:
    with app_on(file.url) as app:
        before = file.beside.read_text()
        late = replace(office_of(app), clock=lambda: datetime.now(UTC) + MARKED_EVERY)
        go_round(late)
        moved = file.beside.read_text()
        go_round(late)
    assert moved != before
    assert file.beside.read_text() == moved


def test_jobs_that_cannot_move_the_mark_go_on(file: File) -> None:
    with app_on(file.url) as app:
        late = replace(office_of(app), clock=lambda: datetime.now(UTC) + MARKED_EVERY)
        file.beside.unlink()
        file.beside.mkdir()
        go_round(late)
        assert nobody(app).get("/ready").json["jobs"] == "running"


@pytest.fixture
def own_app(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    is_sqlite = engine_name == "sqlite"
    server = None if is_sqlite else request.getfixturevalue("postgres_server")
    with app_on(own_database(server, tmp_path)) as app:
        yield app


def test_a_new_epoch_begun_by_another_process_is_told_from_the_next_request_on(
    own_app: Flask,
) -> None:
    home = household(World(own_app))
    first = home.patient.get("/v1/me").headers["Epoch"]
    url = own_app.extensions["settings"].database_url
    with closing(Database(url)) as other, other.begin(write=True) as connection:
        new_epoch(connection)
        connection.commit()
    second = home.patient.get("/v1/me").headers["Epoch"]
    assert second != first
    assert nobody(own_app).get("/health").headers["Epoch"] == second


def test_a_table_made_anew_in_the_same_database_is_another_history(postgres_server: str) -> None:
    """What pg_restore --clean leaves: the same row in another table."""
    with app_on(own_database(postgres_server, ROOT)) as app:
        first = nobody(app).get("/health").headers["Epoch"]
        run_sql(app, "CREATE TABLE copied AS SELECT * FROM server_meta")
        run_sql(app, "DROP TABLE server_meta")
        run_sql(app, "ALTER TABLE copied RENAME TO server_meta")
        app.extensions["services"].database.engine.dispose()
        assert nobody(app).get("/ready").headers["Epoch"] != first


def test_a_copy_of_a_database_in_the_same_cluster_is_another_history(postgres_server: str) -> None:
    url = own_database(postgres_server, ROOT)
    with app_on(url) as app:
        first = nobody(app).get("/health").headers["Epoch"]
    name = str(make_url(url).database)
    engine = create_engine(
        postgres_server.replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"'))
    engine.dispose()
    with app_on(url.replace(f"/{name}?", f"/{name}_copy?")) as app:
        assert nobody(app).get("/health").headers["Epoch"] != first
