"""`flask intake sessions`: judged as sessions recorded by hand, known for ever by their key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from care import treatments
from care.principal import Chart, operator
from clinical.days import DayRules
from models.dose import Dose
from models.session_vitals import SessionVitals
from models.treatment_session import TreatmentSession
from tests.intake import MRN, Intake
from tests.people import Household

MAPPING = """
kind = "sessions"
timezone = "Europe/Berlin"
default_time = 09:00:00
[constants]
"doses.1.drug" = "ketamine"
"doses.1.route" = "intravenous"
[columns.mrn]
field = "mrn"
[columns.visit]
field = "external_id"
[columns.date]
field = "date"
[columns.time]
field = "time"
[columns.status]
field = "status"
[columns.reason]
field = "status_reason"
[columns.kg]
field = "weight_kg"
[columns.mg]
field = "doses.1.dose_mg"
[columns.before]
field = "vitals.-10.systolic_mmhg"
[columns.at40]
field = "vitals.40.systolic_mmhg"
"""
HEADER = "mrn,visit,date,time,status,reason,kg,mg,before,at40\n"
FIRST = f"{MRN},V-1,2024-03-04,09:30,completed,,70,35,120,138\n"


@pytest.fixture
def intake(home: Household, tmp_path: Path) -> Intake:
    home.clinician.patch(f"/v1/patients/{home.patient_id}", {"mrn": MRN})
    return Intake(home.world, home.clinic_id, tmp_path)


def stored(intake: Intake) -> list[Any]:
    own = select(TreatmentSession).where(TreatmentSession.clinic_id == intake.clinic_id)
    return intake.world.rows(own.order_by(TreatmentSession.local_date, TreatmentSession.import_key))


def run(intake: Intake, lines: str, *flags: str, mapping: str = MAPPING) -> Any:
    return intake.run("sessions", HEADER + lines, mapping, *flags)


def test_a_trial_writes_nothing_though_it_rehearses(intake: Intake) -> None:
    before = intake.counted()
    told = run(intake, FIRST)
    assert (told.status, told.outcomes) == (0, ["new"])
    assert intake.counted() == before


def test_a_session_comes_in_with_its_dose_and_its_readings(intake: Intake) -> None:
    assert run(intake, FIRST, "--write").status == 0
    (session,) = stored(intake)
    assert (session.status, session.source, session.import_key) == (
        "completed", "import", "id:V-1",
    )  # fmt: skip
    assert session.started_at == datetime(2024, 3, 4, 8, 30, tzinfo=UTC)  # 09:30 in a Berlin winter
    assert (session.weight_kg, session.given_by, session.created_by) == (70, None, None)
    (dose,) = intake.world.rows(select(Dose).where(Dose.session_id == session.id))
    assert (dose.drug, dose.route, dose.dose_mg) == ("ketamine", "intravenous", 35)
    assert (dose.given_at, dose.source) == (session.started_at, "import")
    readings = intake.world.rows(
        select(SessionVitals).where(SessionVitals.session_id == session.id)
    )
    told = sorted((one.minute, one.systolic_mmhg, one.diastolic_mmhg) for one in readings)
    assert told == [(-10, 120, None), (40, 138, None)]
    assert intake.events() == ["intake.sessions", "session.record"]


def test_repeating_changes_nothing_and_a_changed_row_overwrites_nothing(intake: Intake) -> None:
    run(intake, FIRST, "--write")
    before = intake.counted()
    assert run(intake, FIRST, "--write").outcomes == ["same"]
    changed = run(intake, FIRST.replace(",35,", ",40,"), "--write")
    assert (changed.status, changed.outcomes) == (0, ["kept"])
    assert intake.counted() == before


def test_a_voided_session_does_not_come_back(home: Household, intake: Intake) -> None:
    run(intake, FIRST, "--write")
    days = DayRules(240, 14)
    chart = Chart(home.clinic_id, home.patient_id, "Europe/Berlin", days)
    target = (chart, stored(intake)[0].id)
    with home.world.services.database.begin(write=True) as connection:
        who, why = operator(home.clinic_id), "another patient's"
        treatments.void(connection, who, target, (why, None), home.world.now)
        connection.commit()
    told = run(intake, FIRST, "--write")
    assert told.why(2) == ("kept", "", "This session was voided here, and stays so.")


def test_without_a_time_the_stated_one_is_assumed_and_is_no_part_of_the_key(
    intake: Intake,
) -> None:
    line = f"{MRN},,2024-03-04,,completed,,70,35,,\n"
    run(intake, line, "--write")
    (session,) = stored(intake)
    assert session.started_at == datetime(2024, 3, 4, 8, tzinfo=UTC)
    assert session.import_key == "on:2024-03-04"
    later = MAPPING.replace("09:00:00", "10:00:00")
    assert run(intake, line, "--write", mapping=later).outcomes == ["kept"]


def test_an_assumed_time_moves_no_session_off_its_day(intake: Intake) -> None:
    early = MAPPING.replace("09:00:00", "03:59:00")  # the patient's day begins at 04:00
    dateless = f"{MRN},,2024-03-04,,completed,,70,35,,\n"
    assert run(intake, dateless, mapping=early).why(2)[:2] == ("refused", "date")
    assert run(intake, dateless, mapping=early.replace("03:59", "04:00")).outcomes == ["new"]
    told = f"{MRN},,2024-03-04,03:59,completed,,70,35,,\n"  # really at that hour
    assert run(intake, told, mapping=early).outcomes == ["new"]


def test_without_a_time_given_or_assumed_a_row_is_refused(intake: Intake) -> None:
    told = run(
        intake, f"{MRN},,2024-03-04,,completed,,70,35,,\n",
        mapping=MAPPING.replace("default_time = 09:00:00\n", ""),
    )  # fmt: skip
    assert told.why(2)[:2] == ("refused", "time")


@pytest.mark.parametrize(
    ("day", "clock", "outcome"),
    [
        ("2024-03-31", "02:30", "refused"),  # the clocks went from 02:00 to 03:00
        ("2024-10-27", "02:30", "refused"),  # it came twice
        ("2024-10-27", "03:30", "new"),
    ],
)
def test_a_time_that_came_twice_or_never_is_not_guessed(
    intake: Intake, day: str, clock: str, outcome: str
) -> None:
    told = run(intake, f"{MRN},V-1,{day},{clock},completed,,70,35,,\n")
    assert told.outcomes == [outcome]
    assert outcome == "new" or "came twice" in told.why(2)[2]


def test_the_patients_own_zone_is_taken_where_the_mapping_says_so(intake: Intake) -> None:
    own = MAPPING.replace('"Europe/Berlin"', '"patient"')
    run(intake, FIRST, "--write", mapping=own)
    (session,) = stored(intake)
    assert (session.timezone, session.started_at.hour) == ("Europe/Berlin", 8)


def test_an_instant_with_an_offset_needs_no_zone(intake: Intake) -> None:
    mapping = MAPPING.replace(
        '[columns.date]\nfield = "date"', '[columns.date]\nfield = "started_at"'
    )
    mapping = mapping.replace('[columns.time]\nfield = "time"\n', "").replace(
        'kind = "sessions"', 'kind = "sessions"\nignore = ["time"]'
    )
    line = f"{MRN},,2024-10-27T02:30:00+01:00,,completed,,70,35,,\n"
    assert run(intake, line, "--write", mapping=mapping).outcomes == ["new"]
    (session,) = stored(intake)
    assert session.started_at == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert session.import_key == "at:2024-10-27T02:30:00+01:00"


def test_what_did_not_happen_was_booked_for_then_and_had_no_dose(intake: Intake) -> None:
    line = f"{MRN},V-2,2024-03-07,10:00,missed,no_contact,,,,\n"
    assert run(intake, line, "--write").outcomes == ["new"]
    (session,) = stored(intake)
    assert (session.status, session.started_at, session.status_reason) == (
        "missed", None, "no_contact",
    )  # fmt: skip
    assert session.scheduled_at == datetime(2024, 3, 7, 9, tzinfo=UTC)
    assert intake.world.rows(select(Dose).where(Dose.clinic_id == intake.clinic_id)) == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"{MRN},V-1,2999-03-04,09:30,completed,,70,35,,\n", "date"),
        (f"{MRN},V-1,1979-03-04,09:30,completed,,70,35,,\n", "date"),
        (f"{MRN},V-1,2024-03-04,09:30,completed,,70,0.02,,\n", "mg"),  # grams?
        (f"{MRN},V-1,2024-03-04,09:30,completed,,7000,35,,\n", "kg"),
        (f"{MRN},V-1,2024-03-04,09:30,completed,,70,35,,999\n", "at40"),
        (f"{MRN},V-1,2024-03-04,09:30,missed,,,,,\n", "reason"),
        (f"{MRN},V-1,2024-03-04,09:30,finished,,70,35,,\n", "status"),
        (f"{MRN},V-1,,09:30,completed,,70,35,,\n", "date"),
        ("X-9,V-1,2024-03-04,09:30,completed,,70,35,,\n", "mrn"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(intake: Intake, line: str, column: str) -> None:
    before = intake.counted()
    told = run(intake, line, "--write")
    assert told.status == 1
    assert told.why(2)[0] == "refused"
    assert column in told.why(2)[1].split("; ")
    assert intake.counted() == before


def test_every_fault_of_a_row_is_named_at_once(intake: Intake) -> None:
    mapping = MAPPING.replace('"doses.1.route" = "intravenous"\n', "")
    mapping += '[columns.route]\nfield = "doses.1.route"\n'
    mapping += '[columns.low40]\nfield = "vitals.40.diastolic_mmhg"\n'
    header = HEADER.strip() + ",route,low40\n"
    visit = f"{MRN},V-1,2024-03-04,09:30,completed,"
    for line, columns in (
        # The route is no word of ours, the other numbers are read and cannot be.
        (f"{visit},7,0.04,999,80,by air,120", "route; kg; mg; before; low40"),
        (f"{visit},7,0.04,999,80,oral,120", "kg; mg; before; low40"),
        (f"{visit},70,,120,138,oral,90", "mg"),  # a route, and no dose
        (f"{visit},70,,120,138,by air,90", "route"),
    ):
        told = intake.run("sessions", f"{header}{line}\n", mapping)
        outcome, named, words = told.why(2)
        assert (outcome, named) == ("refused", columns), words
        assert ("0.04" not in words, "grams" in words) == (True, "0.04" in line), words


def test_what_is_unlikely_is_asked_and_taken_only_when_stood_by(intake: Intake) -> None:
    line = f"{MRN},V-1,2024-03-04,09:30,completed,,70,140,,\n"  # 2 mg per kg
    before = intake.counted()
    asked = run(intake, line, "--write")
    assert (asked.status, asked.outcomes) == (1, ["asked"])
    assert asked.why(2)[1] == "mg"
    assert intake.counted() == before
    assert run(intake, line, "--write", "--confirm-unlikely").outcomes == ["new"]
    assert run(intake, line, "--write").outcomes == ["same"]


def test_rows_are_judged_beside_those_before_them_in_the_file(intake: Intake) -> None:
    second = f"{MRN},V-2,2024-03-04,10:00,completed,,70,35,,\n"  # while the first goes on
    third = f"{MRN},V-3,2024-03-07,09:30,completed,,95,35,,\n"  # 25 kg more in three days
    told = run(intake, FIRST + second + third)
    assert told.outcomes == ["new", "refused", "asked"]
    assert told.why(3)[2] == "Overlaps another session of this patient."
    assert told.why(4)[1] == "kg"


def test_a_key_twice_in_one_file_is_refused_the_second_time(intake: Intake) -> None:
    told = run(intake, FIRST + FIRST.replace("2024-03-04", "2024-03-07"))
    assert told.outcomes == ["new", "refused"]
    assert "Row 2 is about the same" in told.why(3)[2]


def test_the_session_is_in_the_chart_like_any_other(home: Household, intake: Intake) -> None:
    run(intake, FIRST, "--write")
    trends = home.clinician.get(
        f"/v1/patients/{home.patient_id}/trends?from=2024-03-01&to=2024-03-20"
    )
    assert [one["date"] for one in trends.json["sessions"]] == ["2024-03-04"]
    audit = home.patient.get("/v1/me/audit").json["items"]
    assert {"session.record", "intake.sessions"} <= {one["action"] for one in audit}
