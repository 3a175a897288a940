"""Copies of this project with one fault put in, so that the checker has something to find."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract import ROOT

PATCHES = (Path(__file__).parent / "broken", ROOT / "tests" / "mutants")


def patch_of(name: str) -> Path:
    """The patch of that name, of our own or of those that the other tests kill."""
    found = [folder / f"{name}.patch" for folder in PATCHES]
    return next(path for path in found if path.exists())


@contextmanager
def mutated(name: str | None) -> Iterator[Path]:
    """A copy of what the server is made of with the patch applied; without a name the project."""
    if name is None:
        yield ROOT
        return
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder) / "copy"
        skipped = shutil.ignore_patterns(".*", "var", "node_modules", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=skipped)
        git = shutil.which("git")
        assert git is not None, "git is needed"
        command = [git, "apply", "-p1", str(patch_of(name))]
        ceiling = {"GIT_CEILING_DIRECTORIES": folder}  # the copy is part of no repository
        subprocess.run(command, cwd=copy, check=True, env=ceiling)
        yield copy
