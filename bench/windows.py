"""G8: windows and curves of 120 sessions against those of 12, made anew and after one new day.

In one process, by WSGI calls: what a server and a wire add is measured elsewhere. Made anew means
that no window's results are kept in memory.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from api.auth import Services
from bench import seed, serving, summaries
from bench.seed import Seat
from bench.serving import GOALS
from care import window_results
from models.checkin import Checkin
from models.patient_stream import ADVANCE_INPUTS

TITLE = "windows and curves of 120 sessions against those of 12 (G8)"
WINDOWS = (12, 120)
DOCUMENTS = ("windows", "response-curve")
AT_MOST_REQUESTS = 10  # each of the slow ones takes a tenth of a second
Samples = dict[str, list[list[float]]]


def measure(name: str, rounds: int, requests: int) -> dict[str, Any]:
    """One database's report: milliseconds of each kind of request."""
    with serving.databases(name, ("ours",)) as urls:
        app = serving.migrated_app(urls["ours"])
        samples = _interleave(_kinds(app), (rounds, min(requests, AT_MOST_REQUESTS)))
    return {"documents": [_document(samples, document) for document in DOCUMENTS]}


def _kinds(app: Flask) -> dict[str, Callable[[], float]]:
    """One timed request of each kind, by its name."""
    today = app.extensions["services"].clock().date()
    kinds: dict[str, Callable[[], float]] = {}
    for seat, count in zip(seed.seats(app, len(WINDOWS)), WINDOWS, strict=True):
        days = summaries.SESSION_EVERY_DAYS * count
        summaries.live(app, seat, today - timedelta(days=days - 1), today)
        for document in DOCUMENTS:
            path = f"/v1/me/{document}"
            kinds[f"{document} {count} anew"] = _anew(app, seat, path)
            kinds[f"{document} {count} kept"] = _after_a_new_day(app, seat, path)
    return kinds


def _anew(app: Flask, seat: Seat, path: str) -> Callable[[], float]:
    def timed() -> float:
        window_results.forget()
        return _get(app, seat, path)

    return timed


def _after_a_new_day(app: Flask, seat: Seat, path: str) -> Callable[[], float]:
    """The last day's answer changes each time: one window is made anew, the others are kept."""

    def timed() -> float:
        _get(app, seat, path)
        _answer_anew(app, seat)
        return _get(app, seat, path)

    return timed


def _answer_anew(app: Flask, seat: Seat) -> None:
    services: Services = app.extensions["services"]
    days = Checkin.patient_id == seat.patient_id
    today = services.clock().date()
    moods = update(Checkin).where(days, Checkin.local_date > today - timedelta(days=3))
    moved = {"in_clinic": seat.clinic_id, "of_patient": seat.patient_id}
    with services.database.begin(write=True) as connection:
        connection.execute(moods.values(mood=random.randint(0, 10)))
        connection.execute(ADVANCE_INPUTS, moved)
        connection.commit()


def _get(app: Flask, seat: Seat, path: str) -> float:
    """Milliseconds of one answered request."""
    client = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {seat.token}"}
    began = time.perf_counter()
    answer = client.get(path, headers=headers)
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return 1000 * took


def _interleave(kinds: dict[str, Callable[[], float]], sizes: tuple[int, int]) -> Samples:
    rounds, requests = sizes
    samples: Samples = {}
    for number in range(rounds + 1):
        turns = list(kinds)
        random.shuffle(turns)
        for kind in turns:
            serving.wait_for_quiet()
            taken = [kinds[kind]() for _ in range(requests)]
            if number > 0:  # the first round warms up
                samples.setdefault(kind, []).append(taken)
    return samples


def _document(samples: Samples, document: str) -> dict[str, Any]:
    few, many = (_medians(samples[f"{document} {count} anew"]) for count in WINDOWS)
    kept = _medians(samples[f"{document} {WINDOWS[-1]} kept"])
    goal = GOALS["ratios"]["C"]
    return {
        "document": document,
        "few_ms": round(statistics.median(few), 2),
        "many_ms": round(statistics.median(many), 2),
        "kept_ms": round(statistics.median(kept), 2),
        "growth": sorted(round(b / a, 2) for a, b in zip(few, many, strict=True)),
        "growth_goal": goal["many_windows_over_few"],
        "many_ms_goal": goal["many_windows_ms"],
    }


def _medians(rounds: list[list[float]]) -> list[float]:
    return [statistics.median(taken) for taken in rounds]


def missed(report: dict[str, Any]) -> list[str]:
    """What lies further over its goal than noise explains."""
    allowed = 1 + GOALS["band"]["share"]
    found = []
    for told in report["documents"]:
        growth = statistics.median(told["growth"])
        if growth > told["growth_goal"] * allowed:
            found.append(f"{told['document']}: {growth} times, goal {told['growth_goal']}")
        if told["many_ms"] > told["many_ms_goal"] * allowed:
            found.append(f"{told['document']}: {told['many_ms']} ms, goal {told['many_ms_goal']}")
    return found


def table(report: dict[str, Any]) -> list[str]:
    """The report in Markdown, as bench/README.md quotes it."""
    lines = [
        "| document | 12 windows ms | 120 windows ms | ratio (min-max) | goal | "
        "120, one day new, ms |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for told in report["documents"]:
        growth = told["growth"]
        lines.append(
            f"| {told['document']} | {told['few_ms']} | {told['many_ms']} "
            f"(at most {told['many_ms_goal']}) | "
            f"{statistics.median(growth)} ({growth[0]}-{growth[-1]}) | {told['growth_goal']} | "
            f"{told['kept_ms']} |"
        )
    return [*lines, ""]
