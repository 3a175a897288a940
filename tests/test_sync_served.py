"""The web client of check-ins with the real server, and with one restored from a backup."""

import re
import shutil
import sqlite3
from pathlib import Path
from uuid import uuid4

from tests import served
from tests.node import run


def _told(name: str, url: str, phones: Path) -> None:
    settings = {"INTERLUDE_URL": url, "INTERLUDE_FOLDER": str(phones)}
    told = run("--test", "--test-reporter=tap", f"tests/served/{name}.js", settings=settings)
    assert told.returncode == 0, told.stdout + told.stderr
    counts = dict(re.findall(r"^# (\w+) (\d+)$", told.stdout, re.MULTILINE))
    assert (int(counts["pass"]) > 0, counts["fail"], counts["skipped"]) == (True, "0", "0")


def _restored(made: Path, folder: Path) -> Path:
    """A backup from before anything was sent, and the new history that a restore begins."""
    folder.mkdir()
    for file in made.glob("demo.sqlite*"):
        shutil.copy(file, folder)
    with sqlite3.connect(folder / "demo.sqlite") as database:
        database.execute("UPDATE server_meta SET epoch = ?", (str(uuid4()),))
    database.close()
    return folder


def test_phones_agree_with_the_server_and_heal_one_that_was_restored(
    made_demo: Path, tmp_path: Path
) -> None:
    phones, first, second = (tmp_path / name for name in ("phones", "first", "second"))
    for folder in (phones, first, second):
        folder.mkdir()
    with served.demo(first, made_demo) as url:
        _told("first_history", url, phones)
    with served.demo(second, _restored(made_demo, tmp_path / "backup")) as url:
        _told("second_history", url, phones)
