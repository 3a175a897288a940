"""Drives schemathesis against the app in-process: who asks, what they know, what came of it."""

import os
import tomllib
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import strategies as st
from schemathesis import AuthContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport
from schemathesis.wfc.escalation import EscalatingAuthProvider
from sqlalchemy import delete

from api.tokens import tokens
from care.access import PERMISSIONS, PUBLIC
from clinical.days import timezones
from models.throttle import Throttle
from tests.contract import document
from tests.known import accepted, known
from tests.people import Household, Person, World, fresh_address

# Examples per operation; a soak asks for more.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "7"))
NOBODY = "nobody"
# In this order: an operation is fuzzed in full by the first of them who may ask for it.
PERSONAS = (NOBODY, "patient", "front_desk", "clinician", "admin")
PHASES = ("examples", "coverage", "fuzzing", "stateful")
GUESSABLE = ("/v1/auth/login", "/v1/auth/password", "/v1/auth/reset", "/accept")
ENDS_A_LOGIN = frozenset({"POST /v1/auth/logout", "DELETE /v1/me/logins/{login_id}"})
# These kinds of facts share every line with diagnoses and events, which are searched in full; their
# schemas alone are their own, and tests/test_bad_input.py sends each field every wrong value.
ALIKE = r"/(trials|medications|contraindications|observations)(/.*)?$"
SETTINGS = tomllib.loads((Path(__file__).parent / "fuzz.toml").read_text())

schemathesis.openapi.format("timezone", st.sampled_from(sorted(timezones())))


def operations(app: Flask) -> dict[str, str]:
    """The permission of every operation of the contract, by label ("GET /v1/me")."""
    permissions = app.extensions["services"].permissions
    by_id = {endpoint.rpartition(".")[2]: name for endpoint, name in permissions.items()}
    return {
        f"{method.upper()} {path}": by_id[operation["operationId"]]
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if "operationId" in operation
    }


def may(persona: str, permission: str) -> bool:
    """Whether the persona may ask for this at all."""
    return permission == PUBLIC or persona in PERMISSIONS[permission]


def actor(permission: str) -> str:
    """Who fuzzes operations of this permission in full."""
    return next(persona for persona in PERSONAS if may(persona, permission))


def loaded(settings: dict[str, Any]) -> Any:
    """openapi.yaml as schemathesis reads it."""
    config = SchemathesisConfig.from_dict(SETTINGS | settings)
    return schemathesis.openapi.from_dict(deepcopy(document()), config=config)


