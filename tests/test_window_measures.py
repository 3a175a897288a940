"""By which measures windows can be read, and in which units and direction they are told."""

from datetime import date, timedelta

import pytest

from clinical.days import local_day
from tests.entries import ITCH, PAIN
from tests.people import ZONE, Household
from tests.test_windows import DOCUMENTS, read
from tests.trend_rows import add_session, log_days


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def test_a_measure_where_higher_is_worse_has_its_gain_turned(home: Household, today: date) -> None:
    """Anxiety falls from 8 to 2: the level is told as answered, the gain is positive."""
    levels = {ago: 8 if ago >= 30 or ago < 15 else 2 for ago in range(60)}
    log_days(home, {today - timedelta(days=ago): {"anxiety": at} for ago, at in levels.items()})
    add_session(home, today - timedelta(days=30))
    told = read(home, query="?measure=anxiety")
    assert told["reference"]["level"]["value"] == 8
    assert told["windows"][0]["peak_gain"]["value"] == 6


def test_sleep_quality_is_told_in_its_own_units(home: Household, today: date) -> None:
    """From 2 to 4 on a scale from 1 to 5."""
    levels = {ago: 2 if ago >= 30 else 4 for ago in range(60)}
    days = {today - timedelta(days=ago): {"sleep_quality": at} for ago, at in levels.items()}
    log_days(home, days)
    add_session(home, today - timedelta(days=30))
    told = read(home, query="?measure=sleep_quality")
    assert told["reference"]["level"]["value"] == 2
    assert told["windows"][0]["peak_gain"]["value"] == 2


def test_the_composite_needs_all_three_answers(home: Household, today: date) -> None:
    """(6 + 5 + 4) / 3 = 5; a day without energy is missing for it."""
    whole = {"mood": 6, "interest": 5, "energy": 4}
    day = today - timedelta(days=3)
    log_days(home, {day: whole, today - timedelta(days=2): whole | {"energy": None}})
    add_session(home, today - timedelta(days=5))
    told = read(home, "response-curve", "")
    assert told["measure"]["key"] == "composite"
    assert told["windows"][0]["points"] == [{"day_offset": 2, "value": 5, "pre_dose": False}]


def test_the_clinics_own_measure_has_windows_if_one_end_is_better(home: Household) -> None:
    neither = PAIN | {"key": "steps", "direction": "neither"}
    change = {"custom_measures": [PAIN, ITCH, neither]}
    current = home.admin.get("/v1/clinic").headers["ETag"]
    home.admin.patch("/v1/clinic", change, headers={"If-Match": current})
    for document in DOCUMENTS:
        assert read(home, document, "?measure=pain")["measure"]["key"] == "pain"
        for key in ("steps", "sleep_hours", "nothing", "", "suicidal_thoughts"):
            for ending in ("", ".svg"):
                refused = home.patient.get(f"/v1/me/{document}{ending}?measure={key}")
                assert refused.status_code == 422
                assert [fault["pointer"] for fault in refused.json["errors"]] == ["/measure"]


def test_nobody_names_a_measure_composite(home: Household) -> None:
    current = home.admin.get("/v1/clinic").headers["ETag"]
    change = {"custom_measures": [PAIN | {"key": "composite"}]}
    refused = home.admin.patch("/v1/clinic", change, headers={"If-Match": current})
    assert refused.status_code == 422
