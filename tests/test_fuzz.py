"""Generated requests, as everybody, find no answer the contract does not promise."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from sqlalchemy import select

from care.access import PUBLIC
from models.care_team import CareTeamMember
from models.db import new_id
from tests.areas import AREAS
from tests.fuzz import (
    EXAMPLES,
    NOBODY,
    PERSONAS,
    Fuzz,
    Report,
    actor,
    loaded,
    may,
    operations,
)
from tests.known import entry, logged_day
from tests.people import Household, Person, household

IN_FULL = {"examples": 1, "coverage": 1, "fuzzing": EXAMPLES, "stateful": max(2, EXAMPLES // 4)}
PATIENT = "GET /v1/patients/{patient_id}"
MAKING = {"examples": 1, "stateful": EXAMPLES}
BRIEFLY = {"fuzzing": max(2, EXAMPLES // 5)}


def peers_of(home: Household, persona: str) -> dict[str, Person]:
    """Who must not see what the persona sees."""
    if persona == NOBODY:
        return {}
    elsewhere = getattr(household(home.world), persona)
    colleague = {"colleague": home.colleague} if persona == "clinician" else {}
    return {"elsewhere": elsewhere, **colleague}


def readable(label: str, permission: str, persona: str) -> bool:
    """Whether the persona reads there: what they are shown, their next requests name."""
    return label.startswith("GET /v1/") and permission != PUBLIC and may(persona, permission)


def told(report: Report) -> str:
    return f"{len(report.faults)} faults\n\n" + "\n\n".join(report.faults[:20])


@pytest.mark.parametrize("persona", PERSONAS)
def test_generated_requests_are_answered_as_promised(
    app: Flask, home: Household, persona: str
) -> None:
    permissions = operations(app)
    own = {label for label, name in permissions.items() if actor(name) == persona}
    lists = frozenset(
        label for label, name in permissions.items() if readable(label, name, persona)
    )
    peers = peers_of(home, persona)
    report = Fuzz(home, persona, peers).run(IN_FULL, own, lists)
    assert not report.faults, told(report)
    load_all_checks()
    assert set(CHECKS.get_all_names()) <= set(report.passed)
    assert own <= report.carried_out()
    assert bool(report.signed) == (persona != NOBODY)
    assert all(status != 401 for _, status in report.signed)
    if PATIENT in lists:  # alone: among many operations chance seldom makes a patient and reads it
        made = Fuzz(home, persona, peers).run(MAKING, {"POST /v1/patients", PATIENT}, frozenset())
        assert not made.faults, told(made)
        assert {peer for label, _, peer in made.peers_asked if label == PATIENT} == set(peers)


# On one database each, in turns: a role is refused before what is asked for is looked up.
ONE_EACH = [(("sqlite", "postgresql")[at % 2], persona) for at, persona in enumerate(PERSONAS)]


@pytest.mark.parametrize(
    ("engine_name", "persona"), ONE_EACH, indirect=["engine_name"], scope="session"
)
def test_what_is_not_for_a_role_is_refused_as_promised(
    app: Flask, home: Household, persona: str
) -> None:
    permissions = operations(app)
    others = {
        label
        for label, name in permissions.items()
        if name != PUBLIC and actor(name) != persona and not readable(label, name, persona)
    }
    report = Fuzz(home, persona, peers_of(home, persona)).run(BRIEFLY, others, frozenset())
    assert not report.faults, told(report)
    assert {label for label, _ in report.answers} == others
    forbidden = {label for label, name in permissions.items() if not may(persona, name)}
    assert not forbidden & report.carried_out()
    refused = {status for label, status in report.signed if label in forbidden}
    assert refused <= {403, 404}  # 404 for a path that is none: "/v1/patients/0"


def ids_of(home: Household) -> dict[str, Any]:
    """The household's own ids, by the names paths give them."""
    in_clinic = CareTeamMember.clinic_id == home.clinic_id
    return {
        "patient_id": home.patient_id,
        "login_id": home.world.log_in(home.patient.account_id).login_id,
        "membership_id": home.front_desk.membership_id,
        "member_id": home.world.rows(select(CareTeamMember.id).where(in_clinic))[0].id,
        "date": logged_day(home, 1),
        **{name: one for area in AREAS for name, one in area.ids(home).items()},
    }


def rewritten(value: Any) -> Any:
    """A generated body as a client writes it: instants and births are of our time, where generated
    ones are of any year there is; and 5.0, which a schema takes for a whole number, is 5."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [rewritten(one) for one in value]
    if not isinstance(value, dict):
        return value
    known = {name: entry()["recorded_at"] for name in value if name.endswith("_at")}
    known |= {"birth_date": "1984-05-02"}
    return {
        name: known[name] if name in known and isinstance(one, str) else rewritten(one)
        for name, one in value.items()
    }


def asked_as(person: Person, case: Any, ids: dict[str, Any]) -> Any:
    """The answer to a generated request, sent by this person, about these ids."""
    path = case.path.format_map(case.path_parameters | ids)
    body = rewritten(case.body) if isinstance(case.body, dict) else None
    headers = {name: value for name, value in case.headers.items() if name != "Authorization"}
    return person.send(case.method, path, body, headers=headers, query_string=case.query)


def seen(answer: Any) -> tuple[Any, ...]:
    """Everything an outsider sees of an answer but the number it is filed under."""
    body = {name: value for name, value in answer.json.items() if name != "instance"}
    headers = {name: value for name, value in answer.headers if name != "X-Request-Id"}
    return answer.status_code, body, headers


def owner_gets(operation: Any, owner: Person, peers: list[Person], ids: dict[str, Any]) -> set[int]:
    """The statuses the owner gets; every peer gets 404, as for ids that nobody has."""
    statuses = set()
    nobodys = ids | {name: new_id() for name in ids if name.endswith("_id")}

    @settings(
        max_examples=max(2, EXAMPLES // 4),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case: Any) -> None:
        for peer in peers:
            foreign = asked_as(peer, case, ids)
            assert foreign.status_code == 404, (case.operation.label, peer.role, foreign.json)
            assert seen(foreign) == seen(asked_as(peer, case, nobodys))
        statuses.add(asked_as(owner, case, ids).status_code)

    ask()
    return statuses


def test_a_peer_finds_nobodys_things_where_others_have_theirs(app: Flask, home: Household) -> None:
    elsewhere = household(home.world)
    others = (elsewhere.patient, elsewhere.clinician, elsewhere.front_desk, elsewhere.admin)
    ids, asked = ids_of(home), set()
    schema, permissions = loaded({}), operations(app)
    told = [found.ok() for found in schema.get_all_operations()]
    # Last what takes a person out of the team or the clinic: nothing is the owner's after that.
    told.sort(key=lambda each: permissions[each.label] in ("care_teams.write", "staff.write"))
    for operation in told:
        permission = permissions[operation.label]
        if "_id}" not in operation.path:
            continue
        peers = [one for one in (*others, home.colleague) if may(one.role, permission)]
        owner: Person = getattr(home, actor(permission))
        assert peers and owner_gets(operation, owner, peers, ids) - {404}, operation.label
        asked.add(operation.label)
    assert asked == {label for label in permissions if "_id}" in label}
