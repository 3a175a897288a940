"""Sessions as the tests write them, and what the tables hold of one after."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.audit_event import AuditEvent
from models.patient_stream import PatientStream
from models.session_revision import SessionRevision
from models.treatment_session import TreatmentSession
from tests.people import Household, World

# 35 mg in somebody of 70 kg are 0.5 mg per kg over 40 minutes: nothing in it is unusual.
DOSE: Mapping[str, Any] = {
    "drug": "ketamine",
    "formulation": "solution",
    "route": "intravenous",
    "dose_mg": 35,
    "duration_minutes": 40,
}
BEFORE: Mapping[str, Any] = {"minute": -5, "systolic_mmhg": 128, "diastolic_mmhg": 82}
DURING: Mapping[str, Any] = {"minute": 40, "systolic_mmhg": 141, "diastolic_mmhg": 90, "cadss_6": 9}


def instant(days: float = 0, hours: float = 0) -> str:
    """An instant so far from now, in whole seconds."""
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days, hours=hours)
    return moment.isoformat().replace("+00:00", "Z")


def booking(days: float = 7, /, **given: Any) -> dict[str, Any]:
    """A session booked for so many days from now."""
    return {"status": "booked", "scheduled_at": instant(days), **given}


def completed(days: float = -1, /, **given: Any) -> dict[str, Any]:
    """A session completed so many days from now (before it): two hours, one dose, two readings."""
    return {
        "status": "completed",
        "started_at": instant(days),
        "stopped_at": instant(days, hours=2),
        "weight_kg": 70,
        "doses": [DOSE],
        "vitals": [BEFORE, DURING],
        **given,
    }


def home_dose(days: float = -1, /, **given: Any) -> dict[str, Any]:
    """A lozenge taken at home so many days from now (before it)."""
    lozenge = {"drug": "ketamine", "formulation": "lozenge", "route": "sublingual", "dose_mg": 100}
    return {**lozenge, "given_at": instant(days), **given}


def sessions(home: Household, session_id: object = "", below: str = "") -> str:
    """The path of the household's patient's sessions, of one, or of what is below it."""
    path = f"/v1/patients/{home.patient_id}/sessions"
    return path + (f"/{session_id}" if session_id else "") + (f"/{below}" if below else "")


def bookings(home: Household, session_id: object = "") -> str:
    path = f"/v1/patients/{home.patient_id}/bookings"
    return path + (f"/{session_id}" if session_id else "")


def doses(home: Household, dose_id: object = "", below: str = "") -> str:
    path = f"/v1/patients/{home.patient_id}/doses"
    return path + (f"/{dose_id}" if dose_id else "") + (f"/{below}" if below else "")


def made(home: Household, body: Mapping[str, Any]) -> dict[str, Any]:
    """A session the clinician has written."""
    answer = home.clinician.post(sessions(home), dict(body))
    assert answer.status_code == 201, answer.json
    session: dict[str, Any] = answer.json
    return session


def signed(home: Household, days: float = -1) -> dict[str, Any]:
    """A completed session with the clinician's signature."""
    one = made(home, completed(days))
    answer = home.clinician.post(sessions(home, one["id"], "sign"))
    assert answer.status_code == 200, answer.json
    session: dict[str, Any] = answer.json
    return session


def tag(session: Mapping[str, Any]) -> dict[str, str]:
    """The If-Match that names the revision a session was seen at."""
    return {"If-Match": f'"r{session["revision"]}"'}


def told(answer: Any, slug: str) -> list[str]:
    """The pointers of a problem of this type."""
    assert answer.json.get("type") == f"/problems/{slug}", answer.json
    return sorted(error["pointer"] for error in answer.json.get("errors", ()))


def history(world: World, session_id: object) -> list[Any]:
    """Every revision of a session, oldest first."""
    own = SessionRevision.session_id == UUID(str(session_id))
    return world.rows(select(SessionRevision).where(own).order_by(SessionRevision.revision))


def row(world: World, session_id: object) -> Any:
    own = TreatmentSession.id == UUID(str(session_id))
    return world.rows(select(TreatmentSession).where(own))[0]


def actions(world: World, object_id: object) -> list[str]:
    """What the trail says was done to a session or dose."""
    own = select(AuditEvent.action).where(
        AuditEvent.object_id == str(object_id), AuditEvent.outcome == "ok"
    )
    return [event.action for event in world.rows(own.order_by(AuditEvent.at, AuditEvent.action))]


def inputs_version(home: Household) -> int:
    own = PatientStream.patient_id == home.patient_id
    return int(home.world.rows(select(PatientStream.inputs_version).where(own))[0][0])
