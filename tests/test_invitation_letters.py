"""Invitations go out by letter, whoever makes them, and lead to a page where they are accepted."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from care import invitations
from commands import clinic as clinic_commands
from commands.jobs.delivery import deliver_for
from models.clinic import Clinic
from models.message import Message
from tests.letters import stored
from tests.people import Household
from tests.post import BASE, office
from tests.test_delivery import Hands
from tests.test_enumeration import change


def sent(home: Household) -> list[Any]:
    """What goes out for the clinic now."""
    hands = Hands()
    deliver_for(office(home.world, {"email": hands}, home.world.services.clock), home.clinic_id)
    return hands.taken


def link_in(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(BASE))


def fresh() -> str:
    return f"{uuid4().hex}@example.org"


def test_who_is_invited_to_work_here_gets_the_token_that_the_admin_sees(home: Household) -> None:
    email = fresh()
    answer = home.admin.post("/v1/staff", {"email": email.upper(), "role": "clinician"}).json
    (letter,) = sent(home)
    assert letter.recipient == email
    assert link_in(letter.text) == f"{BASE}/join#{answer['token']}"
    assert "14 days" in letter.text
    assert sent(home) == []


def test_a_patient_is_written_to_in_their_language(home: Household) -> None:
    identity = {"display_name": "Ada", "birth_date": "1984-05-02", "email": fresh()}
    identity |= {"country": "DE", "language": "de-DE", "timezone": "Europe/Berlin"}
    patient = home.clinician.post("/v1/patients", identity)
    assert patient.status_code == 201
    (letter,) = sent(home)
    assert letter.subject == "Ihre Einladung zu Interlude"
    token = link_in(letter.text).partition("#")[2]
    assert token == patient.json["invitation"]["token"]
    accepted: Any = home.world.client().post(
        f"/v1/invitations/{token}/accept",
        json={
            "password": "blue-lantern-walks",
            "display_name": "Ada",
            "timezone": "Europe/Berlin",
            "consent_version": "2026-11",
            "cookies": True,
        },
    )
    assert (accepted.status_code, accepted.json["access_token"]) == (200, None)
    assert any(told.startswith("__Host-") for told in accepted.headers.getlist("Set-Cookie"))


def test_an_invitation_taken_back_is_not_written_about(home: Household) -> None:
    email = fresh()
    for _ in range(2):  # the second takes the first back
        home.admin.post("/v1/staff", {"email": email, "role": "clinician"})
    assert len(sent(home)) == 1
    faults = [row.fault for row in stored(home.world, home.clinic_id)]
    assert sorted(map(str, faults)) == ["None", "obsolete"]


def test_the_same_request_again_writes_no_second_letter(home: Household) -> None:
    body, key = {"email": fresh(), "role": "clinician"}, {"Idempotency-Key": uuid4().hex}
    answers = [home.admin.post("/v1/staff", body, headers=key).json for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(stored(home.world, home.clinic_id)) == 1


def test_a_refused_invitation_leaves_no_letter(home: Household) -> None:
    refused = home.admin.post("/v1/staff", {"email": home.clinician.email, "role": "clinician"})
    assert refused.status_code == 409
    assert stored(home.world, home.clinic_id) == []


def test_the_outbox_holds_no_token(home: Household) -> None:
    token = home.admin.post("/v1/staff", {"email": fresh(), "role": "admin"}).json["token"]
    own = select(Message).where(Message.clinic_id == home.clinic_id)
    ((row),) = home.world.rows(own)
    assert token.partition(".")[2] not in str(tuple(row))


def test_the_command_writes_too_and_still_shows_the_token(app: Flask, home: Household) -> None:
    email = fresh()
    command: list[str] = ["invite", str(home.clinic_id), email]
    result: Result = app.test_cli_runner().invoke(clinic_commands.group, command)
    assert result.exit_code == 0, result.output
    (letter,) = sent(home)
    assert link_in(letter.text).partition("#")[2] == result.output.splitlines()[0]


@pytest.mark.parametrize("fault", ["clinic", "expired"])
def test_a_letter_that_comes_to_nothing_is_settled(home: Household, fault: str) -> None:
    home.admin.post("/v1/staff", {"email": fresh(), "role": "clinician"})
    now = home.world.services.clock()
    if fault == "clinic":
        own = Clinic.clinic_id == home.clinic_id
        change(home.world, Clinic, own, disabled_at=now)
    late = now + (invitations.LIFETIME if fault == "expired" else timedelta())
    hands = Hands()
    deliver_for(office(home.world, {"email": hands}, lambda: late), home.clinic_id)
    assert hands.taken == []
    told = {"clinic": "obsolete", "expired": "expired"}[fault]
    assert [row.fault for row in stored(home.world, home.clinic_id)] == [told]
