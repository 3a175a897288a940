"""Answers that no handler was reached with, or nobody could read, reach the clinic all the same."""

from typing import Any

import pytest

from api.overheard import found_in
from tests.entries import entry, own
from tests.people import Household
from tests.safety import ask_safety, open_alerts

DAY = "2024-05-10"
OFTEN = entry(DAY) | {"suicidal_thoughts": "often"}
ITEMS = [0, 0, 0, 0, 0, 0, 0, 0, 3]


@pytest.fixture
def asking(home: Household) -> Household:
    ask_safety(home)
    return home


ADDRESSES = {
    "no such day": ("PUT", "/v1/me/checkins/2024-02-31", 404),
    "a slash too many": ("PUT", f"{own(DAY)}/", 404),
    "the list": ("POST", "/v1/me/checkins", 405),
    "another verb": ("PATCH", own(DAY), 405),
    "a name sent twice": ("PUT", f"{own(DAY)}?a=1&a=2", 422),
    "a batch": ("POST", "/v1/me/checkins/several", 404),
}


@pytest.mark.parametrize("why", ADDRESSES)
def test_an_answer_sent_to_a_wrong_address_is_heard(asking: Household, why: str) -> None:
    verb, path, status = ADDRESSES[why]
    refused = asking.patient.send(verb, path, OFTEN)
    assert refused.status_code == status
    assert refused.json["safety_card"]["title"] == "Thank you for telling us"
    assert open_alerts(asking) == [("S2", "high")]


def test_an_answer_in_a_body_that_is_too_large_is_heard(asking: Household) -> None:
    refused = asking.patient.put(own(DAY), OFTEN | {"note": "x" * 1_100_000})
    assert refused.status_code == 413
    assert refused.json["safety_card"] is not None
    assert open_alerts(asking) == [("S2", "high")]


def test_what_staff_send_to_a_wrong_address_is_heard(asking: Household) -> None:
    path = f"/v1/patients/{asking.patient_id}/checkins/2024-02-31"
    assert asking.clinician.put(path, OFTEN).status_code == 404
    assert open_alerts(asking) == [("S2", "high")]


def test_of_a_stranger_nothing_is_heard_and_nothing_told(asking: Household) -> None:
    """Without a login nobody knows whose answer it is; a colleague off the team tells of nobody."""
    path = f"/v1/patients/{asking.patient_id}/checkins/2024-02-31"
    assert "safety_card" not in asking.colleague.put(path, OFTEN).json
    refused = asking.world.client().put("/v1/me/checkins/2024-02-31", json=OFTEN)
    assert b"safety_card" not in refused.data
    assert open_alerts(asking) == []


def test_an_address_that_takes_no_answers_hears_none(asking: Household) -> None:
    assert asking.patient.post("/v1/me/nowhere", OFTEN).status_code == 404
    assert open_alerts(asking) == []


BODIES: dict[str, tuple[Any, int]] = {
    "a number that is none": (
        b'{"instrument": "phq9", "date": "2024-05-10", "items": [0,0,0,0,0,0,0,0,3], "note": NaN}',
        400,
    ),
    "cut off": (b'{"instrument": "phq9", "items": [0,0,0,0,0,0,0,0,3], "note": "and th', 400),
    "an answer as text": (
        {"instrument": "phq9", "date": DAY, "items": [*ITEMS[:8], "3"]},
        422,
    ),
    "an answer as a fraction": (
        {"instrument": "phq9", "date": DAY, "items": [*ITEMS[:8], 3.0]},
        422,
    ),
    "in a list": ([{"instrument": "phq9", "date": DAY, "items": ITEMS}], 422),
}


@pytest.mark.parametrize("why", BODIES)
def test_the_ninth_item_is_heard_in_a_body_that_cannot_be_taken(
    asking: Household, why: str
) -> None:
    body, status = BODIES[why]
    sent = {"data": body, "content_type": "application/json"} if isinstance(body, bytes) else {}
    json = None if isinstance(body, bytes) else body
    refused = asking.patient.send("POST", "/v1/me/assessments", json, **sent)
    assert refused.status_code == status
    assert refused.json["safety_card"] is not None
    assert ("S2", "high") in open_alerts(asking)


@pytest.mark.parametrize(
    "raw",
    [
        b'[{"suicidal_thoughts": "often"}]',
        b'{"answers": {"suicidal_thoughts": "often"}}',
        b'{"Suicidal_Thoughts": ["often"]}',
        b'"{\\"suicidal_thoughts\\": \\"often\\"}"',
        rb'{"suicidal_thoughts": "\u006fften"',
        b'{"suicidal_thoughts": "often ", "mood":',
        b"suicidal_thoughts=often&mood=3",
        '{"suicidal_thoughts": "often"}'.encode("utf-16"),
        '{"suicidal_thoughts": "often"}'.encode("utf-16-le"),
        b'{"note": "\xff", "suicidal_thoughts": "often"}',
        b'{"suicidal_thoughts": "none", "suicidal_thoughts": "often"}',
    ],
)
def test_an_answer_is_found_wherever_it_stands(raw: bytes) -> None:
    assert found_in(raw)["suicidal_thoughts"] == "often"


def test_nothing_is_found_where_nothing_is_said() -> None:
    assert found_in(b'{"mood": 3, "note": "often tired", "suicidal_thoughts": null}') == {}
    assert found_in(b"") == {}
    assert found_in(b'{"items": [0, null, "x", 1e400, true, 2]}') == {
        "items": [0, None, None, None, None, 2]
    }
