"""One item of a batch is one item: however odd it is, the others are stored and it is heard."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from clinical.side_effects import SIDE_EFFECTS
from models.clinic import Clinic
from tests.areas.sync import batch_of, item
from tests.entries import PAIN, entry, own
from tests.people import Household, World, household
from tests.safety import alerts, ask_safety
from tests.test_batch import DAY, NEXT, URL, send, statuses
from tests.test_batch_safety import thought


def set_clinic(home: Household, **values: Any) -> None:
    with home.world.services.database.begin(write=True) as connection:
        own_clinic = update(Clinic).where(Clinic.clinic_id == home.clinic_id)
        connection.execute(own_clinic.values(**values))
        connection.commit()


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-05", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused_and_the_rest_is_not(
    home: Household, day: str
) -> None:
    ask_safety(home)
    effects = [{"code": "headache", "severity": 4}, {"code": "hallucination", "severity": 3}]
    odd = item("odd", day, side_effects=effects, suicidal_thoughts="often")
    results = send(home, odd, thought("good", "most_of_the_time"))
    assert statuses(results) == ["rejected", "applied"]
    assert {alert.rule for alert in alerts(home)} == {"S2", "E1"}
    assert home.patient.put(own(day), entry(day, side_effects=effects)).status_code == 422


@pytest.mark.parametrize("text", ["\ud83d", "\x0b", "\x00", "\x7f", "\x85", "a" + "\u0301" * 31])
def test_text_no_database_should_be_handed_is_the_fault_of_its_item_alone(
    home: Household, text: str
) -> None:
    ask_safety(home)
    odd = [
        item("a", DAY, note=f"well {text}"),
        item("b", DAY, note=text, suicidal_thoughts="often"),
        item(f"c{text}", DAY),
        item("d", DAY) | {text: 1},
        item("e", DAY) | {"recorded_at": text, "suicidal_thoughts": "often"},
    ]
    body = json.dumps(batch_of(*odd, item("good", NEXT))).encode()
    answer = home.patient.send("POST", URL, data=body, content_type="application/json")
    assert answer.status_code == 200, answer.json
    assert statuses(answer.json["results"]) == ["rejected"] * 5 + ["applied"]
    assert [alert.rule for alert in alerts(home)] == ["S2"]


def test_the_largest_batch_there_is_is_taken(home: Household) -> None:
    effects = [{"code": code, "severity": 1} for code in SIDE_EFFECTS]
    days = [date.fromordinal(date(2020, 1, 1).toordinal() + at) for at in range(400)]
    items = [item(f"n{at}", str(day), side_effects=effects) for at, day in enumerate(days)]
    assert statuses(send(home, *items)) == ["applied"] * 400


@pytest.mark.parametrize(
    "odd",
    [
        thought("a", ["often"]),  # type: ignore[arg-type]
        {"answers": {"suicidal_thoughts": "often"}},
        item("a", DAY) | {"suicidalThoughts": "often"},
        [thought("a", "often")],
        json.dumps(thought("a", "often")),
        thought("a", "Often"),
    ],
    ids=["list", "inside", "camel", "wrapped", "text", "case"],
)
def test_a_misshaped_answer_is_heard_beside_a_good_item(home: Household, odd: Any) -> None:
    ask_safety(home)
    answer = home.patient.post(URL, batch_of(odd, item("good", NEXT)))
    assert statuses(answer.json["results"]) == ["rejected", "applied"]
    assert answer.json["safety_card"]["lines"]
    assert [alert.rule for alert in alerts(home)] == ["S2"]


@pytest.mark.parametrize(
    "body",
    [
        batch_of(item("a", DAY)) | {"extra": {"suicidal_thoughts": "often"}},
        batch_of(device_id="") | {"items": [[thought("a", "often")]]},
        {"suicidal_thoughts": "most-of-the-time"},
    ],
    ids=["beside", "wrapped", "hyphens"],
)
def test_a_misshaped_answer_is_heard_in_a_batch_that_is_refused(home: Household, body: Any) -> None:
    ask_safety(home)
    assert home.patient.post(URL, body).status_code == 422
    assert [alert.rule for alert in alerts(home)] == ["S2"]


# What a clinic asks may change between an edit and its sync


@pytest.fixture
def changed(world: World) -> Household:
    """A clinic that asked about suicide and pain when three days were stored, and asks no more."""
    home = household(world, custom_measures=[PAIN])
    ask_safety(home)
    results = send(home, thought("a", "often"), item("b", NEXT, custom={"pain": 3}))
    assert statuses(results) == ["applied", "applied"]
    set_clinic(home, reviewer_id=None, review_hours=[], custom_measures=[])
    return home


def test_a_known_operation_is_answered_as_before_whatever_is_asked_now(changed: Household) -> None:
    again = [thought("a", "often"), item("b", NEXT, custom={"pain": 3})]
    assert statuses(send(changed, *again)) == ["duplicate", "duplicate"]
    same = [thought("c", "often"), item("d", NEXT, custom={"pain": 3})]
    assert statuses(send(changed, *same)) == ["duplicate", "duplicate"]


def test_an_edit_that_keeps_what_is_stored_is_taken(changed: Household) -> None:
    kept = thought("c", "often", 1, energy=9)
    results = send(changed, kept, item("d", NEXT, 1, custom={"pain": 3}, mood=1))
    assert statuses(results) == ["applied", "applied"]
    day = {key: value for key, value in kept.items() if key not in ("op_id", "date")}
    sent = {key: value for key, value in day.items() if key != "base_revision"} | {"energy": 8}
    answer = changed.patient.put(own(DAY), sent, headers={"If-Match": '"r2"'})
    assert (answer.status_code, answer.json["suicidal_thoughts"]) == (200, "often")


def test_a_new_answer_to_what_is_no_longer_asked_is_refused_and_heard(changed: Household) -> None:
    before = len(alerts(changed))
    results = send(
        changed,
        thought("c", "most_of_the_time", 1),
        item("d", NEXT, 1, custom={"itch": 1}),
        item("e", "2024-05-12", custom={"pain": 1}),
    )
    assert statuses(results) == ["rejected"] * 3
    assert [alert.severity for alert in alerts(changed)][:1] == ["high"]
    assert len(alerts(changed)) == before
