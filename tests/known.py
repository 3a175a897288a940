"""What the fuzzers are told about a household: no generator would guess it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from api.tokens import tokens
from models.db import new_id
from tests import known_letters, known_safety, known_visits, scales
from tests.areas import assessments, chart, courses, windows
from tests.people import PASSWORD, ZONE, Household


def day(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()


def entry() -> dict[str, Any]:
    """A check-in recorded now."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"mood": 6, "recorded_at": now, "timezone": ZONE}


def logged_day(home: Household, ago: int) -> str:
    """A day the patient has logged: at its first revision."""
    assert home.patient.put(f"/v1/me/checkins/{day(ago)}", entry()).status_code == 201
    return day(ago)


def invited_patient(home: Household) -> str:
    """Somebody with an e-mail and no login yet."""
    person = {"display_name": "Ada", "birth_date": "1984-05-02", "email": f"{new_id()}@example.org"}
    place = {"country": "DE", "language": "de", "timezone": ZONE}
    patient_id: str = home.front_desk.post("/v1/patients", person | place).json["id"]
    return patient_id


def known(home: Household) -> dict[str, dict[str, list[str]]]:
    """By operation, what no generator would guess: a password, an open invitation, a day."""
    staff, patient = [str(home.colleague.membership_id)], [str(home.patient_id)]
    password = [PASSWORD]
    return {
        "/checkins/{date}": {
            "path.date": [day(ago) for ago in (1, 2, 3)],
            "body.recorded_at": [entry()["recorded_at"]],
            "header.If-Match": ['"r1"'],
        },
        "PUT /v1/patients/{patient_id}/checkins/{date}": {"path.patient_id": patient},
        "PATCH /v1/clinic": {"header.If-Match": ['"r1"']},
        "GET /v1/instruments/{key}": {"path.key": ["phq9", scales.KEY]},
        "/v1/clinic/instruments/{key}": {
            "path.key": [scales.KEY],
            "body.toml": [scales.SCALE],
            "header.If-Match": ['"r1"'],
        },
        "POST /v1/auth/login": {"body.email": [home.patient.email], "body.password": password},
        "POST /v1/auth/password": {"body.current_password": password},
        "POST /v1/auth/refresh": {"body.refresh_token": refresh_tokens(home)},
        "/v1/invitations/{token}": {"path.token": invitations(home), "body.password": password},
        "PATCH /v1/staff/{membership_id}": {"path.membership_id": staff},
        "POST /v1/care-teams": {"body.membership_id": staff, "body.patient_id": patient},
        "GET /docs/{name}": {"path.name": ["docs.js", "swagger-ui.css"]},
        "GET /problems/{slug}": {"path.slug": ["invalid", "gone"]},
    } | chart_ids(home)


CHART = (chart, courses, assessments)


def chart_ids(home: Household) -> dict[str, dict[str, list[str]]]:
    """Rows of the patient's chart, by the name paths give them."""
    return {
        f"{{{name}}}": {f"path.{name}": [one]}
        for area in CHART
        for name, one in area.ids(home).items()
        if not name.startswith("own_")
    }


def chart_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Every request about a chart, on rows of its own."""

    def request(area: Any, route: tuple[str, str]) -> dict[str, Any]:
        ids = area.ids(home) | {"patient_id": str(home.patient_id)}
        if route in area.SPECIAL:
            ids |= {
                name.removeprefix("own_"): one
                for name, one in ids.items()
                if name.startswith("own_")
            }
        named = {name: one for name, one in ids.items() if f"{{{name}}}" in route[1]}
        body = area.BODIES[route]() if route in area.BODIES else None
        return at(named, body)

    routes = [(area, route) for area in CHART for route in routes_of(area.TABLE)]
    return {" ".join(route): partial(request, area, route) for area, route in routes}


def visit_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Every request about sessions, bookings, doses and letters, on rows of its own."""

    def request(told: Callable[[], tuple[dict[str, str], Any]]) -> dict[str, Any]:
        return at(*told())

    known_ones = known_visits.accepted(home) | known_letters.accepted(home)
    known_ones |= known_safety.accepted(home)
    return {label: partial(request, told) for label, told in known_ones.items()}


def routes_of(table: str) -> list[tuple[str, str]]:
    """The routes of some rows of the access matrix."""
    words = table.split()
    return [(method, path) for method, path in pairwise(words) if path.startswith("/")]


