"""An answer about suicide in a scale reaches a human, whatever becomes of the scale."""

from pathlib import Path
from typing import Any

import pytest

from tests.entries import match
from tests.filled_scales import DAY, PHQ9, filled, own, path, sent
from tests.intake import MRN, Intake
from tests.people import Household
from tests.safety import alerts, ask_safety, evidence, open_alerts

AT_ONCE = [*PHQ9[:8], 2]
SOMETIMES = [*PHQ9[:8], 1]
PHQ9_MAPPING = (
    'kind = "assessments"\n[constants]\ninstrument = "phq9"\n'
    '[columns.mrn]\nfield = "mrn"\n[columns.date]\nfield = "date"\n'
    '[columns.total]\nfield = "total"\n'
    + "".join(f'[columns.i{n}]\nfield = "items.{n}"\n' for n in range(1, 10))
)


@pytest.fixture
def asking(home: Household) -> Household:
    ask_safety(home)
    return home


def test_the_card_comes_back_with_the_scale(asking: Household) -> None:
    told = sent(asking.patient, own(), filled(AT_ONCE))
    assert told["safety_card"]["offer"] == "cssrs_screener" or told["safety_card"]["texts"]
    assert open_alerts(asking) == [("S2", "high")]
    assert "safety_card" not in asking.patient.get(own(told["id"])).json


def test_a_scale_without_such_an_answer_has_no_card(asking: Household) -> None:
    assert sent(asking.patient, own(), filled())["safety_card"] is None
    assert alerts(asking) == []


def test_the_ninth_item_left_out_needs_review(asking: Household) -> None:
    sent(asking.patient, own(), filled([*PHQ9[:8], None]))
    assert open_alerts(asking) == [("S3", "normal")]


def test_sent_again_it_raises_once_and_shows_the_card_again(asking: Household) -> None:
    key = {"headers": {"Idempotency-Key": "twice"}}
    first = sent(asking.patient, own(), filled(AT_ONCE), **key)
    again = sent(asking.patient, own(), filled(AT_ONCE), **key)
    assert again["safety_card"] == first["safety_card"] is not None
    assert len(alerts(asking)) == 1


@pytest.mark.parametrize(
    "body",
    [
        filled(AT_ONCE, date="2999-01-01"),
        filled(AT_ONCE, date="yesterday"),
        filled(AT_ONCE, unknown=1),
        filled([9, *AT_ONCE[1:]]),
        filled([*AT_ONCE, 0]),
        filled(AT_ONCE, total=3),
        {"instrument": "phq9", "items": AT_ONCE},
    ],
)
def test_a_refused_scale_is_heard_all_the_same(asking: Household, body: Any) -> None:
    answer = asking.patient.post(own(), body)
    assert answer.status_code == 422
    assert answer.json["safety_card"]["lines"]
    assert open_alerts(asking) == [("S2", "high")]
    assert asking.patient.get(own()).json["items"] == []
    assert asking.patient.post(own(), body).json["safety_card"]
    assert len(alerts(asking)) == 1


def test_a_refused_scale_without_a_readable_answer_waits_for_a_repeat(asking: Household) -> None:
    body = filled(PHQ9[:8])
    assert "safety_card" not in asking.patient.post(own(), body).json
    assert alerts(asking) == []


def test_a_correction_that_lost_is_heard(asking: Household) -> None:
    first = sent(asking.patient, own(), filled())
    stale = asking.patient.patch(own(first["id"]), {"items": AT_ONCE}, headers={"If-Match": '"r9"'})
    assert stale.status_code == 412
    assert stale.json["safety_card"]["lines"]
    assert open_alerts(asking) == [("S2", "high")]
    assert asking.patient.get(own(first["id"])).json["items"] == PHQ9


