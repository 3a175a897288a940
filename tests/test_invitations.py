"""An invitation opens once, for a while, for whoever holds it, and makes exactly one account."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from care.invitations import LIFETIME
from care.keys import Keys
from models.account import Account
from models.audit_event import AuditEvent
from models.clinic import Clinic
from models.consent import Consent
from models.invitation import Invitation
from models.membership import Membership
from models.patient import Patient
from tests.people import PASSWORD, Household, World, fresh_address
from tests.sign_in import OTHER_PASSWORD, is_open, log_in, stopped

NEW = "seven-green-lanterns"
ZONE = "Europe/Lisbon"


@dataclass
class Invited:
    """An invitation, and the way to accept it."""

    home: Household
    email: str
    token: str
    role: str = "clinician"

    def body(self, **changes: Any) -> dict[str, Any]:
        good = {"password": NEW, "display_name": "Ada Example", "timezone": ZONE}
        if self.role == "patient":
            good["consent_version"] = "2026-11"
        return {name: value for name, value in (good | changes).items() if value is not None}

    def accept(self, key: str | None = None, **changes: Any) -> Any:
        return self.home.world.client().post(
            f"/v1/invitations/{self.token}/accept",
            json=self.body(**changes),
            headers={} if key is None else {"Idempotency-Key": key},
            environ_base={"REMOTE_ADDR": fresh_address()},
        )

    def look(self) -> Any:
        return self.home.world.client().get(f"/v1/invitations/{self.token}")

    def accounts(self) -> int:
        of_email = select(func.count()).where(Account.email == self.email)
        return int(self.home.world.rows(of_email)[0][0])

    def places(self) -> list[Any]:
        of_email = select(Membership).join(Account, Account.id == Membership.account_id)
        return self.home.world.rows(of_email.where(Account.email == self.email))


def fresh_email() -> str:
    return f"invited.{uuid4().hex}@example.org"


def invite_staff(home: Household, email: str | None = None) -> Invited:
    email = email or fresh_email()
    answer = home.admin.post("/v1/staff", {"email": email, "role": "clinician"})
    return Invited(home, email, answer.json["token"])


def invite_patient(home: Household, email: str | None = None) -> Invited:
    email = email or fresh_email()
    patient = {
        "display_name": "Ada",
        "birth_date": "1980-01-01",
        "country": "DE",
        "language": "de",
        "timezone": "Europe/Berlin",
        "email": email,
    }
    answer = home.clinician.post("/v1/patients", patient)
    return Invited(home, email, answer.json["invitation"]["token"], "patient")


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.json
    return [error["pointer"] for error in answer.json["errors"]]


def change(world: World, table: Any, where: Any, **values: Any) -> None:
    with world.services.database.begin(write=True) as connection:
        connection.execute(update(table).where(where).values(**values))
        connection.commit()


def test_an_invitation_says_what_it_is_for(home: Household) -> None:
    invited = invite_staff(home)
    shown = invited.look().json
    assert (shown["clinic_name"], shown["role"]) == ("Clinic", "clinician")
    assert (shown["email"], shown["timezone"]) == (invited.email, "Europe/Berlin")


def test_accepting_makes_an_account_and_answers_like_a_login(home: Household) -> None:
    invited = invite_staff(home)
    accepted = invited.accept()
    assert accepted.status_code == 200
    logged_in = log_in(home.world, invited.email, NEW)
    assert accepted.json.keys() == logged_in.json.keys()
    assert accepted.json["user"] == logged_in.json["user"]
    assert accepted.json["user"]["display_name"] == "Ada Example"
    assert is_open(home.world, accepted.json["access_token"])
    (place,) = invited.places()
    assert (place.clinic_id, place.role, place.timezone) == (home.clinic_id, "clinician", ZONE)


def test_a_patient_accepts_with_the_consent_they_read(home: Household) -> None:
    invited = invite_patient(home)
    assert pointers(invited.accept(consent_version=None)) == ["/consent_version"]
    assert invited.accounts() == 0
    with stopped() as time:
        user = invited.accept().json["user"]
    patient_id = UUID(user["patient_id"])
    (consent,) = home.world.rows(select(Consent).where(Consent.patient_id == patient_id))
    assert (consent.clinic_id, consent.version) == (home.clinic_id, "2026-11")
    assert consent.given_at == time.now
    (patient,) = home.world.rows(select(Patient.timezone).where(Patient.id == patient_id))
    assert patient.timezone == ZONE


def test_accepting_is_in_the_audit_trail(home: Household) -> None:
    invite_staff(home).accept()
    seen = select(AuditEvent.action).where(AuditEvent.clinic_id == home.clinic_id)
    actions = [row.action for row in home.world.rows(seen)]
    assert (actions.count("invitation.create"), actions.count("invitation.accept")) == (1, 1)


def test_an_invitation_opens_once(home: Household) -> None:
    invited = invite_staff(home)
    assert invited.accept().status_code == 200
    again = invited.accept()
    assert (again.status_code, again.json["type"]) == (410, "/problems/gone")
    assert invited.look().status_code == 410
    assert (invited.accounts(), len(invited.places())) == (1, 1)


def test_an_invitation_expires(home: Household) -> None:
    invited = invite_staff(home)
    with stopped() as time:
        time.now += LIFETIME - timedelta(minutes=1)
        assert invited.look().status_code == 200
        time.pass_by(minutes=1)
        assert invited.look().status_code == 410
        assert invited.accept().status_code == 410
    assert invited.accounts() == 0


def test_a_newer_invitation_revokes_the_older(home: Household) -> None:
    older = invite_staff(home)
    newer = invite_staff(home, older.email.upper())
    other = invite_staff(home)
    assert older.accept().status_code == 410
    assert newer.accept().status_code == 200
    assert other.accept().status_code == 200


def test_an_invitation_of_a_disabled_clinic_is_none(home: Household) -> None:
    invited = invite_staff(home)
    change(home.world, Clinic, Clinic.clinic_id == home.clinic_id, disabled_at=home.world.now)
    assert (invited.look().status_code, invited.accept().status_code) == (404, 404)


def test_a_token_we_did_not_make_opens_nothing(home: Household) -> None:
    good = invite_staff(home)
    number, _, seal = good.token.partition(".")
    other_seal = invite_staff(home).token.partition(".")[2]
    foreign = Keys("another" * 9).invitation_token(UUID(number))
    for token in (
        foreign,
        f"{number}.{other_seal}",
        number,
        f"{number}.",
        f"{number}.{seal}.",
        f"{number}.{seal[:-1]}",
        f"{UUID(number)}.{seal}",  # the same id, written otherwise
        f"{number.upper()}.{seal}",
        "é",
        home.admin.token,
    ):
        forged = Invited(home, good.email, token)
        assert (forged.look().status_code, forged.accept().status_code) == (404, 404), token
    assert good.accept().status_code == 200


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"password": "short"}, "/password"),
        ({"password": "password-clinic"}, "/password"),
        ({"password": "ada example!"}, "/password"),
        ({"password": None}, "/password"),
        ({"display_name": " "}, "/display_name"),
        ({"timezone": "Mars/Olympus"}, "/timezone"),
        ({"consent_version": "no/such?"}, "/consent_version"),
        ({"role": "admin"}, "/role"),
        ({"clinic_id": str(uuid4())}, "/clinic_id"),
    ],
)
def test_a_faulty_acceptance_makes_nothing_and_keeps_the_invitation(
    home: Household, wrong: dict[str, Any], pointer: str
) -> None:
    invited = invite_staff(home)
    assert pointers(invited.accept(**wrong)) == [pointer]
    assert invited.accounts() == 0
    assert invited.accept().status_code == 200


def test_who_has_an_account_joins_with_its_password_alone(home: Household) -> None:
    known = home.stranger
    invited = invite_staff(home, known.email)
    for wrong in (NEW, OTHER_PASSWORD):
        assert pointers(invited.accept(password=wrong)) == ["/password"]
    assert len(invited.places()) == 1
    accepted = invited.accept(password=PASSWORD)
    assert accepted.status_code == 200
    assert accepted.json["user"]["clinic_id"] == str(home.clinic_id)
    assert accepted.json["user"]["display_name"] == "Clinician"  # the account's, as it was
    assert (invited.accounts(), len(invited.places())) == (1, 2)
    assert known.get("/v1/me").json["clinic"]["id"] == str(known.clinic_id)


def test_guessing_an_accounts_password_by_invitation_gets_slow(home: Household) -> None:
    invited = invite_staff(home, home.stranger.email)
    with stopped():
        for _ in range(5):
            assert pointers(invited.accept()) == ["/password"]
        assert invited.accept().status_code == 429
        assert log_in(home.world, home.stranger.email).status_code == 429  # one account, one count


def test_an_acceptance_sent_again_under_its_key_is_answered_again(home: Household) -> None:
    for invited in (invite_staff(home), invite_patient(home)):
        first, again = invited.accept(key="k-1"), invited.accept(key="k-1")
        assert (first.status_code, again.status_code) == (200, 200)
        assert again.json["user"] == first.json["user"]
        assert is_open(home.world, again.json["access_token"])
        assert (invited.accounts(), len(invited.places())) == (1, 1)


def test_a_key_sent_again_with_another_body_is_refused(home: Household) -> None:
    invited = invite_staff(home)
    invited.accept(key="k-1")
    other = invited.accept(key="k-1", display_name="Eve")
    assert (other.status_code, other.json["type"]) == (422, "/problems/key-reused")
    assert pointers(invited.accept(key="k-1", password=OTHER_PASSWORD)) == ["/password"]
    assert invited.accept(key="k-2").status_code == 410
    assert invited.accept().status_code == 410


def test_an_acceptance_sent_again_after_being_shut_out_lets_nobody_in(home: Household) -> None:
    invited = invite_staff(home)
    membership = invited.accept(key="k-1").json["user"]["id"]
    assert home.admin.patch(f"/v1/staff/{membership}", {"disabled": True}).status_code == 200
    assert invited.accept(key="k-1").status_code == 410


@pytest.mark.parametrize("key", ["k-1", None])
def test_parallel_acceptances_make_one_account(home: Household, key: str | None) -> None:
    invited = invite_patient(home)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: invited.accept(key=key), range(4)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert set(statuses[1:]) <= ({410} if key is None else {200, 410})
    assert (invited.accounts(), len(invited.places())) == (1, 1)
    consents = select(Consent).where(Consent.clinic_id == home.clinic_id)
    assert len(home.world.rows(consents)) == 1
    assert invited.accept(key="k-1").status_code == (200 if key else 410)


def test_two_clinics_inviting_one_address_share_one_account(world: World, home: Household) -> None:
    elsewhere = Household(**{**home.__dict__, "admin": world.person(world.clinic(), "admin")})
    here = invite_staff(home)
    there = invite_staff(elsewhere, here.email)
    assert (here.accept().status_code, there.accept().status_code) == (200, 200)
    assert (here.accounts(), len(here.places())) == (1, 2)


def test_the_table_alone_opens_nothing(home: Household) -> None:
    number, _, seal = invite_staff(home).token.partition(".")
    (row,) = home.world.rows(select(Invitation).where(Invitation.id == UUID(number)))
    assert seal not in str(row)
