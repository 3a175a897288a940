"""What is true of every kind of fact in a chart: kept as given, changed with care, never lost."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from models.audit_event import AuditEvent
from models.fact_revision import FactRevision
from tests import facts
from tests.at_once import at_once, twin
from tests.entries import match, pointers, today
from tests.facts import SAMPLES, Sample, added, of
from tests.people import Household

VOID = {"reason": "another patient's"}


@pytest.fixture(params=SAMPLES)
def noun(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def sample(noun: str) -> Sample:
    return SAMPLES[noun]


def path_of(home: Household, noun: str, answer: Any) -> str:
    return of(home, f"{noun}/{answer.json['id']}")


def stored(home: Household, sample: Sample) -> int:
    table = sample.kind.table
    counted = select(func.count()).where(table.patient_id == home.patient_id)
    return int(home.world.rows(counted)[0][0])


def test_a_fact_is_shown_as_it_was_given(home: Household, noun: str, sample: Sample) -> None:
    answer = added(home, noun)
    given = dict.fromkeys(sample.kind.columns) | {"is_ongoing": False} | dict(sample.body)
    shown = answer.json
    assert {key: shown[key] for key in given if key in shown} == {
        key: value for key, value in given.items() if key in shown
    }
    assert (shown["source"], shown["revision"], shown["voided_at"]) == ("staff", 1, None)
    assert shown["created_by"] == str(home.clinician.membership_id)
    path = path_of(home, noun, answer)
    again = home.clinician.get(path)
    assert (again.json, again.headers["ETag"]) == (shown, answer.headers["ETag"])
    held = {"If-None-Match": answer.headers["ETag"]}
    assert home.clinician.get(path, headers=held).status_code == 304
    assert home.clinician.get(of(home, noun)).json["items"] == [shown]
    assert home.patient.get(f"/v1/me/{noun}").json["items"] == [shown]
    assert facts.audited(home.world, home.patient_id) == [f"{sample.one}.create"]


def test_repeating_a_post_with_its_key_changes_nothing(
    home: Household, noun: str, sample: Sample
) -> None:
    key = {"Idempotency-Key": "tapped-often"}
    first = added(home, noun, headers=key)
    second = added(home, noun, headers=key)
    assert (second.json, second.headers["ETag"]) == (first.json, first.headers["ETag"])
    other = home.clinician.post(of(home, noun), {**sample.body, "note": "other"}, headers=key)
    assert other.json["type"] == "/problems/key-reused"
    assert stored(home, sample) == 1
    assert facts.audited(home.world, home.patient_id) == [f"{sample.one}.create"]


def test_every_fault_is_named_at_once_and_nothing_is_written(
    home: Household, noun: str, sample: Sample
) -> None:
    wrong = {**sample.body, **sample.wrong}
    refusal = home.clinician.post(of(home, noun), wrong)
    assert set(pointers(refusal)) == sample.told
    assert stored(home, sample) == 0
    answer = added(home, noun)
    path = path_of(home, noun, answer)
    assert set(pointers(facts.changed(home.clinician, path, sample.wrong))) == sample.told
    assert home.clinician.get(path).json == answer.json
    assert facts.audited(home.world, home.patient_id) == [f"{sample.one}.create"]


def test_a_change_changes_what_is_sent_and_nothing_else(
    home: Household, noun: str, sample: Sample
) -> None:
    answer = added(home, noun)
    path = path_of(home, noun, answer)
    changed = home.clinician.patch(path, dict(sample.change), headers=match(answer))
    assert changed.json == answer.json | dict(sample.change) | {"revision": 2}
    assert changed.headers["ETag"] == '"r2"'
    for repeated in (dict(sample.change), {}):
        assert home.clinician.patch(path, repeated).json == changed.json
    assert facts.audited(home.world, home.patient_id) == [
        f"{sample.one}.create",
        f"{sample.one}.change",
    ]


def test_a_stale_if_match_changes_nothing(home: Household, noun: str, sample: Sample) -> None:
    answer = added(home, noun)
    path = path_of(home, noun, answer)
    changed = home.clinician.patch(path, dict(sample.change))
    stale = [
        home.clinician.patch(path, {"note": "late"}, headers=match(answer)),
        home.clinician.post(f"{path}/void", VOID, headers=match(answer)),
    ]
    assert [refusal.json["type"] for refusal in stale] == ["/problems/precondition-failed"] * 2
    assert home.clinician.get(path).json == changed.json


def test_whoever_replaces_a_value_says_what_they_saw(
    home: Household, noun: str, sample: Sample
) -> None:
    answer = added(home, noun)
    path = path_of(home, noun, answer)
    noted = home.clinician.patch(path, {"note": "first"})  # nothing stood there
    for body in ({"note": "second"}, {"note": None}):
        refusal = home.clinician.patch(path, body)
        assert (refusal.status_code, refusal.json["type"]) == (
            428,
            "/problems/precondition-required",
        )
        assert refusal.headers["ETag"] == noted.headers["ETag"] == '"r2"'
    assert home.clinician.get(path).json == noted.json
    assert facts.changed(home.clinician, path, {"note": "second"}).json["note"] == "second"


def test_what_a_fact_once_said_is_kept_for_ever(home: Household, noun: str, sample: Sample) -> None:
    answer = added(home, noun, headers={"Idempotency-Key": "once"})
    path = path_of(home, noun, answer)
    home.clinician.patch(path, {"note": "first"})
    facts.changed(home.clinician, path, {"note": "second"})
    home.clinician.post(f"{path}/void", VOID)
    kept = select(FactRevision).where(FactRevision.fact_id == UUID(answer.json["id"]))
    found = home.world.rows(kept.order_by(FactRevision.revision))
    assert [(row.kind, row.revision) for row in found] == [(sample.one, n) for n in (1, 2, 3, 4)]
    assert [row.body["note"] for row in found] == [None, "first", "second", "second"]
    assert [row.body["void_reason"] for row in found] == [None] * 3 + [VOID["reason"]]
    assert {row.actor for row in found} == {home.clinician.membership_id}


def test_of_two_changes_at_once_on_one_state_one_is_told(home: Household) -> None:
    answer = added(home, "trials")
    path = path_of(home, "trials", answer)
    answers = at_once(
        [
            partial(
                twin(home.world, home.clinician).patch, path, {"note": note}, headers=match(answer)
            )
            for note in ("one", "other")
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert home.clinician.get(path).json["revision"] == 2


def test_what_is_void_stays_and_counts_no_more(home: Household, noun: str, sample: Sample) -> None:
    answer = added(home, noun)
    path, listed = path_of(home, noun, answer), of(home, noun)
    voided = home.clinician.post(f"{path}/void", VOID, headers=match(answer)).json
    assert voided["void_reason"] == VOID["reason"]
    assert voided["voided_by"] == str(home.clinician.membership_id)
    assert voided["voided_at"] is not None
    assert voided == answer.json | {
        "revision": 2,
        **{key: voided[key] for key in ("voided_at", "voided_by", "void_reason")},
    }
    again = home.clinician.post(f"{path}/void", {"reason": "other"})
    assert (again.status_code, again.json) == (200, voided)
    assert home.clinician.patch(path, dict(sample.change)).status_code == 409
    assert home.clinician.get(listed).json["items"] == []
    assert home.clinician.get(f"{listed}?void=false").json["items"] == []
    assert home.clinician.get(f"{listed}?void=true").json["items"] == [voided]
    assert home.clinician.get(path).json == voided
    assert facts.audited(home.world, home.patient_id) == [
        f"{sample.one}.create",
        f"{sample.one}.void",
    ]


def test_the_fact_of_one_patient_is_nothing_in_the_chart_of_another(
    home: Household, noun: str, sample: Sample
) -> None:
    other = home.world.patient(home.clinic_id)
    home.world.treats(home.clinician, other)
    foreign_row = facts.row(sample.one, home.clinic_id, other)
    facts.put(home.world, foreign_row)
    foreign, absent = str(foreign_row[1]["id"]), str(uuid4())
    path = of(home, noun)
    for method, below, body in (
        ("GET", "", None),
        ("PATCH", "", dict(sample.change)),
        ("POST", "/void", VOID),
    ):
        answers = [
            home.clinician.send(method, f"{path}/{one}{below}", body) for one in (foreign, absent)
        ]
        told = [answer.json | {"instance": ""} for answer in answers]
        assert told[0] == told[1]
        assert told[0]["status"] == 404
    assert home.clinician.get(f"/v1/patients/{other}/{noun}/{foreign}").json["revision"] == 1
    denied = select(AuditEvent.object_type).where(
        AuditEvent.outcome == "denied", AuditEvent.object_id == foreign
    )
    assert [event.object_type for event in home.world.rows(denied)] == [sample.one] * 3


def test_the_days_of_a_fact_are_from_birth_to_tomorrow(home: Household) -> None:
    path, tolerated = of(home, "contraindications"), today() + timedelta(days=1)
    body = dict(SAMPLES["contraindications"].body)
    for day, status in (
        ("1979-12-31", 422),
        ("1980-01-01", 201),  # born that day
        (str(tolerated), 201),
        (str(tolerated + timedelta(days=2)), 422),  # two: the patient's zone may be a day ahead
    ):
        assert home.clinician.post(path, body | {"assessed_on": day}).status_code == status, day


def test_only_events_move_what_summaries_are_made_of(
    home: Household, noun: str, sample: Sample
) -> None:
    path = path_of(home, noun, added(home, noun))
    assert home.clinician.patch(path, dict(sample.change)).status_code == 200
    assert home.clinician.post(f"{path}/void", VOID).status_code == 200
    moved = facts.inputs_version(home.world, home.patient_id)
    assert moved == (3 if noun == "events" else 0)  # added, changed, voided


def test_resistance_with_fewer_than_two_failed_trials_is_asked_about(home: Household) -> None:
    path, trd = of(home, "diagnoses"), {"code": "trd"}
    trials = of(home, "trials")
    counted = {"drug": "sertraline", "outcome": "no_response"}
    for outcome in ("response", "intolerance"):  # neither has failed
        assert home.clinician.post(trials, counted | {"outcome": outcome}).status_code == 201
    first = home.clinician.post(trials, counted).json["id"]
    asked = home.clinician.post(path, trd)
    assert (asked.status_code, asked.json["type"]) == (422, "/problems/questions")
    assert [fault["pointer"] for fault in asked.json["errors"]] == ["/code"]
    assert home.clinician.post(path, trd | {"confirmed": ["/label"]}).status_code == 422
    assert home.clinician.post(path, trd | {"confirmed": ["/code"]}).status_code == 201
    assert home.clinician.post(trials, counted | {"outcome": "partial_response"}).status_code == 201
    assert home.clinician.post(path, trd).status_code == 201  # two have failed now
    assert home.clinician.post(f"{trials}/{first}/void", VOID).status_code == 200
    assert home.clinician.post(path, trd).status_code == 422  # a void one counts nowhere


def test_a_diagnosis_is_asked_about_when_its_code_is_sent_and_not_after(home: Household) -> None:
    answer = added(home, "diagnoses")
    path = path_of(home, "diagnoses", answer)
    asked = facts.changed(home.clinician, path, {"code": "trd"})
    assert asked.json["type"] == "/problems/questions"
    stood_by = {"code": "trd", "confirmed": ["/code"]}
    assert facts.changed(home.clinician, path, stood_by).json["code"] == "trd"
    assert home.clinician.patch(path, {"note": "since long"}).status_code == 200


@pytest.mark.parametrize(
    ("drug_class", "bears"),
    [
        ("benzodiazepine", True),
        ("maoi", True),
        ("stimulant", True),
        ("antidepressant", False),
        ("other", False),
    ],
)
def test_what_bears_on_a_session_is_marked(home: Household, drug_class: str, bears: bool) -> None:
    body = dict(SAMPLES["medications"].body) | {"drug_class": drug_class}
    assert home.clinician.post(of(home, "medications"), body).json["bears_on_session"] is bears
    assert home.patient.get("/v1/me/medications").json["items"][0]["bears_on_session"] is bears


def test_a_finding_is_a_value_or_a_text_and_never_neither(home: Household) -> None:
    path, body = of(home, "observations"), dict(SAMPLES["observations"].body)
    text = home.clinician.post(path, body | {"value": None, "value_text": "trace"})
    assert (text.json["value"], text.json["value_text"]) == (None, "trace")
    nothing = facts.changed(home.clinician, f"{path}/{text.json['id']}", {"value_text": None})
    assert pointers(nothing) == ["/value"]
    zero = home.clinician.post(path, body | {"value": 0})
    assert zero.json["value"] == 0  # given, unlike null
