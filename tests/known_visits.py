"""What the fuzzers are told about sessions, bookings and doses."""

from collections.abc import Callable
from itertools import count
from typing import Any

from tests.people import Household
from tests.visits import DURING, booking, completed, doses, home_dose, made, signed

Request = dict[str, Any]
_days = count(40)


def accepted(home: Household) -> dict[str, Callable[[], tuple[dict[str, str], Any]]]:
    """By operation, the ids and the body of a request that is carried out."""
    patient = {"patient_id": str(home.patient_id)}
    sessions, one = "/v1/patients/{patient_id}/sessions", "/{session_id}"
    bookings, of_doses = "/v1/patients/{patient_id}/bookings", "/v1/patients/{patient_id}/doses"

    def session(body: Any) -> dict[str, str]:
        return patient | {"session_id": made(home, body)["id"]}

    def past() -> Any:
        return completed(-next(_days))

    def coming() -> Any:
        return booking(next(_days))

    def dose() -> dict[str, str]:
        return patient | {"dose_id": home.clinician.post(doses(home), home_dose()).json["id"]}

    def closed() -> dict[str, str]:
        return patient | {"session_id": signed(home, -next(_days))["id"]}

    reason = {"reason": "recorded twice"}
    return {
        "GET /v1/me/sessions/{session_id}": lambda: (session(coming()), None),
        f"GET {sessions}": lambda: (patient, None),
        f"GET {sessions}{one}": lambda: (session(coming()), None),
        f"POST {sessions}": lambda: (patient, past()),
        f"PATCH {sessions}{one}": lambda: (session(past()), {"vitals": [{**DURING, "minute": 60}]}),
        f"POST {sessions}{one}/sign": lambda: (session(past()), None),
        f"POST {sessions}{one}/addenda": lambda: (closed(), {"text": "well"}),
        f"POST {sessions}{one}/void": lambda: (session(coming()), reason),
        f"POST {bookings}": lambda: (patient, {"scheduled_at": coming()["scheduled_at"]}),
        f"PATCH {bookings}{one}": lambda: (session(coming()), {"driver_confirmed": True}),
        f"GET {of_doses}": lambda: (patient, None),
        f"POST {of_doses}": lambda: (patient, home_dose()),
        f"PATCH {of_doses}/{{dose_id}}": lambda: (dose(), {"lot": "A1"}),
        f"POST {of_doses}/{{dose_id}}/void": lambda: (dose(), reason),
    }
