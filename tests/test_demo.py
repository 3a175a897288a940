"""`flask demo`: logins that work, months to look at; run again, it changes nothing."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

import commands
from commands.demo.cast import everybody, scripted
from models.audit_event import AuditEvent
from models.checkin import Checkin
from models.db import Base
from models.membership import Membership
from models.patient import Patient
from models.treatment_session import TreatmentSession
from tests import served
from tests.apps import app_on, own_database
from tests.conftest import folder_in_memory
from tests.contract import ContractClient
from tests.people import ZONE, World
from tests.visitors import PASSWORD, Visitor

ROLES = {
    "clinician@demo.example": "clinician",
    "patient@demo.example": "patient",
    "frontdesk@demo.example": "front_desk",
    "admin@demo.example": "admin",
}


@pytest.fixture(scope="module")
def demo(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The app on a small demo of this file's own."""
    folder = folder_in_memory(tmp_path_factory)
    with app_on(served.copied(made_demo, folder)) as app:
        app.test_client_class = ContractClient
        commands.register(app)
        yield World(app)
    shutil.rmtree(folder)


def contents(world: World) -> dict[str, list[str]]:
    """Every row of every table, whatever their order."""
    return {
        table.name: sorted(str(row) for row in world.rows(select(table)))
        for table in Base.metadata.sorted_tables
    }


def made_again(world: World, *options: str) -> str:
    result = world.app.test_cli_runner().invoke(args=["demo", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_logins_are_printed_and_work(made_demo: Path, demo: World) -> None:
    told = (made_demo / "told.txt").read_text()
    assert PASSWORD in told
    visitors = {email: Visitor(demo, email) for email in ROLES}
    assert {email: visitor.user["role"] for email, visitor in visitors.items()} == ROLES
    for email in ROLES:
        assert f"  {email}\n" in told
    assert len({visitor.user["clinic_id"] for visitor in visitors.values()}) == 1


def test_every_other_patient_can_log_in_by_name(demo: World) -> None:
    assert Visitor(demo, "marek.earlywear@demo.example").user["display_name"] == "Marek Earlywear"


def test_every_place_made_is_in_the_audit_trail(demo: World) -> None:
    clinic_id = UUID(Visitor(demo, "patient@demo.example").user["clinic_id"])
    made = select(AuditEvent).where(
        AuditEvent.clinic_id == clinic_id, AuditEvent.action == "membership.create"
    )
    places = demo.rows(select(Membership).where(Membership.clinic_id == clinic_id))
    named = {(event.object_id, event.patient_id) for event in demo.rows(made)}
    assert len(demo.rows(made)) == len(places) == 3 + 9
    assert named == {(str(place.id), place.patient_id) for place in places}


def test_every_check_in_and_session_is_in_the_audit_trail_at_its_own_time(demo: World) -> None:
    trail = demo.rows(select(AuditEvent))
    logged = {(row.patient_id, row.received_at) for row in demo.rows(select(Checkin))}
    assert logged == {(e.patient_id, e.at) for e in trail if e.action == "checkin.create"}
    held = {(str(row.id), row.created_at) for row in demo.rows(select(TreatmentSession))}
    assert held == {(e.object_id, e.at) for e in trail if e.action == "session.record"}


def test_nobody_was_treated_before_they_were_taken_on(demo: World) -> None:
    taken_on = {row.id: row.created_at for row in demo.rows(select(Patient))}
    for row in demo.rows(select(TreatmentSession)):
        assert taken_on[row.patient_id] < row.created_at


def test_whatever_day_it_is_made_on_its_patients_have_lived_the_same() -> None:
    winter, summer = (everybody(date(2027, month, 1), 40, 9) for month in (1, 7))
    for one, other in zip(winter, summer, strict=True):
        assert (one.mrn, one.name, one.treated) == (other.mrn, other.name, other.treated)


def test_a_second_run_changes_no_row(demo: World) -> None:
    before = contents(demo)
    assert "already there, unchanged" in made_again(demo)
    assert contents(demo) == before


def test_it_is_made_on_postgresql_too(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The shortest of the stories: the verbs' own tests meet PostgreSQL often enough.
    monkeypatch.setattr("commands.demo.everybody", lambda today, *_: scripted(today)[-1:])
    with app_on(own_database(postgres_server, tmp_path)) as app:
        commands.register(app)
        world = World(app)
        assert "Demo clinic: made" in made_again(world)
        before = contents(world)
        assert [len(before[name]) for name in ("patient", "course", "dose")] == [1, 1, 3]
        assert "already there, unchanged" in made_again(world)
        assert contents(world) == before


def test_the_patient_has_months_of_check_ins_and_today_is_left_to_log(demo: World) -> None:
    visitor = Visitor(demo, "patient@demo.example")
    days = visitor.pages("/v1/me/checkins")
    dates = [date.fromisoformat(day["date"]) for day in days]
    today = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date()
    assert len(days) > 120
    assert today - timedelta(days=2) <= dates[-1] < today
    for day in days:
        assert (day["source"], day["revision"], day["clock_suspect"]) == ("app", 1, False)
        assert day["entered_late"] is False
        assert day["custom"] == {"pain": 10 - day["mood"]}
    assert len({day["mood"] for day in days}) > 5


def test_the_clinician_sees_what_the_patient_logged_and_the_offices_do_not(demo: World) -> None:
    patient = Visitor(demo, "patient@demo.example")
    path = f"/v1/patients/{patient.user['patient_id']}/checkins"
    own = patient.pages("/v1/me/checkins")
    assert Visitor(demo, "clinician@demo.example").pages(path) == own
    assert Visitor(demo, "admin@demo.example").get(path).status_code == 404
    assert Visitor(demo, "frontdesk@demo.example").get(path).status_code == 403


def test_the_front_desk_finds_the_patients_by_name_the_first_one_first(demo: World) -> None:
    patients: list[Any] = Visitor(demo, "frontdesk@demo.example").pages("/v1/patients")
    told = [(item["mrn"], item["display_name"], item["has_login"]) for item in patients]
    assert told[0] == ("DEMO-1", "Alex Winter", True)
    assert len(told) == 9
    assert ("STORY-steady", "Hanna Steady", True) in told


def test_a_known_password_is_not_for_production(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.sqlite"
    with app_on(url, environment="production") as app:
        commands.register(app)
        result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 2
    assert "not in production" in result.output
    assert not (tmp_path / "none.sqlite").exists()
