"""Facts of a chart and its assessments, in the tests of all routes."""

from collections.abc import Callable, Mapping
from typing import Any

from tests import facts
from tests.facts import SAMPLES
from tests.people import Household

#                                         patient other clin. coll. desk admin strang. nobody
TABLE = """
GET    /v1/me/diagnoses                       200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/diagnoses    403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/diagnoses    403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/diagnoses/{diagnosis_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/diagnoses/{diagnosis_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/diagnoses/{diagnosis_id}/void
                                              403   403   200   404  403   404   404   401
GET    /v1/me/trials                          200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/trials       403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/trials       403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/trials/{trial_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/trials/{trial_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/trials/{trial_id}/void
                                              403   403   200   404  403   404   404   401
GET    /v1/me/medications                     200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/medications  403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/medications  403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/medications/{medication_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/medications/{medication_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/medications/{medication_id}/void
                                              403   403   200   404  403   404   404   401
GET    /v1/me/contraindications               200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/contraindications
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/contraindications
                                              403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/contraindications/{contraindication_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/contraindications/{contraindication_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/contraindications/{contraindication_id}/void
                                              403   403   200   404  403   404   404   401
GET    /v1/me/events                          200   200   403   403  403   403   403   401
POST   /v1/me/events                          201   201   403   403  403   403   403   401
GET    /v1/me/events/{event_id}               200   404   403   403  403   403   403   401
PATCH  /v1/me/events/{event_id}               200   404   403   403  403   403   403   401
POST   /v1/me/events/{event_id}/void          200   404   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/events       403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/events       403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/events/{event_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/events/{event_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/events/{event_id}/void
                                              403   403   200   404  403   404   404   401
GET    /v1/me/observations                    200   200   403   403  403   403   403   401
GET    /v1/patients/{patient_id}/observations 403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/observations 403   403   201   404  403   404   404   401
GET    /v1/patients/{patient_id}/observations/{observation_id}
                                              403   403   200   404  403   404   404   401
PATCH  /v1/patients/{patient_id}/observations/{observation_id}
                                              403   403   200   404  403   404   404   401
POST   /v1/patients/{patient_id}/observations/{observation_id}/void
                                              403   403   200   404  403   404   404   401
"""
VOID = {"reason": "another patient's"}


def ids(home: Household) -> dict[str, str]:
    """A fact of each kind in the household, entered by staff; a second one of the patient's own."""
    return _facts(home, home.clinic_id, home.patient_id) | {"own_event_id": own_event(home)}


def foreign(home: Household) -> dict[str, str]:
    """The same in another clinic."""
    clinic_id = home.stranger.clinic_id
    return _facts(home, clinic_id, home.world.patient(clinic_id))


def _facts(home: Household, clinic_id: Any, patient_id: Any) -> dict[str, str]:
    rows = [facts.row(sample.one, clinic_id, patient_id) for sample in SAMPLES.values()]
    facts.put(home.world, *rows)
    return {f"{table.name}_id": str(row["id"]) for table, row in rows}


def own_event(home: Household) -> str:
    """What the patient themself has entered."""
    table, row = facts.row("event", home.clinic_id, home.patient_id, source="patient")
    facts.put(home.world, (table, row))
    return str(row["id"])


def _own(scene: Any) -> dict[str, str]:
    return {"event_id": scene.ids["own_event_id"]}


def _one(prefix: str, noun: str) -> str:
    return f"{prefix}/{noun}/{{{SAMPLES[noun].one}_id}}"


_STAFF, _ME = "/v1/patients/{patient_id}", "/v1/me"
_PLACES = [(_STAFF, noun) for noun in SAMPLES] + [(_ME, "events")]
SPECIAL: Mapping[Any, Callable[[Any], dict[str, str]]] = {
    ("GET", "/v1/me/events/{event_id}"): _own,
    ("PATCH", "/v1/me/events/{event_id}"): _own,
    ("POST", "/v1/me/events/{event_id}/void"): _own,
}
HEADERS: Mapping[Any, Any] = {}


def _sent(body: Mapping[str, Any]) -> Callable[..., dict[str, Any]]:
    return lambda *_: dict(body)


BODIES: Mapping[Any, Any] = {
    **{("POST", f"{at}/{noun}"): _sent(SAMPLES[noun].body) for at, noun in _PLACES},
    **{("PATCH", _one(at, noun)): _sent(SAMPLES[noun].change) for at, noun in _PLACES},
    **{("POST", f"{_one(at, noun)}/void"): _sent(VOID) for at, noun in _PLACES},
}


def sendings(home: Household) -> dict[str, Any]:
    """(who, method, path, body) by operation id, for each operation with a body."""
    changed, voided = ids(home), ids(home)
    given: dict[str, Any] = {}
    for noun, sample in SAMPLES.items():
        path, name = facts.of(home, noun), f"{sample.one}_id"
        given |= _writes(home.clinician, (path, changed[name], voided[name]), sample, "_for_staff")
    own = ("/v1/me/events", changed["own_event_id"], voided["own_event_id"])
    return given | _writes(home.patient, own, SAMPLES["events"], "")


def _writes(who: Any, at: tuple[str, str, str], sample: Any, ending: str) -> dict[str, Any]:
    path, changed, voided = at
    return {
        f"add_{sample.one}{ending}": (who, "POST", path, sample.body),
        f"change_{sample.one}{ending}": (who, "PATCH", f"{path}/{changed}", sample.change),
        f"void_{sample.one}{ending}": (who, "POST", f"{path}/{voided}/void", VOID),
    }
