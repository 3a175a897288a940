"""What the fuzzers are told about resets, reminders, guides and calendar feeds of a household."""

from collections.abc import Callable
from typing import Any

from tests.areas.messages import a_feed, a_reset
from tests.people import Household
from tests.visits import booking, sessions


def booked(home: Household) -> str:
    """A session to read the guide of: on a day of its own."""
    answer = home.clinician.post(sessions(home), booking(60))
    if answer.status_code == 201:
        return str(answer.json["id"])
    listed = home.patient.get("/v1/me/sessions", query_string={"status": "booked"})
    return str(listed.json["items"][0]["id"])


def reminded(home: Household) -> None:
    """The patient has an hour, which can be put off."""
    assert home.patient.patch("/v1/me", {"reminder_at": "20:00"}).status_code == 200


def accepted(home: Household) -> dict[str, Callable[[], tuple[dict[str, str], Any]]]:
    """By operation: what its path names, and its body."""

    def snooze() -> tuple[dict[str, str], Any]:
        reminded(home)
        return {}, {"minutes": 30}

    new = {"new_password": "blue-lantern-walks"}
    return {
        "POST /v1/auth/reset": lambda: ({}, {"email": home.patient.email}),
        "POST /v1/auth/reset/{token}": lambda: ({"token": a_reset(home)}, new),
        "GET /v1/calendar/{feed_token}": lambda: ({"feed_token": a_feed(home)}, None),
        "PATCH /v1/me/reminders": lambda: ({}, {"reminder_at": "20:00"}),
        "POST /v1/me/reminders/snooze": snooze,
        "GET /v1/me/sessions/{session_id}/guide": lambda: ({"session_id": booked(home)}, None),
    }
