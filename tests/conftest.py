"""Both databases, one app each, and a clock a test can set."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask

from api.app import create_app
from api.settings import Settings
from tests import postgres, served
from tests.contract import ROOT, ContractClient
from tests.people import Household, World, household
from tests.sync.scene import Time, stage

SECRET_KEY = "tests-only-0123456789-abcdefghijklmnop"


class Clock:
    """The instant the app believes it is; real time, moved by `ahead`."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def migrated(url: str) -> str:
    """The URL, its tables brought up to date."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    return url


def folder_in_memory(factory: pytest.TempPathFactory) -> Path:
    """A folder where syncing costs nothing, if the system has one: the tests sync a lot."""
    memory = Path("/dev/shm")  # noqa: S108 (a name of its own below it)
    if not os.access(memory, os.W_OK):
        return factory.mktemp("db")
    folder = Path(tempfile.mkdtemp(prefix="interlude-tests-", dir=memory))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.fixture(scope="session")
def database_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    if engine_name == "sqlite":
        return migrated(f"sqlite:///{folder_in_memory(tmp_path_factory)}/test.sqlite")
    return migrated(postgres.create_database(request.getfixturevalue("postgres_server"), "tests"))


def folder_of_all_workers(factory: pytest.TempPathFactory) -> Path:
    """A folder that all worker processes of a run have in common."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo's database, to be copied (tests/served.py)."""
    return served.made_once(folder_of_all_workers(tmp_path_factory), "small", *served.SMALL)


@pytest.fixture(scope="session")
def session_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def app(database_url: str, session_clock: Clock) -> Iterator[Flask]:
    settings = Settings(
        database_url=database_url,
        secret_key=SECRET_KEY,
        environment="test",
        log_level="error",
        database_pool=20,
    )
    app = create_app(settings, clock=session_clock)
    app.test_client_class = ContractClient
    yield app
    app.extensions["services"].database.close()


@pytest.fixture
def clock(session_clock: Clock) -> Iterator[Clock]:
    yield session_clock
    session_clock.ahead = timedelta()


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


@pytest.fixture
def home(world: World) -> Household:
    """A clinic of this test's own, with everybody in it."""
    return household(world)


@pytest.fixture(scope="session")
def sync_time() -> Time:
    return Time()


@pytest.fixture(scope="session")
def sync_app(
    engine_name: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sync_time: Time,
) -> Iterator[Flask]:
    """An app apart, for runs that put old rows back and stop the clock."""
    if engine_name == "sqlite":
        url = f"sqlite:///{folder_in_memory(tmp_path_factory)}/sync.sqlite"
    else:
        url = postgres.create_database(request.getfixturevalue("postgres_server"), "sync")
    with stage(migrated(url), sync_time) as app:
        yield app
