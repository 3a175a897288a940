"""`flask intake checkins`: days come in once, never over what is there, and raise nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care import checkins as care_checkins
from models.db import new_id
from models.prepared import together
from tests.entries import PAIN, SEARCH, check_invariants, entry, match, own
from tests.intake import MRN, Intake
from tests.people import Household, World, household

MAPPING = """
kind = "checkins"
[columns.mrn]
field = "mrn"
[columns.date]
field = "date"
[columns.mood]
field = "mood"
[columns.sleep]
field = "sleep_hours"
[columns.nausea]
field = "side_effects.nausea"
[columns.pain]
field = "custom.pain"
[columns.note]
field = "note"
"""
HEADER = "mrn,date,mood,sleep,nausea,pain,note\n"
DAYS = f"{HEADER}{MRN},2019-05-10,6,7.25,0,3,=SUM(A1)\n{MRN},2019-05-11,5,,,,\n"


@pytest.fixture
def home(world: World) -> Household:
    return household(world, custom_measures=[PAIN])


@pytest.fixture
def intake(home: Household, tmp_path: Path) -> Intake:
    _named(home)
    return Intake(home.world, home.clinic_id, tmp_path)


def _named(home: Household) -> None:
    """The household's patient gets a record number."""
    answer = home.clinician.patch(f"/v1/patients/{home.patient_id}", {"mrn": MRN})
    assert answer.status_code == 200


def day(mood: int, when: date | str = "2024-05-10", **more: Any) -> str:
    return f"{HEADER}{MRN},{when},{mood},,,,{more.get('note', '')}\n"


def test_a_trial_says_what_would_be_and_writes_nothing(intake: Intake) -> None:
    before = intake.counted()
    told = intake.run("checkins", DAYS, MAPPING)
    assert (told.status, told.outcomes) == (0, ["new", "new"])
    assert "2 rows: 2 new, 0 same, 0 kept, 0 empty, 0 refused, 0 asked" in told.output
    assert "A trial: nothing was written." in told.output
    assert intake.counted() == before


def test_days_come_in_as_a_patient_would_have_sent_them(home: Household, intake: Intake) -> None:
    assert intake.run("checkins", DAYS, MAPPING, "--write").status == 0
    first, second = home.patient.get("/v1/me/checkins").json["items"]
    received = datetime.fromisoformat(first["received_at"])
    assert abs(datetime.now(UTC) - received) < timedelta(minutes=5)
    expected = {
        "date": "2019-05-10",  # before 2020: only an import may
        "mood": 6,
        "sleep_hours": 7.25,
        "side_effects": [],
        "custom": {"pain": 3},
        "note": "=SUM(A1)",
        "recorded_at": None,
        "timezone": None,
        "entered_by": None,
        "entered_late": None,
        "source": "import",
        "revision": 1,
    }
    assert {key: first[key] for key in expected} == expected
    assert (second["mood"], second["side_effects"], second["custom"]) == (5, None, None)
    check_invariants(home.world, home.patient_id)


def test_each_run_and_each_day_is_audited_and_nothing_else_happens(intake: Intake) -> None:
    before = intake.counted()
    intake.run("checkins", DAYS, MAPPING, "--write")
    assert intake.events() == ["checkin.create", "checkin.create", "intake.checkins"]
    grown = {name: n - before[name] for name, n in intake.counted().items() if n != before[name]}
    assert grown == {"checkin": 2, "checkin_revision": 2, "audit_event": 3}


def test_repeating_an_intake_changes_nothing(intake: Intake) -> None:
    intake.run("checkins", DAYS, MAPPING, "--write")
    before = intake.counted()
    again = intake.run("checkins", DAYS, MAPPING, "--write")
    assert (again.status, again.outcomes) == (0, ["same", "same"])
    assert intake.counted() == before


