"""Who looked and who was refused is written down, in the transaction of what it tells of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from care import audit
from models.audit_event import AuditEvent
from models.checkin import Checkin
from tests.conftest import Clock
from tests.matrix import ANSWERS, DAY, PHONED_DAY, Scene, care_team_row, promised, scene
from tests.people import PASSWORD, Household, Person

READS = [route for route in promised() if route[0] == "GET" and "{patient_id}" in route[1]]
CHART = ("GET", "/v1/patients/{patient_id}/checkins")


@pytest.fixture
def stage(home: Household) -> Scene:
    return scene(home)


def events(home: Household, **wanted: Any) -> list[Any]:
    """The clinic's events with these values, oldest first."""
    mine = AuditEvent.clinic_id == home.clinic_id
    conditions = [AuditEvent.__table__.c[name] == value for name, value in wanted.items()]
    return home.world.rows(select(AuditEvent).where(mine, *conditions).order_by(AuditEvent.at))


def reads(home: Household, person: Person) -> list[Any]:
    return events(home, action="patient.read", outcome="ok", login_id=person.login_id)


def only(rows: list[Any]) -> Any:
    assert len(rows) == 1, rows
    return rows[0]


def name_of(route: tuple[str, str]) -> str:
    return route[1]


def test_there_are_reads_to_look_at() -> None:
    assert CHART in READS


@pytest.mark.parametrize("route", READS, ids=name_of)
def test_reading_a_patient_is_written_down_once_an_hour(stage: Scene, route: Any) -> None:
    home, reader = stage.home, stage.home.clinician
    assert reads(home, reader) == []
    assert [stage.ask("clinician", route).status_code for _ in range(3)] == [200, 200, 200]
    event = only(reads(home, reader))
    assert event.patient_id == home.patient_id
    assert (event.object_type, event.object_id) == ("patient", str(home.patient_id))
    assert event.membership_id == reader.membership_id
    assert event.read_hour == event.at.replace(minute=0, second=0, microsecond=0)


def test_each_login_each_patient_and_each_hour_is_written_down(stage: Scene, clock: Clock) -> None:
    home, world = stage.home, stage.home.world
    stage.ask("clinician", CHART)
    assert len(reads(home, home.clinician)) == 1
    another = world.patient(home.clinic_id)
    world.treats(home.clinician, another)
    stage.ask("clinician", CHART, patient_id=another)
    assert len(reads(home, home.clinician)) == 2
    clock.ahead = timedelta(hours=1)
    for _ in range(2):
        stage.ask("clinician", CHART)
    assert len(reads(home, home.clinician)) == 3
    world.treats(home.colleague, home.patient_id)
    stage.ask("colleague", CHART)
    assert len(reads(home, home.colleague)) == 1
    assert len(reads(home, home.clinician)) == 3


