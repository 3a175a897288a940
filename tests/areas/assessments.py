"""Rating scales filled in, in the tests of all routes."""

from collections.abc import Callable, Mapping
from typing import Any

from tests import facts
from tests.people import Household

TABLE = """
GET    /v1/me/assessments                     200   200   403   403  403   403   403   401
POST   /v1/me/assessments                     201   201   403   403  403   403   403   401
GET    /v1/me/assessments/due                 200   200   403   403  403   403   403   401
GET    /v1/me/assessments/{assessment_id}     200   404   403   403  403   403   403   401
PATCH  /v1/me/assessments/{assessment_id}     200   404   403   403  403   403   403   401
POST   /v1/me/assessments/{assessment_id}/void
                                              200   404   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/assessments  403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/assessments  403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/assessments/due
                                              403   403   200   404  403   404   404   401
GET    /v1/patients/{patient_id}/assessments/{assessment_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/assessments/{assessment_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/assessments/{assessment_id}/void
                                              403   403   200   404  403   404   404   401
"""
GAD7 = {"instrument": "gad7", "date": "2024-05-10", "items": [1, 1, 0, 2, 0, 1, 0]}
NOTE = {"note": "on the phone"}
VOID = {"reason": "another patient's"}
_STAFF, _ME = "/v1/patients/{patient_id}/assessments", "/v1/me/assessments"
_ONE = "/{assessment_id}"


def ids(home: Household) -> dict[str, str]:
    """An assessment that staff have entered; a second one of the patient's own."""
    own = _row(home, home.clinic_id, home.patient_id, source="app")
    staff = _row(home, home.clinic_id, home.patient_id)
    return {"assessment_id": staff, "own_assessment_id": own}


def foreign(home: Household) -> dict[str, str]:
    """The same in another clinic."""
    clinic_id = home.stranger.clinic_id
    return {"assessment_id": _row(home, clinic_id, home.world.patient(clinic_id))}


def _row(home: Household, clinic_id: Any, patient_id: Any, **given: Any) -> str:
    told = {"instrument": "gad7", "items": GAD7["items"], "total": 5.0, "source": "staff", **given}
    table, row = facts.row("assessment", clinic_id, patient_id, **told)
    facts.put(home.world, (table, row))
    return str(row["id"])


def _own(scene: Any) -> dict[str, str]:
    return {"assessment_id": scene.ids["own_assessment_id"]}


def _sent(body: Mapping[str, Any]) -> Callable[..., dict[str, Any]]:
    return lambda *_: dict(body)


SPECIAL: Mapping[Any, Callable[[Any], dict[str, str]]] = {
    ("GET", _ME + _ONE): _own,
    ("PATCH", _ME + _ONE): _own,
    ("POST", f"{_ME}{_ONE}/void"): _own,
}
HEADERS: Mapping[Any, Any] = {}
_PLACES = (_STAFF, _ME)
BODIES: Mapping[Any, Any] = {
    **{("POST", at): _sent(GAD7) for at in _PLACES},
    **{("PATCH", at + _ONE): _sent(NOTE) for at in _PLACES},
    **{("POST", f"{at}{_ONE}/void"): _sent(VOID) for at in _PLACES},
}


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    changed, voided = ids(home), ids(home)
    given: dict[str, Any] = {}
    for who, path, name, ending in (
        (home.clinician, facts.of(home, "assessments"), "assessment_id", "_for_staff"),
        (home.patient, _ME, "own_assessment_id", ""),
    ):
        given |= {
            f"record_assessment{ending}": (who, "POST", path, GAD7),
            f"change_assessment{ending}": (who, "PATCH", f"{path}/{changed[name]}", NOTE),
            f"void_assessment{ending}": (who, "POST", f"{path}/{voided[name]}/void", VOID),
        }
    return given
