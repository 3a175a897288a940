"""G1: our PUT of a check-in against the bare one, requests a second."""

import random
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from bench import load, seed, serving
from bench.load import Timing
from bench.serving import GOALS, OURS
from clinical import days
from clinical.checkins import normalized

TITLE = "the check-in write against a bare handler (G1)"
TARGETS = {"ours": OURS, "bare": ("--factory", "bench.bare:create")}
PATIENTS = 64
Samples = dict[tuple[str, int], list[Timing]]


def measure(name: str, rounds: int, requests: int) -> dict[str, Any]:
    """One database's report."""
    with serving.databases(name, TARGETS) as urls:
        seated = {
            side: seed.seats(serving.migrated_app(url), PATIENTS) for side, url in urls.items()
        }
        with serving.served(TARGETS, urls, workers=serving.WORKERS[name]) as ports:
            samples = _interleave(ports, seated, (rounds, requests))
    return {
        "levels": [_level(name, samples, connections) for connections in (1, 8)],
        "clinical_ms": round(_clinical_milliseconds(), 4),
    }


def _interleave(
    ports: dict[str, int], seated: dict[str, list[seed.Seat]], sizes: tuple[int, int]
) -> Samples:
    rounds, requests = sizes
    samples: Samples = {}
    used = dict.fromkeys(TARGETS, 0)
    for number in range(rounds + 1):
        turns = [(side, connections) for side in TARGETS for connections in (1, 8)]
        random.shuffle(turns)
        for side, connections in turns:
            serving.wait_for_quiet()
            batch = seed.put_requests(seated[side], used[side], requests)
            used[side] += requests
            timing = load.fire(ports[side], batch, connections)
            if number > 0:  # the first round warms up
                samples.setdefault((side, connections), []).append(timing)
    return samples


def missed(report: dict[str, Any]) -> list[str]:
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


def table(report: dict[str, Any]) -> list[str]:
    """The report in Markdown, as bench/README.md quotes it."""
    lines = [
        "| c | ours req/s | bare req/s | ratio median (min-max) | goal | p50 ms | p99 ms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
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
