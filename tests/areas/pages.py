"""The web pages and their charts, in the tests of all routes."""

from collections.abc import Mapping
from typing import Any

from tests.people import Household

TABLE = """
GET    /                                      200   200   200   200  200   200   200   200
GET    /login                                 200   200   200   200  200   200   200   200
GET    /checkin                               200   200   200   200  200   200   200   200
GET    /join                                  200   200   200   200  200   200   200   200
GET    /reset                                 200   200   200   200  200   200   200   200
GET    /alerts                                200   200   200   200  200   200   200   200
GET    /patients                              200   200   200   200  200   200   200   200
GET    /patients/{whose}                      200   200   200   200  200   200   200   200
GET    /web/{room}/{name}                     200   200   200   200  200   200   200   200
GET    /vendor/{name}                         200   200   200   200  200   200   200   200
GET    /v1/me/trends.svg                      200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/trends.svg   403   403   200   404  403   404   404   401
"""
SPECIAL: Mapping[Any, Any] = {
    ("GET", "/patients/{whose}"): lambda scene: {"whose": scene.ids["patient_id"]},
    ("GET", "/web/{room}/{name}"): lambda _: {"room": "lib", "name": "client.js"},
    ("GET", "/vendor/{name}"): lambda _: {"name": "preact.js"},
}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {}


def ids(_home: Household) -> dict[str, str]:
    """What this area's path parameters name in the household."""
    return {}


def foreign(_home: Household) -> dict[str, str]:
    """The same in another clinic."""
    return {}


def sendings(_home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    return {}
