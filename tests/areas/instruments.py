"""Rating scales and a clinic's own, in the tests of all routes."""

from collections.abc import Mapping
from typing import Any

from clinical.instruments import SHIPPED_FILES
from tests.people import Household
from tests.scales import KEY, SCALE, put

#                                         patient other clin. coll. desk admin strang. nobody
TABLE = """
GET    /v1/instruments                        200   200   200   200  200   200   200   401
GET    /v1/instruments/{key}                  200   200   200   200  200   200   200   401
GET    /v1/clinic/instruments                 403   403   200   200  200   200   200   401
GET    /v1/clinic/instruments/{key}           403   403   200   200  200   200   200   401
PUT    /v1/clinic/instruments/{key}           403   403   403   403  403   201   403   401
POST   /v1/clinic/instruments/{key}/retire    403   403   403   403  403   200   403   401
"""
_ONE = "/v1/clinic/instruments/{key}"


def _own(scene: Any) -> dict[str, str]:
    assert put(scene.home.admin).status_code in (200, 201, 428)
    return {"key": KEY}


SPECIAL: Mapping[Any, Any] = {("POST", f"{_ONE}/retire"): _own}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {("PUT", _ONE): lambda *_: {"toml": SHIPPED_FILES["phq9"]}}


def ids(_home: Household) -> dict[str, str]:
    """What this area's path parameters name in the household: a scale every clinic has."""
    return {"key": "phq9"}


def foreign(_home: Household) -> dict[str, str]:
    """The same in another clinic: it has it too."""
    return {}


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    path = f"/v1/clinic/instruments/{KEY}"
    return {"put_own_instrument": (home.admin, "PUT", path, {"toml": SCALE})}
