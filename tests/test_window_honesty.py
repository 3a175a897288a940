"""What windows must not claim: held where nobody logged, a level from treated days, a wrong why."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from clinical.days import local_day
from tests.people import ZONE, Household
from tests.trend_rows import DOSE, add_course, add_session, log_days


@pytest.fixture
def today(home: Household) -> date:
    return local_day(home.world.now, ZONE, 240)


def read(home: Household, measure: str = "mood") -> Any:
    return home.patient.get(f"/v1/me/windows?measure={measure}").json


def stops_logging(home: Household, today: date, last_day: int) -> None:
    """Four windows of 28 days from a mood of 3 to 8, logged up to that day and no longer."""
    days = {today - timedelta(days=ago): {"mood": 3} for ago in range(98, 106)}
    for start in (98, 70, 42, 14):
        session = today - timedelta(days=start)
        add_session(home, session)
        days |= {session + timedelta(days=day): {"mood": 8} for day in range(1, last_day + 1)}
    log_days(home, {day: given for day, given in days.items() if day <= today})
    add_session(home, today + timedelta(days=14), status="booked", dose=None)


def test_whoever_stops_logging_has_not_kept_the_gain(home: Household, today: date) -> None:
    """Logged up to day 5 of windows of 28 days: nothing is known of day 28."""
    stops_logging(home, today, 5)
    told = read(home)
    assert told["gap_risk"]["code"] == "too_few_windows"
    assert [each["day"] for each in told["time_to_wear_off"]["windows"][:3]] == [5, 5, 5]


def test_a_gain_logged_to_the_end_but_for_some_days_has_held(home: Household, today: date) -> None:
    """Logged up to day 24: three days before the 27th, the last before the next session."""
    stops_logging(home, today, 24)
    assert read(home)["gap_risk"]["code"] == "held_in_all"


def test_a_share_kept_on_a_day_nobody_logged_says_so(home: Household, today: date) -> None:
    stops_logging(home, today, 10)
    kept = {each["day"]: each["share"] for each in read(home)["windows"][1]["gain_kept"]}
    assert kept[7]["value"] == pytest.approx(1, abs=0.1)
    assert (kept[14]["reason"], kept[21]["reason"]) == ("not_logged_so_long",) * 2


def treated(home: Household, today: date, course_ids: list[Any]) -> None:
    """An induction of six with these courses, then three of the last one's; mood 2, then 7."""
    induction = (120, 118, 115, 113, 110, 108)
    later = [course_ids[0]] * 3
    for ago, course in zip((*induction, 80, 52, 24), [*course_ids, *later], strict=True):
        add_session(home, today - timedelta(days=ago), course_id=course)
    moods = {ago: 2 if ago >= 120 else 7 for ago in range(130)}
    log_days(home, {today - timedelta(days=ago): {"mood": mood} for ago, mood in moods.items()})


def test_a_session_entered_without_its_course_moves_no_reference_level(
    home: Household, today: date
) -> None:
    """Five of six of the induction's sessions name the course; gains are 7 - 2 = 5 all the same."""
    course = add_course(home, today - timedelta(days=120))
    treated(home, today, [course] * 5 + [None])
    told = read(home)
    assert told["reference"]["source"] == "course"
    assert told["reference"]["to"] == str(today - timedelta(days=121))
    assert told["reference"]["level"]["value"] == 2
    assert [each["peak_gain"]["value"] for each in told["windows"]] == [5, 5, 5, 5]


def test_a_block_of_two_courses_is_treated_time_for_both(home: Household, today: date) -> None:
    first, second = (add_course(home, today - timedelta(days=ago)) for ago in (120, 115))
    treated(home, today, [first, first, second, first, first, second])
    assert [each["peak_gain"]["value"] for each in read(home)["windows"]] == [5, 5, 5, 5]


def test_two_odd_days_are_not_a_level_below_usual(home: Household, today: date) -> None:
    """Mood 7 on every day of four windows, but 4 yesterday and today: one day's noise is sd 1.2.

    Raw, the median of the two is 4, three below the usual 7; the smoothed level lies between.
    """
    starts = (98, 70, 42, 14)
    for start in starts:
        add_session(home, today - timedelta(days=start))
    days: dict[date, dict[str, Any]] = {
        today - timedelta(days=ago): {"mood": 3 if ago > 98 else 7} for ago in range(106)
    }
    days[today] = {"mood": 5}
    days[today - timedelta(days=1)] = {"mood": 5}
    log_days(home, days)
    same_day = read(home)["current"]["same_day"]
    assert 5 < same_day["value"] < 7
    assert (same_day["median"], same_day["state"]) == (pytest.approx(7, abs=0.1), "usual")


def test_half_of_a_gain_in_thirds_is_half_of_it(home: Household, today: date) -> None:
    """Composite 0 before, 8/3 on days 1 to 7 and 4/3, exactly half, from day 8 on.

    Day 8's three-day median is still 8/3, day 9's is 4/3 and day 10's too: worn off on day 9.
    """
    add_session(home, today - timedelta(days=27))
    parts = ("mood", "interest", "energy")
    levels = dict.fromkeys(range(28, 36), (0, 0, 0))
    levels |= {ago: (3, 3, 2) if ago >= 20 else (1, 2, 1) for ago in range(27)}
    log_days(
        home,
        {
            today - timedelta(days=ago): dict(zip(parts, given, strict=True))
            for ago, given in levels.items()
        },
    )
    rule = read(home, "composite")["windows"][0]["wear_off"]["rule"]
    assert (rule["state"], rule["day"]) == ("worn_off", 9)


def test_of_a_window_of_more_than_a_year_nothing_is_said_past_the_year(
    home: Household, today: date
) -> None:
    """Mood 8 for 420 days after the session, then 2, of which a year's level knows nothing."""
    add_session(home, today - timedelta(days=500))
    levels = {ago: 2 if ago > 500 or ago < 80 else 8 for ago in range(508)}
    log_days(home, {today - timedelta(days=ago): {"mood": mood} for ago, mood in levels.items()})
    told = read(home)["time_to_wear_off"]["windows"]
    assert [(each["day"], each["is_censored"]) for each in told] == [(365, True)]


def test_a_day_and_its_window_name_the_same_session_of_two(home: Household, today: date) -> None:
    """A began at 6 with its dose at 11, B at 8:30 with its dose at 8:40: B came later."""
    day = today - timedelta(days=5)
    at = [datetime.combine(day, time(*clock), UTC) for clock in ((6,), (11,), (8, 30), (8, 40))]
    add_session(home, day, started_at=at[0], dose=DOSE | {"given_at": at[1]})
    late = add_session(home, day, started_at=at[2], dose=DOSE | {"given_at": at[3]})
    log_days(home, {day + timedelta(days=1): {"mood": 5}})
    next_day = home.patient.get(f"/v1/me/checkins/{day + timedelta(days=1)}").json
    assert next_day["session_id"] == read(home)["windows"][0]["session_id"] == str(late)
