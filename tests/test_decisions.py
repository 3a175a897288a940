"""Decisions are people's: how many days until the next session, and because of what."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests import facts
from tests.entries import match, pointers
from tests.facts import COURSE, DECISION_BODY, of
from tests.people import Household, World, household


def decided(home: Household, **given: Any) -> Any:
    answer = home.clinician.post(of(home, "decisions"), DECISION_BODY | given)
    assert answer.status_code == 201, answer.json
    return answer


def test_a_decision_tells_the_day_that_follows_from_it(home: Household) -> None:
    shown = decided(home).json
    assert shown["next_on"] == "2026-03-02"  # 2 February + 28 days
    assert shown["created_by"] == str(home.clinician.membership_id)
    assert decided(home, next_in_days=None).json["next_on"] is None
    listed = home.clinician.get(of(home, "decisions")).json["items"]
    assert listed[1] == shown
    assert home.patient.get("/v1/me/decisions").json["items"] == listed
    assert facts.audited(home.world, home.patient_id) == ["decision.create"] * 2


def test_a_decision_without_a_date_is_of_the_clinics_today(world: World) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart: never one day
        home = household(world, timezone=zone)
        before = datetime.now(ZoneInfo(zone)).date()
        shown = decided(home, decided_on=None).json
        assert before.isoformat() <= shown["decided_on"]
        assert shown["decided_on"] <= datetime.now(ZoneInfo(zone)).date().isoformat()


def test_a_decision_may_name_the_patients_own_course_and_no_other(home: Household) -> None:
    course = home.clinician.post(of(home, "courses"), COURSE).json["id"]
    assert decided(home, course_id=course).json["course_id"] == course
    other = home.world.patient(home.clinic_id)
    row = facts.ended_course(home.clinic_id, other)
    facts.put(home.world, row)
    for foreign in (row[1]["id"], uuid4()):
        body = DECISION_BODY | {"course_id": str(foreign), "decided_on": "2999-01-01"}
        refusal = home.clinician.post(of(home, "decisions"), body)
        assert pointers(refusal) == ["/course_id", "/decided_on"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"reasons": []}, ["/reasons"]),
        ({"reasons": ["plan", "plan"]}, ["/reasons"]),
        ({"reasons": ["plan", "moon"], "next_in_days": 0}, ["/next_in_days", "/reasons/1"]),
        ({"next_in_days": 731}, ["/next_in_days"]),
        ({"decided_on": "1979-12-31"}, ["/decided_on"]),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    home: Household, given: dict[str, Any], told: list[str]
) -> None:
    refusal = home.clinician.post(of(home, "decisions"), DECISION_BODY | given)
    assert pointers(refusal) == told
    assert home.clinician.get(of(home, "decisions")).json["items"] == []


def test_a_decision_is_never_changed_only_voided(home: Household) -> None:
    answer = decided(home)
    path = of(home, f"decisions/{answer.json['id']}")
    assert home.clinician.patch(path, {"next_in_days": 7}).status_code == 405
    stale = home.clinician.post(f"{path}/void", {"reason": "x"}, headers={"If-Match": '"r9"'})
    assert stale.status_code == 412
    voided = home.clinician.post(f"{path}/void", {"reason": "typed wrong"}, headers=match(answer))
    assert (voided.json["void_reason"], voided.json["revision"]) == ("typed wrong", 2)
    assert home.clinician.get(of(home, "decisions")).json["items"] == []
    assert home.clinician.get(path).json == voided.json
    assert facts.audited(home.world, home.patient_id) == ["decision.create", "decision.void"]


def test_a_decision_sent_twice_is_made_once(home: Household) -> None:
    key = {"Idempotency-Key": "once"}
    answers = [
        home.clinician.post(of(home, "decisions"), DECISION_BODY, headers=key) for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    assert len(home.clinician.get(of(home, "decisions")).json["items"]) == 1
