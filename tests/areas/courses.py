"""Courses, their plans, and decisions, in the tests of all routes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests import facts
from tests.facts import COURSE, DECISION_BODY
from tests.people import Household

#                                         patient other clin. coll. desk admin strang. nobody
TABLE = """
GET    /v1/plan-templates                     403   403   200   200  200   200   200   401
GET    /v1/me/courses                         200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/courses      403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/courses      403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/courses/{course_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/courses/{course_id}
                                              403   403   200   404  403   404   404   401
GET    /v1/patients/{patient_id}/courses/{course_id}/proposal
                                              403   403   200   404  403   404   404   401
GET    /v1/me/decisions                       200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/decisions    403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/decisions    403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/decisions/{decision_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/decisions/{decision_id}/void
                                              403   403   200   404  403   404   404   401
"""
VOID = {"reason": "decided otherwise"}
NOTE = {"note": "travels from far"}
SPECIAL: Mapping[Any, Any] = {}
HEADERS: Mapping[Any, Any] = {}
BODIES: Mapping[Any, Any] = {
    ("POST", "/v1/patients/{patient_id}/courses"): lambda *_: COURSE,
    ("PATCH", "/v1/patients/{patient_id}/courses/{course_id}"): lambda *_: NOTE,
    ("POST", "/v1/patients/{patient_id}/decisions"): lambda *_: DECISION_BODY,
    ("POST", "/v1/patients/{patient_id}/decisions/{decision_id}/void"): lambda *_: VOID,
}


def ids(home: Household) -> dict[str, str]:
    """A course that is over, and a decision."""
    return _rows(home, home.clinic_id, home.patient_id)


def foreign(home: Household) -> dict[str, str]:
    """The same in another clinic."""
    clinic_id = home.stranger.clinic_id
    return _rows(home, clinic_id, home.world.patient(clinic_id))


def _rows(home: Household, clinic_id: UUID, patient_id: UUID) -> dict[str, str]:
    course = facts.ended_course(clinic_id, patient_id)
    decision = facts.decision(clinic_id, patient_id)
    facts.put(home.world, course, decision)
    return {"course_id": str(course[1]["id"]), "decision_id": str(decision[1]["id"])}


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    who, known = home.clinician, ids(home)
    courses, decisions = facts.of(home, "courses"), facts.of(home, "decisions")
    voided = f"{decisions}/{known['decision_id']}/void"
    return {
        "open_course_for_staff": (who, "POST", courses, COURSE),
        "change_course_for_staff": (who, "PATCH", f"{courses}/{known['course_id']}", NOTE),
        "add_decision_for_staff": (who, "POST", decisions, DECISION_BODY),
        "void_decision_for_staff": (who, "POST", voided, VOID),
    }
