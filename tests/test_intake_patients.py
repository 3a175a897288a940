"""`flask intake patients`: known by their record number, taken on once, and invited by nobody."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.care_team import CareTeamMember
from models.patient import Patient
from tests.intake import Intake
from tests.people import Household

MAPPING = """
kind = "patients"
[constants]
country = "DE"
language = "de"
timezone = "Europe/Berlin"
[columns.no]
field = "mrn"
[columns.name]
field = "display_name"
[columns.born]
field = "birth_date"
[columns.mail]
field = "email"
[columns.doctor]
field = "clinician_email"
[columns.kin]
field = "emergency_contact.name"
[columns.kin_phone]
field = "emergency_contact.phone"
"""
HEADER = "no,name,born,mail,doctor,kin,kin_phone\n"


@pytest.fixture
def intake(home: Household, tmp_path: Path) -> Intake:
    return Intake(home.world, home.clinic_id, tmp_path)


def lines(home: Household) -> str:
    return (
        f"{HEADER}P-1,Jörg Beispiel,1984-05-02,Joerg@Example.org,{home.clinician.email},Ada,030 1\n"
        "P-2,@Muster,1990-12-31,,,,\n"
    )


def test_a_trial_writes_nothing(home: Household, intake: Intake) -> None:
    before = intake.counted()
    assert intake.run("patients", lines(home), MAPPING).outcomes == ["new", "new"]
    assert intake.counted() == before


def test_patients_are_taken_on_with_their_clinician_and_no_invitation(
    home: Household, intake: Intake
) -> None:
    before = intake.counted()
    assert intake.run("patients", lines(home), MAPPING, "--write").status == 0
    grown = {name: n - before[name] for name, n in intake.counted().items() if n != before[name]}
    # patient.create twice, care_team.join once, intake.patients twice
    assert grown == {"patient": 2, "patient_stream": 2, "care_team": 1, "audit_event": 5}
    assert intake.events() == [
        "care_team.join", "intake.patients", "intake.patients", "patient.create", "patient.create",
    ]  # fmt: skip
    seen = home.clinician.get("/v1/patients").json["items"]
    (joerg,) = (one for one in seen if one["mrn"] == "P-1")
    assert joerg["email"] == "joerg@example.org"
    assert joerg["emergency_contact"] == {"name": "Ada", "phone": "030 1", "relation": None}
    assert joerg["invitation"] is None
    assert home.clinician.get(f"/v1/patients/{joerg['id']}/checkins").status_code == 200


def test_repeating_changes_nothing_and_a_changed_row_overwrites_nothing(
    home: Household, intake: Intake
) -> None:
    intake.run("patients", lines(home), MAPPING, "--write")
    before = intake.counted()
    assert intake.run("patients", lines(home), MAPPING, "--write").outcomes == ["same", "same"]
    changed = lines(home).replace("1990-12-31", "1990-12-30")
    assert intake.run("patients", changed, MAPPING, "--write").outcomes == ["same", "kept"]
    assert intake.counted() == before


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("P-1,Ada,1884-05-02,,,,", "born"),
        ("P-1,Ada,2999-05-02,,,,", "born"),
        ("P-1,Ada,02.05.1984,,,,", "born"),
        ("P-1,,1984-05-02,,,,", "name"),
        (",Ada,1984-05-02,,,,", "no"),
        ("P-1,Ada,1984-05-02,nobody,,,", "mail"),
        ("P-1,Ada,1984-05-02,,nobody@example.org,,", "doctor"),
        ("P-1,Ada,1984-05-02,,,Bo,", "kin_phone"),
        (f"{'P' * 65},Ada,1984-05-02,,,,", "no"),
    ],
)
def test_what_cannot_be_is_refused(intake: Intake, line: str, column: str) -> None:
    before = intake.counted()
    told = intake.run("patients", f"{HEADER}{line}\n", MAPPING, "--write")
    assert (told.status, told.why(2)[:2]) == (1, ("refused", column))
    assert intake.counted() == before


def test_only_a_clinician_in_service_here_is_given_patients(
    home: Household, intake: Intake
) -> None:
    for person in (home.stranger, home.front_desk, home.patient):
        table = f"{HEADER}P-1,Ada,1984-05-02,,{person.email},,\n"
        assert intake.run("patients", table, MAPPING, "--write").outcomes == ["refused"]
    staff = f"/v1/staff/{home.clinician.membership_id}"
    assert home.admin.patch(staff, {"disabled": True}).status_code == 200
    assert intake.run("patients", lines(home), MAPPING).outcomes == ["refused", "new"]
    own = select(CareTeamMember).where(CareTeamMember.clinic_id == home.clinic_id)
    assert len(home.world.rows(own)) == 1  # the household's own


def test_the_same_number_twice_is_refused_the_second_time(intake: Intake) -> None:
    table = f"{HEADER}P-1,Ada,1984-05-02,,,,\nP-1,Bo,1984-05-02,,,,\n"
    told = intake.run("patients", table, MAPPING, "--write", "--skip-refused")
    assert told.outcomes == ["new", "refused"]
    assert "Row 2 is about the same" in told.why(3)[2]


def test_another_clinics_number_is_no_number_of_ours(home: Household, intake: Intake) -> None:
    home.world.patient(home.stranger.clinic_id, mrn="P-1")
    table = f"{HEADER}P-1,Ada,1984-05-02,,,,\n"
    assert intake.run("patients", table, MAPPING, "--write").outcomes == ["new"]
    numbered = select(Patient.clinic_id).where(Patient.mrn == "P-1")
    assert {home.clinic_id, home.stranger.clinic_id} <= {
        row.clinic_id for row in home.world.rows(numbered)
    }
