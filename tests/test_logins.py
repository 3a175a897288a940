"""Logging in, what a login is good for and how long, and every way it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from sqlalchemy import select, update

from care.logins import ACCESS_LIFETIME
from models.account import Account
from models.audit_event import AuditEvent
from models.clinic import Clinic
from models.membership import Membership
from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, FORGED, refused, walk
from tests.people import Household, Person, World
from tests.sign_in import is_open, log_in, refresh, second_place, stopped

LOGINS = "/v1/me/logins"


@pytest.fixture
def person(world: World) -> Person:
    return world.person(world.clinic(), "clinician")


def patient(world: World) -> Person:
    clinic_id = world.clinic()
    return world.person(clinic_id, "patient", world.patient(clinic_id))


@pytest.mark.parametrize("role", ["patient", "clinician", "front_desk", "admin"])
def test_a_login_answers_with_tokens_and_who_one_is(home: Household, role: str) -> None:
    person: Person = getattr(home, role)
    answer = log_in(home.world, person.email)
    assert answer.status_code == 200
    assert answer.json.keys() == {"access_token", "refresh_token", "user"}
    assert answer.json["user"] == {
        "id": str(person.membership_id),
        "role": role,
        "display_name": role.title(),
        "clinic_id": str(home.clinic_id),
        "patient_id": None if role != "patient" else str(home.patient_id),
    }
    assert is_open(home.world, answer.json["access_token"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_login_is_in_the_audit_trail(world: World, person: Person) -> None:
    login = jwt.decode(
        log_in(world, person.email).json["access_token"], options={"verify_signature": False}
    )
    begun = select(AuditEvent.login_id).where(
        AuditEvent.clinic_id == person.clinic_id, AuditEvent.action == "login.begin"
    )
    assert UUID(login["sid"]) in {row.login_id for row in world.rows(begun)}


def test_who_belongs_to_two_clinics_says_which(world: World, person: Person) -> None:
    second = second_place(world, person, "admin", name="Another clinic")
    asked = log_in(world, person.email)
    assert (asked.status_code, asked.json["type"]) == (409, "/problems/choose-membership")
    assert asked.json["memberships"] == [
        {"membership_id": str(second), "clinic_name": "Another clinic", "role": "admin"},
        {"membership_id": str(person.membership_id), "clinic_name": "Clinic", "role": "clinician"},
    ]
    for choice in asked.json["memberships"]:
        chosen = log_in(world, person.email, membership_id=choice["membership_id"])
        assert chosen.status_code == 200
        assert chosen.json["user"]["id"] == choice["membership_id"]
        assert chosen.json["user"]["role"] == choice["role"]


def test_asking_which_place_is_no_wrong_password(world: World, person: Person) -> None:
    second_place(world, person)
    with stopped():
        assert [log_in(world, person.email).status_code for _ in range(7)] == [409] * 7


def test_a_disabled_place_is_no_choice(world: World, person: Person) -> None:
    second = second_place(world, person)
    with world.services.database.begin(write=True) as connection:
        of_second = update(Membership).where(Membership.id == second)
        connection.execute(of_second.values(disabled_at=world.now))
        connection.commit()
    assert log_in(world, person.email).json["user"]["id"] == str(person.membership_id)


def test_logging_out_ends_this_login_and_no_other(world: World, person: Person) -> None:
    other = log_in(world, person.email).json
    assert person.post("/v1/auth/logout").status_code == 204
    assert person.get("/v1/me").status_code == 401
    assert person.post("/v1/auth/logout").status_code == 401
    assert refresh(world, person.refresh_token).status_code == 401
    assert is_open(world, other["access_token"])


def test_the_open_logins_are_listed_newest_first(world: World, person: Person) -> None:
    log_in(world, person.email, device_id="tablet", headers={"User-Agent": "Tablet/1"})
    closed = log_in(world, person.email, device_id="lost phone").json["access_token"]
    bearer = {"Authorization": f"Bearer {closed}"}
    assert world.client().post("/v1/auth/logout", headers=bearer).status_code == 204
    listed = person.get("/v1/me/logins").json
    assert listed["next"] is None
    shown = [(one["device_id"], one["user_agent"], one["current"]) for one in listed["items"]]
    assert shown == [("tablet", "Tablet/1", False), (None, None, True)]


def test_the_pages_of_logins_skip_and_repeat_none_while_new_ones_begin(
    world: World, person: Person
) -> None:
    with stopped() as time:  # several of one instant, which only their ids can order
        for _ in range(2):
            time.pass_by(seconds=1)
            for _ in range(2):
                log_in(world, person.email)
        before = walk(person, LOGINS, 200)
        assert len(before) == 5  # 2 * 2 and the one it is asked with
        for limit in (1, 2, 3):
            listed = walk(person, LOGINS, limit, between=lambda: log_in(world, person.email))
            assert [one for one in listed if one in before] == before
            assert len({one["id"] for one in listed}) == len(listed)


def test_a_list_of_logins_takes_only_its_own_cursors_and_no_other_query(person: Person) -> None:
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE):
        assert refused(person, LOGINS, cursor), cursor
    for query, pointer in (("limit=0", "/limit"), ("limit=201", "/limit"), ("x=1", "/x")):
        answer = person.get(f"{LOGINS}?{query}")
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_a_login_is_ended_from_another(world: World, person: Person) -> None:
    lost = log_in(world, person.email, device_id="lost phone").json
    items = person.get("/v1/me/logins").json["items"]
    (login_id,) = [one["id"] for one in items if one["device_id"] == "lost phone"]
    assert person.delete(f"/v1/me/logins/{login_id}").status_code == 204
    assert not is_open(world, lost["access_token"])
    assert refresh(world, lost["refresh_token"]).status_code == 401
    assert person.delete(f"/v1/me/logins/{login_id}").status_code == 404
    assert person.get("/v1/me").status_code == 200


def test_nobody_ends_the_login_of_another(home: Household) -> None:
    for other in (home.admin, home.clinician, home.stranger):
        answer = other.delete(f"/v1/me/logins/{home.colleague.login_id}")
        assert answer.status_code == 404
    assert home.colleague.get("/v1/me").status_code == 200


@pytest.mark.parametrize(
    ("role", "idle"), [("clinician", timedelta(minutes=30)), ("patient", timedelta(days=60))]
)
def test_a_login_nobody_refreshes_ends(world: World, role: str, idle: timedelta) -> None:
    """Staff: 15 minutes of the last access token and 15 idle ones; patients: 60 days."""
    second = timedelta(seconds=1)
    with stopped() as time:
        for age, status in ((idle - second, 200), (idle, 401)):
            person = patient(world) if role == "patient" else world.person(world.clinic(), role)
            token = log_in(world, person.email).json["refresh_token"]
            time.now += age
            assert refresh(world, token).status_code == status


@pytest.mark.parametrize(
    ("role", "absolute", "step"),
    [
        ("admin", timedelta(hours=12), timedelta(minutes=29)),
        ("patient", timedelta(days=180), timedelta(days=59)),
    ],
)
def test_a_login_ends_however_often_it_is_refreshed(
    world: World, role: str, absolute: timedelta, step: timedelta
) -> None:
    person = patient(world) if role == "patient" else world.person(world.clinic(), role)
    with stopped() as time:
        began, answer = time.now, log_in(world, person.email)
        while time.now + step < began + absolute:
            time.now += step
            answer = refresh(world, answer.json["refresh_token"])
            assert answer.status_code == 200
        assert is_open(world, answer.json["access_token"])
        time.now = began + absolute
        assert not is_open(world, answer.json["access_token"])
        assert refresh(world, answer.json["refresh_token"]).status_code == 401


def test_an_access_token_does_not_outlive_its_login(world: World) -> None:
    person = patient(world)
    with stopped() as time:
        began, answer = time.now, log_in(world, person.email)
        for days in (59, 118, 177):
            time.now = began + timedelta(days=days)
            answer = refresh(world, answer.json["refresh_token"])
        time.now = began + timedelta(days=180, minutes=-5)
        answer = refresh(world, answer.json["refresh_token"])
    claims = jwt.decode(answer.json["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] <= 5 * 60 < ACCESS_LIFETIME.total_seconds()


def test_a_disabled_colleague_is_out_on_the_next_request(home: Household) -> None:
    path = f"/v1/staff/{home.colleague.membership_id}"
    assert home.colleague.get("/v1/me").status_code == 200
    assert home.colleague.patch(path, {"disabled": True}).status_code == 403
    assert home.admin.patch(path, {"disabled": True}).status_code == 200
    assert home.colleague.get("/v1/me").status_code == 401
    assert refresh(home.world, home.colleague.refresh_token).status_code == 401
    assert log_in(home.world, home.colleague.email).status_code == 401
    assert home.clinician.get("/v1/me").status_code == 200
    assert home.admin.patch(path, {"disabled": False}).status_code == 200
    assert home.colleague.get("/v1/me").status_code == 401  # that login stays ended
    assert log_in(home.world, home.colleague.email).status_code == 200


def test_of_fifty_requests_at_once_none_passes_after_disabling(home: Household) -> None:
    headers = {"Authorization": f"Bearer {home.colleague.token}"}
    path = f"/v1/staff/{home.colleague.membership_id}"

    def ask(_number: int) -> int:
        answer: Any = home.world.client().get("/v1/me", headers=headers)
        return int(answer.status_code)

    with ThreadPoolExecutor(12) as pool:
        meanwhile = pool.map(ask, range(25))
        assert home.admin.patch(path, {"disabled": True}).status_code == 200
        assert list(pool.map(ask, range(50))) == [401] * 50
        assert set(meanwhile) <= {200, 401}


@pytest.mark.parametrize("table", [Account, Clinic, Membership])
def test_disabling_by_whatever_row_is_instant_and_undone(
    world: World, person: Person, table: Any
) -> None:
    rows = {
        Account: Account.id == person.account_id,
        Clinic: Clinic.clinic_id == person.clinic_id,
        Membership: Membership.id == person.membership_id,
    }
    for disabled_at, status in ((world.now, 401), (None, 200)):
        with world.services.database.begin(write=True) as connection:
            connection.execute(update(table).where(rows[table]).values(disabled_at=disabled_at))
            connection.commit()
        assert person.get("/v1/me").status_code == status
        assert refresh(world, person.refresh_token).status_code == status
