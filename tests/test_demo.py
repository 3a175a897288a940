"""`flask demo`: four logins that work, a month to look at; run again, it changes nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

import commands
from models.audit_event import AuditEvent
from models.db import Base
from models.membership import Membership
from tests.apps import app_on, nobody
from tests.people import ZONE, World, fresh_address

PASSWORD = "demo-interlude"
ROLES = {
    "clinician@demo.example": "clinician",
    "patient@demo.example": "patient",
    "frontdesk@demo.example": "front_desk",
    "admin@demo.example": "admin",
}


@pytest.fixture
def told(app: Flask) -> str:
    """What `flask demo` says, first run or not."""
    commands.register(app)
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    return result.output


class Visitor:
    """Somebody who logged in to the demo over HTTP."""

    def __init__(self, world: World, email: str) -> None:
        self.client = nobody(world.app)
        answer = self.client.post(
            "/v1/auth/login",
            json={"email": email, "password": PASSWORD},
            environ_base={"REMOTE_ADDR": fresh_address()},
        )
        assert answer.status_code == 200, answer.json
        self.user = answer.json["user"]
        self._headers = {"Authorization": f"Bearer {answer.json['access_token']}"}

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self._headers)


def days_of(visitor: Visitor, path: str) -> list[Any]:
    answer = visitor.get(f"{path}?limit=200")
    assert answer.status_code == 200, answer.json
    items: list[Any] = answer.json["items"]
    return items


def contents(world: World) -> dict[str, list[str]]:
    """Every row of every table, whatever their order."""
    return {
        table.name: sorted(str(row) for row in world.rows(select(table)))
        for table in Base.metadata.sorted_tables
    }


def test_the_logins_are_printed_and_work(told: str, world: World) -> None:
    assert PASSWORD in told
    visitors = {email: Visitor(world, email) for email in ROLES}
    assert {email: visitor.user["role"] for email, visitor in visitors.items()} == ROLES
    for email in ROLES:
        assert f"  {email}\n" in told
    assert len({visitor.user["clinic_id"] for visitor in visitors.values()}) == 1


def test_every_place_made_is_in_the_audit_trail(told: str, world: World) -> None:
    user = Visitor(world, "patient@demo.example").user
    clinic_id = UUID(user["clinic_id"])
    made = select(AuditEvent).where(
        AuditEvent.clinic_id == clinic_id, AuditEvent.action == "membership.create"
    )
    places = world.rows(select(Membership).where(Membership.clinic_id == clinic_id))
    named = {(event.object_id, event.patient_id) for event in world.rows(made)}
    assert len(world.rows(made)) == len(places) == len(ROLES)
    assert named == {(str(place.id), place.patient_id) for place in places}


def test_a_second_run_changes_no_row(told: str, app: Flask, world: World) -> None:
    before = contents(world)
    again = app.test_cli_runner().invoke(args=["demo"])
    assert again.exit_code == 0
    assert "already there, unchanged" in again.output
    assert contents(world) == before


def test_the_patient_has_about_a_month_of_check_ins(told: str, world: World) -> None:
    days = days_of(Visitor(world, "patient@demo.example"), "/v1/me/checkins")
    dates = [date.fromisoformat(day["date"]) for day in days]
    today = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()
    # 30 days, one in eight or so not logged; each is one that has ended.
    assert 20 <= len(days) <= 30
    assert today - timedelta(days=32) <= dates[0] <= dates[-1] < today
    for day in days:
        assert (day["source"], day["revision"], day["clock_suspect"]) == ("app", 1, False)
        assert day["entered_late"] is False
        assert day["custom"] == {"pain": 10 - day["mood"]}
    assert len({day["mood"] for day in days}) > 2


def test_the_clinician_sees_what_the_patient_logged_and_the_offices_do_not(
    told: str, world: World
) -> None:
    patient = Visitor(world, "patient@demo.example")
    path = f"/v1/patients/{patient.user['patient_id']}/checkins"
    own = days_of(patient, "/v1/me/checkins")
    assert days_of(Visitor(world, "clinician@demo.example"), path) == own
    assert Visitor(world, "admin@demo.example").get(path).status_code == 404
    assert Visitor(world, "frontdesk@demo.example").get(path).status_code == 403


def test_the_front_desk_finds_the_patient(told: str, world: World) -> None:
    desk = Visitor(world, "frontdesk@demo.example")
    patients = desk.get("/v1/patients").json["items"]
    assert [(item["mrn"], item["has_login"]) for item in patients] == [("DEMO-1", True)]


def test_a_known_password_is_not_for_production(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.sqlite"
    with app_on(url, environment="production") as app:
        commands.register(app)
        result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 2
    assert "not in production" in result.output
    assert not (tmp_path / "none.sqlite").exists()
