"""The same said again: a replay adds nothing, and an answer after an alert was closed is heard."""

from typing import Any

import pytest

from tests.entries import entry, match, own
from tests.filled_scales import PHQ9, filled, path, sent
from tests.filled_scales import own as own_scales
from tests.people import Household
from tests.safety import alerts, ask_safety, events, letters, open_alerts

DAY = "2024-05-10"
OPEN = [("S2", "high")]
AT_ONCE = [*PHQ9[:8], 2]


@pytest.fixture
def asking(home: Household) -> Household:
    ask_safety(home)
    return home


def says(answer: str, **more: Any) -> dict[str, Any]:
    return entry(DAY) | {"suicidal_thoughts": answer} | more


def resolved(home: Household) -> None:
    """What is open is acknowledged and closed."""
    for alert in alerts(home):
        if alert.is_open:
            taken = home.clinician.post(f"/v1/alerts/{alert.id}/acknowledge")
            done = home.clinician.post(f"/v1/alerts/{alert.id}/resolve", {"outcome": "reached"})
            assert (taken.status_code, done.status_code) == (200, 200)
    assert open_alerts(home) == []


def test_often_taken_back_and_said_again_after_the_alert_was_closed_opens_one(
    asking: Household,
) -> None:
    first = asking.patient.put(own(DAY), says("often"))
    resolved(asking)
    second = asking.patient.put(own(DAY), says("none"), headers=match(first))
    assert open_alerts(asking) == []
    third = asking.patient.put(own(DAY), says("often"), headers=match(second))
    assert third.json["safety_card"] is not None
    assert open_alerts(asking) == OPEN
    assert letters(asking) == [asking.clinician.email] * 2


def test_the_same_day_told_again_at_a_later_time_is_another_telling(asking: Household) -> None:
    asking.patient.put(own(DAY), says("often"))
    resolved(asking)
    asking.patient.put(own(DAY), says("often", recorded_at=f"{DAY}T20:15:00Z"))
    assert open_alerts(asking) == OPEN


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k1"}])
def test_a_replay_after_the_alert_was_closed_opens_nothing(
    asking: Household, headers: dict[str, str]
) -> None:
    for _ in range(2):
        asking.patient.put(own(DAY), says("often"), headers=headers)
        resolved(asking)
    assert len(alerts(asking)) == 1


def test_the_name_of_a_sending_given_to_another_day_is_no_replay(asking: Household) -> None:
    headers = {"Idempotency-Key": "k1"}
    asking.patient.put(own(DAY), says("often"), headers=headers)
    resolved(asking)
    other = entry("2024-05-09") | {"suicidal_thoughts": "often"}
    assert asking.patient.put(own("2024-05-09"), other, headers=headers).status_code == 422
    assert open_alerts(asking) == OPEN


def test_bodies_nobody_can_read_are_each_heard_once_the_alert_was_closed(
    asking: Household,
) -> None:
    unread = b'{"suicidal_thoughts": "often", "mood": NaN}'
    for _ in range(2):
        for _ in range(2):
            asking.patient.send("PUT", own(DAY), data=unread, content_type="application/json")
        assert open_alerts(asking) == OPEN
        assert [event.kind for event in events(asking)].count("appended") == 0
        resolved(asking)
    assert len(alerts(asking)) == 2


def test_a_refused_day_sent_again_after_the_alert_was_closed_is_heard(asking: Household) -> None:
    for _ in range(2):
        assert asking.patient.put(own(DAY), says("often", mood=11)).status_code == 422
        assert open_alerts(asking) == OPEN
        resolved(asking)


def test_a_refused_scale_sent_again_after_the_alert_was_closed_is_heard(
    asking: Household,
) -> None:
    for _ in range(2):
        body = filled(AT_ONCE, date="2999-01-01")
        assert asking.patient.post(own_scales(), body).status_code == 422
        assert open_alerts(asking) == OPEN
        resolved(asking)


def refused(home: Household, key: str, items: list[int], **more: Any) -> None:
    body = filled(items, date="2999-01-01") | more
    headers = {"Idempotency-Key": key}
    assert home.patient.post(own_scales(), body, headers=headers).status_code == 422


