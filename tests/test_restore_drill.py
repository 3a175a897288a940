"""The drill: copied under load, lost, brought back; what was acknowledged is all there again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, func, make_url, select, text

import commands
from models.checkin import Checkin
from tests.apps import app_on, nobody
from tests.entries import check_invariants, entry, own
from tests.people import Person, World, household
from tests.places import Place, opened, programs_on_path

FIRST = date(2023, 1, 1)
PHONES, BEFORE, AFTER = 4, 6, 6


@dataclass
class Phone:
    """One day after the other, every third corrected; it keeps what was acknowledged."""

    who: Person
    kept: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    epoch: str | None = None
    acknowledged: int = 0
    failed: list[int] = field(default_factory=list)

    def write_until(self, stop: Event) -> None:
        number = 0
        while not stop.is_set() and number < 700:
            day = str(FIRST + timedelta(days=number))
            answer = self.send(day, f"{day}/1", entry(day, mood=number % 11))
            if number % 3 == 0 and answer.status_code == 201:
                base = {"If-Match": answer.headers["ETag"]}
                self.send(day, f"{day}/2", entry(day, mood=number % 10 + 1), base)
            number += 1

    def send(
        self, day: str, op_id: str, body: dict[str, Any], base: dict[str, str] | None = None
    ) -> Any:
        headers = {"Idempotency-Key": op_id, **(base or {})}
        answer = self.who.put(own(day), body, headers=headers)
        self.epoch = answer.headers.get("Epoch", self.epoch)
        if answer.status_code in (200, 201):
            self.kept[day] = (op_id, body)
            self.acknowledged += 1
        else:
            self.failed.append(answer.status_code)
        return answer

    def come_back(self) -> None:
        """Every kept operation is offered again, under its own name: the epoch is another."""
        assert self.who.get("/v1/me").headers["Epoch"] != self.epoch
        for day, (op_id, body) in list(self.kept.items()):
            answer = self.send(day, op_id, body)
            if answer.status_code == 428:  # what came back is older: this one goes on top of it
                base = {"If-Match": answer.headers["ETag"]}
                answer = self.send(day, f"{op_id}.1", body, base)
            assert answer.status_code in (200, 201), answer.json


@pytest.fixture
def place(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if engine_name == "sqlite":
        yield from opened(None, tmp_path / "served")
        return
    with programs_on_path():
        yield from opened(request.getfixturevalue("postgres_server"), tmp_path / "served")


@contextmanager
def writing(phones: list[Phone]) -> Iterator[None]:
    stop = Event()
    threads = [Thread(target=phone.write_until, args=(stop,)) for phone in phones]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)


def wait_for(phones: list[Phone], more: int) -> None:
    """Until each phone has had so many more acknowledged."""
    pause = Event()
    goals = [phone.acknowledged + more for phone in phones]
    for _ in range(3000):
        if all(one.acknowledged >= goal for one, goal in zip(phones, goals, strict=True)):
            return
        pause.wait(0.01)
    raise AssertionError("the phones do not get on")


def lose(place: Place) -> None:
    """The disk is gone, and with it all that was beside the database."""
    place.stop()
    if place.server is None:
        for file in place.folder.glob("own.sqlite*"):
            file.unlink()
        return
    name = make_url(place.url).database
    url = place.server.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()


def test_copied_under_load_lost_and_restored_nothing_acknowledged_is_missing(place: Place) -> None:
    home = household(World(place.app))
    people = [home.patient] + [
        home.world.person(home.clinic_id, "patient", home.world.patient(home.clinic_id))
        for _ in range(PHONES - 1)
    ]
    phones = [Phone(who) for who in people]
    with writing(phones):
        wait_for(phones, BEFORE)
        copy = place.backed_up("../copy")
        wait_for(phones, AFTER)
    assert [phone.failed for phone in phones] == [[]] * PHONES
    lose(place)
    with app_on(place.url) as app:
        commands.register(app)
        code, told = Place(app, place.folder, place.server).run("restore", copy)
        assert code == 0, told
    with app_on(place.url) as app:
        come_back(World(app), phones)


def come_back(world: World, phones: list[Phone]) -> None:
    (clinic_id,) = {phone.who.clinic_id for phone in phones}
    of_clinic = Checkin.clinic_id == clinic_id
    restored = world.rows(select(func.count()).select_from(Checkin).where(of_clinic))[0][0]
    kept = sum(len(phone.kept) for phone in phones)
    # The backup had what there was before it, and not what came after.
    assert PHONES * (BEFORE // 2) <= restored <= kept - PHONES * (AFTER // 2)
    for phone in phones:
        phone.who.client = nobody(world.app)
        phone.come_back()
        assert phone.who.patient_id is not None
        check_invariants(world, phone.who.patient_id)
        for day, (_, body) in phone.kept.items():
            assert phone.who.get(own(day)).json["mood"] == body["mood"]