def accepted(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """By operation, a request that is carried out: chance alone seldom puts all of one together.

    Each is made when it is wanted: what it is about is then as nothing else has touched it.
    """
    return (
        checkin_requests(home)
        | people_requests(home)
        | sign_in_requests(home)
        | chart_requests(home)
        | visit_requests(home)
        | page_requests(home)
        | scale_requests(home)
    )


def scale_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Scales that are there to be put again or retired."""
    path = "/v1/clinic/instruments/{key}"
    return {
        f"PUT {path}": lambda: at({"key": "another"}, {"toml": named("another")}),
        f"POST {path}/retire": lambda: at({"key": retirable(home, "drowsiness")}),
        f"GET {path}": lambda: at({"key": "phq9"}),
        "GET /v1/instruments/{key}": lambda: at({"key": "phq9"}),
    }


def named(key: str) -> str:
    """The file of a scale of this key."""
    return scales.SCALE.replace(scales.KEY, key)


def retirable(home: Household, key: str) -> str:
    """A scale of the clinic's own."""
    answer = scales.put(home.admin, named(key), key)
    assert answer.status_code in (200, 201, 428), answer.json
    return key


def checkin_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Days that are there to be read or deleted, and others that are not."""
    patient_id = {"patient_id": str(home.patient_id)}
    staff_day = patient_id | {"date": day(3)}
    return {
        "PUT /v1/me/checkins/{date}": lambda: at({"date": day(4)}, entry()),
        "GET /v1/me/checkins/{date}": lambda: at({"date": logged_day(home, 5)}),
        "DELETE /v1/me/checkins/{date}": lambda: (
            at({"date": logged_day(home, 6)}) | {"headers": {"If-Match": '"r1"'}}
        ),
        "PUT /v1/patients/{patient_id}/checkins/{date}": lambda: at(staff_day, entry()),
        "GET /v1/patients/{patient_id}/checkins/{date}": lambda: at(
            patient_id | {"date": logged_day(home, 7)}
        ),
        "GET /v1/patients/{patient_id}/checkins": lambda: at(patient_id),
    }


def people_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Requests about patients and staff."""
    patient_id = {"patient_id": str(home.patient_id)}
    colleague = {"membership_id": str(home.colleague.membership_id)}
    return {
        "GET /v1/patients/{patient_id}/audit": lambda: at(patient_id),
        "PATCH /v1/patients/{patient_id}": lambda: at(patient_id, {"phone": "1"}),
        "POST /v1/patients/{patient_id}/invitations": lambda: at(
            {"patient_id": invited_patient(home)}
        ),
        "PATCH /v1/staff/{membership_id}": lambda: at(colleague, {"disabled": False}),
        "POST /v1/care-teams": lambda: at({}, patient_id | colleague),
    }


def sign_in_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Requests that carry a password or a token."""
    membership = {"password": PASSWORD, "display_name": "Ada", "timezone": ZONE}
    passwords = {"current_password": PASSWORD, "new_password": PASSWORD}
    login = {"email": home.patient.email, "password": PASSWORD}
    return {
        "POST /v1/auth/login": lambda: at({}, login),
        "POST /v1/auth/password": lambda: at({}, passwords),
        "POST /v1/auth/refresh": lambda: at({}, {"refresh_token": refresh_tokens(home)[0]}),
        "GET /v1/invitations/{token}": lambda: at({"token": invitations(home)[0]}),
        "POST /v1/invitations/{token}/accept": lambda: at(
            {"token": invitations(home)[0]}, membership
        ),
    }


def page_requests(home: Household) -> dict[str, Callable[[], dict[str, Any]]]:
    """Pages and files that there are, and a chart of theirs."""
    patient_id = {"patient_id": str(home.patient_id)}
    return {
        "GET /docs/{name}": lambda: at({"name": "docs.js"}),
        "GET /problems/{slug}": lambda: at({"slug": "gone"}),
        "GET /web/{room}/{name}": lambda: at({"room": "lib", "name": "client.js"}),
        "GET /vendor/{name}": lambda: at({"name": "preact.js"}),
        "GET /v1/patients/{patient_id}/trends.svg": lambda: at(patient_id),
        **{
            f"{method} {path}": lambda: at(patient_id)
            for method, path in routes_of(windows.TABLE)
            if "{patient_id}" in path
        },
    }


def at(path: dict[str, str], body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The parts of a request."""
    sent = {} if body is None else {"body": body, "media_type": "application/json"}
    return {"path_parameters": path, **sent}


def refresh_tokens(home: Household) -> list[str]:
    """Several, of as many logins: each is good once."""
    grants = [home.world.log_in(home.patient.account_id) for _ in range(8)]
    with home.world.app.test_request_context():
        return [tokens(grant, datetime.now(UTC))[1] for grant in grants]


def invitations(home: Household) -> list[str]:
    """Several open ones: each opens once."""
    invitees = [{"email": f"{new_id()}@example.org", "role": "clinician"} for _ in range(8)]
    return [home.admin.post("/v1/staff", invitee).json["token"] for invitee in invitees]
