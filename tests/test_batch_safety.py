"""What a batch says of suicidal thoughts: never taken back by a merge, and always heard."""

from typing import Any

import pytest

from tests.areas.sync import batch_of, item
from tests.entries import rows_of
from tests.people import Household
from tests.safety import alerts, ask_safety
from tests.test_batch import DAY, NEXT, URL, send, statuses


@pytest.fixture
def watched(home: Household) -> Household:
    """The clinic has named who reads the answers."""
    ask_safety(home)
    return home


def thought(op_id: str, said: str | None, base: int = 0, **more: Any) -> dict[str, Any]:
    return item(op_id, DAY, base, suicidal_thoughts=said, mood=5) | more


LOWER = [("often", "none"), ("often", "fleeting"), ("most_of_the_time", "often")]


@pytest.mark.parametrize(("stored", "told"), LOWER)
def test_a_thought_is_taken_back_only_when_confirmed(
    watched: Household, stored: str, told: str
) -> None:
    send(watched, thought("a", stored))
    [result] = send(watched, thought("b", told, 1))
    assert (result["status"], result["current"]["suicidal_thoughts"]) == ("conflict", stored)
    [result] = send(watched, thought("c", told, 1, confirmed_lower=True))
    assert result["status"] == "applied"


@pytest.mark.parametrize("silence", [None, "declined"])
def test_no_answer_takes_nothing_back_confirmed_or_not(
    watched: Household, silence: str | None
) -> None:
    send(watched, thought("a", "fleeting"))
    for at, confirmed in enumerate((False, True)):
        [result] = send(watched, thought(f"b{at}", silence, 1, confirmed_lower=confirmed))
        assert result["status"] == "conflict"
    assert rows_of(watched.world, watched.patient_id).version == 1


@pytest.mark.parametrize(
    ("stored", "told"),
    [("none", "often"), ("none", None), ("none", "declined"), (None, "none"), ("declined", None)],
)
def test_what_says_no_less_needs_no_confirmation(
    watched: Household, stored: str | None, told: str | None
) -> None:
    send(watched, thought("a", stored))
    assert statuses(send(watched, thought("b", told, 1, energy=1))) == ["applied"]


def test_the_confirmation_is_part_of_what_an_op_id_names(watched: Household) -> None:
    send(watched, thought("a", "often"), thought("b", "none", 1))
    [result] = send(watched, thought("b", "none", 1, confirmed_lower=True))
    assert result["status"] == "mismatch"


@pytest.mark.parametrize(
    "items",
    [
        [thought("a", "often")],
        [thought("a", "often", mood=77)],  # rejected
        [item("z", DAY), thought("a", "often")],  # conflict
        [thought("a", "often", base_revision=4)],  # gone
        [item("a", DAY), thought("a", "often")],  # mismatch
        [thought("", "often")],  # without a name
        [{"suicidal_thoughts": "often"}],
        [thought("a", "often", date="2031-01-01")],
    ],
    ids=["applied", "rejected", "conflict", "gone", "mismatch", "unnamed", "bare", "future"],
)
def test_a_safety_answer_is_heard_whatever_becomes_of_its_item(
    watched: Household, items: list[Any]
) -> None:
    answer = watched.patient.post(URL, batch_of(*items))
    assert answer.json["safety_card"]["lines"]
    assert [(alert.rule, alert.severity) for alert in alerts(watched)] == [("S2", "high")]


@pytest.mark.parametrize(
    "body",
    [
        batch_of(thought("a", "often"), device_id=""),
        batch_of(*[thought(f"n{at}", "often") for at in range(401)]),
        {"items": [thought("a", "often")]},
        [thought("a", "often")],
    ],
    ids=["envelope", "401", "bare", "list"],
)
def test_a_safety_answer_is_heard_when_the_whole_batch_is_refused(
    watched: Household, body: Any
) -> None:
    answer = watched.patient.post(URL, body)
    assert answer.status_code in (413, 422)
    assert answer.json["safety_card"]["lines"]
    assert [alert.rule for alert in alerts(watched)] == ["S2"]


def test_an_unreadable_batch_is_heard(watched: Household) -> None:
    raw = b'{"items": [{"suicidal_thoughts": "often", }'
    answer = watched.patient.send("POST", URL, None, data=raw, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["safety_card"]["lines"]
    assert [alert.rule for alert in alerts(watched)] == ["S2"]


def test_the_same_batch_again_is_the_same_alert_and_the_same_card(watched: Household) -> None:
    body = batch_of(thought("a", "often"), item("b", NEXT, mood=1))
    first = watched.patient.post(URL, body).json["safety_card"]
    before = alerts(watched)
    assert watched.patient.post(URL, body).json["safety_card"] == first
    assert alerts(watched) == before
