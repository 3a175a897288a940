"""A safety answer reaches a human by every path a check-in can take, whatever becomes of it."""

from typing import Any

import pytest

from tests.entries import entry, match, of_patient, own, pointers
from tests.people import Household
from tests.safety import alerts, ask_safety, events, evidence, letters, open_alerts

DAY = "2024-05-10"


@pytest.fixture
def asking(home: Household) -> Household:
    ask_safety(home)
    return home


def often(day: str = DAY, **more: Any) -> dict[str, Any]:
    return entry(day) | {"suicidal_thoughts": "often"} | more


def test_the_item_goes_live_where_somebody_is_named_with_hours(home: Household) -> None:
    def shown() -> bool:
        answer: bool = home.patient.get("/v1/measures").json["suicidal_thoughts"]["shown"]
        return answer

    assert not shown()
    ask_safety(home, review_hours=None)
    assert not shown()
    ask_safety(home)
    assert shown()
    ask_safety(home, reviewer_id=None)
    assert not shown()
    ask_safety(home, backup_reviewer_id=home.colleague.membership_id)
    staff = f"/v1/staff/{home.clinician.membership_id}"
    assert home.admin.patch(staff, {"disabled": True}).status_code == 200
    assert shown()


def test_often_raises_one_alert_and_one_letter_in_the_same_request(asking: Household) -> None:
    sent = asking.patient.put(own(DAY), often())
    assert sent.status_code == 201
    assert open_alerts(asking) == [("S2", "high")]
    assert letters(asking) == [asking.clinician.email]
    assert [event.kind for event in events(asking)] == ["raised"]
    told = {"date": DAY, "source": "app", "outcome": "create", "answer": "often"}
    assert evidence(asking) == [told]


def test_the_answer_carries_the_card_and_never_says_that_somebody_watches(
    asking: Household,
) -> None:
    card = asking.patient.put(own(DAY), often()).json["safety_card"]
    assert card["title"] == "Thank you for telling us"
    assert "not watched live" in " ".join(card["texts"])
    assert [line["number"] for line in card["lines"]] == [
        "112",
        "0800 111 0 111",
        "findahelpline.com",
    ]
    assert {line["last_verified"] for line in card["lines"]} == {None}
    assert card["next_look"] is not None


def test_a_day_without_a_safety_answer_has_no_card_and_raises_nothing(asking: Household) -> None:
    assert "safety_card" not in asking.patient.put(own(DAY), entry(DAY)).json
    well = entry("2024-05-11") | {"suicidal_thoughts": "none"}
    none = asking.patient.put(own("2024-05-11"), well)
    assert none.json["safety_card"] is None
    assert alerts(asking) == []


def test_an_answer_is_heard_where_the_rest_of_the_day_is_refused(asking: Household) -> None:
    refused = asking.patient.put(own(DAY), often(mood=11))
    assert pointers(refused) == ["/mood"]
    assert open_alerts(asking) == [("S2", "high")]
    assert refused.json["safety_card"]["title"] == "Thank you for telling us"
    assert evidence(asking)[0]["outcome"] == "refused"
    assert asking.patient.get(own(DAY)).status_code == 404


