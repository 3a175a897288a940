"""`make faults`: breaks the server in every way it knows, on both databases, and prints a table."""

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from bench.serving import machine
from tests import postgres
from tests.contract import ROOT
from tests.faults.mutants import mutated
from tests.faults.nemesis import faults
from tests.faults.places import Place, PostgresDatabase, SqliteFile
from tests.faults.run import Figures, Plan, run

ENGINES = ("sqlite", "postgresql")
COLUMNS = (
    "fault", "database", "acknowledged", "lost", "twice", "errors", "refused", "unanswered",
    "struck", "recovery_seconds", "seconds",
)  # fmt: skip
# Shown of one run; all are in the file.
MOST_SHOWN = 10
# Each with a fault during which it shows: the checker must be able to fail.
MUTANTS = (
    ("acknowledged_uncommitted", "none"),
    ("last_write_wins", "duplicated"),
    ("epoch_untold", "restore_backup"),
)
KEPT = ROOT / "var" / "faults"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--db", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--seconds", type=float, default=30.0, help="of each fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", action="append", help="only this one; may be given again")
    parser.add_argument("--mutant", help="run on a broken copy: it must be found out")
    return parser.parse_args()


@contextmanager
def place_on(engine: str, folder: Path) -> Iterator[Place]:
    """A new database on disk, and a cluster of its own where it needs one."""
    if engine == "sqlite":
        yield SqliteFile(folder)
        return
    with postgres.cluster(durable=True) as cluster:
        yield PostgresDatabase(cluster.url, folder, cluster)


def one_run(engine: str, plan: Plan) -> Figures:
    """The figures; the phones' histories and the server's log stay in var/faults/."""
    folder = KEPT / f"{engine}-{plan.fault}"  # on disk: a memory file system would sync for nothing
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with place_on(engine, folder) as place:
        return run(plan, place, folder)


def told(figures: Figures) -> str:
    shown = figures.as_dict()
    return " | ".join(["", *(str(shown[name]) for name in COLUMNS), ""]).strip()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """0: nothing is wrong, and every mutant was found out. 1: otherwise."""
    asked = options()
    say(f"{machine()}; {asked.seconds:g} s a fault, seed {asked.seed}; {time.strftime('%F')}")
    say(" | ".join(["", *(name.replace("_", " ") for name in COLUMNS), ""]).strip())
    say("|" + " --- |" * len(COLUMNS))
    engines = ENGINES if asked.db == "both" else (asked.db,)
    if asked.mutant:
        return int(not found_out(asked.mutant, asked.fault or ["none"], engines[0], asked))
    found = [
        shown(one_run(engine, Plan(name, asked.seconds, asked.seed)))
        for engine in engines
        for name in faults(engine)
        if not asked.fault or name in asked.fault
    ]
    KEPT.mkdir(parents=True, exist_ok=True)
    told_as_json = orjson.dumps([one.as_dict() for one in found], option=orjson.OPT_INDENT_2)
    (KEPT / "figures.json").write_bytes(told_as_json)
    is_whole = bool(found) and not any(one.violations for one in found)
    if not asked.fault:
        for name, on in MUTANTS:
            is_whole &= found_out(name, [on], "sqlite", asked)
    return int(not is_whole)


def shown(figures: Figures) -> Figures:
    """The same, printed."""
    say(told(figures))
    for line in figures.violations[:MOST_SHOWN]:
        say(f"    {line}")
    return figures


def found_out(mutant: str, names: list[str], engine: str, asked: argparse.Namespace) -> bool:
    """Whether the checker finds fault with a server that has one."""
    with mutated(mutant) as tree:
        runs = [one_run(engine, Plan(name, asked.seconds, asked.seed, tree)) for name in names]
    wrong = [line for one in runs for line in one.violations]
    say(f"{mutant} ({', '.join(names)}): " + (f"found out, {wrong[0]}" if wrong else "NOT FOUND"))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
