"""Windows between sessions, response curves and control charts, in the tests of all routes."""

from collections.abc import Mapping
from typing import Any

from tests.people import Household

TABLE = """
GET    /v1/me/windows                                  200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/windows               403   403   200   404  403   404   404   401
GET    /v1/me/windows.svg                              200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/windows.svg           403   403   200   404  403   404   404   401
GET    /v1/me/response-curve                           200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/response-curve        403   403   200   404  403   404   404   401
GET    /v1/me/response-curve.svg                       200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/response-curve.svg    403   403   200   404  403   404   404   401
GET    /v1/me/control-chart                            200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/control-chart         403   403   200   404  403   404   404   401
GET    /v1/me/control-chart.svg                        200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/control-chart.svg     403   403   200   404  403   404   404   401
"""
SPECIAL: Mapping[Any, Any] = {}
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
