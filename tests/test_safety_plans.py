"""A safety plan is the patient's own; help is there for everybody, asked or not."""

from tests.areas.safety import PLAN
from tests.entries import match
from tests.people import Household
from tests.safety import ask_safety

OWN = "/v1/me/safety-plan"


def test_a_plan_is_written_by_the_patient_and_read_by_the_care_team(home: Household) -> None:
    staff = f"/v1/patients/{home.patient_id}/safety-plan"
    assert home.patient.get(OWN).status_code == 404
    first = home.patient.put(OWN, PLAN)
    assert (first.status_code, first.json) == (201, PLAN | {"revision": 1})
    assert home.patient.put(OWN, PLAN).status_code == 200  # the same again
    assert home.clinician.get(staff).json == first.json
    assert home.clinician.put(OWN, PLAN).status_code == 403
    assert home.patient.get("/v1/me/safety").json["has_safety_plan"] is True


def test_a_plan_is_never_replaced_unseen(home: Household) -> None:
    first = home.patient.put(OWN, PLAN)
    other = PLAN | {"places": ["the river"]}
    assert home.patient.put(OWN, other).status_code == 428
    second = home.patient.put(OWN, other, headers=match(first))
    assert (second.status_code, second.json["revision"]) == (200, 2)
    assert home.patient.put(OWN, PLAN, headers=match(first)).status_code == 412


def test_help_is_there_where_nothing_is_asked(home: Household) -> None:
    card = home.patient.get("/v1/me/safety").json
    assert card["title"] == "Help now"
    assert "does not ask" in " ".join(card["texts"])
    assert card["next_look"] is None
    ask_safety(home)
    asked = home.patient.get("/v1/me/safety").json
    assert "does not ask" not in " ".join(asked["texts"])
    assert asked["next_look"] is not None
