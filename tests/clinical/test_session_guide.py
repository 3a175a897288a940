"""Before and after a session, by its route: times are counted out, its words in each tongue."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.days import timezones
from clinical.session_guide import (
    Advice,
    Ahead,
    afterwards,
    driving_from,
    languages,
    minutes_on_site,
    prepare,
)
from clinical.treatments import ROUTES

BEGINS = datetime(2026, 11, 25, 13, tzinfo=UTC)  # 14:00 in Berlin


def times(advice: list[Advice]) -> dict[str, datetime | None]:
    return {one.code: one.at for one in advice}


@pytest.mark.parametrize(
    ("route", "food", "drink", "nose"),
    [
        ("intranasal", "11:00", "12:30", "12:00"),  # 2 h, 30 min, 1 h before
        ("intravenous", "07:00", "11:00", None),  # 6 h, 2 h
        ("intramuscular", "07:00", "11:00", None),
        ("subcutaneous", "07:00", "11:00", None),
        ("oral", "11:00", "12:30", None),
        ("sublingual", "11:00", "12:30", None),
        (None, "07:00", "11:00", None),  # the longest, where nobody has said
    ],
)
def test_food_drink_and_nose_end_by_the_route(
    route: str | None, food: str, drink: str, nose: str | None
) -> None:
    told = times(list(prepare(Ahead(route, BEGINS, None), "en")))
    shown = {code: None if at is None else f"{at:%H:%M}" for code, at in told.items()}
    expected = {"food": food, "drink": drink} | ({"nose": nose} if nose else {})
    assert shown == expected | dict.fromkeys(("driver", "company", "stay"))


def test_one_stays_as_long_as_the_route_takes_or_was_booked() -> None:
    assert minutes_on_site(Ahead("intranasal", BEGINS, None)) == 150  # two hours watched, and more
    assert minutes_on_site(Ahead("intravenous", BEGINS, None)) == 120
    assert minutes_on_site(Ahead("intravenous", BEGINS, 95)) == 95
    stay = prepare(Ahead("intravenous", BEGINS, 95), "en")[-1]
    assert "95 minutes" in stay.text


@pytest.mark.parametrize(
    ("last_dose_at", "driving"),
    [
        ("2026-11-25T14:00", "2026-11-26T14:00"),  # a day later, long after the night
        ("2026-11-26T01:00", "2026-11-27T01:00"),  # at 02:00 in Berlin: still a day
        ("2026-10-24T12:00", "2026-10-25T12:00"),  # 24 hours are 24, though the night has 25
        ("2026-03-28T12:00", "2026-03-29T12:00"),
    ],
)
def test_driving_waits_for_a_day_and_a_night(last_dose_at: str, driving: str) -> None:
    given_at = datetime.fromisoformat(last_dose_at).replace(tzinfo=UTC)
    told = times(
        list(afterwards(given_at, "en", timezone="Europe/Berlin", day_boundary_minutes=240))
    )
    assert told == {"rest": None, "driving": datetime.fromisoformat(driving).replace(tzinfo=UTC)}


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    st.sampled_from(sorted(timezones())),
    st.integers(0, 720),
)
def test_nobody_drives_within_a_day_wherever_they_are(
    at: datetime, timezone: str, boundary: int
) -> None:
    given_at = at.replace(tzinfo=UTC)
    assert driving_from(given_at, timezone, boundary) - given_at >= timedelta(hours=24)


@pytest.mark.parametrize("route", [*ROUTES, None])
def test_every_tongue_has_every_word(route: str | None) -> None:
    codes = [
        [one.code for one in [*prepare(Ahead(route, BEGINS, None), language), *after(language)]]
        for language in sorted(languages())
    ]
    assert codes == [codes[0]] * len(languages())
    assert languages() == {"en", "de"}
    assert after("fr") == after("en") != after("de-AT") == after("de")


def after(language: str) -> list[Advice]:
    return list(afterwards(BEGINS, language, timezone="UTC", day_boundary_minutes=240))
