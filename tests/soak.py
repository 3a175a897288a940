"""The long random search: the sync of check-ins as it is, then with each fault seeded in it.

`make soak` runs it; `python -m tests.soak --help` tells its settings. As it is, nothing may be
found; each seeded fault has to be, by an assertion and by nothing else.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import postgres
from tests.conftest import migrated
from tests.contract import ROOT
from tests.judging import copied, git
from tests.sync.machine import SyncMachine
from tests.sync.scene import Time, stage

MUTANTS = (
    "no_dedupe", "last_write_wins", "drop_day", "conflict_lost", "ack_before_commit", "cursor_head",
    "no_epoch", "no_reupload", "resurrect", "floor_loop", "epoch_pull_only", "gc_silent",
)  # fmt: skip
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What one search came to; `failure` None where nothing was found."""

    runs: int
    steps: int
    seconds: float
    failure: str | None = None
    is_judged: bool = False

    def __str__(self) -> str:
        figures = f"{self.runs:5} runs, {self.steps:6} steps, {self.seconds:6.1f} s"
        return figures if self.failure is None else f"{figures}  {self.failure}"


class Searched(SyncMachine):
    """Counts the runs, and in which of them it failed first."""

    runs = 0
    first: tuple[int, int] | None = None

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1

    def teardown(self) -> None:
        has_held = False
        try:
            super().teardown()
            has_held = self.is_whole
        finally:
            if not has_held and self.first is None:
                type(self).first = (self.runs, self.steps)


def search(asked: argparse.Namespace) -> Found:
    """Random runs in this process, until something is found or there were enough."""
    began = time.monotonic()
    failure = None
    with database(asked.database) as url, stage(url, clock := Time()) as app:
        machine: Any = type("Run", (Searched,), {"app": app, "time": clock})
        seed(asked.seed)(machine)
        try:
            run_state_machine_as_test(machine, settings=_settings(asked))
        except Exception as error:  # noqa: BLE001 (whatever it is, it is what was found)
            failure = error
    runs, steps = machine.first or (machine.runs, machine.steps)
    found = Found(runs, steps, time.monotonic() - began)
    if failure is None:
        return found
    told = f"{type(failure).__name__}: {failure}".split("\n")[0]
    return Found(runs, steps, found.seconds, told, isinstance(failure, AssertionError))


def _settings(asked: argparse.Namespace) -> settings:
    phases = [Phase.generate, Phase.shrink] if asked.shrink else [Phase.generate]
    return settings(
        max_examples=asked.runs,
        stateful_step_count=asked.steps,
        phases=phases,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The URL of an empty database with our tables, gone afterwards."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder of its own in it)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        if engine == "sqlite":
            yield migrated(f"sqlite:///{folder}/soak.sqlite")
        else:
            with postgres.server() as server:
                yield migrated(postgres.create_database(server, "soak"))


def in_a_process(tree: Path, asked: argparse.Namespace, **other: Any) -> Found:
    """The same search in a process of its own, on the code of that tree."""
    given = {**vars(asked), **other}
    names = ("runs", "steps", "seed", "database")
    told = [f"--{name}={given[name]}" for name in names] + ["--here"]
    command = [sys.executable, "-m", "tests.soak", *told]
    answer = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)  # noqa: S603
    last = answer.stdout.strip().rpartition("\n")[2]
    if not last.startswith("{"):
        raise RuntimeError(answer.stderr[-2000:])
    return Found(**orjson.loads(last))


def as_it_is(asked: argparse.Namespace) -> bool:
    """All runs, shared among the processes; whether nothing was found."""
    share = -(-asked.runs // PROCESSES)
    with ThreadPoolExecutor(PROCESSES) as pool:
        tasks = [
            pool.submit(in_a_process, ROOT, asked, runs=share, seed=asked.seed + number)
            for number in range(PROCESSES)
        ]
        found = [task.result() for task in tasks]
    for one in found:
        say("as it is", one)
    return all(one.failure is None for one in found)


def with_fault(name: str, asked: argparse.Namespace) -> bool:
    """Whether the search finds the fault that a mutant seeds, by its own judgement."""
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder) / "copy")
        git("apply", "-p1", str(ROOT / "tests" / "mutants" / f"{name}.patch"), cwd=tree)
        found = in_a_process(tree, asked)
    say(name, found)
    return found.is_judged


def say(name: str, found: Found) -> None:
    sys.stdout.write(f"{name:18} {found}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    asked = settings_of(arguments)
    if asked.here:
        sys.stdout.write(orjson.dumps(asdict(search(asked))).decode() + "\n")
        return 0
    is_clean = asked.mutants_only or as_it_is(asked)
    with ThreadPoolExecutor(PROCESSES) as pool:
        killed = list(pool.map(lambda name: with_fault(name, asked), MUTANTS))
    sys.stdout.write(f"{sum(killed)} of {len(MUTANTS)} seeded faults found\n")
    return 0 if is_clean and all(killed) else 1


def settings_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.soak", description=__doc__)
    parser.add_argument("--runs", type=int, default=4000)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--mutants-only", action="store_true")
    parser.add_argument("--here", action="store_true", help="one search, in this process")
    parser.add_argument("--shrink", action="store_true", help="look for the smallest failure")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
