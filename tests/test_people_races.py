"""Logging in, inviting, leaving and shutting out at once: nothing twice, nobody turned away."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from care import passwords
from models.audit_event import AuditEvent
from models.invitation import Invitation
from models.membership import Membership
from tests.at_once import at_once, twin
from tests.people import PASSWORD, Household, Person, World, fresh_address
from tests.sign_in import log_in


def statuses(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def open_invitations(home: Household, **wanted: Any) -> int:
    found = select(Invitation.id).where(
        Invitation.clinic_id == home.clinic_id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    return len(home.world.rows(found.filter_by(**wanted)))


def test_right_passwords_from_one_network_at_once_are_all_let_in(
    world: World, home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify", lambda _stored, given: given == PASSWORD)
    people = [world.person(home.clinic_id, "clinician") for _ in range(8)]
    address = fresh_address()
    for _ in range(5):
        asked = [partial(log_in, world, person.email, address=address) for person in people]
        assert statuses(at_once(asked)) == [200] * 8
    for _ in range(10):  # one account, its network known by now
        asked = [partial(log_in, world, people[0].email, address=address)] * 4
        assert statuses(at_once(asked)) == [200] * 4


def test_of_invitations_sent_at_once_one_stays_open(world: World, home: Household) -> None:
    patient_id = world.patient(home.clinic_id, email="ada.twice@example.org")
    world.treats(home.clinician, patient_id)
    path = f"/v1/patients/{patient_id}/invitations"
    inviters = [twin(world, who) for who in (home.clinician, home.front_desk) * 3]
    assert statuses(at_once([partial(who.post, path) for who in inviters])) == [201] * 6
    assert open_invitations(home, patient_id=patient_id) == 1
    new = {"email": f"new@{home.clinic_id.hex}.example.org", "role": "clinician"}
    admins = [twin(world, home.admin) for _ in range(6)]
    assert statuses(at_once([partial(who.post, "/v1/staff", new) for who in admins])) == [201] * 6
    assert open_invitations(home, email=new["email"]) == 1


def test_who_is_taken_off_a_team_thrice_at_once_leaves_once(world: World, home: Household) -> None:
    row_id = world.treats(home.colleague, home.patient_id)
    admins = [twin(world, home.admin) for _ in range(3)]
    answers = at_once([partial(who.delete, f"/v1/care-teams/{row_id}") for who in admins])
    assert statuses(answers) == [204, 409, 409]
    left = select(AuditEvent).where(
        AuditEvent.clinic_id == home.clinic_id, AuditEvent.action == "care_team.leave"
    )
    assert len(world.rows(left)) == 1


def shut_out(who: Person, other: Person) -> Any:
    return who.patch(f"/v1/staff/{other.membership_id}", {"disabled": True})


def test_admins_who_shut_each_other_out_leave_one(world: World) -> None:
    for _ in range(5):
        clinic_id = world.clinic()
        one, other = world.person(clinic_id, "admin"), world.person(clinic_id, "admin")
        answers = at_once([partial(shut_out, one, other), partial(shut_out, other, one)])
        # Whoever comes second is out already, or is told who would be left.
        assert statuses(answers) in ([200, 401], [200, 409])
        enabled = (Membership.clinic_id == clinic_id, Membership.disabled_at.is_(None))
        assert len(world.rows(select(Membership.id).where(*enabled))) == 1
