"""Alerts, reviews and safety plans, in the tests of all routes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.alert import Alert
from models.alert_event import AlertEvent
from models.db import new_id
from tests.people import Household, World

#                                         patient other clin. coll. desk admin strang. nobody
TABLE = """
GET    /v1/alerts                             403   403   200   200  403   200   200   401
GET    /v1/alerts/latency                     403   403   200   200  403   200   200   401
GET    /v1/patients/{patient_id}/alerts       403   403   200   404  403   404   404   401
GET    /v1/alerts/{alert_id}                  403   403   200   404  403   404   404   401
GET    /v1/alerts/{alert_id}/reach            403   403   200   404  403   404   404   401
POST   /v1/alerts/{alert_id}/seen             403   403   200   404  403   404   404   401
POST   /v1/alerts/{alert_id}/acknowledge      403   403   200   404  403   404   404   401
POST   /v1/alerts/{alert_id}/assign           403   403   200   404  403   404   404   401
POST   /v1/alerts/{alert_id}/contact          403   403   200   404  403   404   404   401
POST   /v1/alerts/{alert_id}/resolve          403   403   200   404  403   404   404   401
POST   /v1/alerts/{alert_id}/reopen           403   403   200   404  403   404   404   401
GET    /v1/patients/{patient_id}/sessions/{session_id}/banner
                                              403   403   200   404  403   404   404   401
GET    /v1/me/safety                          200   200   403   403  403   403   403   401
GET    /v1/me/safety-plan                     200   404   403   403  403   403   403   401
PUT    /v1/me/safety-plan                     200   201   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/safety-plan  403   403   200   404  403   404   404   401
"""
_ONE = "/v1/alerts/{alert_id}"
CONTACT = {"result": "reached", "note": "will come tomorrow"}
OUTCOME = {"outcome": "reached", "note": "spoke on the telephone"}
AGAIN = {"note": "called again"}
PLAN: dict[str, Any] = {
    "warning_signs": ["not answering messages"],
    "own_coping": ["a walk"],
    "places": [],
    "people": [{"name": "Ada", "phone": "030 1"}],
    "professionals": [],
    "safer_surroundings": [],
    "reasons": ["my sister"],
}

SPECIAL: Mapping[Any, Any] = {
    ("POST", f"{_ONE}/resolve"): lambda scene: {"alert_id": _like(scene, "acknowledged")},
    ("POST", f"{_ONE}/reopen"): lambda scene: {"alert_id": _like(scene, "resolved")},
}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {
    ("PUT", "/v1/me/safety-plan"): lambda *_: PLAN,
    ("POST", f"{_ONE}/assign"): lambda scene, _: {
        "membership_id": str(scene.home.clinician.membership_id)
    },
    ("POST", f"{_ONE}/contact"): lambda *_: CONTACT,
    ("POST", f"{_ONE}/resolve"): lambda *_: OUTCOME,
    ("POST", f"{_ONE}/reopen"): lambda *_: AGAIN,
}


def _like(scene: Any, state: str) -> str:
    """An alert of the household's patient in this state: the same one, whoever asks."""
    made: dict[str, str] = scene.home.__dict__.setdefault("alerts_made", {})
    if state not in made:
        made[state] = alert_row(
            scene.home.world, scene.home.clinic_id, scene.home.patient_id, state
        )
    return made[state]


def ids(home: Household) -> dict[str, str]:
    home.patient.put("/v1/me/safety-plan", PLAN)
    return {"alert_id": alert_row(home.world, home.clinic_id, home.patient_id)}


def foreign(home: Household) -> dict[str, str]:
    elsewhere = home.stranger.clinic_id
    return {"alert_id": alert_row(home.world, elsewhere, home.world.patient(elsewhere))}


def alert_row(world: World, clinic_id: UUID, patient_id: UUID, state: str = "waiting") -> str:
    """The id of an alert of this patient, written straight."""
    alert_id = new_id()
    owner = {"clinic_id": clinic_id, "patient_id": patient_id}
    stamps = {"opened_at": world.now, "last_raised_at": world.now, "due_at": world.now}
    row: dict[str, Any] = owner | stamps
    row |= {"id": alert_id, "rule": "M2", "episode": f"M2:{alert_id}", "severity": "normal"}
    row |= {"is_open": state != "resolved"}
    row |= {} if state == "waiting" else {"acknowledged_at": world.now, "acknowledged_by": new_id()}
    row |= {"resolved_at": world.now, "outcome": "reached"} if state == "resolved" else {}
    event = {"alert_id": alert_id, "number": 1, "kind": "raised", "at": world.now}
    world._insert((Alert, row), (AlertEvent, owner | event | {"rule": "M2", "severity": "normal"}))
    return str(alert_id)


def sendings(home: Household) -> dict[str, Any]:
    """One rightly sent body for each operation that has one."""
    made = [
        alert_row(home.world, home.clinic_id, home.patient_id, state)
        for state in ("waiting", "acknowledged", "resolved")
    ]
    paths = [f"/v1/alerts/{alert_id}" for alert_id in made]
    who = home.clinician
    colleague = {"membership_id": str(home.colleague.membership_id)}
    return {
        "put_safety_plan": (home.patient, "PUT", "/v1/me/safety-plan", PLAN),
        "assign_alert": (who, "POST", f"{paths[0]}/assign", colleague),
        "contact_patient": (who, "POST", f"{paths[0]}/contact", CONTACT),
        "resolve_alert": (who, "POST", f"{paths[1]}/resolve", OUTCOME),
        "reopen_alert": (who, "POST", f"{paths[2]}/reopen", AGAIN),
    }
