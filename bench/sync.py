"""G4, G5, G11: a batch against single writes, one clinic against 16, a pull with nothing new.

Over HTTP, every side on one server and one database, in turns; requests one at a time, except for
the writers of G5.
"""

import random
import statistics
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
from flask import Flask

from api.auth import Services
from bench import load, seed, serving
from bench.seed import Seat
from bench.serving import GOALS, OURS
from care import access, batch
from care.principal import Origin
from care.protocol import Entry, Operation

TITLE = "batches, many writers and pulls (G4, G5, G11)"
ITEMS, WRITERS, TEN_YEARS, PAGE = 30, 16, 3652, 200
Turn = Callable[[], float]
Samples = dict[str, list[float]]


def measure(name: str, rounds: int, requests: int) -> dict[str, Any]:
    """One database's report: what each kind of turn took in each round."""
    with serving.databases(name, ("ours",)) as urls:
        people = _People(serving.migrated_app(urls["ours"]))
        with serving.served({"ours": OURS}, urls, workers=serving.WORKERS[name]) as ports:
            samples = _interleave(people.turns(ports["ours"], requests), rounds)
    return {"goals": [_reached(name, told, samples) for told in GOALS["ratios"]["Y"][name]]}


def _interleave(turns: Mapping[str, Turn], rounds: int) -> Samples:
    samples: Samples = {}
    for number in range(rounds + 1):
        order = list(turns)
        random.shuffle(order)
        for kind in order:
            serving.wait_for_quiet()
            spent = turns[kind]()
            if number > 0:  # the first round warms up
                samples.setdefault(kind, []).append(spent)
    return samples


class _People:
    """Who sends what: days nobody has logged yet, and ten years that somebody has."""

    def __init__(self, app: Flask) -> None:
        self.single, self.batched, self.lived = ([seat] for seat in seed.seats(app, 3))
        self.one_clinic = seed.seats(app, WRITERS)
        self.clinics = [seed.seats(app, 1)[0] for _ in range(WRITERS)]
        self.used: dict[str, int] = {}
        _live_ten_years(app, self.lived[0])
        self.pages = _pages(app, self.lived[0])

    def turns(self, port: int, requests: int) -> dict[str, Turn]:
        """Milliseconds: of a request in the median; of all pages of ten years; of a write of many
        writers, by the time all of them took."""

        def one_by_one(sent: list[bytes]) -> float:
            return load.fire(port, sent, 1).percentile(0.5)

        def at_once(sent: list[bytes]) -> float:
            return 1000 / load.fire(port, sent, WRITERS).per_second

        return {
            "put": lambda: one_by_one(self._puts("put", self.single, requests // 4)),
            "batch": lambda: one_by_one(self._batches(max(requests // 20, 5))),
            "one clinic": lambda: at_once(self._puts("one", self.one_clinic, requests)),
            "16 clinics": lambda: at_once(self._puts("many", self.clinics, requests)),
            "nothing new": lambda: one_by_one([self.pages[-1]] * (requests // 4)),
            "ten years": lambda: sum(load.fire(port, self.pages[:-1], 1).milliseconds),
        }

    def _puts(self, kind: str, seats: list[Seat], count: int) -> list[bytes]:
        first = self.used.get(kind, 0)
        self.used[kind] = first + count
        return seed.put_requests(seats, first, count)

    def _batches(self, count: int) -> list[bytes]:
        first = self.used.get("batch", 0)
        self.used["batch"] = first + count
        return [_batch(self.batched[0], at) for at in range(first, first + count)]


def _batch(seat: Seat, number: int) -> bytes:
    days = [seed.FIRST_DAY + timedelta(days=number * ITEMS + at) for at in range(ITEMS)]
    items = [
        {"op_id": f"op-{day}", "date": str(day), "base_revision": 0, **seed.answers(day)}
        for day in days
    ]
    sent = {"device_id": "bench", "epoch": None, "sent_at": f"{days[-1]}T21:00:00Z"}
    return seed.request(
        seat, "POST", "/v1/me/checkins/batch", orjson.dumps(sent | {"items": items})
    )


def _live_ten_years(app: Flask, seat: Seat) -> None:
    """Days as an import leaves them: no clock says when they were logged."""
    services: Services = app.extensions["services"]
    now = services.clock()
    with services.database.begin(write=True) as connection:
        principal = access.authenticate(connection, seat.login_id, now, Origin())
        chart = access.own_chart(principal)
        first = now.date() - timedelta(days=TEN_YEARS)
        for at in range(0, TEN_YEARS, ITEMS):
            days = [first + timedelta(days=at + more) for more in range(ITEMS)]
            told = [Entry(day, seed.ANSWERS) for day in days if at + ITEMS <= TEN_YEARS]
            asked = [Operation(chart, entry, source="import") for entry in told]
            batch.carry_out(connection, principal, asked, now)
        connection.commit()


def _pages(app: Flask, seat: Seat) -> list[bytes]:
    """The requests of a pull from the start; the last of them finds nothing new."""
    client, path, more = app.test_client(), f"/v1/me/changes?limit={PAGE}", True
    sent = []
    while more:
        sent.append(seed.request(seat, "GET", path))
        told: Any = client.get(path, headers={"Authorization": f"Bearer {seat.token}"}).json
        more, path = told["more"], f"/v1/me/changes?limit={PAGE}&cursor={told['next']}"
    return [*sent, seed.request(seat, "GET", path)]


def _reached(name: str, told: str, samples: Samples) -> dict[str, Any]:
    """One goal: the ratio of two kinds of turn in each round."""
    goal = GOALS["ratios"]["Y"][name][told]
    ours, against = samples[goal["of"]], samples[goal["to"]]
    ratios = [mine / its for mine, its in zip(ours, against, strict=True)]
    return {
        "goal": told,
        "of": goal["of"],
        "to": goal["to"],
        "ms": round(statistics.median(ours), 2),
        "against_ms": round(statistics.median(against), 2),
        "ratios": [round(ratio, 4) for ratio in ratios],
        "ratio": round(statistics.median(ratios), 4),
        "at_most": goal["at_most"],
    }


def missed(report: dict[str, Any]) -> list[str]:
    """What lies further over its goal than noise explains."""
    allowed = 1 + GOALS["band"]["share"]
    return [
        f"{told['goal']} {told['of']} / {told['to']} {told['ratio']}, goal {told['at_most']}"
        for told in report["goals"]
        if told["ratio"] > told["at_most"] * allowed
    ]


def table(report: dict[str, Any]) -> list[str]:
    """The report in Markdown, as bench/README.md quotes it."""
    lines = [
        "| goal | what | ms | against | ms | ratio, median (min-max) | at most |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for told in report["goals"]:
        ratios = told["ratios"]
        lines.append(
            f"| {told['goal']} | {told['of']} | {told['ms']} | {told['to']} | "
            f"{told['against_ms']} | {told['ratio']} ({min(ratios)}-{max(ratios)}) | "
            f"{told['at_most']} |"
        )
    return [*lines, ""]
