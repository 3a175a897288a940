"""When access ends, and why no route can be opened without saying to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from api import app as app_module
from api.app import OpenDoor, create_app
from api.routes import Routes
from api.settings import Settings
from care.access import PERMISSIONS
from models.account import Account
from models.clinic import Clinic
from models.login import Login
from models.membership import Membership
from tests.conftest import SECRET_KEY
from tests.people import Household

CHART = "/v1/patients/{}/checkins"
IDLE = Settings(
    database_url="sqlite:////nowhere/idle.sqlite",
    secret_key=SECRET_KEY,
    environment="test",
    log_level="error",
)


def view() -> Response:
    """A view."""
    return Response(status=204)


def test_a_route_without_a_permission_stops_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    ajar = Routes("ajar", "Written past the door.")
    ajar.add_url_rule("/v1/ajar", "ajar", view)
    monkeypatch.setattr(app_module, "NOUNS", (*app_module.NOUNS, ajar))
    with pytest.raises(OpenDoor, match="/v1/ajar"):
        create_app(IDLE)


def test_a_route_with_a_permission_lets_the_app_start(monkeypatch: pytest.MonkeyPatch) -> None:
    shut = Routes("shut", "Written through the door.")
    shut.serve("GET", "/v1/shut", "self.read")(view)
    monkeypatch.setattr(app_module, "NOUNS", (*app_module.NOUNS, shut))
    app = create_app(IDLE)
    assert app.extensions["services"].permissions["shut.view"] == "self.read"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("permission", [name for name in PERMISSIONS if name.endswith(".read")])
def test_a_write_never_passes_under_a_read_permission(method: str, permission: str) -> None:
    with pytest.raises(ValueError, match="only reads"):
        Routes("wrong", "").serve(method, "/v1/wrong", permission)


def test_a_permission_nobody_has_defined_is_refused() -> None:
    with pytest.raises(ValueError, match="no such permission"):
        Routes("wrong", "").serve("GET", "/v1/wrong", "everything.read")


def test_every_permission_is_one_a_route_uses() -> None:
    used = set(create_app(IDLE).extensions["services"].permissions.values())
    assert used - {"public"} == set(PERMISSIONS)


# (since, until) in hours from now, None = open; and whether the clinician treats the patient now.
TIMES = [
    ((-1, None), True),
    ((-1, 1), True),
    ((-2, -1), False),
    ((1, None), False),
    ((1, 2), False),
]


def join(home: Household, patient_id: Any, times: tuple[float, float | None]) -> None:
    since, until = times
    now = home.world.now
    home.world.treats(
        home.colleague,
        patient_id,
        since=now + timedelta(hours=since),
        until=None if until is None else now + timedelta(hours=until),
    )


@pytest.mark.parametrize(("times", "treats"), TIMES)
def test_a_chart_is_open_from_since_until_until(
    home: Household, times: tuple[float, float | None], treats: bool
) -> None:
    join(home, home.patient_id, times)
    status = 200 if treats else 404
    assert home.colleague.get(CHART.format(home.patient_id)).status_code == status
    listed = home.colleague.get("/v1/patients").json["items"]
    assert [item["id"] for item in listed] == ([str(home.patient_id)] if treats else [])


past = st.tuples(st.floats(-99, 99), st.floats(-99, 99)).map(sorted).map(tuple)
# One open row at most: the database sees to that. No bound within a minute of now.
histories = st.tuples(st.lists(past, max_size=3), st.lists(st.floats(-99, 99), max_size=1))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories)
def test_access_follows_any_history_of_joining_and_leaving(
    home: Household, history: tuple[list[tuple[float, float]], list[float]]
) -> None:
    ended, current = history
    rows = [*ended, *((since, None) for since in current)]
    rows = [row for row in rows if all(hour is None or abs(hour) > 0.1 for hour in row)]
    patient_id = home.world.patient(home.clinic_id)
    for row in rows:
        join(home, patient_id, row)
    treats = any(since < 0 and (until is None or until > 0) for since, until in rows)
    status = home.colleague.get(CHART.format(patient_id)).status_code
    assert status == (200 if treats else 404), rows


def test_leaving_the_care_team_shuts_the_chart_and_joining_opens_it(home: Household) -> None:
    chart = CHART.format(home.patient_id)
    asked = {
        "patient_id": str(home.patient_id),
        "membership_id": str(home.colleague.membership_id),
    }
    assert home.colleague.get(chart).status_code == 404
    row = home.admin.post("/v1/care-teams", asked).json
    assert home.colleague.get(chart).status_code == 200
    assert home.admin.delete(f"/v1/care-teams/{row['id']}").status_code == 204
    assert home.colleague.get(chart).status_code == 404


def membership(home: Household) -> Any:
    return update(Membership).where(Membership.id == home.clinician.membership_id)


def account(home: Household) -> Any:
    return update(Account).where(Account.id == home.clinician.account_id)


def clinic(home: Household) -> Any:
    return update(Clinic).where(Clinic.clinic_id == home.clinic_id)


@pytest.mark.parametrize("shut", [membership, account, clinic])
def test_who_is_disabled_is_nobody_from_the_next_request_on(
    home: Household, shut: Callable[[Household], Any]
) -> None:
    chart = CHART.format(home.patient_id)
    assert home.clinician.get(chart).status_code == 200
    change(home, shut(home).values(disabled_at=home.world.now))
    assert home.clinician.get(chart).status_code == 401
    assert home.stranger.get("/v1/me").status_code == 200
    change(home, shut(home).values(disabled_at=None))
    assert home.clinician.get(chart).status_code == 200


def test_an_ended_login_is_nobody(home: Household) -> None:
    ended = update(Login).where(Login.id == home.clinician.login_id)
    assert home.clinician.get("/v1/me").status_code == 200
    change(home, ended.values(ended_at=home.world.now))
    assert home.clinician.get("/v1/me").status_code == 401


def test_a_care_team_row_of_another_clinic_opens_nothing(home: Household) -> None:
    moved = home.world.patient(home.stranger.clinic_id)
    home.world.treats(home.stranger, moved)
    assert home.stranger.get(CHART.format(moved)).status_code == 200
    assert home.clinician.get(CHART.format(moved)).status_code == 404


def change(home: Household, statement: Any) -> None:
    with home.world.services.database.begin(write=True) as connection:
        assert connection.execute(statement).rowcount == 1
        connection.commit()