REFUSALS: dict[str, tuple[dict[str, Any], dict[str, str], int]] = {
    "a date too long ago": (often(recorded_at="2024-08-10T18:00:00Z"), {}, 422),
    "a date to come": (often(timezone="Nowhere/Nowhere"), {}, 422),
    "an unknown key": (often(revision=2), {}, 422),
    "a key too long": (often(), {"Idempotency-Key": "k" * 200}, 422),
    "a base of another day": (often(), {"If-Match": '"r7"'}, 412),
    "an effect that is none": (often(side_effects=[{"code": {}, "severity": 1}]), {}, 422),
    "another spelling": (often(suicidal_thoughts="Most of the time"), {}, 422),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_an_answer_is_heard_whatever_refuses_the_day(asking: Household, why: str) -> None:
    body, headers, status = REFUSALS[why]
    refused = asking.patient.put(own(DAY), body, headers=headers)
    assert refused.status_code == status
    assert refused.json["safety_card"] is not None
    assert open_alerts(asking) == [("S2", "high")]


UNREADABLE = {
    "a number that is none": b'{"suicidal_thoughts": "often", "mood": NaN}',
    "a control character": b'{"suicidal_thoughts": "often", "note": "\\u0000"}',
    "a key twice": b'{"suicidal_thoughts": "often", "suicidal_thoughts": "none"}',
    "cut off": b'{"mood": 3, "suicidal_thoughts": "often", "note": "and th',
}


@pytest.mark.parametrize("why", UNREADABLE)
def test_an_answer_is_heard_in_a_body_that_cannot_be_read(asking: Household, why: str) -> None:
    refused = asking.patient.send(
        "PUT", own(DAY), data=UNREADABLE[why], content_type="application/json"
    )
    assert refused.status_code == 400
    assert open_alerts(asking) == [("S2", "high")]


def test_an_answer_is_heard_though_it_was_not_sent_as_json(asking: Household) -> None:
    refused = asking.patient.send(
        "PUT", own(DAY), data=b'{"suicidal_thoughts": "often"}', content_type="text/plain"
    )
    assert refused.status_code == 415
    assert open_alerts(asking) == [("S2", "high")]


def test_the_edit_that_loses_is_heard(asking: Household) -> None:
    first = asking.patient.put(own(DAY), entry(DAY))
    asking.patient.put(own(DAY), entry(DAY, mood=1), headers=match(first))
    lost = asking.patient.put(own(DAY), often(), headers=match(first))
    assert lost.status_code == 412
    assert lost.json["current"]["mood"] == 1
    assert open_alerts(asking) == [("S2", "high")]
    assert lost.json["safety_card"] is not None
    assert evidence(asking)[0]["outcome"] == "conflict"


def test_an_edit_without_a_base_is_heard(asking: Household) -> None:
    asking.patient.put(own(DAY), entry(DAY))
    assert asking.patient.put(own(DAY), often()).status_code == 428
    assert open_alerts(asking) == [("S2", "high")]


def test_a_key_used_for_another_day_is_heard(asking: Household) -> None:
    sent = {"Idempotency-Key": "k1"}
    asking.patient.put(own(DAY), entry(DAY), headers=sent)
    refused = asking.patient.put(own(DAY), often(), headers=sent)
    assert refused.status_code == 422
    assert refused.json["safety_card"] is not None
    assert open_alerts(asking) == [("S2", "high")]


def test_what_is_told_by_telephone_is_heard(asking: Household) -> None:
    sent = asking.clinician.put(of_patient(asking.patient_id, DAY), often())
    assert sent.status_code == 201
    assert open_alerts(asking) == [("S2", "high")]
    assert evidence(asking)[0]["source"] == "staff"


def test_a_telephone_entry_that_gives_way_to_the_patients_own_is_heard(asking: Household) -> None:
    asking.patient.put(own(DAY), entry(DAY))
    assert asking.clinician.put(of_patient(asking.patient_id, DAY), often()).status_code == 409
    assert open_alerts(asking) == [("S2", "high")]


def test_a_clinic_that_does_not_ask_hears_an_answer_all_the_same(home: Household) -> None:
    refused = home.patient.put(own(DAY), often())
    assert pointers(refused) == ["/suicidal_thoughts"]
    assert "has not told us when it looks" in refused.json["safety_card"]["review"]
    assert open_alerts(home) == [("S2", "high")]
    assert letters(home) == [home.clinician.email]  # nobody is named: who treats the patient


def test_sending_again_raises_nothing_more_and_shows_the_card_again(asking: Household) -> None:
    sent = {"Idempotency-Key": "k1"}
    first = asking.patient.put(own(DAY), often(), headers=sent)
    again = asking.patient.put(own(DAY), often(), headers=sent)
    same = asking.patient.put(own(DAY), often())
    assert first.json["safety_card"] == again.json["safety_card"] == same.json["safety_card"]
    assert [event.kind for event in events(asking)] == ["raised"]
    assert len(letters(asking)) == 1


def test_taking_an_answer_back_or_deleting_the_day_closes_nothing(asking: Household) -> None:
    first = asking.patient.put(own(DAY), often())
    lower = entry(DAY) | {"suicidal_thoughts": "none"}
    second = asking.patient.put(own(DAY), lower, headers=match(first))
    assert second.status_code == 200
    assert asking.patient.delete(own(DAY), headers=match(second)).status_code == 204
    assert open_alerts(asking) == [("S2", "high")]
    assert len(evidence(asking)) == 1


def test_a_second_answer_joins_the_open_alert(asking: Household) -> None:
    fleeting = entry("2024-05-09") | {"suicidal_thoughts": "fleeting"}
    asking.patient.put(own("2024-05-09"), fleeting)
    assert open_alerts(asking) == [("S3", "normal")]
    asking.patient.put(own(DAY), often())
    assert open_alerts(asking) == [("S2", "high")]
    assert [event.kind for event in events(asking)] == ["raised", "appended"]
    assert len(letters(asking)) == 2  # for the first, and for what is more


def test_side_effects_are_asked_of_too(asking: Household) -> None:
    severe = {"side_effects": [{"code": "urinary_pain", "severity": 3}]}
    sent = asking.patient.put(own(DAY), entry(DAY) | severe)
    assert "safety_card" not in sent.json
    assert open_alerts(asking) == [("E1", "high"), ("E2", "normal")]
    asking.patient.put(own("2024-05-11"), entry("2024-05-11") | severe)
    kinds = [(event.kind, event.rule) for event in events(asking)]
    assert sorted(kinds) == [
        ("appended", "E1"),
        ("appended", "E2"),
        ("raised", "E1"),
        ("raised", "E2"),
    ]
    assert len(letters(asking)) == 1  # E2 waits in the list