def test_a_second_device_of_the_same_person_is_another_look(home: Household) -> None:
    path = f"/v1/patients/{home.patient_id}"
    login = {"email": home.clinician.email, "password": PASSWORD}
    other = home.clinician.post("/v1/auth/login", login).json["access_token"]
    for token in (home.clinician.token, other, home.clinician.token, other):
        answer = home.clinician.get(path, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
    looks = events(home, action="patient.read", membership_id=home.clinician.membership_id)
    assert len({look.login_id for look in looks}) == len(looks) == 2


def test_the_desk_reading_contact_data_is_written_down_too(home: Household) -> None:
    for reader in (home.front_desk, home.admin):
        assert reader.get(f"/v1/patients/{home.patient_id}").status_code == 200
        assert len(reads(home, reader)) == 1


def test_asking_who_treats_a_patient_is_a_look_at_them(home: Household) -> None:
    for _ in range(2):
        path = f"/v1/care-teams?patient_id={home.patient_id}"
        assert len(home.admin.get(path).json["items"]) == 1
    assert only(reads(home, home.admin)).patient_id == home.patient_id


def test_a_look_at_the_list_of_patients_is_written_down_each_time(home: Household) -> None:
    for reader in (home.clinician, home.front_desk):
        for looks in (1, 2):
            assert reader.get("/v1/patients").status_code == 200
            written = events(home, action="patients.list", login_id=reader.login_id)
            assert len(written) == looks


def test_a_patient_reading_their_own_is_not_written_down(stage: Scene) -> None:
    home = stage.home
    before = len(events(home))
    for path in ("", "/checkins", f"/checkins/{DAY}", "/audit", "/logins"):
        assert home.patient.get(f"/v1/me{path}").status_code == 200
    assert len(events(home)) == before


def denials(home: Household, person: Person) -> list[Any]:
    return events(home, outcome="denied", login_id=person.login_id)


@pytest.mark.parametrize("route", [route for route in promised() if "{patient_id}" in route[1]])
@pytest.mark.parametrize("persona", ["other", "colleague"])
def test_every_denial_leaves_one_row(stage: Scene, persona: str, route: Any) -> None:
    home, patient_id = stage.home, str(stage.home.patient_id)
    for times in (1, 2):
        refused = stage.ask(persona, route, patient_id=patient_id)
        assert refused.status_code in (403, 404)
        rows = denials(home, stage.people[persona])
        assert [row.patient_id for row in rows] == [home.patient_id] * times
    assert reads(home, stage.people[persona]) == []


def test_reaching_for_what_does_not_exist_is_a_denial_like_any_other(home: Household) -> None:
    absent = str(uuid4())
    assert home.clinician.get(f"/v1/patients/{absent}").status_code == 404
    row = only(denials(home, home.clinician))
    assert row.object_id == absent


def test_a_role_that_may_not_is_a_denial_naming_what_it_asked(home: Household) -> None:
    assert home.clinician.patch("/v1/clinic", {"name": "Mine"}).status_code == 403
    row = only(denials(home, home.clinician))
    assert (row.action, row.patient_id) == ("clinic.write", None)


@pytest.mark.parametrize(
    ("persona", "method", "path", "action", "kind"),
    [
        ("clinician", "DELETE", "/v1/me/logins/{}", "self.write", "login"),
        ("admin", "PATCH", "/v1/staff/{}", "staff.read", "membership"),
        ("desk", "PATCH", "/v1/staff/{}", "staff.write", "membership"),
        ("admin", "DELETE", "/v1/care-teams/{}", "care_teams.read", "care_team"),
        ("desk", "DELETE", "/v1/care-teams/{}", "care_teams.write", "care_team"),
        ("admin", "GET", "/v1/care-teams?patient_id={}", "patient.read", "patient"),
    ],
)
def test_a_denial_names_what_was_reached_for(
    stage: Scene, persona: str, method: str, path: str, action: str, kind: str
) -> None:
    person, stranger = stage.people[persona], stage.home.stranger
    foreign = {
        "login": str(stranger.login_id),
        "membership": str(stranger.membership_id),
        "care_team": care_team_row(stage.home.world, stranger),
        "patient": str(stage.home.world.patient(stranger.clinic_id)),
    }
    for reached in (foreign[kind], str(uuid4())):
        body = {"disabled": True} if method == "PATCH" else None
        assert person.send(method, path.format(reached), body).status_code in (403, 404)
        row = only([row for row in denials(stage.home, person) if row.object_id == reached])
        assert (row.action, row.object_type) == (action, kind)
        assert row.patient_id == (UUID(reached) if kind == "patient" else None)


def test_nobody_leaves_no_denial(home: Household) -> None:
    before = len(events(home))
    assert home.patient.client.get(f"/v1/patients/{home.patient_id}").status_code == 401
    assert len(events(home)) == before


def test_the_patient_and_their_team_see_who_looked_and_who_was_refused(stage: Scene) -> None:
    home = stage.home
    assert stage.ask("clinician", CHART).status_code == 200
    assert stage.ask("colleague", CHART).status_code == 404
    looked = {
        (item["action"], item["outcome"], item["membership_id"])
        for item in home.patient.get("/v1/me/audit").json["items"]
    }
    assert {
        ("patient.read", "ok", str(home.clinician.membership_id)),
        ("patient.read", "denied", str(home.colleague.membership_id)),
    } <= looked
    seen = home.clinician.get(f"/v1/patients/{home.patient_id}/audit").json["items"]
    assert {(item["action"], item["outcome"], item["membership_id"]) for item in seen} == looked


def broken(*names: Any, **more: Any) -> Mapping[str, Any]:
    """An event no database takes: its outcome is none there is."""
    return event_values(*names, **more) | {"outcome": "lost"}


event_values = audit.event_values


def unaudited(monkeypatch: pytest.MonkeyPatch, home: Household) -> FlaskClient:
    """From now on no event can be written; a client that looks at what is answered then."""
    monkeypatch.setattr(audit, "event_values", broken)
    return FlaskClient(home.world.app, use_cookies=False)


@pytest.mark.parametrize("route", READS, ids=name_of)
def test_what_cannot_be_audited_is_not_shown(
    stage: Scene, monkeypatch: pytest.MonkeyPatch, route: Any
) -> None:
    home = stage.home
    shown = stage.ask("desk" if route[1].endswith("}") else "clinician", route)
    home.clinician.client = unaudited(monkeypatch, home)
    home.world.treats(home.colleague, home.patient_id)
    home.colleague.client = home.clinician.client
    refused = stage.ask("colleague", route)
    assert refused.status_code in (409, 500)
    assert refused.content_type == "application/problem+json"
    for word in ("short walk", "display_name", "items", str(home.patient_id)):
        assert word not in refused.text
    assert reads(home, home.colleague) == []
    monkeypatch.undo()
    assert shown.status_code in (200, 403)
    assert stage.ask("colleague", route).status_code == 200


def test_what_cannot_be_audited_is_not_done(stage: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    home = stage.home
    of_patient = select(Checkin).where(Checkin.patient_id == home.patient_id)
    before, name = home.world.rows(of_patient), home.patient.get("/v1/me").json["display_name"]
    home.patient.client = unaudited(monkeypatch, home)
    answers = [
        home.patient.put(f"/v1/me/checkins/{PHONED_DAY}", ANSWERS),
        home.patient.delete(f"/v1/me/checkins/{DAY}", headers={"If-Match": '"r1"'}),
        home.patient.patch("/v1/me", {"display_name": "Another"}),
    ]
    assert all(answer.status_code in (409, 500) for answer in answers)
    monkeypatch.undo()
    assert home.world.rows(of_patient) == before
    assert home.patient.get("/v1/me").json["display_name"] == name


def test_the_trail_holds_ids_and_no_answers(stage: Scene) -> None:
    home = stage.home
    home.patient.put(f"/v1/me/checkins/{PHONED_DAY}", ANSWERS)
    stage.ask("clinician", CHART)
    for event in events(home):
        told = " ".join(str(value) for value in event._mapping.values())
        assert "short walk" not in told
        assert home.patient.email not in told


def test_every_write_about_a_patient_names_the_patient(stage: Scene) -> None:
    home = stage.home
    home.patient.put(f"/v1/me/checkins/{PHONED_DAY}", ANSWERS)
    home.clinician.patch(f"/v1/patients/{home.patient_id}", {"phone": "1"})
    home.admin.delete(f"/v1/care-teams/{stage.ids['member_id']}")
    about: set[str] = {event.action for event in events(home, patient_id=home.patient_id)}
    assert {"checkin.create", "patient.change", "care_team.leave"} <= about
    assert all(isinstance(event.id, UUID) for event in events(home))
