"""What the fuzzers are told about alerts and safety plans: a request of each that goes through."""

from collections.abc import Callable
from typing import Any

from tests.areas.safety import AGAIN, CONTACT, OUTCOME, PLAN, alert_row
from tests.people import Household

Told = Callable[[], tuple[dict[str, str], Any]]
_ONE = "/v1/alerts/{alert_id}"


def accepted(home: Household) -> dict[str, Told]:
    """By operation: what its path names, on an alert of its own, and its body."""

    def of(state: str, body: Any) -> Told:
        return lambda: (
            {"alert_id": alert_row(home.world, home.clinic_id, home.patient_id, state)},
            body,
        )

    to = {"membership_id": str(home.clinician.membership_id)}
    return {
        f"GET {_ONE}": of("waiting", None),
        f"POST {_ONE}/seen": of("waiting", None),
        f"POST {_ONE}/acknowledge": of("waiting", None),
        f"POST {_ONE}/assign": of("waiting", to),
        f"POST {_ONE}/contact": of("waiting", CONTACT),
        f"POST {_ONE}/resolve": of("acknowledged", OUTCOME),
        f"POST {_ONE}/reopen": of("resolved", AGAIN),
        "GET /v1/patients/{patient_id}/safety-plan": lambda: _planned(home),
    }


def _planned(home: Household) -> tuple[dict[str, str], Any]:
    """The patient's plan, whatever has become of it, written by now."""
    now = home.patient.get("/v1/me/safety-plan").headers.get("ETag")
    home.patient.put("/v1/me/safety-plan", PLAN, headers={"If-Match": now} if now else {})
    return {"patient_id": str(home.patient_id)}, None
