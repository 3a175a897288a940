"""Which period a trend is of, and the tag that moves with whatever a trend reads."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from clinical.days import local_day
from tests.conftest import Clock
from tests.entries import PAIN, entry, own, pointers
from tests.people import ZONE, Household, household
from tests.trend_rows import add_session, change_session

MINE = "/v1/me/trends"


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def read(home: Household, query: str = "") -> Any:
    answer = home.patient.get(MINE + query)
    assert answer.status_code == 200, answer.json
    return answer.json


def expected_days(told: Any) -> int:
    counted: int = told["measures"][0]["period"]["coverage"]["n_expected"]
    return counted


def test_a_held_tag_is_answered_without_a_body_until_something_moves(
    home: Household, today: date, clock: Clock
) -> None:
    def moves() -> bool:
        """Whether the document has changed since it was last asked; then it is held anew."""
        answer = home.patient.get(MINE, headers=held)
        held["If-None-Match"] = answer.headers["ETag"]
        assert bool(answer.data) == (answer.status_code == 200)
        return bool(answer.status_code == 200)

    held = {"If-None-Match": home.patient.get(MINE).headers["ETag"]}
    assert not moves()
    home.patient.put(own(today), entry(today, mood=7))
    assert moves()
    home.patient.put(own(today), entry(today, mood=7))
    assert not moves()  # the same again
    session = add_session(home, today - timedelta(days=5))
    assert moves()
    change_session(home, session, local_date=today - timedelta(days=6))
    assert moves()
    home.admin.patch("/v1/clinic", {"holidays": [{"date": str(today), "name": "Fair"}]})
    assert not moves()  # no number knows of it
    home.admin.patch("/v1/clinic", {"custom_measures": [PAIN]})
    assert moves()
    home.patient.patch("/v1/me", {"timezone": "Europe/Lisbon"})
    assert moves()
    clock.ahead = timedelta(days=1)
    assert moves()  # another day is expected
    assert not moves()


def test_each_period_has_a_tag_of_its_own(home: Household, today: date) -> None:
    yesterday = f"?to={today - timedelta(days=1)}"
    tags = {home.patient.get(MINE + query).headers["ETag"] for query in ("", yesterday)}
    assert len(tags) == 2
    assert home.patient.get(f"{MINE}?to={today}").headers["ETag"] in tags  # the default, spelled


def test_nobody_holds_another_patients_tag(home: Household) -> None:
    other = household(home.world)
    tags = {person.patient.get(MINE).headers["ETag"] for person in (home, other)}
    assert len(tags) == 2


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 2, ["/from"]),
        (-2, -2, ["/from", "/to"]),
        (None, -2, ["/to"]),
        (3660, 0, ["/from"]),
        (4000, -2, ["/from", "/to"]),
        (60000, 60001, ["/from", "/from", "/to"]),
        (None, 60000, ["/to"]),
    ],
)
def test_a_period_that_cannot_be_told_names_every_fault(
    home: Household, today: date, first: int | None, last: int, expected: list[str]
) -> None:
    ends = {"from": first, "to": last}
    told = "&".join(
        f"{name}={today - timedelta(days=ago)}" for name, ago in ends.items() if ago is not None
    )
    answer = home.patient.get(f"{MINE}?{told}")
    assert answer.status_code == 422
    assert pointers(answer) == expected


@pytest.mark.parametrize("query", ["?from=2026-02-30", "?to=yesterday", "?day=2026-01-01"])
def test_what_is_no_day_is_refused(home: Household, query: str) -> None:
    assert home.patient.get(MINE + query).status_code == 422


@pytest.mark.parametrize(("first", "last"), [(3659, 0), (0, -1), (-1, -1), (0, 0)])
def test_the_longest_the_shortest_and_tomorrow_are_told(
    home: Household, today: date, first: int, last: int
) -> None:
    ends = [today - timedelta(days=ago) for ago in (first, last)]
    told = read(home, f"?from={ends[0]}&to={ends[1]}")
    assert expected_days(told) == max(first - max(last, 0) + 1, 0)


def test_the_first_days_of_the_calendar_can_be_asked_for(home: Household) -> None:
    told = read(home, "?to=1900-01-05")
    assert (told["from"], told["to"]) == ("1900-01-01", "1900-01-05")


def test_the_patients_day_is_told_by_their_zone_and_boundary(home: Household, clock: Clock) -> None:
    home.patient.patch("/v1/me", {"timezone": "Pacific/Auckland"})
    now = home.world.now
    told = read(home)
    assert told["today"] == str(local_day(now, "Pacific/Auckland", 240))
    clock.ahead = timedelta(hours=30)
    later = (now + clock.ahead).astimezone(ZoneInfo("Pacific/Auckland"))
    assert read(home)["to"] == str((later - timedelta(hours=4)).date())