def dictionaries(knowledge: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    """What is known, as schemathesis wants it told: used in about half of the requests."""
    words, entries = {}, []
    for label, parameters in knowledge.items():
        bound = {}
        for name, values in parameters.items():
            words[f"{label} {name}"] = {"values": values}
            bound[name] = {"dictionary": f"{label} {name}", "probability": 0.6}
        method, _, path = label.rpartition(" ")
        pattern = f"^{method or '[A-Z]+'} .*{path}".replace("{", r"\{").replace("}", r"\}")
        entries.append({"include-name-regex": pattern, "parameters": bound})
    return {"dictionaries": words, "operations": [*SETTINGS["operations"], *entries]}


def briefly(examples: int) -> dict[str, Any]:
    """Settings of operations that are not enumerated, and searched by so many examples."""
    return {
        "phases": {"coverage": {"enabled": False}},
        "generation": {"max-examples": examples},
    }


class Signed:
    """Signs requests as somebody; a login that a request has ended is followed by another."""

    def __init__(self, person: Person) -> None:
        self.replace(person.token)

    def replace(self, token: str) -> None:
        self.header = f"Bearer {token}"

    def get(self, _case: Any, _context: Any) -> str:
        return self.header

    def set(self, case: Any, header: str, _context: Any) -> None:
        case.headers["Authorization"] = header


class Street:
    """The app as seen from outside: each request comes from an address of its own."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, environ: Any, start_response: Any) -> Any:
        environ["REMOTE_ADDR"] = fresh_address()
        if environ["PATH_INFO"].endswith(GUESSABLE):
            self._forget_attempts()
        return self.world.app.wsgi_app(environ, start_response)

    def _forget_attempts(self) -> None:
        """Nobody waits: else all but the first guesses would be answered 429, unread."""
        with self.world.services.database.begin(write=True) as connection:
            connection.execute(delete(Throttle))
            connection.commit()


def in_process(send: Callable[..., Any]) -> Callable[..., Any]:
    """The transport's `send`, without what only a network's client takes (a check passes it on)."""

    def sent(self: Any, case: Any, **options: Any) -> Any:
        if options.get("session") is None:
            for name in ("max_redirects", "verify", "cert", "proxies"):
                options.pop(name, None)
        return send(self, case, **options)

    return sent


@dataclass
class Report:
    """What came of a run."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    # The same of those requests that carried a login which nothing had ended.
    signed: Counter[tuple[str, int]] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    # (operation, resource, peer) of each object that schemathesis asked for as somebody else.
    peers_asked: set[tuple[str, ...]] = field(default_factory=set)

    def carried_out(self) -> set[str]:
        """Operations that answered 2xx at least once."""
        return {label for label, status in self.answers if 200 <= status < 300}

    def add(self, event: Any) -> None:
        if isinstance(event, events.NonFatalError):
            self.faults.append(f"{event.label}: {event.info.title}: {event.info.message}")
        elif isinstance(event, events.ScenarioFinished):
            for case_id, interaction in event.recorder.interactions.items():
                if interaction.response is not None:
                    label = event.recorder.cases[case_id].value.operation.label
                    self.answers[label, interaction.response.status_code] += 1
            for case_id, checks in event.recorder.checks.items():
                for check in checks:
                    self._add_check(check, event.recorder.interactions[case_id].response)

    def _add_check(self, check: Any, response: Any) -> None:
        told = check.failure_info
        if told is None:
            self.passed[check.name] += 1
            return
        what = f"{check.name}: {told.failure.operation}: {told.failure.title}"
        self.faults.append(
            f"{what}\n{told.failure.message}\n{told.code_sample}\n-> {response.text[:400]}"
        )


class Fuzz:
    """One persona's runs; `peers` are asked for the persona's objects, and must not get them."""

    def __init__(self, home: Household, persona: str, peers: dict[str, Person]) -> None:
        self.home = home
        self.world = home.world
        self.person: Person | None = None if persona == NOBODY else getattr(home, persona)
        everybody = {} if self.person is None else {persona: self.person, **peers}
        self.signed = {name: Signed(person) for name, person in everybody.items()}

    def run(self, phases: dict[str, int], wanted: set[str], lists: frozenset[str]) -> Report:
        """What schemathesis finds out about the `wanted` operations; examples by phase.

        The `lists` only feed it ids: their own variants are enumerated by another persona.
        """
        schema, report = loaded(self._settings(phases, sorted(lists - wanted))), Report()
        schema.app = Street(self.world)
        provider = self._sign(schema)
        self._watch(schema, report)
        chosen = schema.exclude(lambda at: at.operation.label not in wanted | lists)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(WSGITransport, "send", in_process(WSGITransport.send))
            for event in from_schema(chosen).execute():
                report.add(event)
        if provider is not None:
            report.peers_asked = {key[1:] for key in provider._probed if key[0] == "read"}
        return report

    def _settings(self, phases: dict[str, int], lists: list[str]) -> dict[str, Any]:
        chosen: dict[str, Any] = {phase: {"enabled": phase in phases} for phase in PHASES}
        for phase in phases.keys() - {"coverage", "examples"}:  # these two enumerate
            chosen[phase]["generation"] = {"max-examples": phases[phase]}
        chosen["stateful"] |= SETTINGS["phases"]["stateful"]
        told = dictionaries(known(self.home))
        told["operations"].append({"include-name-regex": ALIKE, **briefly(max(1, EXAMPLES // 7))})
        if lists:
            brief = briefly(max(3, EXAMPLES // 3))
            told["operations"].append({"include-name": lists, **brief})
        return {"phases": chosen, **told}

    def _sign(self, schema: Any) -> EscalatingAuthProvider | None:
        if not self.signed:
            return None
        names = list(self.signed)
        provider = EscalatingAuthProvider(
            list(self.signed.values()), names, peers=tuple(names), pinned=names[0]
        )
        schema.auth.providers.append(provider)
        return provider

    def _watch(self, schema: Any, report: Report) -> None:
        requests = accepted(self.home)

        def before_add_examples(context: Any, examples: list[Any]) -> None:
            operation = context.operation
            request = requests.get(operation.label)
            if request is None and (operation.method != "get" or "{" in operation.path):
                return
            case = operation.Case(**(request() if request else {}))
            if self.signed:
                schema.auth.set(case, AuthContext(operation, schema.app))
            examples.append(case)

        def after_call(_context: Any, case: Any, response: Any) -> None:
            own = next(iter(self.signed.values()), None)
            if own is None or case.headers.get("Authorization") != own.header:
                return
            label = case.operation.label
            report.signed[label, response.status_code] += 1
            if label in ENDS_A_LOGIN and response.status_code == 204:
                own.replace(self._new_token())

        schema.hook(before_add_examples)
        schema.hook(after_call)

    def _new_token(self) -> str:
        assert self.person is not None
        grant = self.world.log_in(self.person.account_id)
        with self.world.app.test_request_context():
            return tokens(grant, datetime.now(UTC))[0]
