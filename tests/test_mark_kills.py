"""The mark of an SQLite file while processes are killed, and while many move it."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from models import marks
from tests.marked import File


def killed_at(step: int, act: Callable[[], None]) -> bool:
    """Whether a process of its own was killed at this step (a line of models/marks.py) of `act`;
    False when it had come to its end before."""
    child = os.fork()
    if child == 0:
        left = step

        def trace(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal left
            if frame.f_code.co_filename != marks.__file__:
                return None
            if event == "line":
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        try:
            sys.settrace(trace)
            act()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("is_marked", [True, False])
def test_killed_at_any_step_it_is_no_other_history_and_an_older_copy_is_one(
    tmp_path: Path, is_marked: bool
) -> None:
    """An older copy agrees no more as soon as the file beside the database has been replaced."""
    made, seen, step, was_killed = File(tmp_path).path, set(), 0, True
    while was_killed:
        step += 1
        file = File(tmp_path / f"{step}", made)
        if is_marked:
            file.marks.move()
        old, before, kept = file.copy("old"), file.epoch(), read(file.beside)
        was_killed = killed_at(step, file.marks.move)
        restored = file.twin(tmp_path / f"{step}-restored")
        restored.put_back(old)
        restored.marks.move()
        has_moved = read(file.beside) != kept
        assert (restored.epoch() != before) is has_moved, step
        file.marks.move()
        assert file.epoch() == before, step  # and no needless one
        seen.add((was_killed, has_moved))
    assert step > 20
    assert seen == {(True, False), (True, True), (False, True)}


def read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def test_many_processes_on_one_file_do_not_fight(tmp_path: Path) -> None:
    file = File(tmp_path)
    file.marks.move()
    before = file.epoch()
    children = []
    for number in range(6):
        child = os.fork()
        if child == 0:
            try:
                for _ in range(15):
                    file.marks.move()
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
        if number == 2:
            os.kill(children[0], signal.SIGKILL)
    ends = [os.waitpid(child, 0)[1] for child in children]
    assert ends[1:] == [0] * 5
    assert file.epoch() == before
    assert file.marks.agree(file.value("mark"), file.value("next_mark"))
