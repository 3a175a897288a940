"""Idempotency-Key: whatever is created is created once, however often and whenever it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from models.care_team import CareTeamMember
from models.invitation import Invitation
from models.patient import Patient
from tests.at_once import at_once, twin
from tests.conftest import Clock
from tests.contract import document
from tests.people import PASSWORD, Household, Person, World
from tests.test_patients import LEAST, taken_on

KINDS = ("patient", "patient invitation", "staff invitation", "care-team member")


@dataclass
class Creation:
    """A request that creates one row of `table`, and a second body it could have had."""

    sender: Person
    path: str
    table: Any
    body: Mapping[str, Any] | None
    other_path: str
    other_body: Mapping[str, Any] | None

    def send(self, key: str | None, person: Person | None = None) -> Any:
        headers = {} if key is None else {"Idempotency-Key": key}
        return (person or self.sender).post(self.path, self.body, headers=headers)

    def send_other(self, key: str) -> Any:
        headers = {"Idempotency-Key": key}
        return self.sender.post(self.other_path, self.other_body, headers=headers)


def creation(home: Household, kind: str) -> Creation:
    if kind == "patient":
        path = "/v1/patients"
        body = LEAST | {"email": "one@example.org"}
        return Creation(home.clinician, path, Patient, body, path, LEAST)
    if kind == "patient invitation":
        paths = [
            f"/v1/patients/{taken_on(home.front_desk, email=email).json['id']}/invitations"
            for email in ("one@example.org", "two@example.org")
        ]
        return Creation(home.front_desk, paths[0], Invitation, None, paths[1], None)
    if kind == "staff invitation":
        path = "/v1/staff"
        bodies = [{"email": "new@example.org", "role": role} for role in ("clinician", "admin")]
        return Creation(home.admin, path, Invitation, bodies[0], path, bodies[1])
    path = "/v1/care-teams"
    bodies = [
        {"patient_id": str(home.patient_id), "membership_id": str(person.membership_id)}
        for person in (home.colleague, home.admin)
    ]
    return Creation(home.admin, path, CareTeamMember, bodies[0], path, bodies[1])


@pytest.fixture(params=KINDS)
def asked(home: Household, request: pytest.FixtureRequest) -> Creation:
    return creation(home, request.param)


def counted(world: World, asked: Creation) -> int:
    """How many rows the sender's clinic has in the table."""
    own = asked.table.clinic_id == asked.sender.clinic_id
    number: int = world.rows(select(func.count()).select_from(asked.table).where(own))[0][0]
    return number


def test_every_post_that_creates_takes_a_key() -> None:
    creating = {
        path: operations["post"]
        for path, operations in document()["paths"].items()
        if "201" in operations.get("post", {}).get("responses", {})
    }
    named = {
        path: [parameter.get("name") for parameter in operation.get("parameters", ())]
        for path, operation in creating.items()
    }
    assert len(creating) >= len(KINDS)
    assert [path for path, names in named.items() if "Idempotency-Key" not in names] == []


def test_sending_it_again_creates_nothing_and_is_answered_the_same(
    world: World, asked: Creation
) -> None:
    before = counted(world, asked)
    first = asked.send("key-1")
    again = asked.send("key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers.get("ETag") == first.headers.get("ETag")
    assert counted(world, asked) == before + 1


def test_a_key_is_bound_to_its_request(world: World, asked: Creation) -> None:
    asked.send("key-1")
    before = counted(world, asked)
    reused = asked.send_other("key-1")
    assert (reused.status_code, reused.json["type"]) == (422, "/problems/key-reused")
    assert counted(world, asked) == before
    assert asked.send_other("key-2").status_code == 201


def test_many_at_once_create_one(world: World, asked: Creation) -> None:
    before = counted(world, asked)
    tabs = [twin(world, asked.sender) for _ in range(5)]
    answers = at_once([partial(asked.send, "key-1", tab) for tab in tabs])
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.data for answer in answers}) == 1
    assert counted(world, asked) == before + 1


@pytest.mark.parametrize("key", ["", " ", "two words", "x" * 129, "schlüssel", "a\tb"])
def test_a_key_is_1_to_128_visible_characters(world: World, home: Household, key: str) -> None:
    asked = creation(home, "patient")
    before = counted(world, asked)
    answer = asked.send(key)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/Idempotency-Key"]
    assert counted(world, asked) == before


def test_without_a_key_each_request_creates(world: World, home: Household) -> None:
    asked = creation(home, "patient")
    before = counted(world, asked)
    assert asked.send(None).json["id"] != asked.send(None).json["id"]
    assert counted(world, asked) == before + 2


def test_two_people_may_use_the_same_key(home: Household) -> None:
    asked = creation(home, "patient")
    assert asked.send("key-1").json["id"] != asked.send("key-1", home.front_desk).json["id"]


def test_a_refused_request_uses_up_no_key(home: Household) -> None:
    headers = {"Idempotency-Key": "key-1"}
    holder = taken_on(home.front_desk, mrn="M1").json
    new = LEAST | {"mrn": "M1"}
    assert home.front_desk.post("/v1/patients", new, headers=headers).status_code == 409
    home.front_desk.patch(f"/v1/patients/{holder['id']}", {"mrn": None})
    assert home.front_desk.post("/v1/patients", new, headers=headers).status_code == 201


def test_a_key_is_never_forgotten(world: World, asked: Creation, clock: Clock) -> None:
    first = asked.send("key-1").json
    before = counted(world, asked)
    clock.ahead = timedelta(days=3 * 365)
    returned = logged_in_again(world, asked.sender)
    again = asked.send("key-1", returned)
    assert again.status_code == 201
    assert again.json.get("id") == first.get("id")
    assert counted(world, asked) == before
    assert "token" not in again.json or again.json["token"] is None  # its invitation has expired


def logged_in_again(world: World, person: Person) -> Person:
    body = {"email": person.email, "password": PASSWORD}
    returned = twin(world, person)
    answer: Any = returned.client.post(
        "/v1/auth/login", json=body, environ_base={"REMOTE_ADDR": person.address}
    )
    assert answer.status_code == 200, answer.json
    returned.token = answer.json["access_token"]
    return returned


def test_sending_again_shows_nothing_one_may_not_see_any_more(home: Household) -> None:
    asked = creation(home, "patient")
    created = asked.send("key-1").json
    team = home.admin.get("/v1/care-teams", query_string={"patient_id": created["id"]}).json
    home.admin.delete(f"/v1/care-teams/{team['items'][0]['id']}")
    assert asked.send("key-1").status_code == 404


def test_sending_again_is_answered_after_the_state_has_moved_on(home: Household) -> None:
    asked = creation(home, "care-team member")
    member = asked.send("key-1").json
    home.admin.patch(f"/v1/staff/{home.colleague.membership_id}", {"disabled": True})
    assert asked.send("key-1").json == member
    home.admin.delete(f"/v1/care-teams/{member['id']}")
    left = asked.send("key-1")
    assert left.status_code == 201
    assert left.json == member | {"until": left.json["until"]}
    assert left.json["until"] is not None
