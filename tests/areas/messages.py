"""Routes about letters, reminders, session guides and the calendar."""

from collections.abc import Mapping
from typing import Any

from tests.people import Household
from tests.resets import token_of

TABLE = """
POST   /v1/auth/reset                         204   204   204   204  204   204   204   204
POST   /v1/auth/reset/{token}                 204   204   204   204  204   204   204   204
GET    /v1/me/reminders                       200   200   403   403  403   403   403   401
PATCH  /v1/me/reminders                       200   200   403   403  403   403   403   401
POST   /v1/me/reminders/snooze                200   200   403   403  403   403   403   401
GET    /v1/me/calendar                        200   200   403   403  403   403   403   401
PUT    /v1/me/calendar                        200   200   403   403  403   403   403   401
DELETE /v1/me/calendar                        204   204   403   403  403   403   403   401
GET    /v1/calendar/{feed_token}              200   200   200   200  200   200   200   200
GET    /v1/me/sessions/{session_id}/guide     200   404   403   403  403   403   403   401
"""


def remind(scene: Any) -> dict[str, str]:
    """Both patients have an hour, which can then be put off; no path names anything."""
    for persona in ("patient", "other"):
        assert scene.people[persona].patch("/v1/me", {"reminder_at": "20:00"}).status_code == 200
    return {}


SPECIAL: Mapping[Any, Any] = {
    ("POST", "/v1/auth/reset/{token}"): lambda scene: {"token": a_reset(scene.home)},
    ("POST", "/v1/me/reminders/snooze"): remind,
    ("GET", "/v1/calendar/{feed_token}"): lambda scene: {"feed_token": a_feed(scene.home)},
}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {
    ("POST", "/v1/auth/reset"): lambda scene, person: {
        "email": (person or scene.home.patient).email
    },
    ("POST", "/v1/auth/reset/{token}"): lambda *_: {"new_password": "blue-lantern-walks"},
    ("PATCH", "/v1/me/reminders"): lambda *_: {"reminder_at": "20:00"},
    ("POST", "/v1/me/reminders/snooze"): lambda *_: {"minutes": 30},
}


def a_reset(home: Household) -> str:
    """The token of an open reset, of somebody whose logins nobody needs."""
    return token_of(home.world, home.world.person(home.clinic_id, "clinician"))


def a_feed(home: Household) -> str:
    """The token of the patient's calendar feed."""
    url: str = home.patient.put("/v1/me/calendar", None).json["url"]
    return url.rpartition("/")[2]


def ids(_home: Household) -> dict[str, str]:
    """What this area's path parameters name in the household."""
    return {}


def foreign(_home: Household) -> dict[str, str]:
    """The same in another clinic."""
    return {}


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    home.patient.patch("/v1/me", {"reminder_at": "20:00"})
    new = {"new_password": "blue-lantern-walks"}
    return {
        "ask_for_reset": (
            home.patient, "POST", "/v1/auth/reset", {"email": "somebody@example.org"},
        ),
        "change_reminders": (
            home.patient, "PATCH", "/v1/me/reminders", {"reminder_at": "21:00"},
        ),
        "snooze_reminders": (
            home.patient, "POST", "/v1/me/reminders/snooze", {"minutes": 30},
        ),
        "reset_password": (home.patient, "POST", f"/v1/auth/reset/{a_reset(home)}", new),
    }  # fmt: skip
