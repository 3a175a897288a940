"""The tests of the laws can fail: each seeded fault in mutants/ is killed by the test it names.

A patch begins with what it breaks and the test that must notice; it is applied to a copy of the
tree, never to the tree itself.
"""

import re
from pathlib import Path

import pytest

from tests.contract import ROOT
from tests.judging import copied, git, judge

PATCHES = sorted((ROOT / "tests" / "mutants").glob("*.patch"))
KILLER = re.compile(r"^Killed by (tests/[\w/]+\.py::.+)$", re.MULTILINE)
# What a test says that failed by its own judgement, not by an accident on the way there.
JUDGED = r" - (assert |AssertionError|\S*BrokenContract|Failed: DID NOT RAISE)"


def killer(patch: Path) -> str:
    """The test a patch names."""
    found = KILLER.search(patch.read_text())
    assert found is not None, f"{patch.name} does not say what kills it"
    return found.group(1)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copied(tmp_path / "copy")


def test_there_are_mutants_and_each_is_known_by_its_own_killer() -> None:
    assert len(PATCHES) >= 20
    killers = [killer(patch) for patch in PATCHES]
    assert len(set(killers)) == len(killers)


def test_the_copy_itself_passes_what_kills_its_mutants(tree: Path) -> None:
    answer = judge(tree, *map(killer, PATCHES))
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.stem)
def test_a_mutant_is_killed_by_the_test_that_guards_against_it(tree: Path, patch: Path) -> None:
    git("apply", "-p1", str(patch), cwd=tree)
    answer = judge(tree, killer(patch))
    assert answer.returncode == 1, answer.stdout
    failed = re.search(rf"^FAILED {re.escape(killer(patch))}{JUDGED}", answer.stdout, re.MULTILINE)
    assert failed is not None, answer.stdout


# One mutant for each of the five laws, in their order: contract, imports, problems, doors, tables.
LAWS = (
    "unpromised_field",
    "upward_import",
    "wrong_problem_type",
    "skipped_care_team_check",
    "model_without_migration",
)


@pytest.mark.parametrize("name", LAWS)
def test_what_breaks_one_law_breaks_no_other(tree: Path, name: str) -> None:
    by_law = {law: ROOT / "tests" / "mutants" / f"{law}.patch" for law in LAWS}
    git("apply", "-p1", str(by_law[name]), cwd=tree)
    answer = judge(tree, *map(killer, by_law.values()))
    failed = re.findall(r"^FAILED (.+?) - ", answer.stdout, re.MULTILINE)
    assert failed == [killer(by_law[name])], answer.stdout
