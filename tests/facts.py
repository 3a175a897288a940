"""Facts of a chart as the tests send them, and rows of them put straight into the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from care.fact_kinds import (
    CONTRAINDICATION,
    DIAGNOSIS,
    EVENT,
    MEDICATION,
    OBSERVATION,
    TRIAL,
    Kind,
)
from clinical.plans import template
from models.audit_event import AuditEvent
from models.db import Base, new_id
from models.patient_stream import PatientStream
from tests.entries import match
from tests.people import Household, Person, World
from tests.rows import ROWS


@dataclass(frozen=True, slots=True)
class Sample:
    """One kind of fact: a right body and change of it, and wrong values, each with its pointers."""

    kind: Kind
    one: str
    body: Mapping[str, Any]
    change: Mapping[str, Any]
    wrong: Mapping[str, Any]
    told: frozenset[str]


SAMPLES: Mapping[str, Sample] = {
    "diagnoses": Sample(
        DIAGNOSIS,
        "diagnosis",
        {"code": "mdd", "since_date": "2021-03-01"},
        {"until_date": "2025-03-01"},
        {"code": "other", "since_date": "1979-12-31", "until_date": "1979-12-30"},
        frozenset({"/label", "/since_date", "/until_date"}),
    ),
    "trials": Sample(
        TRIAL,
        "trial",
        {"drug": "sertraline", "dose_mg": 150, "weeks": 8, "outcome": "no_response"},
        {"note": "at the highest dose"},
        {"started_on": "1979-12-31"},
        frozenset({"/started_on"}),
    ),
    "medications": Sample(
        MEDICATION,
        "medication",
        {"drug": "lorazepam", "drug_class": "benzodiazepine", "started_on": "2025-06-01"},
        {"stopped_on": "2025-07-01"},
        {"started_on": "2999-01-02", "stopped_on": "2999-01-01"},
        frozenset({"/started_on", "/stopped_on"}),
    ),
    "contraindications": Sample(
        CONTRAINDICATION,
        "contraindication",
        {"code": "pregnancy", "present": None, "assessed_on": "2026-01-02"},
        {"present": False},
        {"code": "other", "assessed_on": "1979-12-31"},
        frozenset({"/note", "/assessed_on"}),
    ),
    "events": Sample(
        EVENT,
        "event",
        {"kind": "illness", "label": "flu", "started_on": "2026-01-05"},
        {"ended_on": "2026-01-09"},
        {"started_on": "2999-01-02", "is_ongoing": True, "ended_on": "2999-01-01"},
        frozenset({"/started_on", "/ended_on"}),
    ),
    "observations": Sample(
        OBSERVATION,
        "observation",
        {"label": "TSH", "value": 1.5, "unit": "mU/L", "observed_at": "2026-01-05T08:00:00Z"},
        {"code": "3016-3"},
        {"value": None, "observed_at": "1979-12-31T20:00:00Z"},
        frozenset({"/value", "/observed_at"}),
    ),
}
COURSE = {"indication": "trd", "route": "intravenous", "started_on": "2026-01-05"}
DECISION_BODY = {"next_in_days": 28, "reasons": ["response_held"], "decided_on": "2026-02-02"}


def of(home: Household, path: str) -> str:
    """The path among the patient's, as staff ask for it."""
    return f"/v1/patients/{home.patient_id}/{path}"


def added(home: Household, noun: str, **options: Any) -> Any:
    """The answer to a right body of this kind, sent by the clinician."""
    answer = home.clinician.post(of(home, noun), dict(SAMPLES[noun].body), **options)
    assert answer.status_code == 201, answer.json
    return answer


def changed(person: Person, path: str, body: Mapping[str, Any]) -> Any:
    """The answer to a change by somebody who has just looked."""
    return person.patch(path, dict(body), headers=match(person.get(path)))


def put(world: World, *rows: tuple[Any, Mapping[str, Any]]) -> None:
    """Rows straight into their tables."""
    with world.services.database.begin(write=True) as connection:
        for table, values in rows:
            connection.execute(insert(table).values(**values))
        connection.commit()


def row(name: str, clinic_id: UUID, patient_id: UUID, **given: Any) -> tuple[Any, dict[str, Any]]:
    """A row of this table, of this patient."""
    own = {"clinic_id": clinic_id, "patient_id": patient_id, "id": new_id()}
    return Base.metadata.tables[name], {**ROWS[name], **own, **given}


def ended_course(clinic_id: UUID, patient_id: UUID) -> tuple[Any, dict[str, Any]]:
    """A course that stands in no other's way."""
    over = {"phase": "ended", "ended_on": date(2026, 1, 9), "plan": template("intravenous")}
    return row("course", clinic_id, patient_id, **over)


def decision(clinic_id: UUID, patient_id: UUID) -> tuple[Any, dict[str, Any]]:
    """A decision about no course."""
    return row("decision", clinic_id, patient_id, course_id=None)


def audited(world: World, patient_id: UUID) -> list[str]:
    """What the trail holds of writes about this patient, oldest first."""
    written = select(AuditEvent.action).where(
        AuditEvent.patient_id == patient_id,
        AuditEvent.read_hour.is_(None),
        AuditEvent.outcome == "ok",
    )
    return [event.action for event in world.rows(written.order_by(AuditEvent.at))]


def inputs_version(world: World, patient_id: UUID) -> int:
    """How often something a summary reads has changed."""
    stream = select(PatientStream.inputs_version).where(PatientStream.patient_id == patient_id)
    return int(world.rows(stream)[0].inputs_version)
