"""Routes about letters, reminders, session guides and the calendar."""

from collections.abc import Mapping
from typing import Any

from tests.people import Household
from tests.resets import token_of

TABLE = """
POST   /v1/auth/reset                         204   204   204   204  204   204   204   204
POST   /v1/auth/reset/{token}                 204   204   204   204  204   204   204   204
"""
SPECIAL: Mapping[Any, Any] = {
    ("POST", "/v1/auth/reset/{token}"): lambda scene: {"token": a_reset(scene.home)},
}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {
    ("POST", "/v1/auth/reset"): lambda scene, person: {
        "email": (person or scene.home.patient).email
    },
    ("POST", "/v1/auth/reset/{token}"): lambda *_: {"new_password": "blue-lantern-walks"},
}


def a_reset(home: Household) -> str:
    """The token of an open reset, of somebody whose logins nobody needs."""
    return token_of(home.world, home.world.person(home.clinic_id, "clinician"))


def ids(_home: Household) -> dict[str, str]:
    """What this area's path parameters name in the household."""
    return {}


def foreign(_home: Household) -> dict[str, str]:
    """The same in another clinic."""
    return {}


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    new = {"new_password": "blue-lantern-walks"}
    return {
        "ask_for_reset": (
            home.patient, "POST", "/v1/auth/reset", {"email": "somebody@example.org"},
        ),
        "reset_password": (home.patient, "POST", f"/v1/auth/reset/{a_reset(home)}", new),
    }  # fmt: skip
