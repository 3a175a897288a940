"""Who takes part: a clinic, its patients and their phones, and a patient nobody writes about."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from flask import Flask

from api.app import create_app
from api.settings import Settings
from api.tokens import tokens
from care.logins import Grant
from tests.entries import someone
from tests.faults.history import History
from tests.faults.network import Network, Weather
from tests.faults.phone import Phone
from tests.faults.server import SECRET
from tests.people import Household, Person, World, household
from tests.safety import ask_safety

# How many phones each patient has: two or three of one meet on its days.
PHONES = (3, 2, 1, 1, 1)
_TOKEN_SECONDS = 300  # well before its end


@dataclass
class Ticket:
    """A token of somebody's, made anew before it ends. Nobody has to log in while things break."""

    app: Flask
    grant: Grant
    _made_at: float = field(default=-_TOKEN_SECONDS)
    _token: str = ""

    def __call__(self) -> str:
        if time.monotonic() - self._made_at > _TOKEN_SECONDS or not self._token:
            with self.app.test_request_context():
                self._token = tokens(self.grant, datetime.now(UTC))[0]
            self._made_at = time.monotonic()
        return self._token


@dataclass
class Cast:
    """`bystander` is another patient of the clinic, whose days nobody touches."""

    home: Household
    tickets: dict[UUID, Callable[[], str]]
    bystander: Person
    phones: list[Phone] = field(default_factory=list)
    histories: dict[str, History] = field(default_factory=dict)

    def last_ok(self) -> float:
        """When any phone last had a write acknowledged."""
        return max(one.last_ok for one in self.histories.values())


def app_on(url: str) -> Flask:
    """The app in this process, on the same database."""
    settings = Settings(database_url=url, secret_key=SECRET, environment="test", log_level="error")
    return create_app(settings)


def assemble(url: str) -> Cast:
    """A clinic that asks about suicidal thoughts, its patients, and a login for each."""
    app = app_on(url)
    world = World(app)
    home = household(world, backfill_days=30)
    ask_safety(home)
    patients = [home.patient, *(someone(world, home.clinic_id) for _ in PHONES[1:])]
    bystander = someone(world, home.clinic_id)
    tickets: dict[UUID, Callable[[], str]] = {}
    for person in (*patients, bystander):
        assert person.patient_id is not None
        tickets[person.patient_id] = Ticket(app, world.log_in(person.account_id))
    app.extensions["services"].database.close()
    return Cast(home, tickets, bystander)


def hand_out_phones(
    cast: Cast, folder: Path, *, port: int, weather: Weather, seed: str, pace_seconds: float
) -> None:
    """Each patient their phones, each with a history of its own below `folder`."""
    patients = [one for one in cast.tickets if one != cast.bystander.patient_id]
    for at, (patient, number) in enumerate(zip(patients, PHONES, strict=True)):
        for index in range(number):
            name = f"p{at}{'abc'[index]}"
            history = History(folder / f"{name}.jsonl")
            network = Network(
                port,
                history=history,
                weather=weather,
                random=Random(f"{seed} {name} network"),
                token=cast.tickets[patient],
            )
            random = Random(f"{seed} {name}")
            phone = Phone(name, str(patient), network, history, random, pace_seconds)
            cast.phones.append(phone)
            cast.histories[name] = history
