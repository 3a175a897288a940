"""G7: a trend with ten years of history against one, and a 304 against a trend made anew."""

import random
import statistics
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from api.auth import Services
from bench import load, seed, serving
from bench.load import Timing
from bench.seed import Seat
from bench.serving import GOALS, OURS
from clinical.simulate import Story, simulate
from models.checkin import Checkin
from models.db import new_id
from models.treatment_session import TreatmentSession

TITLE = "the trend with ten years of history against one (G7)"
YEARS = (1, 10)
SESSION_EVERY_DAYS = 28
PERIODS = (28, 182)
Samples = dict[str, list[Timing]]


def measure(name: str, rounds: int, requests: int) -> dict[str, Any]:
    """One database's report: milliseconds of each kind of request."""
    with serving.databases(name, ("ours",)) as urls:
        app = serving.migrated_app(urls["ours"])
        kinds = _kinds(app)
        with serving.served({"ours": OURS}, urls, workers=serving.WORKERS[name]) as ports:
            samples = _interleave(ports["ours"], kinds, (rounds, requests))
    return {"periods": [_period(samples, days) for days in PERIODS]}


def _kinds(app: Flask) -> dict[str, bytes]:
    """One request of each kind, by its name."""
    today = app.extensions["services"].clock().date()
    seats = seed.seats(app, len(YEARS))
    for seat, years in zip(seats, YEARS, strict=True):
        live(app, seat, today - timedelta(days=365 * years - 1), today)
    kinds = {}
    for days in PERIODS:
        path = f"/v1/me/trends?from={today - timedelta(days=days - 1)}&to={today}"
        for seat, years in zip(seats, YEARS, strict=True):
            kinds[f"{years} years, {days} days"] = _get(path, seat)
        held = app.test_client().get(path, headers={"Authorization": f"Bearer {seats[-1].token}"})
        tag = f"If-None-Match: {held.headers['ETag']}\r\n"
        kinds[f"held, {days} days"] = _get(path, seats[-1], tag)
    return kinds


def live(app: Flask, seat: Seat, first: date, last: date) -> None:
    """Days as a simulated patient would log them, and a session every 28."""
    services: Services = app.extensions["services"]
    days = (last - first).days + 1
    doses = list(range(10, days, SESSION_EVERY_DAYS))
    logged = simulate(Story(seed=days), first, days, doses)
    now = services.clock()
    own = {"clinic_id": seat.clinic_id, "patient_id": seat.patient_id}
    told = {"revision": 1, "deleted": False, "received_at": now, "clock_suspect": False}
    rows = [
        own | told | answers | {"local_date": day, "version": number, "source": "app"}
        for number, (day, answers) in enumerate(logged.items(), start=1)
    ]
    sessions = [own | _session(first + timedelta(days=day), now) for day in doses]
    with services.database.begin(write=True) as connection:
        connection.execute(insert(Checkin), rows)
        connection.execute(insert(TreatmentSession), sessions)
        connection.execute(text("ANALYZE"))  # as a database that has lived has been
        connection.commit()


def _session(day: date, now: datetime) -> dict[str, Any]:
    taken_place = {"status": "completed", "started_at": now, "source": "staff"}
    where = {"id": new_id(), "timezone": seed.ZONE, "local_date": day}
    return taken_place | where | {"created_at": now}


def _get(path: str, seat: Seat, more: str = "") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {seat.token}\r\n"
    return f"{head}{more}\r\n".encode()


def _interleave(port: int, kinds: dict[str, bytes], sizes: tuple[int, int]) -> Samples:
    rounds, requests = sizes
    samples: Samples = {}
    for number in range(rounds + 1):
        turns = list(kinds)
        random.shuffle(turns)
        for kind in turns:
            serving.wait_for_quiet()
            timing = load.fire(port, [kinds[kind]] * requests, 1)
            if number > 0:  # the first round warms up
                samples.setdefault(kind, []).append(timing)
    return samples


def _period(samples: Samples, days: int) -> dict[str, Any]:
    year, ten = (samples[f"{years} years, {days} days"] for years in YEARS)
    held = samples[f"held, {days} days"]
    return {
        "days": days,
        "year_ms": _median(year),
        "ten_ms": _median(ten),
        "held_ms": _median(held),
        "growth": _ratios(ten, year),
        "growth_goal": GOALS["ratios"]["S"]["ten_years_over_one"],
        "held": _ratios(ten, held),
    }


def _median(timings: list[Timing]) -> float:
    return round(statistics.median(timing.percentile(0.5) for timing in timings), 2)


def _ratios(one: list[Timing], other: list[Timing]) -> list[float]:
    """Of the medians of each round, lowest first."""
    pairs = zip(one, other, strict=True)
    return sorted(round(mine.percentile(0.5) / its.percentile(0.5), 3) for mine, its in pairs)


def missed(report: dict[str, Any]) -> list[str]:
    """What lies further over its goal than noise explains."""
    allowed = 1 + GOALS["band"]["share"]
    return [
        f"{period['days']} days: {statistics.median(period['growth'])} times, "
        f"goal {period['growth_goal']}"
        for period in report["periods"]
        if statistics.median(period["growth"]) > period["growth_goal"] * allowed
    ]


def table(report: dict[str, Any]) -> list[str]:
    """The report in Markdown, as bench/README.md quotes it."""
    lines = [
        "| period | 1 year ms | 10 years ms | ratio (min-max) | goal | 304 ms | anew / 304 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for period in report["periods"]:
        growth, held = period["growth"], period["held"]
        lines.append(
            f"| {period['days']} days | {period['year_ms']} | {period['ten_ms']} | "
            f"{statistics.median(growth)} ({growth[0]}-{growth[-1]}) | {period['growth_goal']} | "
            f"{period['held_ms']} | {statistics.median(held)} ({held[0]}-{held[-1]}) |"
        )
    return [*lines, ""]
