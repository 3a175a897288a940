"""A trend document put together from rows: nothing but the days decides what it says."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from care.trend_document import Asked, compose
from care.trend_inputs import DAY_FIELDS, Inputs
from clinical.measures import MEASURES, CustomMeasure
from clinical.periods import Period
from models.prepared import row_type
from tests.entries import SEARCH

TODAY = date(2026, 11, 23)
PERIOD = Period(TODAY - timedelta(days=27), TODAY)
SPAN = Period(PERIOD.before().first, TODAY)
PAIN = CustomMeasure("pain", "Pain", "higher_is_worse", "none", "worst")
ITCH = CustomMeasure("itch", "Itch", "higher_is_worse", "none", "worst", retired=True)
RATINGS = st.one_of(st.none(), st.integers(0, 10))
EFFECTS = st.one_of(st.none(), st.lists(st.just({"code": "nausea", "severity": 2}), max_size=1))
DAYS = st.dictionaries(st.integers(0, 90), st.tuples(RATINGS, RATINGS, EFFECTS), max_size=60)
SESSIONS = st.one_of(st.none(), st.integers(0, 40))
FEW = SEARCH
ROW = row_type(DAY_FIELDS)


def row(ago: int, today: date = TODAY, **answers: Any) -> Any:
    """A logged day as the tables would give it."""
    given = dict.fromkeys(DAY_FIELDS) | {"local_date": today - timedelta(days=ago), "source": "app"}
    for name in ("side_effects", "custom"):
        told = answers.pop(name, None)
        given[f"{name}_json"] = None if told is None else json.dumps(told)
    return ROW(**(given | answers))


def rows(days: Mapping[int, Any], today: date = TODAY) -> list[Any]:
    return [
        row(ago, today, mood=mood, custom={"pain": pain}, side_effects=effects)
        for ago, (mood, pain, effects) in days.items()
    ]


def document(days: list[Any], session: int | None = None, today: date = TODAY) -> dict[str, Any]:
    """The document of 28 days up to `today`, with one session so many days ago."""
    later = today - TODAY
    period = Period(PERIOD.first + later, today)
    on = None if session is None else today - timedelta(days=session)
    took_place = {"session_id": 1, "status": "completed", "route": None, "doses": []}
    last: dict[str, Any] | None = None if on is None else took_place | {"date": on}
    inputs = Inputs(
        () if last is None or last["date"] < period.first else (last,),
        last,
        on,
        frozenset({on} if on else ()),
        Period(SPAN.first + later - timedelta(days=60), today),
        days,
    )
    return compose(inputs, Asked(period, today, "Europe/Berlin", (PAIN, ITCH)), "hash")


def measure(told: dict[str, Any], key: str = "mood") -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in told["measures"] if item["key"] == key)
    return found


def moved(value: Any, by: timedelta) -> Any:
    """The document with every date moved."""
    if isinstance(value, date):
        return value + by
    if isinstance(value, dict):
        return {key: moved(inner, by) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [moved(inner, by) for inner in value]
    return value


@given(DAYS, SESSIONS, st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_does_not_matter(days: Any, session: int | None, random: Any) -> None:
    ordered = rows(days)
    shuffled = list(ordered)
    random.shuffle(shuffled)
    assert document(shuffled, session) == document(ordered, session)


@given(DAYS, SESSIONS, st.integers(-4000, 4000))
@FEW
def test_moving_all_dates_changes_nothing_but_dates(days: Any, session: Any, by: int) -> None:
    step = timedelta(days=by)
    there = document(rows(days, TODAY + step), session, TODAY + step)
    assert there == moved(document(rows(days), session), step)


@given(st.dictionaries(st.integers(0, 90), st.just((None, None, None)), max_size=20), SESSIONS)
@FEW
def test_where_nothing_was_answered_nothing_is_told(days: Any, session: int | None) -> None:
    told = document(rows(days), session)
    for item in told["measures"]:
        for figures in (item["period"], item["since_session"]):
            values = {
                name: told["value"] for name, told in figures.items() if isinstance(told, dict)
            }
            assert values.pop("coverage") in (0, None)
            assert set(values.values()) == {None}
        assert item["points"] == []
    assert told["baseline"]["source"] is None
    assert told["side_effects"]["period"]["codes"] == []


def test_the_period_is_told_against_the_days_before_it_and_since_the_session() -> None:
    """Mood 4 up to a session 10 days ago, 9 on its day, 7 since.

    28 days: 17 of 4, one of 9, 10 of 7: (68 + 9 + 70) / 28 = 5.25; before: 4; change 1.25.
    Since: 10 days of 7, the 10 before day 0 of 4: change 3. Baseline: the week before day 0.
    """
    levels = {ago: 7 if ago < 10 else 9 if ago == 10 else 4 for ago in range(70)}
    told = document([row(ago, mood=mood) for ago, mood in levels.items()], 10)
    mood = measure(told)
    period, since = mood["period"], mood["since_session"]
    assert (period["mean"]["value"], period["change_to_previous"]["value"]) == (5.25, 1.25)
    assert period["change_to_baseline"]["value"] == 1.25
    assert (since["mean"]["value"], since["mean"]["n_expected"]) == (7, 10)
    assert since["change_to_previous"]["value"] == since["change_to_baseline"]["value"] == 3
    assert (since["from"], since["to"]) == (TODAY - timedelta(days=9), TODAY)
    assert told["last_session"]["day_offset"] == 10
    assert told["baseline"] == {
        "source": "course",
        "from": TODAY - timedelta(days=17),
        "to": TODAY - timedelta(days=11),
        "reason": None,
    }
    assert len(mood["points"]) == 28
    assert mood["points"][0] == {"date": PERIOD.first, "value": 4}


def test_a_session_today_leaves_no_day_since() -> None:
    told = document([row(ago, mood=5) for ago in range(28)], 0)
    since = measure(told)["since_session"]
    assert since["mean"]["reason"] == "no_day_since_session"
    assert (since["from"], since["to"], since["last_date"]) == (None, None, None)
    effects = told["side_effects"]["since_session"]
    assert effects == {"from": None, "to": None, "days_asked": 0, "days_expected": 0, "codes": []}


def test_a_day_not_over_the_world_yet_is_not_expected_unless_logged() -> None:
    """A period to tomorrow: 28 days, 27 expected; once a traveller logged tomorrow, 28."""
    tomorrow = Period(PERIOD.first + timedelta(days=1), TODAY + timedelta(days=1))
    asked = Asked(tomorrow, TODAY, "Europe/Berlin", ())

    def coverage(days: list[Any]) -> tuple[int, int]:
        inputs = Inputs((), None, None, frozenset(), Period(SPAN.first, tomorrow.last), days)
        share = measure(compose(inputs, asked, "hash"))["period"]["coverage"]
        return share["n_observed"], share["n_expected"]

    days = [row(ago, mood=5) for ago in range(10)]
    assert coverage(days) == (10, 27)
    assert coverage([*days, row(-1, mood=5)]) == (11, 28)


def test_side_effects_not_asked_are_not_none() -> None:
    """Asked on 16 of 28 days, nausea 2 on four: share .25, burden .5; null days count nowhere."""
    effect = [{"code": "nausea", "severity": 2}]
    days = [row(ago, mood=5, side_effects=effect if ago < 4 else []) for ago in range(16)]
    days += [row(ago, mood=5) for ago in range(16, 28)]
    told = document(days)["side_effects"]["period"]
    assert (told["days_asked"], told["days_expected"]) == (16, 28)
    assert [item["code"] for item in told["codes"]] == ["nausea"]
    nausea = told["codes"][0]
    assert (nausea["share"]["value"], nausea["burden"]["value"]) == (0.25, 0.5)


def test_a_retired_measure_is_shown_only_with_days_of_it() -> None:
    told = document([row(ago, custom={"pain": 3}) for ago in range(28)])
    assert [item["key"] for item in told["measures"]] == [*MEASURES, "pain"]
    told = document([row(ago, custom={"pain": 3, "itch": 0}) for ago in range(28)])
    assert [item["key"] for item in told["measures"]] == [*MEASURES, "pain", "itch"]
    assert measure(told, "itch")["period"]["mean"]["value"] == 0
    assert measure(told, "itch")["maximum"] == 10
