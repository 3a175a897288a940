"""Completed rating scales through HTTP: newest first, of one scale or of all, page by page."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from models.assessment import Assessment
from models.db import new_id
from tests.lists import BY_ID, BY_INSTANT, FORGED, encoded, refused, walk
from tests.people import Household

DAY = date(2024, 5, 10)


def completed(home: Household, day: date, **given: Any) -> UUID:
    """One assessment of the household's patient, straight in its table."""
    row_id = new_id()
    row = {"instrument": "phq9", "total": 16.0, "source": "import", "created_at": home.world.now}
    place = {"clinic_id": home.clinic_id, "patient_id": home.patient_id, "id": row_id}
    home.world._insert((Assessment, {**place, "local_date": day, **row, **given}))
    return row_id


def path(home: Household) -> str:
    return f"/v1/patients/{home.patient_id}/assessments"


def test_an_assessment_is_shown_with_the_ends_of_its_scale(home: Household) -> None:
    items = [1, 1, 1, 2, 2, 3, 3, 3, 0]
    row_id = completed(home, DAY, items=items, completed_at=home.world.now)
    shown = home.clinician.get(path(home)).json["items"]
    assert [one["completed_at"] == one["created_at"] for one in shown] == [True]
    told = {
        "id": str(row_id),
        "instrument": "phq9",
        "name": "PHQ-9",
        "date": "2024-05-10",
        "items": items,
        "total": 16.0,
        "total_minimum": 0,
        "total_maximum": 27,
        "direction": "higher_is_worse",
        "band": "moderately severe",
        "source": "import",
    }
    assert {name: shown[0][name] for name in told} == told
    assert home.patient.get("/v1/me/assessments").json["items"] == shown


def test_the_newest_comes_first_whatever_the_size_of_a_page(home: Household) -> None:
    days = [DAY - timedelta(days=ago) for ago in (0, 0, 0, 3, 1, 9, 9)]
    for day in days:
        completed(home, day)
    whole = home.clinician.get(path(home)).json["items"]
    assert [one["date"] for one in whole] == sorted(map(str, days), reverse=True)
    for limit in (1, 2, 3, 7):
        assert walk(home.clinician, path(home), limit) == whole


def test_one_added_between_two_pages_moves_no_other(home: Household) -> None:
    ids = [str(completed(home, DAY - timedelta(days=ago))) for ago in range(4)]
    seen = walk(home.patient, "/v1/me/assessments", 2, lambda: completed(home, DAY))
    assert [one["id"] for one in seen if one["id"] in ids] == ids


def test_one_scale_may_be_asked_for_alone(home: Household) -> None:
    completed(home, DAY)
    anxiety = completed(home, DAY, instrument="gad7", total=7.0)
    asked = home.clinician.get(path(home), query_string={"instrument": "gad7"})
    assert [one["id"] for one in asked.json["items"]] == [str(anxiety)]
    none = home.clinician.get(path(home), query_string={"instrument": "isi"})
    assert none.json == {"items": [], "next": None}


def test_an_unknown_scale_is_named_as_a_fault(home: Household) -> None:
    answer = home.clinician.get(path(home), query_string={"instrument": "horoscope"})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/instrument"]


OTHERS = [
    encoded(f"2024-05-10\n{UUID(int=7)}"),  # without the instant
    encoded(f"2024-05-10\n2024-05-10T00:00:00\n{UUID(int=7)}"),
    encoded("2024-05-10\n2024-05-10T00:00:00+00:00\nx"),
]


@pytest.mark.parametrize(
    "cursor", [*FORGED, BY_ID, BY_INSTANT, encoded("2024-05-10\nx"), encoded("20240510\n"), *OTHERS]
)
def test_a_forged_cursor_is_refused(home: Household, cursor: str) -> None:
    assert refused(home.clinician, path(home), cursor)


def test_an_assessment_of_another_patient_is_never_in_the_list(home: Household) -> None:
    other = home.world.person(home.clinic_id, "patient", home.world.patient(home.clinic_id))
    completed(home, DAY)
    assert other.get("/v1/me/assessments").json == {"items": [], "next": None}
