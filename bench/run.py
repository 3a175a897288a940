"""`python -m bench.run W`: our PUT against the bare one, interleaved, on both databases.

Every round runs both sides in shuffled order on the same machine state, so ratios hold where
absolute figures drift. Results go to bench/results/ as JSON and a table; bench/README.md quotes
them with machine and date.
"""

import argparse
import json
import os
import platform
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from flask import Flask

from api.app import create_app
from api.settings import Settings
from bench import load, seed
from bench.load import Timing
from clinical import days
from clinical.checkins import normalized
from tests import postgres

ROOT = Path(__file__).parent.parent
GOALS = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())
SECRET = "bench-only-0123456789-abcdefghijklmnop"
SIDES = {"ours": ["wsgi:app"], "bare": ["--factory", "bench.bare:create"]}
WORKERS = {"sqlite": 1, "postgresql": 2}
PATIENTS = 64
Samples = dict[tuple[str, int], list[Timing]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["W"], help="W: the check-in write (G1)")
    parser.add_argument("--db", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=400, help="per side, round and level")
    asked = parser.parse_args()
    names = ["sqlite", "postgresql"] if asked.db == "both" else [asked.db]
    missed = []
    for name in names:
        report = measure(name, asked.rounds, asked.requests)
        print("\n".join(_table(name, report)))
        missed += [f"{name}: {told}" for told in _missed(report)]
    if missed:
        sys.exit("Under the goals of bench/goals.toml, the band allowed for:\n" + "\n".join(missed))


def _missed(report: dict[str, Any]) -> list[str]:
    """What lies further under its goal than noise explains."""
    allowed = 1 - GOALS["band"]["share"]
    tail = GOALS["ratios"]["W"]["tail"]["p99_over_p50_at_c8"]
    told = [
        f"c={level['connections']} ratio {level['ratio']}, goal {level['goal']}"
        for level in report["levels"]
        if level["ratio"] < level["goal"] * allowed
    ]
    busy = next(level for level in report["levels"] if level["connections"] == 8)
    widest = busy["p99_ms"] / busy["p50_ms"]
    if widest > tail / allowed:
        told.append(f"p99 is {widest:.1f} times p50, goal {tail}")
    return told


def measure(name: str, rounds: int, requests: int) -> dict[str, Any]:
    """One database's report, which also goes to bench/results/."""
    with _databases(name) as urls:
        samples = _interleave(name, urls, (rounds, requests))
    report = {
        "machine": _machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "levels": [_level(name, samples, connections) for connections in (1, 8)],
        "clinical_ms": round(_clinical_milliseconds(), 4),
    }
    folder = ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"W-{name}.json").write_text(json.dumps(report, indent=1))
    return report


@contextmanager
def _databases(name: str) -> Iterator[dict[str, str]]:
    """A durable database of its own for each side."""
    (ROOT / "var").mkdir(exist_ok=True)  # on disk: a memory file system would sync for nothing
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as folder:
        if name == "sqlite":
            yield {side: f"sqlite:///{folder}/{side}.sqlite" for side in SIDES}
            return
        with postgres.server(durable=True) as server:
            yield {side: postgres.create_database(server, side) for side in SIDES}


def _interleave(name: str, urls: dict[str, str], sizes: tuple[int, int]) -> Samples:
    rounds, requests = sizes
    samples: Samples = {}
    with _served(name, urls) as running:
        used = dict.fromkeys(SIDES, 0)
        for number in range(rounds + 1):
            turns = [(side, connections) for side in SIDES for connections in (1, 8)]
            random.shuffle(turns)
            for side, connections in turns:
                port, seated = running[side]
                _wait_for_quiet()
                batch = seed.put_requests(seated, used[side], requests)
                used[side] += requests
                timing = load.fire(port, batch, connections)
                if number > 0:  # the first round warms up
                    samples.setdefault((side, connections), []).append(timing)
    return samples


