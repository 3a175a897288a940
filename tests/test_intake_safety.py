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
