"""What failed, and who joined, is written down with who it was and where it came from."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from models.audit_event import AuditEvent
from models.db import NO_CLINIC
from tests.apps import nobody
from tests.matrix import ACCEPTANCE
from tests.people import Household
from tests.sign_in import log_in

ADDRESS, SHORTENED = "198.51.100.7", "198.51.100.0"


def only(home: Household, action: str) -> Any:
    """The one event of this action in the clinic."""
    mine = (AuditEvent.clinic_id == home.clinic_id, AuditEvent.action == action)
    (event,) = home.world.rows(select(AuditEvent).where(*mine))
    return event


def anonymous(account_id: UUID) -> Any:
    """What failed before any clinic was known, about this account."""
    about = AuditEvent.object_id == str(account_id)
    return select(AuditEvent).where(AuditEvent.clinic_id == NO_CLINIC, about)


def test_a_wrong_present_password_is_a_failure_of_who_is_known(home: Household) -> None:
    sent = {"current_password": "wrong-horse-battery", "new_password": "blue-lantern-walks"}
    assert home.patient.post("/v1/auth/password", sent).status_code == 422
    row = only(home, "password.change")
    assert (row.outcome, row.object_id) == ("failed", str(home.patient.account_id))
    assert (row.membership_id, row.login_id) == (home.patient.membership_id, home.patient.login_id)
    assert home.world.rows(anonymous(home.patient.account_id)) == []


def test_a_failed_login_says_where_it_came_from(home: Household) -> None:
    answer = log_in(home.world, home.patient.email, "wrong-horse-battery", address=ADDRESS)
    assert answer.status_code == 401
    (row,) = home.world.rows(anonymous(home.patient.account_id))
    assert (row.action, row.outcome, row.address) == ("login", "failed", SHORTENED)
    assert row.request_id == answer.headers["X-Request-Id"]


def test_who_accepts_an_invitation_is_named_in_their_own_trail(home: Household) -> None:
    patient_id = home.world.patient(home.clinic_id, email=f"{uuid4().hex}@example.org")
    invited = home.admin.post(f"/v1/patients/{patient_id}/invitations").json
    sent = ACCEPTANCE | {"consent_version": "2026-11"}
    path = f"/v1/invitations/{invited['token']}/accept"
    answer = nobody(home.world.app).post(path, json=sent, environ_base={"REMOTE_ADDR": ADDRESS})
    row = only(home, "invitation.accept")
    assert row.patient_id == patient_id
    assert (row.membership_id, row.address) == (UUID(answer.json["user"]["id"]), SHORTENED)
    assert row.request_id == answer.headers["X-Request-Id"]
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    seen = nobody(home.world.app).get("/v1/me/audit", headers=bearer).json["items"]
    (event,) = [item for item in seen if item["action"] == "invitation.accept"]
    assert (event["display_name"], event["role"]) == (sent["display_name"], "patient")