@contextmanager
def _served(name: str, urls: dict[str, str]) -> Iterator[dict[str, tuple[int, list[seed.Seat]]]]:
    processes, running = [], {}
    try:
        for side, target in SIDES.items():
            seated = seed.seats(_migrated_app(urls[side]), PATIENTS)
            port = _free_port()
            processes.append(_serve(target, port, urls[side], WORKERS[name]))
            running[side] = (port, seated)
        for port, _ in running.values():
            _wait_for(port)
        yield running
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=10)


def _migrated_app(url: str) -> Flask:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    return create_app(
        Settings(database_url=url, secret_key=SECRET, environment="test", log_level="error")
    )


def _serve(target: list[str], port: int, url: str, workers: int) -> subprocess.Popen[bytes]:
    given = {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "INTERLUDE_ENVIRONMENT": "test",
        "INTERLUDE_LOG_LEVEL": "error",
        "INTERLUDE_DATABASE_POOL": "16",
    }
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    sized = ["--port", str(port), "--workers", str(workers), "--blocking-threads", "8"]
    return subprocess.Popen(
        [*granian, *sized, "--no-ws", "--log-level", "error", *target],
        env=os.environ | given,
        cwd=ROOT,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def _wait_for_quiet() -> None:
    """Up to 20 s until the machine does little else; then measure anyway."""
    for _ in range(40):
        before = Path("/proc/stat").read_text().split()[1:9] if Path("/proc/stat").exists() else []
        time.sleep(0.5)
        if not before:
            return
        after = Path("/proc/stat").read_text().split()[1:9]
        spent = [int(end) - int(start) for start, end in zip(before, after, strict=True)]
        if spent[3] + spent[4] > 0.8 * sum(spent):
            return


def _level(name: str, samples: Samples, connections: int) -> dict[str, Any]:
    ours, bare = samples["ours", connections], samples["bare", connections]
    ratios = [mine.per_second / its.per_second for mine, its in zip(ours, bare, strict=True)]
    goal = GOALS["ratios"]["W"][name][f"c{connections}"]
    return {
        "connections": connections,
        "ours": [round(timing.per_second) for timing in ours],
        "bare": [round(timing.per_second) for timing in bare],
        "ratios": [round(ratio, 3) for ratio in ratios],
        "ratio": round(statistics.median(ratios), 3),
        "goal": goal,
        "p50_ms": round(statistics.median(timing.percentile(0.5) for timing in ours), 2),
        "p99_ms": round(statistics.median(timing.percentile(0.99) for timing in ours), 2),
    }


def _table(name: str, report: dict[str, Any]) -> list[str]:
    """The report in Markdown, as bench/README.md quotes it."""
    lines = [f"{name}, {report['machine']}, {report['date']}"]
    lines.append(
        "| c | ours req/s | bare req/s | ratio median (min-max) | goal | p50 ms | p99 ms |"
    )
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for level in report["levels"]:
        ratios = level["ratios"]
        lines.append(
            f"| {level['connections']} | {statistics.median(level['ours']):.0f} | "
            f"{statistics.median(level['bare']):.0f} | {level['ratio']} "
            f"({min(ratios)}-{max(ratios)}) | {level['goal']} | "
            f"{level['p50_ms']} | {level['p99_ms']} |"
        )
    return [*lines, f"The `clinical` functions of one write alone: {report['clinical_ms']} ms.", ""]


def _clinical_milliseconds() -> float:
    """What both sides spend in clinical/ for one write: median of many."""
    now, day, zone = datetime.now(UTC), seed.FIRST_DAY, seed.ZONE
    rules = days.DayRules(days.DEFAULT_DAY_BOUNDARY_MINUTES, days.DEFAULT_BACKFILL_DAYS)
    spent = []
    for _ in range(2000):
        started = time.perf_counter()
        normalized({"mood": 6, "side_effects": [{"code": "nausea", "severity": 1}], "note": "walk"})
        days.allowed_dates(now, zone, rules, now)
        days.utc_offset_minutes(now, zone)
        days.entered_late(now, day, zone, rules.day_boundary_minutes)
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
