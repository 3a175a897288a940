"""`flask intake` on files and mappings that are none: one clear line for each fault, status 2."""

import sqlite3
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

import commands.intake
from models.db import new_id
from models.engine import Database
from tests.intake import MRN, Intake
from tests.people import Household

MAPPING = """
kind = "checkins"
[columns.mrn]
field = "mrn"
[columns.date]
field = "date"
[columns.mood]
field = "mood"
"""
HEADER = "mrn,date,mood\n"
ONE = f"{HEADER}{MRN},2024-05-10,6\n"


@pytest.fixture
def intake(home: Household, tmp_path: Path) -> Intake:
    home.clinician.patch(f"/v1/patients/{home.patient_id}", {"mrn": MRN})
    return Intake(home.world, home.clinic_id, tmp_path)


@pytest.mark.parametrize(
    ("table", "mapping", "named"),
    [
        ("", MAPPING, "The file is empty."),
        (f"{HEADER}ü,2024-05-10,6\n".encode("latin-1"), MAPPING, "The file is not utf-8"),
        ("mrn,date\n", MAPPING, 'Mapped, but not in the header: "mood"'),
        (ONE.replace("mood", "mood,food"), MAPPING, 'nor listed under `ignore`: "food"'),
        (ONE, f"sheet = 2\n{MAPPING}", "`sheet` is no setting of a mapping."),
        (ONE, MAPPING.replace("checkins", "sessions"), 'must say kind = "checkins"'),
        (ONE, "kind =", "The mapping is not TOML"),
        (f'{ONE}{MRN},2024-05-11,"6\n', MAPPING, "Row 3: a quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_usage_error(
    intake: Intake, table: str | bytes, mapping: str, named: str
) -> None:
    before = intake.counted()
    told = intake.run("checkins", table, mapping, "--write")
    assert (told.status, told.report) == (2, [])
    assert named in told.output
    assert intake.counted() == before
    assert list(intake.folder.glob("*.part")) == []


def test_every_fault_of_a_mapping_has_a_line_of_its_own(intake: Intake) -> None:
    mapping = MAPPING.replace('"mood"', '"weather"').replace('field = "date"', 'format = "D"')
    told = intake.run("checkins", ONE, mapping)
    assert told.status == 2
    lines = told.output.splitlines()
    assert sum('Column "' in line for line in lines) == 2


def test_a_directory_a_missing_file_and_an_unknown_clinic_are_named(intake: Intake) -> None:
    mapping, table = intake.file("m.toml", MAPPING), intake.file("t.csv", ONE)
    known = ("--mapping", mapping, "--clinic", intake.clinic_id)
    cases = (
        (("checkins", intake.folder, *known), "is a directory"),
        (("checkins", intake.folder / "none.csv", *known), "does not exist"),
        (("checkins", table, "--mapping", intake.folder, *known[2:]), "is a directory"),
        (("checkins", table, "--mapping", mapping, "--clinic", new_id()), "no such clinic"),
        (("checkins", table, "--mapping", mapping, "--clinic", "ours"), "--clinic"),
        (("checkins", table, "--clinic", intake.clinic_id), "--mapping"),
        (("weather", table, *known), "No such command"),
        (("checkins", table, *known, "--report", table), "would overwrite"),
        (("checkins", table, *known, "--report", intake.folder / "no" / "r.csv"), "No such file"),
    )
    for words, named in cases:
        result = intake.invoke(*words)
        assert result.exit_code == 2, words
        assert named in result.output, words
    assert table.read_text() == ONE


def test_a_database_that_does_not_take_it_is_told_in_one_line(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any, **__: Any) -> Any:
        raise OperationalError("INSERT canary", {}, sqlite3.OperationalError("locked"))

    monkeypatch.setattr(commands.intake, "close_run", busy)
    told = intake.run("checkins", ONE, MAPPING, "--write")
    assert (told.status, told.report) == (1, [])
    assert "nothing was written" in told.output
    assert "canary" not in told.output
    monkeypatch.undo()
    assert intake.run("checkins", ONE, MAPPING).outcomes == ["new"]


def test_more_refused_rows_than_fit_are_counted(intake: Intake) -> None:
    table = HEADER + "".join(f"{MRN},2024-05-{day:02},99\n" for day in range(1, 31))
    told = intake.run("checkins", table, MAPPING)
    assert told.status == 1
    assert told.output.count("mood: Must be from 0 to 10.") == 10
    assert "... and 20 more" in told.output
    assert told.outcomes == ["refused"] * 30


def test_a_trial_takes_no_writers_place(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only sessions have to be rehearsed; who asks about days keeps no phone waiting."""
    begun: list[bool] = []
    begin = Database.begin

    def noted(self: Database, *, write: bool) -> Any:
        begun.append(write)
        return begin(self, write=write)

    monkeypatch.setattr(Database, "begin", noted)
    intake.run("checkins", ONE, MAPPING)
    assert begun == [False]


def test_a_long_file_is_tried_within_seconds(home: Household, tmp_path: Path) -> None:
    """20,000 rows of 20 patients: read, judged, and compared to what is stored."""
    for number in range(20):
        home.world.patient(home.clinic_id, mrn=f"L-{number}")
    lines = (
        f"L-{person},{date(2019, 1, 1) + timedelta(days=day)},{day % 11}\n"
        for person in range(20)
        for day in range(1000)
    )
    long = Intake(home.world, home.clinic_id, tmp_path)
    began = time.process_time()
    told = long.run("checkins", HEADER + "".join(lines), MAPPING)
    spent = time.process_time() - began
    assert "20000 rows: 20000 new" in told.output
    assert (told.status, len(told.report)) == (0, 20_000)
    assert spent < 10, spent  # one second where nobody else works
