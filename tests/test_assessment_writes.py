"""Scales filled in through HTTP: kept in part, scored when complete, corrected with their past."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from models.assessment import Assessment
from models.fact_revision import FactRevision
from tests.entries import match
from tests.facts import audited, inputs_version
from tests.filled_scales import DAY, PHQ9, filled, own, path, pointers, sent, stored, today
from tests.people import Household
from tests.trend_rows import add_session

PARTIAL = [2, 1, 2, None, None, None, None, None, None]


def count(home: Household) -> int:
    mine = select(Assessment).where(Assessment.patient_id == home.patient_id)
    return len(home.world.rows(mine))


def past(home: Household, assessment_id: str) -> list[Any]:
    """What it said at each revision."""
    told = (FactRevision.kind == "assessment", FactRevision.fact_id == UUID(assessment_id))
    rows = home.world.rows(select(FactRevision).where(*told).order_by(FactRevision.revision))
    return [row.body["items"] for row in rows]


def test_a_complete_scale_is_scored_and_named(home: Household) -> None:
    told = sent(home.patient, own(), filled())
    assert (told["total"], told["band"], told["status"]) == (13, "moderate", "complete")
    assert (told["source"], told["revision"], told["items"]) == ("app", 1, PHQ9)
    assert told["prorated_total"] is None
    assert told["needs_review"] == []
    assert told["safety_card"] is None
    shown = home.clinician.get(path(home, told["id"]))
    assert shown.json | {"safety_card": None} == told
    assert home.patient.get(own(told["id"])).data == shown.data


def test_what_is_filled_in_in_part_is_kept_and_has_no_score(home: Household) -> None:
    told = sent(home.patient, own(), filled(PARTIAL))
    assert (told["status"], told["total"], told["band"]) == ("partial", None, None)
    assert told["prorated_total"] is None  # 3 of 9 answered; from 7 on a scale may be prorated
    assert told["needs_review"] == ["9"]
    assert told["meaning"]["reason"] == "no_score"
    assert home.clinician.get(path(home)).json["items"][0]["items"] == PARTIAL


def test_a_partial_one_is_completed_later(home: Household) -> None:
    first = sent(home.patient, own(), filled(PARTIAL))
    told = home.patient.patch(
        own(first["id"]), {"items": PHQ9}, headers=match(home.patient.get(own(first["id"])))
    )
    assert (told.status_code, told.json["total"], told.json["status"]) == (200, 13, "complete")
    assert past(home, first["id"]) == [PARTIAL, PHQ9]
    assert count(home) == 1


def test_seven_of_nine_answers_are_prorated_and_never_a_score(home: Household) -> None:
    items = [2, 1, 2, 1, 3, None, None, 1, 0]
    told = sent(home.patient, own(), filled(items))
    # 10 points in 7 answers: 10 * 9 / 7 = 12.86, rounded 13.
    assert (told["prorated_total"], told["total"], told["status"]) == (13, None, "partial")
    assert told["meaning"]["remitted"] is None
    last = sent(home.patient, own(), filled([2, 1, 2, 1, 3, 1, 2, 1, None]))
    assert (last["prorated_total"], last["needs_review"]) == (None, ["9"])  # never imputed


def test_an_item_left_out_for_a_reason_leaves_nothing_open(home: Household) -> None:
    items = [*PHQ9[:8], None]
    told = sent(home.patient, own(), filled(items, not_answered={"9": "declined"}))
    assert (told["status"], told["total"]) == ("complete", None)
    assert told["needs_review"] == ["9"]
    assert told["not_answered"] == {"9": "declined"}


def test_staff_tick_the_six_questions_of_the_screener(home: Household) -> None:
    body = filled([1, 0, None, None, None, 0], instrument="cssrs_screener")
    told = sent(home.clinician, path(home), body)
    assert (told["level"], told["total"], told["status"]) == ("low", None, "complete")
    unknown = sent(home.clinician, path(home), body | {"items": [1, None, None, None, None, 0]})
    assert (unknown["level"], unknown["least_level"]) == ("unknown", "low")
    assert unknown["status"] == "partial"
    assert set(unknown["needs_review"]) >= {"2"}


def test_a_scale_of_score_entry_takes_its_total(home: Household) -> None:
    body = {"instrument": "madrs", "date": str(DAY), "total": 31}
    told = sent(home.clinician, path(home), body)
    assert (told["total"], told["band"], told["items"]) == (31, "moderate", None)
    by_items = sent(home.clinician, path(home), {**body, "items": [3] * 9 + [4]})
    assert by_items["total"] == 31


def test_an_extra_question_is_kept_beside_the_items(home: Household) -> None:
    told = sent(home.patient, own(), filled(extra={"difficulty": 2}))
    assert (told["extra"], told["total"]) == ({"difficulty": 2}, 13)


def test_sent_again_with_its_key_it_is_there_once(home: Household) -> None:
    key = {"headers": {"Idempotency-Key": "a-waiting-room"}}
    first = sent(home.patient, own(), filled(), **key)
    assert sent(home.patient, own(), filled(), **key) == first
    assert count(home) == 1
    other = home.patient.post(own(), filled([0] * 9), **key)
    assert other.json["type"] == "/problems/key-reused"


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (filled([2, 1, 2]), ["/items"]),
        (filled([*PHQ9, 1]), ["/items"]),
        (filled([4, *PHQ9[1:8], -1]), ["/items/0", "/items/8"]),
        (filled() | {"items": [True, *PHQ9[1:8], 1.0]}, ["/items/0", "/items/8"]),
        (filled() | {"items": ["1", *PHQ9[1:]]}, ["/items/0"]),
        (filled() | {"items": "213"}, ["/items"]),
        (filled(None), ["/items"]),
        (filled(None, total=13), ["/total"]),
        (filled(total=14), ["/total"]),
        (filled(extra={"difficulty": 4, "mood": 1}), ["/extra/difficulty", "/extra/mood"]),
        (filled(not_answered={"9": "declined"}), ["/not_answered/9"]),
        (filled([*PHQ9[:8], None], not_answered={"10": "skipped"}), ["/not_answered/10"]),
        (filled([*PHQ9[:8], None], not_answered={"9": "no"}), ["/not_answered/9"]),
        (filled(instrument="horoscope"), ["/instrument"]),
        (filled(day=DAY.replace(year=1979), minute=5), ["/date", "/minute"]),
        (filled(completed_at="2999-01-01T12:00:00Z"), ["/completed_at"]),
        (filled(completed_at="2024-05-13T12:00:00Z"), ["/completed_at"]),
        (filled(session_id=str(uuid4())), ["/session_id"]),
        (filled(timezone="Mars/Olympus", note=5), ["/note", "/timezone"]),
        ({"items": PHQ9}, ["/date", "/instrument"]),
        (filled(band="severe", status="complete"), ["/band", "/status"]),
    ],
)
def test_what_cannot_be_is_refused_whole_with_every_fault(
    home: Household, body: Any, at: list[str]
) -> None:
    assert pointers(home.clinician.post(path(home), body)) == at
    assert count(home) == 0


def test_a_scale_of_tomorrow_is_taken_and_one_of_the_day_after_is_not(home: Household) -> None:
    assert sent(home.patient, own(), filled(day=today(home) + timedelta(days=1)))
    late = home.patient.post(own(), filled(day=today(home) + timedelta(days=3)))
    assert pointers(late) == ["/date"]


def test_a_patient_fills_in_no_scale_of_the_clinics(home: Household) -> None:
    body = {"instrument": "madrs", "date": str(DAY), "items": [1] * 10}
    assert pointers(home.patient.post(own(), body)) == ["/instrument"]
    totals = {"instrument": "isi", "date": str(DAY), "total": 12}
    assert pointers(home.patient.post(own(), totals)) == ["/total"]


def test_one_filled_in_at_a_session_names_it(home: Household) -> None:
    session_id = str(add_session(home, DAY))
    body = {"instrument": "cadss6", "date": str(DAY), "total": 9}
    told = sent(home.clinician, path(home), body | {"session_id": session_id, "minute": 40})
    assert (told["session_id"], told["minute"]) == (session_id, 40)
    other = home.world.patient(home.clinic_id)
    home.world.treats(home.clinician, other)
    elsewhere = f"/v1/patients/{other}/assessments"
    assert pointers(home.clinician.post(elsewhere, body | {"session_id": session_id})) == [
        "/session_id"
    ]


@pytest.mark.parametrize(
    ("days", "faults"), [(-2, ["/session_id"]), (-1, []), (1, []), (2, ["/session_id"])]
)
def test_a_scale_is_of_the_day_of_the_session_it_names_or_one_beside_it(
    home: Household, days: int, faults: list[str]
) -> None:
    session_id = str(add_session(home, DAY))
    body = filled(day=DAY + timedelta(days=days), session_id=session_id, minute=40)
    answer = home.clinician.post(path(home), body)
    assert (pointers(answer) if faults else answer.status_code) == (faults or 201)
    assert count(home) == (0 if faults else 1)


@pytest.mark.parametrize(
    ("minute", "faults"),
    [(40, []), (70, []), (10, []), (71, ["/minute"]), (9, ["/minute"]), (-40, ["/minute"])],
)
def test_a_minute_is_within_half_an_hour_of_when_it_was_completed(
    home: Household, minute: int, faults: list[str]
) -> None:
    began = datetime(2024, 5, 10, 8, 0, tzinfo=UTC)
    session_id = str(add_session(home, DAY, started_at=began))
    # 40 minutes after the start; 40 + 30 = 70, 40 - 30 = 10
    body = filled(session_id=session_id, completed_at="2024-05-10T08:40:00Z", minute=minute)
    answer = home.clinician.post(path(home), body)
    assert (pointers(answer) if faults else answer.status_code) == (faults or 201)
    without = sent(home.clinician, path(home), {**body, "completed_at": None})
    seen = match(home.clinician.get(path(home, without["id"])))
    told = {"completed_at": "2024-05-10T08:40:00Z"}
    later = home.clinician.patch(path(home, without["id"]), told, headers=seen)
    assert (pointers(later) if faults else later.status_code) == (faults or 200)


@pytest.mark.parametrize("value", ["often", 1.5, True, 1001, -1001])
def test_an_answer_that_is_none_is_told_no_range_but_its_own(home: Household, value: Any) -> None:
    body = filled() | {"items": [value, *PHQ9[1:]], "extra": {"difficulty": value}}
    answer = home.clinician.post(path(home), body)
    assert pointers(answer) == ["/extra/difficulty", "/items/0"]
    told = {error["detail"] for error in answer.json["errors"]}
    own_range = "within the item's own range (GET /v1/instruments)"
    assert told == {f"Must be a whole number {own_range}, or null."}
    total = home.clinician.post(path(home), filled(None, instrument="isi", total="often"))
    assert [error["detail"] for error in total.json["errors"]] == [
        "Must be a number within the scale's own range (GET /v1/instruments)."
    ]


def test_a_correction_needs_the_state_it_corrects(home: Household) -> None:
    first = sent(home.clinician, path(home), filled())
    where, better = path(home, first["id"]), {"items": [0, *PHQ9[1:]]}
    assert home.clinician.patch(where, better).status_code == 428
    seen = match(home.clinician.get(where))
    told = home.clinician.patch(where, better, headers=seen)
    assert (told.json["total"], told.json["revision"]) == (11, 2)  # 13 - 2
    late = home.clinician.patch(where, {"items": PHQ9}, headers=seen)
    assert (late.status_code, late.headers["ETag"]) == (412, '"r2"')
    assert past(home, first["id"]) == [PHQ9, [0, *PHQ9[1:]]]
    assert audited(home.world, home.patient_id)[-2:] == ["assessment.create", "assessment.change"]


def test_changing_nothing_writes_nothing(home: Household) -> None:
    first = sent(home.clinician, path(home), filled())
    before = inputs_version(home.world, home.patient_id)
    told = home.clinician.patch(path(home, first["id"]), {"items": PHQ9})
    assert (told.status_code, told.json["revision"]) == (200, 1)
    assert inputs_version(home.world, home.patient_id) == before


def test_a_correction_is_held_to_the_scale_too(home: Household) -> None:
    first = sent(home.clinician, path(home), filled())
    where = path(home, first["id"])
    seen = match(home.clinician.get(where))
    wrong = {"items": [9, *PHQ9[1:]], "date": "1979-01-01"}
    told = pointers(home.clinician.patch(where, wrong, headers=seen))
    assert told == ["/date", "/items/0"]
    other = home.clinician.patch(where, {"instrument": "gad7"}, headers=seen)
    assert pointers(other) == ["/instrument"]


def test_nobody_changes_somebody_elses_answers(home: Household) -> None:
    patients = sent(home.patient, own(), filled())["id"]
    staffs = sent(home.clinician, path(home), filled())["id"]
    assert home.clinician.patch(path(home, patients), {"items": [0] * 9}).status_code == 409
    assert home.patient.patch(own(staffs), {"items": [0] * 9}).status_code == 409
    assert home.patient.post(own(staffs, "void"), {"reason": "not me"}).status_code == 409


def test_what_was_entered_in_error_stays_and_counts_nowhere(home: Household) -> None:
    first = sent(home.patient, own(), filled())["id"]
    told = home.clinician.post(path(home, first, "void"), {"reason": "another patient's"})
    assert told.json["void_reason"] == "another patient's"
    assert told.json["voided_by"] == str(home.clinician.membership_id)
    again = home.clinician.post(path(home, first, "void"), {"reason": "no matter"})
    assert again.json["void_reason"] == "another patient's"
    assert home.patient.get(own()).json["items"] == []
    whole = home.patient.get(own(), query_string={"void": "true"}).json["items"]
    assert [one["id"] for one in whole] == [first]
    assert home.patient.patch(own(first), {"note": "again"}).status_code == 409


def test_every_write_moves_what_a_summary_reads(home: Household) -> None:
    versions = [inputs_version(home.world, home.patient_id)]
    first = sent(home.patient, own(), filled(PARTIAL))["id"]
    versions.append(inputs_version(home.world, home.patient_id))
    seen = match(home.patient.get(own(first)))
    home.patient.patch(own(first), {"items": PHQ9}, headers=seen)
    versions.append(inputs_version(home.world, home.patient_id))
    home.patient.post(own(first, "void"), {"reason": "a try"})
    versions.append(inputs_version(home.world, home.patient_id))
    assert versions == sorted(set(versions))


def test_what_is_held_already_is_not_sent_again(home: Household) -> None:
    first = sent(home.patient, own(), filled())["id"]
    tag = home.patient.get(own(first)).headers["ETag"]
    again = home.patient.get(own(first), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    add_session(home, DAY - timedelta(days=3))  # the recall spans it now
    assert home.patient.get(own(first), headers={"If-None-Match": tag}).status_code == 200


def test_an_imported_total_is_noted_on_and_stays(home: Household) -> None:
    one = str(stored(home, DAY))
    told = home.clinician.patch(path(home, one), {"note": "from the old records"})
    assert (told.status_code, told.json["total"], told.json["items"]) == (200, 16, None)
