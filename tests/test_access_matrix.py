"""Who may do what: every route by every persona, held to the table in matrix.py."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin

from tests.areas import AREAS
from tests.matrix import DAY, PERSONAS, Route, Scene, care_team_row, promised, scene
from tests.people import Household

ROWS = promised()
SIGNED_IN = [persona for persona in PERSONAS if persona != "nobody"]
REFUSALS = (401, 403, 404)


@pytest.fixture
def stage(home: Household) -> Scene:
    return scene(home)


def name_of(route: Route) -> str:
    return " ".join(route)


def with_parameter(*names: str) -> list[Route]:
    """The routes whose path names somebody or something by one of these ids."""
    return [route for route in ROWS if any(f"{{{name}}}" in route[1] for name in names)]


def with_an_id() -> list[Route]:
    """The routes whose path names anything by an id."""
    return [route for route in ROWS if "_id}" in route[1]]


def test_every_route_has_a_row_in_the_table(app: Flask) -> None:
    served = {
        (method, FlaskPlugin.flaskpath2openapi(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method != "HEAD"  # comes with every GET
    }
    assert served == set(ROWS)


@pytest.mark.parametrize("route", ROWS, ids=name_of)
def test_each_persona_gets_what_the_table_says(stage: Scene, route: Route) -> None:
    answers = {persona: stage.ask(persona, route).status_code for persona in PERSONAS}
    assert answers == ROWS[route]


def told(response: Any) -> tuple[int, dict[str, Any], list[str]]:
    """All a client can learn from a refusal: status, body without its instance, header names."""
    assert response.status_code in REFUSALS, response.json
    body = {key: value for key, value in response.json.items() if key != "instance"}
    return response.status_code, body, sorted(response.headers.keys())


def foreign_ids(home: Household) -> dict[str, str]:
    """For each path parameter something that exists, in another clinic."""
    elsewhere, world = home.stranger, home.world
    of_areas = {name: known for area in AREAS for name, known in area.foreign(home).items()}
    return of_areas | {
        "patient_id": str(world.patient(elsewhere.clinic_id)),
        "membership_id": str(elsewhere.membership_id),
        "member_id": care_team_row(world, elsewhere),
        "login_id": str(elsewhere.login_id),
    }


@pytest.mark.parametrize("route", with_an_id(), ids=name_of)
def test_what_is_foreign_and_what_does_not_exist_look_the_same(stage: Scene, route: Route) -> None:
    foreign = foreign_ids(stage.home)
    absent = {name: str(uuid4()) for name in foreign}
    insiders = [persona for persona in SIGNED_IN if persona != "stranger"]
    for persona in insiders:
        answers = [told(stage.ask(persona, route, **ids)) for ids in (foreign, absent)]
        assert answers[0] == answers[1], persona


@pytest.mark.parametrize("route", with_parameter("patient_id"), ids=name_of)
def test_an_untreated_patient_and_none_at_all_look_the_same(stage: Scene, route: Route) -> None:
    untreated = str(stage.home.world.patient(stage.home.clinic_id))
    answers = [
        told(stage.ask("clinician", route, patient_id=patient_id))
        for patient_id in (untreated, str(uuid4()))
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.parametrize("name", ["patient_id", "membership_id"])
def test_an_id_in_a_body_tells_no_more_than_one_in_a_path(home: Household, name: str) -> None:
    known = {
        "patient_id": str(home.patient_id),
        "membership_id": str(home.colleague.membership_id),
    }
    answers = [
        told(home.admin.post("/v1/care-teams", known | {name: some_id}))
        for some_id in (foreign_ids(home)[name], str(uuid4()))
    ]
    assert answers[0] == answers[1]
    assert home.admin.post("/v1/care-teams", known).status_code == 201


def test_a_list_shows_nothing_of_a_foreign_patient(home: Household) -> None:
    patient_id = home.world.patient(home.stranger.clinic_id)
    home.world.treats(home.stranger, patient_id)
    path = f"/v1/care-teams?patient_id={patient_id}"
    own_admin = home.world.person(home.stranger.clinic_id, "admin")
    assert len(own_admin.get(path).json["items"]) == 1
    absent = home.admin.get(f"/v1/care-teams?patient_id={uuid4()}")
    assert told(home.admin.get(path)) == told(absent)
    assert absent.status_code == 404


def test_lists_show_clinicians_their_own_patients_and_the_desk_the_clinic(home: Household) -> None:
    untreated = str(home.world.patient(home.clinic_id))
    treated = str(home.patient_id)

    def seen(person: Any) -> set[str]:
        return {item["id"] for item in person.get("/v1/patients").json["items"]}

    assert seen(home.clinician) == {treated}
    assert seen(home.colleague) == set()
    assert seen(home.front_desk) == seen(home.admin) == {treated, untreated}
    assert seen(home.stranger).isdisjoint({treated, untreated})


def test_the_day_of_one_patient_is_not_the_day_of_another(stage: Scene) -> None:
    route = ("GET", "/v1/me/checkins")
    assert [day["date"] for day in stage.ask("patient", route).json["items"]] == [DAY]
    assert stage.ask("other", route).json["items"] == []


def test_an_admin_reads_a_chart_only_from_within_the_care_team(stage: Scene) -> None:
    route = ("GET", "/v1/patients/{patient_id}/checkins")
    assert stage.ask("admin", route).status_code == 404
    stage.home.world.treats(stage.home.admin, stage.home.patient_id)
    assert stage.ask("admin", route).status_code == 200
