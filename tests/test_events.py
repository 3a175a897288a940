"""Events have two authors: the patient and the clinic, and neither rewrites the other's words."""

from typing import Any

import pytest

from tests import facts
from tests.entries import pointers, someone
from tests.facts import of
from tests.people import Household

FLU = {"kind": "illness", "label": "flu", "started_on": "2026-01-05"}
MINE = "/v1/me/events"
VOID = {"reason": "was a cold"}


def told(home: Household) -> Any:
    """An event as the patient has entered it."""
    answer = home.patient.post(MINE, FLU)
    assert answer.status_code == 201, answer.json
    return answer.json


def test_what_the_patient_tells_is_in_the_chart_as_theirs(home: Household) -> None:
    event = told(home)
    assert (event["source"], event["created_by"]) == ("patient", str(home.patient.membership_id))
    assert home.clinician.get(of(home, f"events/{event['id']}")).json == event
    assert home.clinician.get(of(home, "events")).json["items"] == [event]
    assert facts.audited(home.world, home.patient_id) == ["event.create"]


def test_a_patient_changes_and_voids_their_own_words(home: Household) -> None:
    path = f"{MINE}/{told(home)['id']}"
    changed = facts.changed(home.patient, path, {"label": "bad flu", "ended_on": "2026-01-09"})
    assert (changed.json["label"], changed.json["revision"]) == ("bad flu", 2)
    stale = home.patient.patch(path, {"label": "x"}, headers={"If-Match": '"r1"'})
    assert stale.status_code == 412
    voided = home.patient.post(f"{path}/void", VOID).json
    assert voided["voided_by"] == str(home.patient.membership_id)
    assert home.patient.get(MINE).json["items"] == []
    assert home.patient.get(f"{MINE}?void=true").json["items"] == [voided]
    assert facts.inputs_version(home.world, home.patient_id) == 3


def test_staff_void_a_patients_words_but_never_change_them(home: Household) -> None:
    event = told(home)
    path = of(home, f"events/{event['id']}")
    refusal = home.clinician.patch(path, {"label": "a cold"})
    assert (refusal.status_code, refusal.json["type"]) == (409, "/problems/conflict")
    assert home.patient.get(f"{MINE}/{event['id']}").json == event
    voided = home.clinician.post(f"{path}/void", VOID).json
    assert (voided["voided_by"], voided["label"]) == (str(home.clinician.membership_id), "flu")
    assert home.patient.patch(f"{MINE}/{event['id']}", {"label": "x"}).status_code == 409


def test_a_patient_reads_what_the_clinic_entered_and_changes_none_of_it(home: Household) -> None:
    event = home.clinician.post(of(home, "events"), FLU).json
    path = f"{MINE}/{event['id']}"
    assert home.patient.get(path).json == event
    for refusal in (
        home.patient.patch(path, {"label": "x"}),
        home.patient.post(f"{path}/void", VOID),
    ):
        assert (refusal.status_code, refusal.json["type"]) == (409, "/problems/conflict")
    assert home.clinician.get(of(home, f"events/{event['id']}")).json == event


def test_the_event_of_another_patient_is_no_event(home: Household) -> None:
    event, other = told(home), someone(home.world, home.clinic_id)
    assert other.get(f"{MINE}/{event['id']}").status_code == 404
    assert other.patch(f"{MINE}/{event['id']}", {"label": "x"}).status_code == 404
    assert other.post(f"{MINE}/{event['id']}/void", VOID).status_code == 404
    assert other.get(MINE).json["items"] == []
    assert home.patient.get(f"{MINE}/{event['id']}").json == event


def test_who_sends_an_event_is_never_taken_from_the_body(home: Household) -> None:
    refusal = home.patient.post(MINE, FLU | {"source": "staff", "created_by": None})
    assert pointers(refusal) == ["/created_by", "/source"]
    key = {"Idempotency-Key": "once"}
    first, second = (home.patient.post(MINE, FLU, headers=key).json for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"ended_on": "2026-01-04"}, ["/ended_on"]),  # before it began
        ({"ended_on": "2026-01-09", "is_ongoing": True}, ["/ended_on"]),
        (
            {"started_on": "1979-12-31", "ended_on": "1979-12-30"},
            ["/ended_on"] * 2 + ["/started_on"],
        ),
        ({"kind": "weather", "label": " "}, ["/kind", "/label"]),
    ],
)
def test_an_event_that_cannot_be_is_refused(
    home: Household, given: dict[str, Any], faults: list[str]
) -> None:
    assert pointers(home.patient.post(MINE, FLU | given)) == faults
