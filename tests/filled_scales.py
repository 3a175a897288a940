"""Rating scales as the tests fill them in, through HTTP and straight in the tables."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clinical.days import local_day
from models.assessment import Assessment
from models.db import new_id
from models.patient_stream import ADVANCE_INPUTS
from tests.people import ZONE, Household, Person

# 2 + 1 + 2 + 1 + 3 + 1 + 2 + 1 + 0 = 13: moderate, and nothing at the ninth.
PHQ9 = [2, 1, 2, 1, 3, 1, 2, 1, 0]
DAY = date(2024, 5, 10)


def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def ago(home: Household, days: int) -> date:
    return today(home) - timedelta(days=days)


def path(home: Household, assessment_id: object = "", below: str = "") -> str:
    """The path of the household's patient's assessments as staff ask, of one, or below it."""
    whole = f"/v1/patients/{home.patient_id}/assessments"
    return whole + (f"/{assessment_id}" if assessment_id else "") + (f"/{below}" if below else "")


def own(assessment_id: object = "", below: str = "") -> str:
    """The same as the patient asks."""
    whole = "/v1/me/assessments"
    return whole + (f"/{assessment_id}" if assessment_id else "") + (f"/{below}" if below else "")


def filled(
    items: Sequence[int | None] | None = PHQ9, day: date = DAY, **given: Any
) -> dict[str, Any]:
    """A PHQ-9 as it is sent, unless another scale is given."""
    told = {"instrument": "phq9", "date": str(day), **given}
    return told if items is None else told | {"items": list(items)}


def sent(person: Person, where: str, body: Any, **options: Any) -> dict[str, Any]:
    """What the server says of a scale that was taken."""
    answer = person.post(where, body, **options)
    assert answer.status_code == 201, answer.json
    told: dict[str, Any] = answer.json
    return told


def pointers(answer: Any) -> list[str]:
    """The faults of a refusal."""
    assert answer.status_code == 422, answer.json
    return sorted(fault["pointer"] for fault in answer.json["errors"])


def stored(home: Household, day: date, total: float | None = 16.0, **given: Any) -> UUID:
    """A complete PHQ-9 of the household's patient, straight in its table."""
    row_id: UUID = given.get("id", new_id())
    row = {"instrument": "phq9", "source": "import", "created_at": home.world.now}
    place = {"clinic_id": home.clinic_id, "patient_id": home.patient_id, "id": row_id}
    home.world._insert((Assessment, {**place, "local_date": day, "total": total, **row, **given}))
    with home.world.services.database.begin(write=True) as connection:
        moved = {"in_clinic": home.clinic_id, "of_patient": home.patient_id}
        connection.execute(ADVANCE_INPUTS, moved)
        connection.commit()
    return row_id


def at(day: date, hour: int = 12) -> datetime:
    """An instant of that day, in UTC."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")
