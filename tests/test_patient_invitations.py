"""Inviting patients: by e-mail, again, to a corrected address; the token for the inviter alone."""

from typing import Any

from tests.apps import nobody
from tests.people import Household, Person
from tests.safety import ask_safety
from tests.test_invitations import invite_patient, invite_staff, pointers
from tests.test_patients import BY_DOOR, LEAST, taken_on, who_may

PASSWORD = "blue-lantern-walks"


def invited(person: Person, patient_id: str) -> Any:
    """The answer to a new invitation."""
    answer = person.post(f"/v1/patients/{patient_id}/invitations")
    assert answer.status_code == 201, answer.json
    return answer.json


def opened(home: Household, token: str) -> Any:
    return nobody(home.world.app).get(f"/v1/invitations/{token}")


def status_of(home: Household, token: str) -> int:
    return int(opened(home, token).status_code)


def test_a_patient_without_email_gets_one_and_then_an_invitation(home: Household) -> None:
    path = f"/v1/patients/{taken_on(home.front_desk).json['id']}"
    early = home.front_desk.post(f"{path}/invitations")
    assert (early.status_code, early.json["type"]) == (409, "/problems/conflict")
    assert home.front_desk.patch(path, {"email": "ada.late@example.org"}).status_code == 200
    token = home.front_desk.post(f"{path}/invitations").json["token"]
    assert opened(home, token).json["role"] == "patient"


def test_the_token_is_shown_to_the_inviter_alone(home: Household) -> None:
    created = taken_on(home.clinician, email="ada.token@example.org").json
    path = f"/v1/patients/{created['id']}"
    assert created["invitation"]["token"]
    listed = home.clinician.get("/v1/patients").json["items"]
    shown = [
        home.clinician.get(path).json,
        home.front_desk.get(path).json,
        home.clinician.patch(path, {"phone": "1"}).json,
        *(patient for patient in listed if patient["id"] == created["id"]),
    ]
    assert [patient["invitation"]["token"] for patient in shown] == [None] * 4


def test_creating_again_shows_no_token_of_somebody_elses_invitation(home: Household) -> None:
    new = LEAST | {"email": "ada.again@example.org"}
    key = {"Idempotency-Key": "new-patient"}
    first = home.clinician.post("/v1/patients", new, headers=key).json
    again = home.clinician.post("/v1/patients", new, headers=key).json
    assert again["invitation"]["token"] == first["invitation"]["token"]
    newer = invited(home.front_desk, first["id"])
    last = home.clinician.post("/v1/patients", new, headers=key).json
    assert newer["token"]
    assert last["invitation"]["token"] is None


def test_a_newer_invitation_closes_the_earlier(home: Household) -> None:
    created = taken_on(home.clinician, email="ada.twice@example.org").json
    newer = invited(home.clinician, created["id"])["token"]
    assert status_of(home, created["invitation"]["token"]) == 410
    assert status_of(home, newer) == 200


def test_an_invitation_to_a_wrong_address_closes_when_the_right_one_is_invited(
    home: Household,
) -> None:
    created = taken_on(home.clinician, email="ada.wrong@example.org").json
    path = f"/v1/patients/{created['id']}"
    home.clinician.patch(path, {"email": "ada.right@example.org"})
    newer = invited(home.clinician, created["id"])["token"]
    assert status_of(home, created["invitation"]["token"]) == 410
    assert opened(home, newer).json["email"] == ("ada.right@example.org")


def test_one_patients_invitation_closes_no_others(home: Household) -> None:
    shared = "family@example.org"
    parent, child = (taken_on(home.clinician, email=shared).json for _ in range(2))
    assert status_of(home, parent["invitation"]["token"]) == 200
    assert status_of(home, child["invitation"]["token"]) == 200


def test_who_has_a_login_is_not_invited_again(home: Household) -> None:
    created = taken_on(home.clinician, email="ada.login@example.org").json
    token = created["invitation"]["token"]
    accepted = nobody(home.world.app).post(
        f"/v1/invitations/{token}/accept",
        json={
            "password": PASSWORD,
            "display_name": "Ada",
            "timezone": "Europe/Lisbon",
            "consent_version": "2026-11",
        },
    )
    assert accepted.status_code == 200
    shown = home.clinician.get(f"/v1/patients/{created['id']}").json
    assert shown["has_login"] is True
    assert shown["timezone"] == "Europe/Lisbon"
    assert shown["invitation"]["accepted_at"] is not None
    again = home.clinician.post(f"/v1/patients/{created['id']}/invitations")
    assert (again.status_code, again.json["type"]) == (409, "/problems/conflict")


def test_who_sees_a_patient_may_invite_them(home: Household) -> None:
    path = f"/v1/patients/{home.patient_id}"
    home.clinician.patch(path, {"email": "ada.home@example.org"})
    answers = who_may(home, lambda person: person.post(f"{path}/invitations"))
    # This patient has a login: whoever passes the door is told so.
    assert answers == {name: 409 if status == 200 else status for name, status in BY_DOOR.items()}


def test_every_fault_of_an_acceptance_is_named_at_once(home: Household) -> None:
    new = invite_patient(home)
    wrong: dict[str, Any] = {
        "password": "short",
        "display_name": 5,
        "timezone": "Mars/Base",
        "role": "admin",
    }
    named = ["/consent_version", *sorted(f"/{name}" for name in wrong)]
    faulty = new.accept(consent_version=None, **wrong)
    assert sorted(pointers(faulty)) == sorted(named)
    assert new.accept(key="k-1").status_code == 200
    # It is over: what it would have asked for besides is told no more.
    assert new.accept(password="short", consent_version=None).status_code == 410
    assert sorted(pointers(new.accept(key="k-1", timezone=5, password=5))) == [
        "/password",
        "/timezone",
    ]


def test_an_invited_patient_is_told_what_the_consent_tells_of(home: Household) -> None:
    staff, patient = invite_staff(home), invite_patient(home)
    told = {"language": None, "asks_safety": False, "review_hours": None}
    assert {name: staff.look().json[name] for name in told} == told
    assert {name: patient.look().json[name] for name in told} == told | {"language": "de"}
    ask_safety(home)
    asked = patient.look().json
    assert asked["asks_safety"] is True
    assert [hours.keys() for hours in asked["review_hours"]] == [{"weekdays", "opens", "closes"}]
