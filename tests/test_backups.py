"""`flask backup` and `flask restore`: whole or not at all, and never without a new epoch."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

import commands
from tests.apps import app_on, nobody, own_database, run_sql
from tests.contract import ROOT
from tests.entries import entry, own
from tests.people import World, household
from tests.places import Place, opened, programs_on_path

DAY = date(2024, 5, 10)


@pytest.fixture
def server(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """PostgreSQL's URL, its programs on PATH; None for SQLite."""
    if engine_name == "sqlite":
        yield None
        return
    with programs_on_path():
        yield request.getfixturevalue("postgres_server")


@pytest.fixture
def place(server: str | None, tmp_path: Path) -> Iterator[Place]:
    yield from opened(server, tmp_path / "one")


@pytest.fixture
def other(server: str | None, tmp_path: Path) -> Iterator[Place]:
    """A new, empty database."""
    yield from opened(server, tmp_path / "other")


def lived_in(place: Place) -> Any:
    """The database with a household in it, and one check-in; answers the patient."""
    patient = household(World(place.app)).patient
    assert patient.put(own(DAY), entry(DAY)).status_code == 201
    return patient


def test_what_was_backed_up_comes_back_in_another_database(place: Place, other: Place) -> None:
    patient = lived_in(place)
    copy, first, empty = place.backed_up(), place.epoch(), other.epoch()
    assert copy.stat().st_mode & 0o777 == 0o600
    code, told = other.run("restore", copy)
    assert code == 0, told
    assert told.startswith("Restored ")
    assert " rows, of the backup taken 20" in told
    assert "check-in in it was received 20" in told
    patient.client = nobody(other.app)
    back = patient.get(own(DAY))
    assert (back.status_code, back.json["mood"]) == (200, 6)
    assert back.headers["Epoch"] not in (first, empty)
    assert other.epoch() == back.headers["Epoch"]
    assert [path.name for path in place.folder.iterdir() if "copy-" in path.name] == []


def test_a_restore_over_the_same_database_is_another_history_each_time(place: Place) -> None:
    patient = lived_in(place)
    copy, seen = place.backed_up(), [place.epoch()]
    for _ in range(2):
        base = {"If-Match": patient.get(own(DAY)).headers["ETag"]}
        assert patient.put(own(DAY), entry(DAY, mood=1), headers=base).status_code == 200
        place.stop()
        code, told = place.run("restore", "--replace", copy)
        assert code == 0, told
        seen.append(place.epoch())
        place.stop()
    assert len(set(seen)) == 3
    assert patient.get(own(DAY)).json["mood"] == 6


def test_a_database_with_data_is_not_replaced_unless_told(place: Place, other: Place) -> None:
    lived_in(place)
    patient = lived_in(other)
    copy = place.backed_up()
    other.stop()
    assert "--replace" in other.refused("restore", copy)
    assert patient.get(own(DAY)).json["mood"] == 6


def test_a_database_in_use_is_not_replaced(place: Place) -> None:
    lived_in(place)
    copy = place.backed_up()
    with app_on(place.url) as server:
        assert nobody(server).get("/ready").status_code == 200
        assert "stop the server" in place.refused("restore", "--replace", copy)


def test_no_backup_is_written_over(place: Place) -> None:
    target = place.folder / "taken"
    target.write_text("mine")
    assert "there already" in place.refused("backup", target)
    assert target.read_text() == "mine"


def test_a_backup_into_no_folder_is_one_clear_line(place: Place) -> None:
    assert "No such file" in place.refused("backup", place.folder / "nowhere" / "copy")


@pytest.mark.parametrize("damage", ["not one of ours", "cut", "empty"])
def test_what_is_no_whole_backup_changes_nothing(place: Place, damage: str) -> None:
    patient = lived_in(place)
    copy, before = place.backed_up(), place.epoch()
    whole = copy.read_bytes()
    cut = whole[: len(whole) * 2 // 3]
    damaged = {"not one of ours": b"PGDMPnothing else", "cut": cut, "empty": b""}
    copy.write_bytes(damaged[damage])
    place.stop()
    place.refused("restore", "--replace", copy)
    assert patient.get(own(DAY)).json["mood"] == 6
    assert place.epoch() == before


def test_a_backup_of_newer_tables_is_refused(place: Place, other: Place) -> None:
    lived_in(place)
    run_sql(place.app, "UPDATE alembic_version SET version_num = '9999'")
    copy = place.backed_up()
    other.stop()
    assert "9999" in other.refused("restore", copy)


def test_a_backup_of_older_tables_is_migrated(place: Place, other: Place) -> None:
    patient = lived_in(place)
    place.stop()
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database_url"] = place.url
    command.downgrade(config, "0010")
    copy = place.backed_up()
    other.stop()
    code, told = other.run("restore", copy)
    assert code == 0, told
    assert nobody(other.app).get("/ready").status_code == 200
    patient.client = nobody(other.app)
    assert patient.get(own(DAY)).json["mood"] == 6


def test_a_backup_put_back_by_cp_is_another_history(tmp_path: Path) -> None:
    for place in opened(None, tmp_path / "one"):
        lived_in(place)
        copy, first = place.backed_up(), place.epoch()
        place.stop()
        file = place.folder / "own.sqlite"
        shutil.copyfile(copy, file)
        second = place.epoch()
        file.with_name("own.sqlite.epoch").unlink()
        shutil.copyfile(copy, file)
        assert len({first, second, place.epoch()}) == 3


def test_a_damaged_database_file_is_replaced_by_its_backup(tmp_path: Path) -> None:
    for place in opened(None, tmp_path / "one"):
        patient = lived_in(place)
        copy = place.backed_up()
        place.stop()
        (place.folder / "own.sqlite").write_bytes(b"not a database" * 1000)
        assert "--replace" in place.refused("restore", copy)
        code, told = place.run("restore", "--replace", copy)
        assert code == 0, told
        assert patient.get(own(DAY)).json["mood"] == 6


def test_a_plain_copy_with_its_log_is_restored_with_what_only_the_log_has(tmp_path: Path) -> None:
    for place in opened(None, tmp_path / "one"):
        lived_in(place)
        copy = tmp_path / "plain"
        shutil.copyfile(place.folder / "own.sqlite", copy)
        shutil.copyfile(place.folder / "own.sqlite-wal", tmp_path / "plain-wal")
        before = place.epoch()
        place.stop()
        code, told = place.run("restore", "--replace", copy)
        assert code == 0, told
        assert "at a time it does not tell" in told
        assert place.epoch() != before
        with closing(sqlite3.connect(place.folder / "own.sqlite")) as found:
            assert found.execute("SELECT count(*) FROM checkin").fetchone() == (1,)


def test_the_password_is_on_no_command_line(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    told = tmp_path / "told"
    prints = f'echo "$@" > {told}; echo "$PGPASSWORD" >> {told}'
    (folder / "pg_dump").write_text(f"#!/bin/sh\n{prints}\nexit 1\n")
    (folder / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    url = own_database(postgres_server, tmp_path).replace("tests@", "tests:sesame@")
    with app_on(url) as app:
        commands.register(app)
        assert "pg_dump: failed" in Place(app, tmp_path, None).refused("backup", tmp_path / "copy")
    options, password = told.read_text().splitlines()
    assert "sesame" not in options
    assert password == "sesame"


def test_without_the_programs_it_says_so(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app_on(own_database(postgres_server, tmp_path)) as app:
        commands.register(app)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "no pg_dump on PATH" in Place(app, tmp_path, None).refused("backup", tmp_path / "c")
