"""The examples of docs/intake.md are files, they are on the page, and they go in as it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from formats.cells import ROUNDINGS
from formats.csv_in import ENCODINGS
from formats.dates import _TOKENS
from formats.targets import FIELDS
from tests import served
from tests.contract import ROOT
from tests.entries import PAIN
from tests.intake import Intake
from tests.people import World

EXAMPLES = ROOT / "docs" / "examples"
PAGE = (ROOT / "docs" / "intake.md").read_text()
# In the order the page takes them.
OUTCOMES = {
    "patients": ["new", "new"],
    "sessions": ["new", "new", "new"],
    "assessments": ["new", "new", "new", "empty"],
    "checkins": ["new", "new", "empty"],
}


@pytest.mark.parametrize("kind", OUTCOMES)
def test_the_page_shows_the_example_as_it_is(kind: str) -> None:
    assert f"```toml\n{(EXAMPLES / f'{kind}.toml').read_text()}```" in PAGE
    assert f"docs/examples/{kind}.csv" in PAGE


def test_the_examples_go_in_one_after_the_other_and_a_second_time_nothing_does(
    world: World, tmp_path: Path
) -> None:
    clinic_id = world.clinic(custom_measures=[PAIN])
    clinician = world.person(clinic_id, "clinician")
    intake = Intake(world, clinic_id, tmp_path)
    for kind, expected in OUTCOMES.items():
        raw = (EXAMPLES / f"{kind}.csv").read_bytes()
        theirs = clinician.email.encode()
        file = intake.file("own.csv", raw.replace(b"clinician@demo.example", theirs))
        told = intake.run(kind, file, EXAMPLES / f"{kind}.toml", "--write")
        assert (told.status, told.outcomes) == (0, expected), told.output
        assert told.output.endswith("\nWritten.\n")
        again = intake.run(kind, file, EXAMPLES / f"{kind}.toml", "--write")
        assert again.outcomes == ["same" if word == "new" else word for word in expected]
        assert again.output.endswith("\nNothing has changed: no row was new.\n")
    (joerg,) = (
        one for one in clinician.get("/v1/patients").json["items"] if one["mrn"] == "M-1001"
    )
    assert (joerg["display_name"], joerg["birth_date"]) == ("Jörg Beispiel", "1984-05-02")
    first, second = clinician.get(f"/v1/patients/{joerg['id']}/checkins").json["items"]
    # 4.5 rounds up; tension 4 of 1-7 is half way, 5 of 0-10; 432 minutes are 7.2 hours;
    # sleep quality 1 + (3 - 1) * 4 / 6 = 2.33; nausea 1 is absent.
    assert (first["mood"], first["anxiety"], first["sleep_hours"]) == (5, 5, 7.25)
    assert (first["sleep_quality"], first["custom"]) == (2, {"pain": 2})
    assert first["side_effects"] == [{"code": "headache", "severity": 1}]
    assert (second["mood"], second["anxiety"], second["custom"]) == (4, 10, None)
    assert second["side_effects"] == [{"code": "nausea", "severity": 1}]


def test_the_examples_go_into_the_demo_as_the_page_says(made_demo: Path, tmp_path: Path) -> None:
    (commands,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    settings = tmp_path / "demo.env"
    served.copied(made_demo, tmp_path)
    told = served.environment(tmp_path, 8000)
    settings.write_text("".join(f"{name}={told[name]}\n" for name in told if name != "PATH"))
    for written, meant in (
        ("./var/demo.env", str(settings)),
        (".venv/bin/flask", f"{sys.executable} -m flask"),
    ):
        assert written in commands
        commands = commands.replace(written, meant)
    taken = subprocess.run(
        ["sh"],  # noqa: S607
        input=commands,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (taken.returncode, taken.stderr) == (0, ""), taken.stdout
    lines = taken.stdout.splitlines()
    assert lines[1::2] == ["Written."] * 4, taken.stdout
    for line, expected in zip(lines[::2], OUTCOMES.values(), strict=True):
        assert line.startswith(f"{len(expected)} rows: {expected.count('new')} new, 0 same, 0 kept")


def test_the_page_names_every_field_rounding_encoding_and_token() -> None:
    words = {*ROUNDINGS, *ENCODINGS, *_TOKENS}
    for kind, fields in FIELDS.items():
        words |= {name for name in fields if name.partition(".")[0] != "vitals"}
        assert f"`{kind}`" in PAGE
    assert sorted(word for word in words if f"`{word}`" not in PAGE) == []
