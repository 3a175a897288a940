"""One fault from the first edit to the verdict."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from tests.contract import ROOT
from tests.faults import nemesis
from tests.faults.cast import Cast, assemble, hand_out_phones
from tests.faults.evidence import Evidence, gather
from tests.faults.nemesis import Scene
from tests.faults.network import Weather
from tests.faults.phone import Phone
from tests.faults.places import Place
from tests.faults.server import Server
from tests.faults.verdict import Verdict, judge

WORKERS = {"sqlite": 1, "postgresql": 2}
DRAINED_WITHIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """`pace_seconds` is how long a phone rests between two things it does."""

    fault: str
    seconds: float
    seed: int
    tree: Path = ROOT
    pace_seconds: float = 0.08


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of the table."""

    fault: str
    database: str
    acknowledged: int
    lost: int
    twice: int
    errors: int
    refused: int
    unanswered: int
    struck: int
    recovery_seconds: float | None
    seconds: float
    violations: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def run(plan: Plan, place: Place, folder: Path) -> Figures:
    """Let phones write to a server on `place` while the fault happens, then judge."""
    cast, weather = assemble(place.url), Weather()
    workers = 1 if plan.fault == "brief" else WORKERS[place.engine]
    server = Server(plan.tree, place.url, workers=workers, log=folder / "server.log")
    name = f"{plan.seed} {plan.fault} {place.engine}"
    hand_out_phones(
        cast, folder, port=server.port, weather=weather, seed=name, pace_seconds=plan.pace_seconds
    )
    scene = Scene(place, server, weather, Random(name), cast.last_ok)
    server.start()
    try:
        begun = time.monotonic()
        until = begun + plan.seconds
        trouble = _while_phones_live(cast, lambda: nemesis.torment(plan.fault, scene, until))
        seconds = time.monotonic() - begun
        trouble += _quieten(scene, cast.phones)
        restored = plan.fault in nemesis.LOSES
        evidence = gather(cast, place.url, server.port, restored=restored, trouble=trouble)
    finally:
        server.kill()
        for history in cast.histories.values():
            history.close()
    return _figures(evidence, judge(evidence), (plan, place, scene, seconds))


def _while_phones_live(cast: Cast, act: Callable[[], None]) -> list[str]:
    """Every phone in a thread of its own for as long as `act` lasts; what they died of."""
    trouble: list[str] = []
    over = threading.Event()

    def live(phone: Phone) -> None:
        try:
            phone.live(over)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is told in the end)
            trouble.append(f"{phone.name}: {type(error).__name__}: {error}"[:300])

    threads = [threading.Thread(target=live, args=(phone,)) for phone in cast.phones]
    for thread in threads:
        thread.start()
    try:
        act()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return trouble


def _quieten(scene: Scene, phones: list[Phone]) -> list[str]:
    """No faults any more: every phone sends and reads until nobody has anything new."""
    scene.weather.settle()
    try:
        scene.server.wait_until_ready()
    except TimeoutError as error:
        scene.server.kill()
        scene.server.start()
        return [f"the server did not come back by itself: {error}"]
    busy: list[bool] = []
    until = time.monotonic() + DRAINED_WITHIN_SECONDS
    while time.monotonic() < until:
        busy = [phone.drain() for phone in phones]
        if not any(busy):
            return []
    left = [phone.name for phone, is_busy in zip(phones, busy, strict=True) if is_busy]
    return [f"the phones do not come to rest: {left}"]


def _figures(
    evidence: Evidence, verdict: Verdict, ran: tuple[Plan, Place, Scene, float]
) -> Figures:
    plan, place, scene, seconds = ran
    events = [event for phone in evidence.phones.values() for event in phone.events]
    kinds = [event["what"] for event in events]
    return Figures(
        plan.fault,
        place.engine,
        kinds.count("ok"),
        len(verdict.lost),
        len(verdict.twice),
        len([one for one in events if one["what"] == "http" and one["status"] == 500]),
        len([one for one in events if one["what"] == "http" and one["status"] == 503]),
        kinds.count("info"),
        len(scene.struck),
        _recovery_seconds(evidence, scene.struck),
        round(seconds, 1),
        verdict.all,
    )


def _recovery_seconds(evidence: Evidence, struck: list[float]) -> float | None:
    """The longest time from a fault to the first write sent and acknowledged after it."""
    acknowledged = []
    for phone in evidence.phones.values():
        invoked: dict[str, float] = {}
        for event in phone.events:
            if event["what"] == "invoke":
                invoked[event["op"]] = event["at"]
            elif event["what"] == "ok":
                acknowledged.append((event["at"], invoked[event["op"]]))
    acknowledged.sort()
    waits = [
        next((at - moment for at, sent in acknowledged if sent >= moment), None)
        for moment in struck
    ]
    known = [one for one in waits if one is not None]
    return round(max(known), 2) if known and len(known) == len(waits) else None
