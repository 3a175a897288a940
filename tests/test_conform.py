"""`make conform` finds nothing wrong with this server, and something with a broken one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import served
from tests.contract import ROOT
from tests.faults.mutants import mutated
from tests.faults.server import Server


@contextmanager
def demo(tree: Path, made: Path, folder: Path) -> Iterator[str]:
    """The URL of a copy of a small demo, served from `tree`."""
    server = Server(tree, served.copied(made, folder), workers=1, log=folder / "server.log")
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.kill()


def told(url: str) -> tuple[int, str]:
    """The exit code and the lines of a check of that server."""
    command = [sys.executable, "-m", "tests.conform", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode, done.stdout + done.stderr


def test_this_server_keeps_every_rule(made_demo: Path, tmp_path: Path) -> None:
    with demo(ROOT, made_demo, tmp_path) as url:
        code, lines = told(url)
    assert code == 0, lines
    assert lines.count("ok ") > 25
    assert "FAILED" not in lines


def test_a_server_that_lets_the_last_write_win_does_not(made_demo: Path, tmp_path: Path) -> None:
    with mutated("last_write_wins") as tree, demo(tree, made_demo, tmp_path) as url:
        code, lines = told(url)
    failed = [line.removeprefix("FAILED ") for line in lines.splitlines() if line[:6] == "FAILED"]
    assert code == 1, lines
    assert "conflict: with the stored day and who gave each answer; it stays one" in failed
    assert "two items of one day are decided one after the other" in failed
    assert "pages continue one another, and end" not in failed


def test_where_nobody_answers_that_is_all_it_says() -> None:
    command = [sys.executable, "-m", "tests.conform", "http://127.0.0.1:1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (2, "")
