"""Breaks one thing after the other while phones write, and notes when."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from tests.faults.network import Weather
from tests.faults.places import Place, PostgresDatabase
from tests.faults.server import Server

# Between a write that was acknowledged after the last fault and the next fault.
PAUSE_SECONDS = 0.7
GIVES_UP_AFTER_SECONDS = 30.0
TROUBLES = ("answer_lost", "duplicated", "phone_died", "reordered", "truncated")


@dataclass
class Scene:
    """All that can be broken. `last_ack` tells when a write was last acknowledged."""

    place: Place
    server: Server
    weather: Weather
    random: Random
    last_ack: Callable[[], float]
    struck: list[float] = field(default_factory=list)

    @property
    def database(self) -> PostgresDatabase:
        assert isinstance(self.place, PostgresDatabase)
        return self.place


def _kill_worker(scene: Scene) -> None:
    while not scene.server.kill_worker(scene.random):
        time.sleep(0.2)
    scene.struck[-1] = time.monotonic()


def _kill_server(scene: Scene) -> None:
    scene.server.kill()
    scene.server.start()


def _kill_backends(scene: Scene) -> None:
    if scene.database.cluster is None or scene.random.random() < 0.5:
        scene.database.end_backends()
    else:
        scene.database.kill_backend(scene.random)


def _restart_database(scene: Scene) -> None:
    scene.database.restart()


def _put_back_backup(scene: Scene) -> None:
    scene.server.kill()
    scene.place.put_back()
    scene.server.start()


def _put_back_disk(scene: Scene) -> None:
    scene.server.kill()
    scene.place.put_back_disk()
    scene.server.start()


Strike = Callable[[Scene], None]
ON_BOTH: Mapping[str, Strike] = {"kill_server": _kill_server}
ON_POSTGRESQL: Mapping[str, Strike] = {
    "kill_worker": _kill_worker,
    "kill_backends": _kill_backends,
}
# These need a cluster of our own.
ON_OWN_CLUSTER: Mapping[str, Strike] = {"restart_database": _restart_database}
LOSES: Mapping[str, Strike] = {"restore_backup": _put_back_backup, "old_disk": _put_back_disk}


def strikes(engine: str) -> dict[str, Strike]:
    """What can be broken at a stroke, by name."""
    on_postgresql = {} if engine == "sqlite" else {**ON_POSTGRESQL, **ON_OWN_CLUSTER}
    return {**ON_BOTH, **on_postgresql, **LOSES}


def faults(engine: str) -> tuple[str, ...]:
    """Every fault's name, in the order they are run."""
    return ("none", *TROUBLES, *strikes(engine), "mixed")


def torment(name: str, scene: Scene, until: float) -> None:
    """Let one kind of fault happen again and again, until then."""
    if name in TROUBLES or name == "none":
        scene.weather.troubles = frozenset(() if name == "none" else (name,))
        scene.struck.append(time.monotonic())
        time.sleep(max(0.0, until - time.monotonic()))
        return
    if name in LOSES:
        _lose(name, scene, until)
        return
    if name == "brief":
        _torment_briefly(scene, until)
        return
    while time.monotonic() < until:
        if name == "mixed":
            _change_weather(scene)
        _strike(_chosen(name, scene), scene)


def _torment_briefly(scene: Scene, until: float) -> None:
    """What can happen in a few seconds, to a database that others use too: on SQLite the server is
    killed once, on PostgreSQL its connections end again and again, in changing weather."""
    if scene.place.engine == "sqlite":
        _change_weather(scene)
        time.sleep(max(0.0, until - time.monotonic()) / 2)
        _strike("kill_server", scene)
    while time.monotonic() < until:
        _change_weather(scene)
        if scene.place.engine == "sqlite":
            time.sleep(PAUSE_SECONDS)
        else:
            _strike("kill_backends", scene)


def _chosen(name: str, scene: Scene) -> str:
    if name != "mixed":
        return name
    found = strikes(scene.place.engine)
    has_cluster = scene.place.engine == "sqlite" or scene.database.cluster is not None
    may_not = LOSES if has_cluster else (*LOSES, *ON_OWN_CLUSTER)
    return scene.random.choice([one for one in found if one not in may_not])


def _lose(name: str, scene: Scene, until: float) -> None:
    """Half of the time goes by before the copy is taken, a fourth before it is put back."""
    begun = time.monotonic()
    span = until - begun
    time.sleep(span / 2)
    if name == "old_disk":
        scene.place.keep_disk()
    else:
        scene.place.back_up()
    time.sleep(span / 4)
    _change_weather(scene)
    _strike(name, scene)
    time.sleep(max(0.0, until - time.monotonic()))


def _change_weather(scene: Scene) -> None:
    count = scene.random.randint(0, 2)
    scene.weather.troubles = frozenset(scene.random.sample(TROUBLES, count))


def _strike(name: str, scene: Scene) -> None:
    at = time.monotonic()
    scene.struck.append(at)
    strikes(scene.place.engine)[name](scene)
    gives_up = at + GIVES_UP_AFTER_SECONDS
    while scene.last_ack() < at and time.monotonic() < gives_up:
        time.sleep(0.02)
    time.sleep(PAUSE_SECONDS)