@pytest.mark.parametrize("flags", [(), ("--write",)])
def test_a_stored_day_that_differs_is_kept(
    home: Household, intake: Intake, flags: tuple[str, ...]
) -> None:
    mine = home.patient.put(own("2024-05-10"), entry("2024-05-10", mood=2))
    home.clinician.put(f"/v1/patients/{home.patient_id}/checkins/2024-05-11", entry("2024-05-11"))
    intake.run("checkins", day(4, "2024-05-12"), MAPPING, "--write")
    before = intake.counted()
    table = "".join((day(9), day(9, "2024-05-11"), day(9, "2024-05-12"))).replace(HEADER, "")
    told = intake.run("checkins", HEADER + table, MAPPING, *flags)
    assert (told.status, told.outcomes) == (0, ["kept", "kept", "kept"])
    assert told.why(2) == ("kept", "", "What is stored differs, and stays.")
    assert intake.counted() == before
    assert home.patient.get(own("2024-05-10")).json == mine.json


def test_a_day_the_patient_deleted_stays_deleted(home: Household, intake: Intake) -> None:
    stored = home.patient.put(own("2024-05-10"), entry("2024-05-10"))
    home.patient.delete(own("2024-05-10"), headers=match(stored))
    told = intake.run("checkins", day(6), MAPPING, "--write")
    assert told.why(2) == ("kept", "", "This day was deleted here, and stays so.")
    assert home.patient.get(own("2024-05-10")).status_code == 404


