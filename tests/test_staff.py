"""/v1/staff: who works here, how they come in, and how they are shut out at once."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from models.account import Account
from tests.lists import BY_DATE, BY_INSTANT, FORGED, refused, walk
from tests.people import PASSWORD, Household, Person, World

NEW_PASSWORD = "blue-lantern-walks"


def invited(home: Household, email: str, role: str = "clinician") -> Any:
    answer = home.admin.post("/v1/staff", {"email": email, "role": role})
    assert answer.status_code == 201, answer.json
    return answer.json


def accepted(home: Household, token: str, password: str = NEW_PASSWORD) -> Any:
    body = {"password": password, "display_name": "New", "timezone": "Europe/Berlin"}
    return home.admin.client.post(f"/v1/invitations/{token}/accept", json=body)


def logged_in(person: Person, password: str = PASSWORD) -> Any:
    return person.client.post(
        "/v1/auth/login",
        json={"email": person.email, "password": password},
        environ_base={"REMOTE_ADDR": person.address},
    )


def set_disabled(home: Household, membership_id: UUID, disabled: bool) -> Any:
    return home.admin.patch(f"/v1/staff/{membership_id}", {"disabled": disabled})


def test_the_list_shows_everybody_who_works_here_and_no_patient(home: Household) -> None:
    listed = {item["id"]: item for item in walk(home.admin, "/v1/staff", 50)}
    people = (home.admin, home.clinician, home.colleague, home.front_desk)
    assert set(listed) == {str(person.membership_id) for person in people}
    for person in people:
        shown = listed[str(person.membership_id)]
        assert (shown["email"], shown["role"]) == (person.email, person.role)
        assert shown["disabled_at"] is None


def test_only_the_admin_invites_and_shuts_out(home: Household) -> None:
    new = {"email": "role@example.org", "role": "admin"}
    path = f"/v1/staff/{home.colleague.membership_id}"
    for person in (home.clinician, home.front_desk, home.patient):
        assert person.post("/v1/staff", new).status_code == 403
        assert person.patch(path, {"disabled": True}).status_code == 403
    assert home.colleague.get("/v1/me").status_code == 200
    for person in (home.clinician, home.front_desk, home.patient):
        assert person.get("/v1/staff").status_code == 403
    assert home.admin.post("/v1/staff", new).status_code == 201


@pytest.mark.parametrize("role", ["clinician", "front_desk", "admin"])
def test_who_accepts_works_here(home: Household, role: str) -> None:
    email = f"{role.replace('_', '.')}@{home.clinic_id.hex}.example.org"
    invitation = invited(home, email.upper(), role)
    assert (invitation["email"], invitation["role"]) == (email, role)
    grant = accepted(home, invitation["token"])
    assert grant.status_code == 200, grant.json
    member = {item["email"]: item for item in walk(home.admin, "/v1/staff", 50)}[email]
    assert member["role"] == grant.json["user"]["role"] == role
    assert member["id"] == grant.json["user"]["id"]
    assert accepted(home, invitation["token"]).status_code == 410


def test_who_has_the_role_already_is_not_invited_to_it(home: Household) -> None:
    asked = {"email": home.colleague.email.upper(), "role": "clinician"}
    answer = home.admin.post("/v1/staff", asked)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/conflict")
    assert home.admin.post("/v1/staff", asked | {"role": "admin"}).status_code == 201


def test_who_has_the_place_by_now_gets_no_second(home: Household, world: World) -> None:
    email = f"moved@{home.clinic_id.hex}.example.org"
    token = invited(home, email)["token"]
    with world.services.database.begin(write=True) as connection:
        own = update(Account).where(Account.id == home.colleague.account_id)
        connection.execute(own.values(email=email))
        connection.commit()
    answer = accepted(home, token, PASSWORD)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/conflict")


def test_a_newer_invitation_closes_the_earlier_of_the_same_role(home: Household) -> None:
    email = f"twice@{home.clinic_id.hex}.example.org"
    first, other_role = invited(home, email), invited(home, email, "admin")
    second = invited(home, email)
    states = [
        home.admin.client.get(f"/v1/invitations/{invitation['token']}").status_code
        for invitation in (first, other_role, second)
    ]
    assert states == [410, 200, 200]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/email", "/role"]),
        ({"email": "nobody", "role": "patient"}, ["/email", "/role"]),
        ({"email": "a@example.org", "role": "admin", "clinic_id": "x"}, ["/clinic_id"]),
        ({"email": None, "role": None}, ["/email", "/role"]),
    ],
)
def test_bad_fields_of_an_invitation_are_named(
    home: Household, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = home.admin.post("/v1/staff", body)
    assert answer.status_code == 422
    assert sorted(error["pointer"] for error in answer.json["errors"]) == pointers


@pytest.mark.parametrize("disabled", [None, 1, "true"])
def test_shutting_out_is_said_with_true_or_false(home: Household, disabled: Any) -> None:
    path = f"/v1/staff/{home.colleague.membership_id}"
    answer = home.admin.patch(path, {"disabled": disabled})
    assert [error["pointer"] for error in answer.json["errors"]] == ["/disabled"]
    assert home.colleague.get("/v1/me").status_code == 200


def test_who_is_shut_out_is_out_at_once(home: Household) -> None:
    shut = set_disabled(home, home.clinician.membership_id, True)
    assert shut.status_code == 200
    assert shut.json["disabled_at"] is not None
    refresh = {"refresh_token": home.clinician.refresh_token}
    assert home.clinician.get("/v1/me").status_code == 401
    assert home.clinician.client.post("/v1/auth/refresh", json=refresh).status_code == 401
    assert logged_in(home.clinician).status_code == 401
    assert home.colleague.get("/v1/me").status_code == 200


def test_invitations_of_and_to_who_is_shut_out_open_nothing(home: Household, world: World) -> None:
    other = world.person(home.clinic_id, "admin")
    elsewhere = world.person(world.clinic(), "admin")
    new = {"email": f"door@{home.clinic_id.hex}.example.org", "role": "admin"}
    back = {"email": other.email, "role": "clinician"}
    tokens = [
        who.post("/v1/staff", asked).json["token"]
        for who, asked in ((other, new), (home.admin, back), (elsewhere, back))
    ]
    tokens.append(invited(home, f"kept@{home.clinic_id.hex}.example.org")["token"])
    assert set_disabled(home, other.membership_id, True).status_code == 200
    states = [home.admin.client.get(f"/v1/invitations/{token}").status_code for token in tokens]
    assert states == [410, 410, 200, 200]
    assert accepted(home, tokens[0]).status_code == 410


def test_who_is_let_in_again_logs_in_anew(home: Household) -> None:
    set_disabled(home, home.clinician.membership_id, True)
    back = set_disabled(home, home.clinician.membership_id, False)
    assert back.json["disabled_at"] is None
    assert home.clinician.get("/v1/me").status_code == 401
    answer = logged_in(home.clinician)
    assert answer.status_code == 200
    home.clinician.token = answer.json["access_token"]
    assert home.clinician.get(f"/v1/patients/{home.patient_id}").status_code == 200


def test_shutting_out_again_changes_nothing(home: Household) -> None:
    first = set_disabled(home, home.clinician.membership_id, True)
    again = set_disabled(home, home.clinician.membership_id, True)
    assert again.json == first.json


def test_the_admin_shuts_out_colleagues_and_nobody_else(home: Household, world: World) -> None:
    own = set_disabled(home, home.admin.membership_id, True)
    assert (own.status_code, own.json["type"]) == (409, "/problems/conflict")
    strangers = (home.stranger.membership_id, home.patient.membership_id, UUID(int=1))
    answers = [set_disabled(home, membership_id, True) for membership_id in strangers]
    assert [answer.status_code for answer in answers] == [404] * 3
    told = [{**answer.json, "instance": None} for answer in answers]
    assert told[0] == told[1] == told[2]
    assert home.patient.get("/v1/me").status_code == home.stranger.get("/v1/me").status_code == 200


def test_the_pages_of_a_list_that_grows_skip_and_repeat_nobody(
    home: Household, world: World
) -> None:
    before = {item["id"] for item in walk(home.admin, "/v1/staff", 50)}
    arrivals = iter(range(4))

    def arrive() -> None:
        if next(arrivals, None) is not None:
            world.person(home.clinic_id, "clinician")

    listed = [item["id"] for item in walk(home.admin, "/v1/staff", 1, between=arrive)]
    assert len(listed) == len(set(listed))
    assert before <= set(listed)


def test_a_forged_cursor_is_refused(home: Household) -> None:
    for cursor in (*FORGED, BY_DATE, BY_INSTANT):
        assert refused(home.admin, "/v1/staff", cursor), cursor
