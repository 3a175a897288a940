"""Writes of each kind, and how often what they do was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select

from models.audit_event import AuditEvent
from models.checkin_revision import CheckinRevision
from models.treatment_session import TreatmentSession
from tests.entries import check_invariants, entry, own
from tests.people import Household
from tests.safety import alerts, events
from tests.visits import booking, instant, sessions

DAYS = (date(2024, 5, 1) + timedelta(days=number) for number in count())
LATER = count(2)


@dataclass
class Act:
    """A request that is new each time it is made, and how often what it does was done."""

    send: Callable[[], Any]
    effects: Callable[[], int]


def put(home: Household) -> Act:
    path = own(next(DAYS))
    body = entry(path[-10:]) | {"suicidal_thoughts": "fleeting"}

    def done() -> int:
        of_day = CheckinRevision.local_date == date.fromisoformat(path[-10:])
        mine = CheckinRevision.patient_id == home.patient_id
        check_invariants(home.world, home.patient_id)
        return counted(home, CheckinRevision, of_day, mine)

    return Act(lambda: home.patient.put(path, body), done)


def batch(home: Household) -> Act:
    days = [str(next(DAYS)) for _ in range(2)]
    told = [entry(day) | {"op_id": f"op-{day}", "date": day, "base_revision": 0} for day in days]
    body = {"device_id": "phone", "epoch": None, "sent_at": instant(), "items": told}

    def done() -> int:
        check_invariants(home.world, home.patient_id)
        named = CheckinRevision.op_id.in_([item["op_id"] for item in told])
        applied = counted(home, CheckinRevision, named, CheckinRevision.kind == "applied")
        assert applied in (0, len(days))
        return applied // len(days)

    return Act(lambda: home.patient.post("/v1/me/checkins/batch", body), done)


def post(home: Household, key: str | None = None) -> Act:
    body, before = booking(next(LATER)), counted(home, TreatmentSession)
    headers = {} if key is None else {"Idempotency-Key": f"{key}{before}"}

    def done() -> int:
        kept = counted(home, TreatmentSession) - before
        audited = counted(home, AuditEvent, AuditEvent.action == "session.record")
        assert audited == counted(home, TreatmentSession)
        return kept

    return Act(lambda: home.clinician.post(sessions(home), body, headers=headers), done)


def keyed_post(home: Household) -> Act:
    return post(home, "key-")


def acknowledge(home: Household) -> Act:
    who = home.world.person(home.clinic_id, "patient", home.world.patient(home.clinic_id))
    assert who.patient_id is not None
    home.world.treats(home.clinician, who.patient_id)
    day = str(next(DAYS))
    assert who.put(own(day), entry(day) | {"suicidal_thoughts": "often"}).status_code == 201
    (alert,) = [one for one in alerts(home) if one.patient_id == who.patient_id]

    def done() -> int:
        told = [one for one in events(home) if one.alert_id == alert.id]
        return sum(one.kind == "acknowledged" for one in told)

    path = f"/v1/alerts/{alert.id}/acknowledge"
    return Act(lambda: home.clinician.post(path, {}), done)


def counted(home: Household, table: Any, *which: Any) -> int:
    of_clinic = table.clinic_id == home.clinic_id
    statement = select(func.count()).select_from(table).where(of_clinic, *which)
    number: int = home.world.rows(statement)[0][0]
    return number
