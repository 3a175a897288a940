"""A file of the past raises nothing urgent; what it tells of suicidal thoughts is looked at."""

from pathlib import Path

import pytest

from tests.intake import MRN, Intake
from tests.people import Household, World, household
from tests.safety import alerts, ask_safety, evidence, letters, open_alerts

MAPPING = """
kind = "checkins"
[columns.mrn]
field = "mrn"
[columns.date]
field = "date"
[columns.mood]
field = "mood"
[columns.thoughts]
field = "suicidal_thoughts"
"""
DAYS = f"""mrn,date,mood,thoughts
{MRN},2024-05-10,6,often
{MRN},2024-05-11,6,most_of_the_time
{MRN},2024-05-12,6,none
"""


@pytest.fixture
def asking(world: World) -> Household:
    home = household(world)
    ask_safety(home)
    home.clinician.patch(f"/v1/patients/{home.patient_id}", {"mrn": MRN})
    return home


def test_a_file_of_the_past_is_one_quiet_alert(asking: Household, tmp_path: Path) -> None:
    intake = Intake(asking.world, asking.clinic_id, tmp_path)
    intake.run("checkins", DAYS, MAPPING)
    assert alerts(asking) == []  # a run that only says what it would do
    for _ in range(2):
        intake.run("checkins", DAYS, MAPPING, "--write")
        assert open_alerts(asking) == [("S2", "low")]
        assert [told["date"] for told in evidence(asking)] == ["2024-05-10", "2024-05-11"]
    assert letters(asking) == []


def test_what_the_patient_tells_now_is_heard_above_the_past(
    asking: Household, tmp_path: Path
) -> None:
    Intake(asking.world, asking.clinic_id, tmp_path).run("checkins", DAYS, MAPPING, "--write")
    now = {"suicidal_thoughts": "often", "recorded_at": "2024-06-01T18:00:00Z"}
    sent = asking.patient.put("/v1/me/checkins/2024-06-01", now | {"timezone": "UTC"})
    assert sent.status_code == 201
    assert open_alerts(asking) == [("S2", "high")]
    assert letters(asking) == [asking.clinician.email]


def test_a_file_of_the_past_adds_to_an_open_alert_and_wipes_no_acknowledgement(
    asking: Household, tmp_path: Path
) -> None:
    now = {"suicidal_thoughts": "often", "recorded_at": "2024-06-01T18:00:00Z", "timezone": "UTC"}
    asking.patient.put("/v1/me/checkins/2024-06-01", now)
    (alert,) = alerts(asking)
    assert asking.clinician.post(f"/v1/alerts/{alert.id}/acknowledge").status_code == 200
    Intake(asking.world, asking.clinic_id, tmp_path).run("checkins", DAYS, MAPPING, "--write")
    (alert,) = alerts(asking)
    assert alert.acknowledged_at is not None
    assert open_alerts(asking) == [("S2", "high")]
    assert len(evidence(asking)) == 3
    assert letters(asking) == [asking.clinician.email]


def test_a_file_brought_in_again_opens_nothing_that_was_closed(
    asking: Household, tmp_path: Path
) -> None:
    intake = Intake(asking.world, asking.clinic_id, tmp_path)
    intake.run("checkins", DAYS, MAPPING, "--write")
    (alert,) = alerts(asking)
    asking.clinician.post(f"/v1/alerts/{alert.id}/acknowledge")
    asking.clinician.post(f"/v1/alerts/{alert.id}/resolve", {"outcome": "no_action_needed"})
    intake.run("checkins", DAYS, MAPPING, "--write")
    assert open_alerts(asking) == []
    assert len(alerts(asking)) == 1


UNREADABLE = f"""mrn,date,mood,thoughts
{MRN},2024-05-10,six,often
{MRN},10 May,6,fleeting
{MRN},2024-05-12,6,nonsense
nobody,2024-05-12,six,often
{MRN},2024-05-13,6,none
"""


def test_a_row_with_a_cell_nobody_can_read_is_heard_though_it_is_left_out(
    asking: Household, tmp_path: Path
) -> None:
    intake = Intake(asking.world, asking.clinic_id, tmp_path)
    for flags in ((), ("--write",), ("--skip-refused",)):
        intake.run("checkins", UNREADABLE, MAPPING, *flags)
        assert alerts(asking) == [], flags  # nothing is written, so nothing is told either
    for _ in range(2):  # and brought in again it adds nothing
        told = intake.run("checkins", UNREADABLE, MAPPING, "--write", "--skip-refused")
        assert told.outcomes[:4] == ["refused"] * 4
        assert open_alerts(asking) == [("S2", "low")]
        said = [(one["answer"], one["outcome"]) for one in evidence(asking)]
        assert said == [("often", "refused"), ("fleeting", "refused")]
    assert evidence(asking)[0]["date"] == "2024-05-10"
    assert evidence(asking)[1]["date"] > "2024-05-13"  # of no day that can be read: of today
    assert letters(asking) == []


SCALES = f"""mrn,date,total,i1,i2,i3,i4,i5,i6,i7,i8,i9
{MRN},2024-05-10,nine,1,1,1,1,1,1,1,1,1
{MRN},2024-05-11,10,x,1,1,1,1,1,1,1,2
{MRN},2024-05-12,8,1,1,1,1,1,1,1,1,z
{MRN},2024-05-13,8,1,1,1,1,1,1,1,x,0
"""
SCALE_MAPPING = (
    'kind = "assessments"\n[constants]\ninstrument = "phq9"\n'
    '[columns.mrn]\nfield = "mrn"\n[columns.date]\nfield = "date"\n'
    '[columns.total]\nfield = "total"\n'
    + "".join(f'[columns.i{n}]\nfield = "items.{n}"\n' for n in range(1, 10))
)


def test_an_item_keeps_its_place_beside_one_nobody_can_read(
    asking: Household, tmp_path: Path
) -> None:
    intake = Intake(asking.world, asking.clinic_id, tmp_path)
    for _ in range(2):
        told = intake.run("assessments", SCALES, SCALE_MAPPING, "--write", "--skip-refused")
        assert told.outcomes == ["refused"] * 4
        assert open_alerts(asking) == [("S3", "low")]
        said = [(one["date"][-2:], one["value"]) for one in evidence(asking)]
        assert said == [("10", 1), ("11", 2), ("12", None)]  # unreadable is no zero
    assert letters(asking) == []