def test_a_correction_is_asked_about_too(asking: Household) -> None:
    first = sent(asking.patient, own(), filled())
    seen = match(asking.patient.get(own(first["id"])))
    told = asking.patient.patch(own(first["id"]), {"items": SOMETIMES}, headers=seen)
    assert told.json["safety_card"]["lines"]
    assert open_alerts(asking) == [("S3", "normal")]


def test_answers_about_nobodys_patient_are_no_answers(asking: Household) -> None:
    assert asking.colleague.post(path(asking), filled(AT_ONCE)).status_code == 404
    assert asking.front_desk.post(path(asking), filled(AT_ONCE)).status_code == 403
    assert alerts(asking) == []


def test_a_high_screener_is_urgent_and_one_entered_in_error_stays(asking: Household) -> None:
    body = filled([1, 1, 1, 1, 0, 0], instrument="cssrs_screener")
    told = sent(asking.clinician, path(asking), body)
    assert open_alerts(asking) == [("S1", "urgent")]
    gone = asking.clinician.post(path(asking, told["id"], "void"), {"reason": "a slip"})
    assert gone.status_code == 200
    assert open_alerts(asking) == [("S1", "urgent")]


def test_what_a_file_brings_in_raises_nothing_urgent(asking: Household, tmp_path: Path) -> None:
    asking.clinician.patch(f"/v1/patients/{asking.patient_id}", {"mrn": MRN})
    intake = Intake(asking.world, asking.clinic_id, tmp_path)
    header = "mrn,date,total," + ",".join(f"i{n}" for n in range(1, 10))
    rows = [
        f"{MRN},2019-05-10,15," + ",".join(map(str, AT_ONCE)),
        f"{MRN},2019-05-17,3," + ",".join(map(str, AT_ONCE)),  # refused: its total is wrong
    ]
    table = "\n".join([header, *rows, ""])
    assert intake.run("assessments", table, PHQ9_MAPPING).outcomes == ["new", "refused"]
    assert alerts(asking) == []
    intake.run("assessments", table, PHQ9_MAPPING, "--write", "--skip-refused")
    assert [alert.severity for alert in alerts(asking)] == ["low"]
    told = [each["date"] for each in evidence(asking)]
    assert told == ["2019-05-10", "2019-05-17"]


def test_a_day_without_a_reviewer_is_heard_too(home: Household) -> None:
    """The scale is not the daily item: it is asked wherever a clinic uses it."""
    told = sent(home.patient, own(), filled(AT_ONCE, day=DAY))
    assert told["safety_card"]["lines"]
    assert open_alerts(home) == [("S2", "high")]


def test_a_reader_finds_the_ninth_item_and_the_level_in_words(home: Household) -> None:
    sent(home.patient, own(), filled(SOMETIMES))
    left_out = filled([*PHQ9[:8], None], not_answered={"9": "declined"})
    sent(home.patient, own(), left_out, headers={"Idempotency-Key": "later"})
    screener = filled([1, 1, 0, 0, 0, 0], instrument="cssrs_screener")
    sent(home.clinician, path(home), screener)
    sent(home.clinician, path(home), filled([0] * 7, instrument="gad7"))
    items = home.clinician.get(path(home)).json["items"]
    read = {(one["instrument"], one["status"]): one["safety"] for one in items}
    nothing = {"level": None, "level_words": None, "needs_review": False, "review_reason": None}
    assert read["phq9", "complete"] == {
        **nothing, "item": 9, "answer": 1, "answer_words": "Several days",
    }  # fmt: skip
    declined = next(one["safety"] for one in items if one["needs_review"])
    assert (declined["answer"], declined["needs_review"]) == (None, True)
    assert declined["review_reason"] == "Left out: item 9, declined"
    assert read["cssrs_screener", "complete"] == {
        **nothing, "level": "low", "level_words": "Low: a wish to be dead, or thoughts of suicide",
        "item": None, "answer": None, "answer_words": None,
    }  # fmt: skip
    assert read["gad7", "complete"] is None
