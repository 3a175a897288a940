"""Little, odd or endless history: always 200, nulls with their reasons, never NaN, and bounded."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bench.counts import Counts, counted
from clinical.days import local_day
from clinical.summaries import REASONS
from tests.contract import ROOT
from tests.people import ZONE, Household, household
from tests.trend_rows import add_session, log_days

GOALS: dict[str, Any] = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())["windows"]
DOCUMENTS = ("windows", "response-curve", "control-chart")


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def read_all(home: Household, measure: str = "mood") -> dict[str, Any]:
    """Every document and its picture: 200, and only numbers that are numbers."""
    told = {}
    for document in DOCUMENTS:
        answer = home.patient.get(f"/v1/me/{document}?measure={measure}")
        assert answer.status_code == 200, answer.json
        for nonsense in (b"NaN", b"Infinity"):
            assert nonsense not in answer.data
        drawn = home.patient.get(f"/v1/me/{document}.svg?measure={measure}")
        assert drawn.status_code == 200
        assert b"nan" not in drawn.data
        told[document] = answer.json
        for summary in summaries(answer.json):
            assert (summary["value"] is None) == (summary["reason"] in REASONS)
    return told


def summaries(told: Any) -> Iterator[dict[str, Any]]:
    """Every summary object anywhere in a document."""
    if isinstance(told, dict):
        if "n_expected" in told:
            yield told
        for value in told.values():
            yield from summaries(value)
    elif isinstance(told, list):
        for value in told:
            yield from summaries(value)


def log(home: Household, today: date, moods: dict[int, int | None]) -> None:
    log_days(home, {today - timedelta(days=ago): {"mood": mood} for ago, mood in moods.items()})


def test_nothing_at_all(home: Household, today: date) -> None:
    told = read_all(home)
    windows = told["windows"]
    assert (windows["from"], windows["to"]) == (str(today), str(today))
    assert (windows["windows"], windows["current"]) == ([], None)
    assert windows["reference"] == {
        "source": None,
        "from": None,
        "to": None,
        "level": windows["reference"]["level"],
        "reason": "no_session",
    }
    assert windows["reference"]["level"]["reason"] == "no_session"
    assert told["response-curve"]["windows"] == told["response-curve"]["band"] == []
    assert told["control-chart"]["limit"] is None


def test_days_but_no_session(home: Household, today: date) -> None:
    log(home, today, dict.fromkeys(range(60), 5))
    told = read_all(home)
    assert told["windows"]["windows"] == []
    assert told["windows"]["gap_risk"]["code"] == "no_next_session"


def test_one_session_and_not_one_day(home: Household, today: date) -> None:
    add_session(home, today - timedelta(days=20))
    (window,) = read_all(home)["windows"]["windows"]
    assert window["coverage"]["value"] == 0
    assert window["wear_off"]["state"] == "insufficient"
    assert window["wear_off"]["reason"] is not None
    assert window["peak_gain"]["value"] is None


def test_a_session_today(home: Household, today: date) -> None:
    log(home, today, dict.fromkeys(range(30), 5))
    add_session(home, today)
    told = read_all(home)
    (window,) = told["windows"]["windows"]
    assert (window["days"], window["coverage"]["reason"]) == (0, "no_days_expected")
    assert told["windows"]["current"]["day_offset"] == 0
    assert told["response-curve"]["current"]["ribbon"] == []


def test_one_day(home: Household, today: date) -> None:
    add_session(home, today - timedelta(days=20))
    log(home, today, {5: 5})
    (window,) = read_all(home)["windows"]["windows"]
    assert window["coverage"]["n_observed"] == 1
    assert window["wear_off"]["state"] == "insufficient"


def test_only_days_without_the_measure(home: Household, today: date) -> None:
    add_session(home, today - timedelta(days=20))
    log(home, today, dict.fromkeys(range(60)))
    told = read_all(home)
    assert told["windows"]["windows"][0]["coverage"]["n_observed"] == 0
    assert told["response-curve"]["windows"][0]["points"] == []


@pytest.mark.parametrize("mood", [0, 5, 10])
def test_a_constant_series(home: Household, today: date, mood: int) -> None:
    """No gain was seen: whatever the state is, none is called worn off, none has a day."""
    for ago in (90, 62, 34, 6):
        add_session(home, today - timedelta(days=ago))
    log(home, today, dict.fromkeys(range(120), mood))
    told = read_all(home)
    for window in told["windows"]["windows"]:
        assert window["wear_off"]["state"] in ("no_response", "insufficient")
        assert window["wear_off"]["day"] is None
        assert window["peak_gain"]["value"] in (0, None)
    assert told["control-chart"]["first_beyond"] is None


def test_a_session_that_is_only_booked(home: Household, today: date) -> None:
    when = datetime.combine(today + timedelta(days=9), time(10), UTC)
    booked = {"status": "booked", "started_at": None, "scheduled_at": when}
    add_session(home, today + timedelta(days=9), dose=None, **booked)
    log(home, today, dict.fromkeys(range(30), 5))
    assert read_all(home)["windows"]["windows"] == []


def test_a_session_on_the_day_ahead_of_the_date_line(home: Household, today: date) -> None:
    """Its day is tomorrow by the patient's calendar: it cuts nothing until then."""
    add_session(home, today + timedelta(days=1))
    log(home, today, dict.fromkeys(range(-1, 30), 5))
    told = read_all(home)
    assert told["windows"]["windows"] == []
    assert told["windows"]["to"] == str(today)


def _live(home: Household, today: date, years: int) -> None:
    days = range(365 * years)
    log_days(
        home,
        {
            today - timedelta(days=ago): {"mood": 3 + ago % 5, "interest": 4, "energy": 5}
            for ago in days
        },
    )
    for ago in range(4, len(days), 28):
        add_session(home, today - timedelta(days=ago))


def _cost(home: Household, document: str, status: int = 200, **headers: str) -> Counts:
    with counted(home.world.services.database) as counts:
        answer = home.patient.get(f"/v1/me/{document}", headers=headers)
    assert answer.status_code == status
    return counts


def test_the_number_of_statements_does_not_depend_on_the_number_of_windows(
    home: Household, today: date
) -> None:
    long = household(home.world)
    _live(home, today, 1)
    _live(long, today, 4)
    for document in DOCUMENTS:
        few, many = _cost(home, document), _cost(long, document)
        assert many.statements == few.statements <= GOALS["statements"], many.seen
        assert many.waits == few.waits <= GOALS["waits"], many.seen
        assert many.rows + many.steps > few.rows + few.steps  # the instrument is not stuck
        tag = long.patient.get(f"/v1/me/{document}").headers["ETag"]
        held = _cost(long, document, 304, **{"If-None-Match": tag})
        assert held.statements <= GOALS["held_statements"], held.seen
        assert not any("checkin" in text for text in held.seen)


def test_of_more_than_ten_years_the_last_ten_are_told(home: Household, today: date) -> None:
    for years in (1, 9, 11, 14):
        add_session(home, today - timedelta(days=365 * years))
    log(home, today, {365 * years - 3: 5 for years in (1, 9, 11)})
    told = read_all(home)["windows"]
    assert [each["number"] for each in told["windows"]] == [2, 1]
    assert told["exposure"][0]["sessions"] == 4  # what was given counts, however long ago
