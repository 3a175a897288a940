"""web/: its own tests, its types, and what it is made of."""

import json
import re
from pathlib import Path

import pytest

from clinical.checkins import ANSWER_KEYS
from tests.node import WEB, run

LONGEST_FILE = 300
SOURCES = sorted(
    path
    for path in WEB.rglob("*")
    if path.suffix in (".js", ".css") and "node_modules" not in path.parts
)
PACKAGE = json.loads((WEB / "package.json").read_text())


def test_the_tests_of_the_web_pages_pass() -> None:
    files = sorted(str(path.relative_to(WEB)) for path in WEB.glob("tests/*.test.js"))
    told = run("--test", "--test-reporter=tap", *files)
    assert told.returncode == 0, told.stdout + told.stderr
    counts = dict(re.findall(r"^# (\w+) (\d+)$", told.stdout, re.MULTILINE))
    assert int(counts["pass"]) > 25
    assert (counts["fail"], counts["skipped"], counts["todo"]) == ("0", "0", "0")


def test_the_types_of_the_web_pages_agree() -> None:
    told = run("node_modules/typescript/bin/tsc", "-p", ".")
    assert told.stdout + told.stderr == ""
    assert told.returncode == 0


def test_the_client_knows_every_answer_a_day_can_have() -> None:
    """One it did not know would be taken away by its next merge."""
    script = 'import * as days from "./lib/sync_answers.js"; console.log(`${days.ANSWER_FIELDS}`)'
    told = run("--input-type=module", "--eval", script)
    assert told.stdout.strip().split(",") == list(ANSWER_KEYS)


def test_packages_are_pinned_and_locked_without_addresses() -> None:
    wanted = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    text = (WEB / "package-lock.json").read_text()
    locked = json.loads(text)["packages"]
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in told for name, told in locked.items() if name)
    assert '"resolved"' not in text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_file_says_what_it_is_and_is_not_long(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(("// ", "/* "))
    assert text.count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("path", [path for path in SOURCES if path.suffix == ".js"], ids=str)
def test_no_markup_is_written_from_text(path: Path) -> None:
    """What somebody typed becomes text by the library, or not at all."""
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|style="
    assert re.search(forbidden, path.read_text()) is None
