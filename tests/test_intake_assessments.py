"""`flask intake assessments`: one for each patient, scale and day; totals held to their scale."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.patient_stream import PatientStream
from tests.intake import MRN, Intake
from tests.people import Household
from tests.test_assessments import completed

MAPPING = """
kind = "assessments"
[columns.mrn]
field = "mrn"
[columns.date]
field = "date"
[columns.scale]
field = "instrument"
[columns.total]
field = "total"
"""
HEADER = "mrn,date,scale,total\n"
TWO = f"{HEADER}{MRN},2019-05-10,phq9,16\n{MRN},2019-05-10,gad7,7\n"
WITH_ITEMS = (
    'kind = "assessments"\n[constants]\ninstrument = "phq2"\n'
    '[columns.mrn]\nfield = "mrn"\n[columns.date]\nfield = "date"\n'
    '[columns.total]\nfield = "total"\n'
    '[columns.a]\nfield = "items.1"\n[columns.b]\nfield = "items.2"\n'
)


@pytest.fixture
def intake(home: Household, tmp_path: Path) -> Intake:
    home.clinician.patch(f"/v1/patients/{home.patient_id}", {"mrn": MRN})
    return Intake(home.world, home.clinic_id, tmp_path)


def test_a_trial_writes_nothing(intake: Intake) -> None:
    before = intake.counted()
    assert intake.run("assessments", TWO, MAPPING).outcomes == ["new", "new"]
    assert intake.counted() == before


def test_totals_come_in_once(home: Household, intake: Intake) -> None:
    assert intake.run("assessments", TWO, MAPPING, "--write").status == 0
    shown = home.clinician.get(f"/v1/patients/{home.patient_id}/assessments").json["items"]
    told = {(one["instrument"], one["total"], one["date"], one["source"]) for one in shown}
    assert told == {("phq9", 16, "2019-05-10", "import"), ("gad7", 7, "2019-05-10", "import")}
    assert intake.events() == ["assessment.create", "assessment.create", "intake.assessments"]
    before = intake.counted()
    assert intake.run("assessments", TWO, MAPPING, "--write").outcomes == ["same", "same"]
    assert intake.counted() == before


def test_what_a_summary_reads_has_moved(home: Household, intake: Intake) -> None:
    own = select(PatientStream).where(PatientStream.patient_id == home.patient_id)
    before = home.world.rows(own)[0]
    intake.run("assessments", TWO, MAPPING, "--write")
    after = home.world.rows(own)[0]
    assert (after.version, after.inputs_version) == (before.version, before.inputs_version + 2)


@pytest.mark.parametrize("source", ["app", "staff", "import"])
def test_a_stored_one_that_differs_is_kept_whoever_entered_it(
    home: Household, intake: Intake, source: str
) -> None:
    completed(home, date(2019, 5, 10), total=15.0, source=source)
    told = intake.run("assessments", TWO, MAPPING, "--write")
    assert told.outcomes == ["kept", "new"]


def test_items_come_in_with_their_total(home: Household, intake: Intake) -> None:
    table = f"mrn,date,total,a,b\n{MRN},2019-05-10,4,1,3\n{MRN},2019-05-11,4,,\n"
    assert intake.run("assessments", table, WITH_ITEMS, "--write").status == 0
    shown = home.patient.get("/v1/me/assessments").json["items"]
    assert [one["items"] for one in shown] == [None, [1, 3]]
    assert intake.run("assessments", table, WITH_ITEMS).outcomes == ["same", "same"]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("2019-05-10,5,1,3", "total", "not what its items give"),
        ("2019-05-10,7,,", "total", "PHQ-2 is a whole number from 0 to 6"),
        ("2019-05-10,4,1,", "", "An item is missing"),
        ("2019-05-10,4,0,4", "b", "from 0 to 3"),
        ("2019-05-10,,1,3", "total", "answers alone are not scored"),
        ("2999-05-10,4,1,3", "date", "in the future"),
        ("1979-05-10,4,1,3", "date", "before the patient's birth"),
    ],
)
def test_what_cannot_be_is_refused(intake: Intake, line: str, column: str, reason: str) -> None:
    told = intake.run("assessments", f"mrn,date,total,a,b\n{MRN},{line}\n", WITH_ITEMS, "--write")
    assert told.status == 1
    outcome, at, words = told.why(2)
    assert (outcome, at) == ("refused", column)
    assert reason in words
    assert intake.events() == []


def test_an_unknown_scale_is_refused_and_a_row_without_a_total_is_empty(intake: Intake) -> None:
    table = f"{HEADER}{MRN},2019-05-10,horoscope,7\n{MRN},2019-05-10,phq9,\n"
    told = intake.run("assessments", table, MAPPING)
    assert told.outcomes == ["refused", "empty"]
    assert told.why(2)[1] == "scale"


def test_the_same_scale_twice_on_one_day_is_refused_the_second_time(intake: Intake) -> None:
    table = f"{TWO}{MRN},2019-05-10,phq9,12\n"
    assert intake.run("assessments", table, MAPPING).outcomes == ["new", "new", "refused"]
