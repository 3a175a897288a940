"""`flask jobs run`: rounds and letters in a process of its own, which ends when it is told to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, select, update

from api.settings import Settings
from care import jobs, outbox
from commands import register
from commands.jobs import channels_of
from commands.jobs.rounds import Round, go, go_round
from models.message import Message
from models.server_meta import ServerMeta
from tests.apps import app_on, own_database, run_sql
from tests.contract import ROOT
from tests.letters import NOON, letter, put, stored
from tests.people import World
from tests.post import SENDER, MailBox, mail_server, office

SECRET = "jobs-of-tests-0123456789-abcdefghijkl"


@pytest.fixture
def own_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    is_sqlite = engine_name == "sqlite"
    return own_database(None if is_sqlite else request.getfixturevalue("postgres_server"), tmp_path)


@pytest.fixture
def own_app(own_url: str) -> Iterator[Flask]:
    with app_on(own_url, secret_key=SECRET) as app:
        register(app)
        yield app


def started(url: str, mail_port: int, *options: str) -> subprocess.Popen[str]:
    """A process of its own that runs the jobs on that database."""
    settings = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": SECRET,
        "DATABASE_URL": url,
        "INTERLUDE_ENVIRONMENT": "test",
        "INTERLUDE_LOG_LEVEL": "error",
        "INTERLUDE_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
        "INTERLUDE_MAIL_FROM": SENDER,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", *options]
    return subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


class HoldingBox(MailBox):
    """Takes a letter only after its sender was killed."""

    def __init__(self) -> None:
        super().__init__()
        self.holding: subprocess.Popen[str] | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.holding is not None:
            self.holding.kill()
            self.holding = None
        return await super().handle_DATA(server, session, envelope)


def test_a_killed_process_has_lost_nothing_and_the_next_sends_again(
    own_app: Flask, own_url: str
) -> None:
    world, box = World(own_app), HoldingBox()
    clinic_id = world.clinic()
    put(world, letter(clinic_id))
    with mail_server(box) as mail:
        first = started(own_url, mail.port)
        box.holding = first
        first.communicate(timeout=60)
        assert first.returncode == -signal.SIGKILL
        (row,) = stored(world, clinic_id)
        assert (row.settled_at, row.attempts) == (None, 1)
        run_sql(own_app, "UPDATE message SET claimed_until = '2020-01-01 00:00:00+00:00'")
        told, errors = started(own_url, mail.port, "--once").communicate(timeout=60)
        assert (told, errors) == ("sent 1\n", "")
    assert len(box.letters) == 2  # at least once; both under one Message-ID
    assert len({str(sent["Message-ID"]) for sent in box.letters}) == 1
    (row,) = stored(world, clinic_id)
    assert row.settled_at is not None


def test_told_to_stop_it_ends(tmp_path: Path) -> None:
    url = own_database(None, tmp_path)
    with app_on(url, secret_key=SECRET) as app:
        _told_to_stop(World(app), url)


def _told_to_stop(world: World, url: str) -> None:
    box, clinic_id = MailBox(), world.clinic()
    put(world, letter(clinic_id))
    with mail_server(box) as mail:
        running = started(url, mail.port)
        while not (box.letters and world.rows(select(ServerMeta.jobs_beat_at))[0][0]):
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        told, errors = running.communicate(timeout=60)
    assert (running.returncode, told, errors) == (0, "", "")
    assert stored(world, clinic_id)[0].settled_at is not None


def test_a_round_that_fails_keeps_no_other_from_its_turn(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, seen = World(own_app), []
    clinics = sorted([world.clinic(), world.clinic()])
    shut = world.clinic(disabled_at=world.now)

    def fail(_connection: Connection, _clinic_id: UUID, _now: datetime) -> None:
        raise ZeroDivisionError

    def work(_connection: Connection, clinic_id: UUID, _now: datetime) -> None:
        seen.append(clinic_id)

    rounds = (Round("failing", fail), Round("working", work))
    monkeypatch.setattr("commands.jobs.rounds.ROUNDS", rounds)
    go_round(office(world, {}, lambda: NOON))
    assert seen == clinics
    assert shut not in seen

    def beat() -> datetime | None:
        with world.services.database.begin(write=False) as connection:
            return jobs.last_beat(connection)

    assert beat() is None  # somebody has to look
    monkeypatch.setattr("commands.jobs.rounds.ROUNDS", rounds[1:])
    go_round(office(world, {}, lambda: NOON))
    assert beat() == NOON


def test_what_a_failing_round_wrote_is_undone(world: World) -> None:
    clinic_id = world.clinic()

    def half(connection: Connection, clinic: UUID, now: datetime) -> None:
        outbox.put(connection, letter(clinic), now)
        raise ZeroDivisionError

    go(office(world, {}, lambda: NOON), Round("half", half), clinic_id)
    assert stored(world, clinic_id) == []


def test_the_outbox_is_swept(world: World) -> None:
    clinic_id = world.clinic()
    over = {"expires_at": NOON - outbox.KEPT}
    put(
        world,
        letter(clinic_id, "over", **over),
        letter(clinic_id, "waits", expires_at=NOON.replace(hour=13)),
        letter(clinic_id, "for ever"),
    )
    own = office(world, {}, lambda: NOON)
    sweep = Round("outbox", outbox.sweep, outbox.needs_sweep)
    go(own, sweep, clinic_id)
    faults = {row.dedupe_key: row.fault for row in stored(world, clinic_id)}
    assert faults == {"over": "expired", "waits": None, "for ever": None}
    with world.services.database.begin(write=True) as connection:
        over_long_ago = update(Message).where(Message.dedupe_key == "over")
        settled_at = NOON - outbox.KEPT - timedelta(seconds=1)
        of_clinic = Message.clinic_id == clinic_id
        connection.execute(over_long_ago.where(of_clinic).values(settled_at=settled_at))
        connection.commit()
    go(own, sweep, clinic_id)
    assert {row.dedupe_key for row in stored(world, clinic_id)} == {"waits", "for ever"}


def test_channels_are_those_the_settings_name() -> None:
    bare = Settings(database_url="sqlite:////nowhere", secret_key=SECRET)
    assert channels_of(bare) == {}
    both = Settings(
        database_url="sqlite:////nowhere",
        secret_key=SECRET,
        smtp_url="smtp://mail.example.org",
        mail_from=SENDER,
        webhook_url="https://gateway.example.org/texts",
        webhook_secret=SECRET,
    )
    assert set(channels_of(both)) == {"email", "webhook"}


def test_the_beat_tells_whether_the_jobs_run() -> None:
    now = datetime.now(UTC)
    states = [jobs.state(now - ago, now) for ago in (jobs.LATE_AFTER, jobs.LATE_AFTER * 2)]
    assert (jobs.state(None, now), states) == ("never", ["running", "late"])


BESIDE = ROOT / "commands" / "beside.sh"


AROUND = "while :; do sleep 0.01; done"


def beside(*words: str) -> subprocess.Popen[str]:
    command = ["sh", str(BESIDE), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603


def test_what_runs_beside_ends_with_the_main_thing_and_its_code_is_told(tmp_path: Path) -> None:
    aside = f"trap 'echo ended > {tmp_path}/beside; exit' TERM; echo up; {AROUND}"
    main = f"while [ ! -e {tmp_path}/go ]; do sleep 0.01; done; exit 7"
    with beside(f'sh -c "{aside}"', "sh", "-c", main) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "up\n"
        (tmp_path / "go").touch()
        assert run.wait(60) == 7
    assert (tmp_path / "beside").read_text() == "ended\n"


def test_a_signal_ends_both(tmp_path: Path) -> None:
    each = f"trap 'echo ended >> {tmp_path}/ended; exit 3' TERM; echo up; {AROUND}"
    with beside(f'sh -c "{each}"', "sh", "-c", each) as run:
        assert run.stdout is not None
        assert [run.stdout.readline(), run.stdout.readline()] == ["up\n", "up\n"]
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 3
    assert (tmp_path / "ended").read_text() == "ended\nended\n"
