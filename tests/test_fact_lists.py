"""Lists of facts: newest first, page by page, of all or of what holds today."""

from datetime import timedelta
from typing import Any

import pytest

from tests.entries import pointers, today
from tests.facts import SAMPLES, added, of
from tests.lists import BAD_INSTANTS, BY_DATE, BY_ID, FORGED, refused, walk
from tests.people import Household
from tests.test_enumeration import statements


@pytest.fixture(params=SAMPLES)
def noun(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_lists_are_newest_first_whatever_the_page(home: Household, noun: str) -> None:
    ids = [added(home, noun).json["id"] for _ in range(5)]
    for limit in (1, 2, 5):
        listed = walk(home.clinician, of(home, noun), limit)
        assert [item["id"] for item in listed] == ids[::-1]


def test_a_list_asks_the_database_as_often_however_long_it_is(home: Household, noun: str) -> None:
    asked = []
    for length in (1, 4):
        for _ in range(length):
            added(home, noun)
        with statements(home.world) as seen:
            assert home.clinician.get(of(home, noun)).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 3  # the door and the list; who asks goes past the counter


def test_a_forged_cursor_is_refused(home: Household) -> None:
    added(home, "trials")
    for cursor in (*FORGED, *BAD_INSTANTS, BY_ID, BY_DATE):
        assert refused(home.clinician, of(home, "trials"), cursor), cursor


def test_a_flag_is_true_or_false_and_nothing_like_it(home: Household) -> None:
    for value in ("1", "True", "yes", "", "on"):
        asked = {"void": value, "current": value}
        refusal = home.clinician.get(of(home, "diagnoses"), query_string=asked)
        assert pointers(refusal) == ["/current", "/void"], value
    asked = {"current": "true"}  # of what cannot be told to be current nobody is asked
    assert pointers(home.clinician.get(of(home, "trials"), query_string=asked)) == ["/current"]


CURRENT: dict[str, list[tuple[dict[str, Any], bool]]] = {
    "diagnoses": [
        ({"until_date": None}, True),
        ({"until_date": "2025-01-01"}, False),
    ],
    "medications": [
        ({"stopped_on": None}, True),
        ({"stopped_on": "2025-07-01"}, False),
    ],
    "events": [
        ({"is_ongoing": True}, True),
        ({"ended_on": str(today() + timedelta(days=1))}, True),
        ({"started_on": str(today())}, True),
        ({}, False),
        ({"ended_on": "2026-01-09"}, False),
    ],
}


@pytest.mark.parametrize("noun", CURRENT)
def test_what_holds_today_is_current(home: Household, noun: str) -> None:
    wanted = []
    for given, is_current in CURRENT[noun]:
        answer = home.clinician.post(of(home, noun), {**SAMPLES[noun].body, **given})
        assert answer.status_code == 201
        wanted += [answer.json["id"]] if is_current else []
    listed = home.clinician.get(f"{of(home, noun)}?current=true").json["items"]
    assert [item["id"] for item in listed] == wanted[::-1]