def test_a_refused_scale_sent_again_under_its_name_adds_nothing_though_it_was_closed(
    asking: Household,
) -> None:
    for _ in range(2):
        refused(asking, "s1", AT_ONCE)
    refused(asking, "s1", AT_ONCE, note="again")  # put right in part: the answer is the same
    assert [event.kind for event in events(asking)] == ["raised"]
    resolved(asking)
    refused(asking, "s1", AT_ONCE)
    assert open_alerts(asking) == []
    refused(asking, "s1", [*PHQ9[:8], 3])  # the name does not hide another answer
    assert open_alerts(asking) == OPEN


def test_a_refused_scale_put_right_under_its_name_tells_nothing_twice(asking: Household) -> None:
    refused(asking, "s1", AT_ONCE)
    sent(asking.patient, own_scales(), filled(AT_ONCE), headers={"Idempotency-Key": "s1"})
    assert [event.kind for event in events(asking)] == ["raised"]
    sent(asking.patient, own_scales(), filled(AT_ONCE), headers={"Idempotency-Key": "s2"})
    assert [event.kind for event in events(asking)] == ["raised", "appended"]


def test_a_refused_scale_with_a_name_that_is_none_is_heard(asking: Household) -> None:
    refused(asking, "k" * 129, AT_ONCE)
    assert open_alerts(asking) == OPEN


def test_a_scale_replayed_is_not_heard_again_and_one_corrected_is(asking: Household) -> None:
    key = {"headers": {"Idempotency-Key": "s1"}}
    first = sent(asking.patient, own_scales(), filled(AT_ONCE), **key)
    resolved(asking)
    sent(asking.patient, own_scales(), filled(AT_ONCE), **key)
    assert open_alerts(asking) == []
    one = own_scales(first["id"])
    for items, wanted in ((PHQ9, []), (AT_ONCE, OPEN)):
        seen = match(asking.patient.get(one))
        assert asking.patient.patch(one, {"items": items}, headers=seen).status_code == 200
        assert open_alerts(asking) == wanted


HIGH = [1, 1, 1, 1, 0, 0]


def screened(home: Household, **more: Any) -> Any:
    body = filled(HIGH, instrument="cssrs_screener", **more)
    return home.clinician.post(path(home), body)


def test_a_screener_that_was_refused_and_put_right_is_one_alert(asking: Household) -> None:
    for _ in range(2):
        assert screened(asking, unknown=1).status_code == 422
    (alert,) = alerts(asking)
    assert asking.clinician.post(f"/v1/alerts/{alert.id}/acknowledge").status_code == 200
    taken = screened(asking)
    assert taken.status_code == 201
    (alert,) = alerts(asking)
    assert (alert.severity, alert.acknowledged_at is None) == ("urgent", False)
    told = [event for event in events(asking) if event.kind == "appended"]
    assert [event.evidence["assessment_id"] for event in told] == [taken.json["id"]]
    assert letters(asking) == [asking.clinician.email]


def test_two_screeners_with_the_same_answers_are_two_alerts(asking: Household) -> None:
    for _ in range(2):
        assert screened(asking).status_code == 201
    assert open_alerts(asking) == [("S1", "urgent")] * 2


def test_a_screener_after_the_refused_one_was_closed_is_heard(asking: Household) -> None:
    screened(asking, unknown=1)
    resolved(asking)
    screened(asking)
    assert open_alerts(asking) == [("S1", "urgent")]


def test_a_screener_of_which_every_gate_was_left_out_needs_review(asking: Household) -> None:
    body = filled([None] * 6, instrument="cssrs_screener")
    sent(asking.clinician, path(asking), body)
    assert open_alerts(asking) == [("S3", "normal")]


def test_behaviour_of_late_is_urgent_though_its_gate_says_no(asking: Household) -> None:
    body = filled([0, 0, None, None, None, 0], instrument="cssrs_screener")
    told = sent(asking.clinician, path(asking), body | {"extra": {"past_3_months": 1}})
    assert told["level"] == "high"
    assert open_alerts(asking) == [("S1", "urgent")]
