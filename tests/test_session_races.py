"""Staff at one session in the same moment, and its whole life: nobody's record is lost."""

from collections import Counter
from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.at_once import at_once, twin
from tests.entries import SEARCH
from tests.people import Household, Person
from tests.session_machine import SessionMachine
from tests.visits import (
    BEFORE,
    DOSE,
    booking,
    bookings,
    completed,
    doses,
    history,
    home_dose,
    made,
    row,
    sessions,
    tag,
)

TOGETHER = 8


def team(home: Household) -> list[Person]:
    """The same clinician at so many screens."""
    return [twin(home.world, home.clinician) for _ in range(TOGETHER)]


def completion(number: int) -> dict[str, Any]:
    return completed(-1, note=f"by {number}", doses=[dict(DOSE) | {"dose_mg": 30 + number}])


def test_of_those_who_complete_one_session_at_once_one_wins(home: Household) -> None:
    for headers, losing in (({}, 428), ({"If-Match": '"r1"'}, 412)):
        one = made(home, booking(7))
        path = sessions(home, one["id"])
        answers = at_once(
            [
                partial(who.patch, path, completion(number), headers=headers)
                for number, who in enumerate(team(home))
            ]
        )
        counted = Counter(answer.status_code for answer in answers)
        assert counted == {200: 1, losing: TOGETHER - 1}
        (winner,) = (answer.json for answer in answers if answer.status_code == 200)
        assert home.clinician.get(path).json == winner
        assert [kept.revision for kept in history(home.world, one["id"])] == [1, 2]
        assert home.clinician.post(f"{path}/void", {"reason": "x"}).status_code == 200


def test_readings_of_many_nurses_at_once_are_all_kept(home: Household) -> None:
    path = sessions(home, made(home, completed(vitals=[BEFORE]))["id"])
    minutes = [10 * number for number in range(TOGETHER)]
    answers = at_once(
        [
            partial(who.patch, path, {"vitals": [{"minute": minute, "systolic_mmhg": 130}]})
            for who, minute in zip(team(home), minutes, strict=True)
        ]
    )
    assert {answer.status_code for answer in answers} == {200}
    found = home.clinician.get(path).json
    assert [reading["minute"] for reading in found["vitals"]] == [-5, *minutes]
    assert found["revision"] == TOGETHER + 1


def test_one_hour_is_booked_once_however_many_ask_for_it(home: Household) -> None:
    at = {"scheduled_at": booking(9)["scheduled_at"]}
    desk = [twin(home.world, home.front_desk) for _ in range(TOGETHER)]
    answers = at_once([partial(who.post, bookings(home), at) for who in desk])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: TOGETHER - 1}
    assert len(home.clinician.get(sessions(home)).json["items"]) == 1


def test_one_recording_sent_often_at_once_is_recorded_once(home: Household) -> None:
    key, body = {"Idempotency-Key": "tapped-often"}, completed()
    answers = at_once([partial(who.post, sessions(home), body, headers=key) for who in team(home)])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    dose, key = home_dose(), {"Idempotency-Key": "taken"}
    answers = at_once([partial(who.post, doses(home), dose, headers=key) for who in team(home)])
    assert {answer.status_code for answer in answers} == {201}
    assert len(home.patient.get("/v1/me/doses").json["items"]) == 2


def test_what_is_signed_while_it_is_changed_says_what_was_signed(home: Household) -> None:
    one = made(home, completed(note="calm"))
    path, who = sessions(home, one["id"]), team(home)
    signing = partial(who[0].post, f"{path}/sign", headers=tag(one))
    changing = partial(who[1].patch, path, {"note": "tired"}, headers=tag(one))
    signed, changed = (answer.status_code for answer in at_once([signing, changing]))
    assert (signed, changed) in ((200, 409), (412, 200))
    stored = row(home.world, one["id"])
    assert (stored.signed_at is not None, stored.note) == (
        (True, "calm") if signed == 200 else (False, "tired")
    )


def test_whatever_is_done_to_a_session_the_oracle_knows_what_it_says(home: Household) -> None:
    class OfThisHome(SessionMachine):
        def __init__(self) -> None:
            super().__init__(home)

    run_state_machine_as_test(OfThisHome, settings=SEARCH_FOR_LIVES)


SEARCH_FOR_LIVES = settings(SEARCH, max_examples=10, stateful_step_count=14)
