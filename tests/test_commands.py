"""`flask clinic`: a clinic is opened, its first admin let in, and anybody shut out, at once."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

import commands
from models.account import Account
from models.audit_event import AuditEvent
from models.clinic import Clinic
from tests import scales
from tests.apps import nobody
from tests.people import PASSWORD, Household, Person, World

NEW_PASSWORD = "blue-lantern-walks"


class Terminal:
    """Runs `flask ...` on the app."""

    def __init__(self, app: Flask) -> None:
        commands.register(app)
        self._runner = app.test_cli_runner()

    def run(self, *words: object) -> Result:
        return self._runner.invoke(args=["clinic", *map(str, words)])

    def told(self, *words: object) -> str:
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *words: object) -> str:
        result = self.run(*words)
        assert result.exit_code == 2, result.output
        assert "Traceback" not in result.output
        return result.output


@pytest.fixture
def terminal(app: Flask) -> Terminal:
    return Terminal(app)


def opened(terminal: Terminal, name: str) -> UUID:
    told = terminal.told("create", name, "--timezone", "Europe/Lisbon", "--country", "pt")
    return UUID(told.strip())


def email_in(clinic_id: UUID) -> str:
    return f"boss@{clinic_id.hex}.example.org"


def accepted(world: World, token: str) -> Any:
    body = {"password": NEW_PASSWORD, "display_name": "Boss", "timezone": "Europe/Lisbon"}
    return nobody(world.app).post(f"/v1/invitations/{token}/accept", json=body)


def log_in(world: World, email: str, password: str) -> Any:
    return nobody(world.app).post("/v1/auth/login", json={"email": email, "password": password})


def test_an_opened_clinic_is_listed_and_audited(terminal: Terminal, world: World) -> None:
    clinic_id = opened(terminal, "  Clínica do Mar  ")
    assert f"{clinic_id}  Europe/Lisbon  Clínica do Mar\n" in terminal.told("list")
    clinic = world.rows(select(Clinic).where(Clinic.clinic_id == clinic_id))[0]
    assert (clinic.name, clinic.country) == ("Clínica do Mar", "PT")
    audit = world.rows(select(AuditEvent).where(AuditEvent.clinic_id == clinic_id))
    assert [event.action for event in audit] == ["clinic.create"]


@pytest.mark.parametrize(
    ("name", "zone", "country", "named"),
    [
        ("C", "Mars/Base", "DE", "--timezone"),
        ("C", "localtime", "DE", "--timezone"),
        ("C", "Europe/Berlin", "DEU", "--country"),
        ("C", "Europe/Berlin", "D1", "--country"),
        ("C", "Europe/Berlin", "ÖÖ", "--country"),
        ("  ", "Europe/Berlin", "DE", "NAME"),
        ("x" * 201, "Europe/Berlin", "DE", "NAME"),
    ],
)
def test_a_clinic_needs_a_name_a_zone_and_a_country(
    terminal: Terminal, world: World, name: str, zone: str, country: str, named: str
) -> None:
    before = len(world.rows(select(Clinic.clinic_id)))
    told = terminal.refused("create", name, "--timezone", zone, "--country", country)
    assert named in told
    assert len(world.rows(select(Clinic.clinic_id))) == before
    assert "Missing option" in terminal.refused("create", "C", "--timezone", "Europe/Berlin")


def test_the_invited_admin_gets_in_and_runs_the_clinic(terminal: Terminal, world: World) -> None:
    clinic_id = opened(terminal, "Clinic")
    email = email_in(clinic_id)
    told = terminal.told("invite", clinic_id, email.upper())
    token = told.splitlines()[0]
    assert f"/v1/invitations/{token}/accept" in told
    assert accepted(world, token).status_code == 200
    user = log_in(world, email, NEW_PASSWORD).json
    headers = {"Authorization": f"Bearer {user['access_token']}"}
    assert (user["user"]["role"], user["user"]["clinic_id"]) == ("admin", str(clinic_id))
    clinic = nobody(world.app).patch("/v1/clinic", json={"name": "Ours"}, headers=headers)
    assert (clinic.status_code, clinic.json["name"]) == (200, "Ours")


def test_a_newer_invitation_closes_the_earlier(terminal: Terminal, world: World) -> None:
    clinic_id = opened(terminal, "Clinic")
    words = ("invite", clinic_id, email_in(clinic_id), "--role", "clinician")
    first, second = (terminal.told(*words).splitlines()[0] for _ in range(2))
    assert accepted(world, first).status_code == 410
    assert accepted(world, second).json["user"]["role"] == "clinician"


@pytest.mark.parametrize("email", ["nobody", "a@", "@b", "a b@example.org", "x" * 250 + "@a.org"])
def test_a_bad_address_is_not_invited(terminal: Terminal, home: Household, email: str) -> None:
    assert "EMAIL" in terminal.refused("invite", home.clinic_id, email)


def test_who_has_the_role_is_not_invited_again(terminal: Terminal, home: Household) -> None:
    told = terminal.refused("invite", home.clinic_id, home.admin.email)
    assert "has this role here already" in told
    terminal.told("invite", home.clinic_id, home.admin.email, "--role", "clinician")


def test_patients_are_not_invited_here(terminal: Terminal, home: Household) -> None:
    told = terminal.refused("invite", home.clinic_id, "a@example.org", "--role", "patient")
    assert "--role" in told


@pytest.mark.parametrize("words", [("invite", "a@example.org"), ("disable",)])
def test_a_clinic_that_is_not_there_is_named(terminal: Terminal, words: tuple[str, ...]) -> None:
    for clinic_id in (uuid4(), "nonsense"):
        assert "CLINIC_ID" in terminal.refused(words[0], clinic_id, *words[1:])


def alive(*people: Person) -> list[bool]:
    statuses = [person.get("/v1/me").status_code for person in people]
    assert set(statuses) <= {200, 401}
    return [status == 200 for status in statuses]


def test_a_member_is_shut_out_at_once_and_let_in_again(
    terminal: Terminal, world: World, home: Household
) -> None:
    words = ("disable", home.clinic_id, "--email", home.clinician.email.upper())
    assert terminal.told(*words) == "disabled\n"
    assert alive(home.clinician, home.colleague) == [False, True]
    assert log_in(world, home.clinician.email, PASSWORD).status_code == 401
    assert terminal.told(*words, "--undo") == "enabled\n"
    assert alive(home.clinician) == [False]  # that login has ended for good
    assert log_in(world, home.clinician.email, PASSWORD).status_code == 200


def test_a_patient_can_be_shut_out_too(terminal: Terminal, home: Household) -> None:
    terminal.told("disable", home.clinic_id, "--email", home.patient.email)
    assert alive(home.patient, home.clinician) == [False, True]


def test_a_whole_clinic_is_shut_out_at_once_and_let_in_again(
    terminal: Terminal, world: World, home: Household
) -> None:
    everybody = (home.admin, home.clinician, home.front_desk, home.patient)
    assert terminal.told("disable", home.clinic_id) == "disabled\n"
    assert alive(*everybody, home.stranger) == [False] * 4 + [True]
    assert log_in(world, home.admin.email, PASSWORD).status_code == 401
    assert f"{home.clinic_id}  Europe/Berlin  Clinic (disabled)" in terminal.told("list")
    terminal.told("disable", home.clinic_id, "--undo")
    assert log_in(world, home.admin.email, PASSWORD).status_code == 200


def test_only_members_of_that_clinic_are_shut_out(terminal: Terminal, home: Household) -> None:
    for email in (home.stranger.email, "nobody@example.org", ""):
        assert "--email" in terminal.refused("disable", home.clinic_id, "--email", email)
    assert alive(home.stranger, home.admin) == [True, True]


def test_what_the_terminal_does_is_audited(
    terminal: Terminal, world: World, home: Household
) -> None:
    terminal.told("disable", home.clinic_id, "--email", home.clinician.email)
    terminal.told("disable", home.clinic_id)
    terminal.told("disable", home.clinic_id, "--undo")
    of_clinic = select(AuditEvent).where(
        AuditEvent.clinic_id == home.clinic_id, AuditEvent.membership_id.is_(None)
    )
    told = sorted((event.action, event.object_id) for event in world.rows(of_clinic))
    clinic, member = str(home.clinic_id), str(home.clinician.membership_id)
    assert told == [
        ("clinic.disable", clinic), ("clinic.enable", clinic), ("membership.disable", member),
    ]  # fmt: skip


def test_an_invitation_makes_no_account_before_it_is_accepted(
    terminal: Terminal, world: World, home: Household
) -> None:
    email = email_in(home.clinic_id)
    terminal.told("invite", home.clinic_id, email)
    assert world.rows(select(Account).where(Account.email == email)) == []


def test_a_scale_comes_from_a_file_and_again_from_a_better_one(
    terminal: Terminal, home: Household, tmp_path: Path
) -> None:
    file = tmp_path / f"{scales.KEY}.toml"
    file.write_text(scales.SCALE)
    told = [terminal.told("scale", file, "--clinic", home.clinic_id) for _ in range(2)]
    file.write_text(scales.OTHER_WORDS)
    told.append(terminal.told("scale", file, "--clinic", home.clinic_id))
    key = scales.KEY
    assert told == [f"{key}: revision 1\n", f"{key}: revision 1\n", f"{key}: revision 2\n"]
    read = home.patient.get(f"/v1/instruments/{key}").json
    assert (read["own"], read["items"][0]["text"]) == (True, "with a book")


def test_a_bad_scale_is_refused_with_every_fault_and_nothing_is_written(
    terminal: Terminal, home: Household, tmp_path: Path
) -> None:
    file = tmp_path / f"{scales.KEY}.toml"
    file.write_text(scales.SCALE.replace('"self"', '"robot"').replace('"sum"', '"product"'))
    refused = terminal.refused("scale", file, "--clinic", home.clinic_id)
    assert "rater is none of self, clinician, either" in refused
    assert "scoring is none of" in refused
    file.write_bytes(b"key = '\xff'")
    assert "not UTF-8" in terminal.refused("scale", file, "--clinic", home.clinic_id)
    file.write_text(scales.SCALE)
    assert "no such clinic" in terminal.refused("scale", file, "--clinic", uuid4())
    assert home.patient.get(f"/v1/instruments/{scales.KEY}").status_code == 404
    terminal.told("scale", file, "--clinic", home.clinic_id)
    file.write_text(scales.SCALE.replace("items = 3", "items = 3\nscored_items = [1, 2, 3]"))
    assert "would be scored otherwise" in terminal.refused(
        "scale", file, "--clinic", home.clinic_id
    )
