"""Judges copies of the tree, each in a process of its own that is born with the libraries read.

Reading them takes longer than most tests: a fork server has read them once and forks.
"""

import multiprocessing
import os
import runpy
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.contract import ROOT

# What our modules and tests import, none of it ours.
LIBRARIES = (
    "alembic", "alembic.command", "argon2", "flask", "flask_jwt_extended", "flask_smorest",
    "hypothesis", "hypothesis.stateful", "jsonschema", "marshmallow", "numpy", "orjson", "psycopg",
    "pytest", "_pytest.assertion.rewrite", "referencing", "scipy.stats", "schemathesis",
    "sqlalchemy.orm", "sqlalchemy.dialects.postgresql.psycopg", "structlog", "webargs", "yaml",
)  # fmt: skip
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(list(LIBRARIES))


@dataclass(frozen=True, slots=True)
class Verdict:
    """pytest's exit code and what it printed."""

    returncode: int | None
    stdout: str


def git(*command: str, cwd: Path) -> str:
    """What git prints; `cwd` is taken for part of no repository around it."""
    found = shutil.which("git")
    assert found is not None, "git is needed"
    alone = os.environ | {"GIT_CEILING_DIRECTORIES": str(cwd.parent)}
    answer = subprocess.run(  # noqa: S603
        [found, *command], cwd=cwd, env=alone, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def copied(copy: Path) -> Path:
    """A copy of every file that is, or is about to be, part of the project.

    What Python compiled of the unchanged files is read where it is, and is never written there.
    """
    listed = git("ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, copy / name
        if not source.is_file():  # a deleted one stays listed until it is committed
            continue
        if not target.parent.exists():
            target.parent.mkdir(parents=True)
            if (source.parent / "__pycache__").is_dir():
                (target.parent / "__pycache__").symlink_to(source.parent / "__pycache__")
        shutil.copy2(source, target)
    return copy


def judge(copy: Path, *tests: str) -> Verdict:
    """pytest on these tests of the copy."""
    told = copy.parent / "told.txt"
    given = {"copy": str(copy), "tests": list(tests), "told": str(told), "home": str(ROOT)}
    script = str(ROOT / "tests" / "judge_copy.py")
    process = _FORKING.Process(target=runpy.run_path, args=(script, {"GIVEN": given}))
    process.start()
    process.join()
    return Verdict(process.exitcode, told.read_text() if told.exists() else "")