def test_the_patients_own_entry_needs_its_precondition_after_an_import(
    home: Household, intake: Intake
) -> None:
    intake.run("checkins", day(6), MAPPING, "--write")
    assert home.patient.put(own("2024-05-10"), entry("2024-05-10", mood=3)).status_code == 428
    stored = home.patient.get(own("2024-05-10"))
    changed = home.patient.put(
        own("2024-05-10"), entry("2024-05-10", mood=3), headers=match(stored)
    )
    assert changed.status_code == 200
    assert intake.run("checkins", day(6), MAPPING, "--write").outcomes == ["kept"]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("X-9,2024-05-10,6,,,,", "mrn", "No patient of this clinic has this MRN."),
        (f"{MRN},2999-05-10,6,,,,", "date", "Is in the future."),
        (f"{MRN},1979-12-31,6,,,,", "date", "Is before the patient's birth."),
        (f"{MRN},2024-05-10,11,,,,", "mood", "Must be from 0 to 10."),
        (f"{MRN},10.05.2024,6,,,,", "date", "Is not of the stated `format`"),
        (f"{MRN},2024-05-10,6,7.3,,,", "sleep", "Lies between two steps"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words(
    intake: Intake, line: str, column: str, reason: str
) -> None:
    before = intake.counted()
    told = intake.run("checkins", f"{DAYS}{line}\n", MAPPING, "--write")
    assert (told.status, told.outcomes) == (1, ["new", "new", "refused"])
    assert told.why(4)[:2] == ("refused", column)
    assert reason in told.why(4)[2]
    assert f"row 4, {column}: " in told.output.replace("row 4: ", "row 4, ")
    assert "Nothing was written." in told.output
    assert intake.counted() == before


def test_the_rest_goes_in_where_refused_rows_are_to_be_skipped(
    home: Household, intake: Intake
) -> None:
    table = f"{DAYS}X-9,2024-05-10,6,,,,\n"
    told = intake.run("checkins", table, MAPPING, "--write", "--skip-refused")
    assert told.status == 1  # somebody has to look at the refused row
    assert "Written." in told.output
    assert len(home.patient.get("/v1/me/checkins").json["items"]) == 2


def test_a_day_twice_in_one_file_is_refused_the_second_time(intake: Intake) -> None:
    table = HEADER + f"{MRN},2024-05-10,6,,,,\n{MRN},2024-05-11,6,,,,\n{MRN},2024-05-10,6,,,,\n"
    told = intake.run("checkins", table, MAPPING)
    assert told.outcomes == ["new", "new", "refused"]
    assert told.why(4)[2] == "Row 2 is about the same: only the first counts."


def test_a_row_without_an_answer_is_empty_and_no_day(intake: Intake) -> None:
    table = HEADER + f"{MRN},2024-05-10,,,,,\n"
    told = intake.run("checkins", table, MAPPING, "--write")
    assert (told.status, told.outcomes) == (0, ["empty"])
    assert intake.events() == []


def test_suicidal_thoughts_come_in_no_more_than_a_patient_may_send_them(intake: Intake) -> None:
    table = f"mrn,date,thoughts\n{MRN},2024-05-10,often\n"
    asked = MAPPING[: MAPPING.index("[columns.mood]")] + "[columns.thoughts]\n"
    told = intake.run("checkins", table, f'{asked}field = "suicidal_thoughts"\n')
    assert told.outcomes == ["refused"]
    assert "named nobody to read it" in told.why(2)[2]


def test_a_measure_the_clinic_does_not_have_is_named_before_any_row(intake: Intake) -> None:
    told = intake.run("checkins", DAYS, MAPPING.replace("custom.pain", "custom.itch"), "--write")
    assert (told.status, told.report) == (2, [])
    assert "The clinic has no measure of its own called itch" in told.output


def test_no_report_and_no_line_repeats_what_a_patient_said(intake: Intake) -> None:
    canary = "=HYPERLINK(canary)"
    table = f"{DAYS}{MRN},{canary},{canary},,,,{canary}\n{canary},2024-05-10,6,,,,\n"
    told = intake.run("checkins", table, MAPPING)
    assert "canary" not in told.output
    assert "canary" not in str(told.report)


def test_a_column_named_like_a_formula_is_harmless_in_the_report(intake: Intake) -> None:
    mapping = MAPPING.replace("[columns.mood]", '[columns."=cmd|x"]')
    told = intake.run("checkins", day(11).replace("mood", "=cmd|x", 1), mapping)
    assert told.why(2)[1] == "'=cmd|x"


def test_killed_half_way_nothing_was_written(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The n-th write fails, for every n there is."""
    before = intake.counted()
    write = together
    for fatal in (1, 2, 3, 4):
        calls = iter(range(1, 99))

        def dying(*arguments: Any, fatal: int = fatal, calls: Any = calls) -> Any:
            if next(calls) == fatal:
                raise KeyboardInterrupt
            return write(*arguments)

        monkeypatch.setattr(care_checkins, "together", dying)
        told = intake.run("checkins", DAYS, MAPPING, "--write")
        assert (told.status, told.report) == (1, [])
        assert list(intake.folder.glob("*.part")) == []
        assert intake.counted() == before
    monkeypatch.undo()
    assert intake.run("checkins", DAYS, MAPPING, "--write").status == 0


def test_a_summary_is_renewed_by_an_import(home: Household, intake: Intake) -> None:
    path = f"/v1/patients/{home.patient_id}/trends?from=2019-05-01&to=2019-05-20"
    before = home.clinician.get(path)
    intake.run("checkins", DAYS, MAPPING, "--write")
    after = home.clinician.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json["input_hash"] != before.json["input_hash"]


@settings(SEARCH, max_examples=12)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 9), st.integers(0, 10)), min_size=1, max_size=6),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_files_come_in_whatever_order_the_first_that_told_of_a_day_stays(
    intake: Intake, files: list[list[tuple[int, int]]]
) -> None:
    """Each example has a patient of its own; moods of the first nine days of a month."""
    mrn = f"G-{new_id().hex}"
    patient_id = intake.world.patient(intake.clinic_id, mrn=mrn)
    stays: dict[str, int] = {}
    for rows in (*files, *files):
        lines = [f"{mrn},2024-05-0{number},{mood},,,,\n" for number, mood in rows]
        intake.run("checkins", HEADER + "".join(lines), MAPPING, "--write", "--skip-refused")
        for number, mood in rows:
            stays.setdefault(f"2024-05-0{number}", mood)
        stored = check_invariants(intake.world, patient_id)
        assert {str(day): row.mood for day, row in stored.days.items()} == stays
        assert {row.revision for row in stored.days.values()} == {1}
