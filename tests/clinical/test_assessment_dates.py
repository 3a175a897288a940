"""Due dates of scales and screens, worked out by hand on a calendar."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.assessment_dates import Asked, CourseDays, Due, due
from clinical.screens import SCREENS, cadences

FIRST = date(2026, 1, 5)  # a Monday
DAY = timedelta(days=1)


def course(
    phase: str, *sessions: int, booked: int | None = None, started_on: date = FIRST
) -> CourseDays:
    """A course whose sessions, and the booked one, are so many days after FIRST."""
    held = tuple(FIRST + offset * DAY for offset in sessions)
    return CourseDays(phase, started_on, held, None if booked is None else FIRST + booked * DAY)


def of(asked: CourseDays | None, today: int, done: Sequence[int] = (), key: str = "phq9") -> Due:
    """What stands next of one scale, so many days after FIRST."""
    days = {key: [FIRST + offset * DAY for offset in done]}
    found = due(Asked(asked, FIRST + today * DAY, days))
    return next(each for each in found if each.key == key)


def told(found: Due) -> tuple[str, int, str]:
    return found.reason, (found.due_on - FIRST).days, found.state


def test_without_an_open_course_nothing_is_due() -> None:
    assert due(Asked(None, FIRST, {}, cadences(None))) == []


def test_the_baseline_may_be_taken_for_two_weeks_up_to_the_first_session() -> None:
    waiting = course("induction", booked=20)
    assert told(of(waiting, 5)) == ("baseline", 20, "upcoming")
    assert told(of(waiting, 6)) == ("baseline", 20, "due")  # 20 - 14 = 6
    assert told(of(waiting, 20)) == ("baseline", 20, "due")
    assert told(of(waiting, 7, [5])) == ("baseline", 20, "due")  # 15 days before: too old
    assert told(of(waiting, 7, [6])) == ("weekly", 27, "upcoming")  # 20 + 7


def test_a_baseline_follows_its_first_session_when_that_is_moved() -> None:
    assert of(course("induction", booked=3), 0).due_on == FIRST + 3 * DAY
    assert of(course("induction", booked=9), 0).due_on == FIRST + 9 * DAY


def test_a_course_that_began_without_a_session_waits_for_its_baseline() -> None:
    assert told(of(course("induction"), 1)) == ("baseline", 0, "overdue")
    assert [each.key for each in due(Asked(course("induction"), FIRST, {}))] == [
        "cssrs_screener", "gad7", "phq9",
    ]  # fmt: skip


def test_in_induction_a_scale_is_due_each_week_after_the_first_session() -> None:
    treated = course("induction", 0, 2, 4)
    assert told(of(treated, 4)) == ("weekly", 7, "upcoming")
    assert told(of(treated, 5)) == ("weekly", 7, "due")  # opens two days before
    assert told(of(treated, 8)) == ("weekly", 7, "overdue")
    assert told(of(treated, 12)) == ("weekly", 14, "due")  # the first week is past
    assert told(of(treated, 5, [4])) == ("weekly", 14, "upcoming")  # 7 - 7 // 2 = 4 counts
    assert told(of(treated, 5, [3])) == ("weekly", 7, "due")


def test_a_first_session_that_was_held_late_moves_every_week_after_it() -> None:
    assert told(of(course("induction", 3, 5), 9, [3])) == ("weekly", 10, "due")  # 3 + 7


def test_in_maintenance_a_scale_is_due_every_two_weeks_after_the_last_session() -> None:
    treated = course("maintenance", 0, 28)
    assert told(of(treated, 30)) == ("fortnightly", 42, "upcoming")  # 28 + 14
    assert told(of(treated, 40)) == ("fortnightly", 42, "due")
    assert told(of(treated, 43, [35])) == ("fortnightly", 56, "upcoming")  # 42 - 7 = 35 counts
    assert told(of(treated, 54, [42])) == ("fortnightly", 56, "due")


def test_before_a_maintenance_session_a_scale_is_due_within_two_days() -> None:
    booked = course("maintenance", 0, booked=28)
    assert told(of(booked, 20, [14])) == ("before_session", 28, "upcoming")
    assert told(of(booked, 26, [14])) == ("before_session", 28, "due")  # 28 - 2
    assert told(of(booked, 27, [25])) == ("before_session", 28, "due")  # three days: too early
    assert told(of(booked, 27, [26])) == ("fortnightly", 42, "upcoming")  # 28 + 14


def test_a_fortnight_within_a_week_of_a_session_is_asked_with_it() -> None:
    # After 14 comes 28; 30 is booked and 28 > 30 - 7, so that it is asked for before 30 alone.
    booked = course("maintenance", 0, booked=30)
    assert told(of(booked, 20, [14])) == ("before_session", 30, "upcoming")
    assert told(of(course("maintenance", 0, booked=21), 12)) == ("fortnightly", 14, "due")
    assert told(of(course("maintenance", 0, booked=20), 12)) == ("before_session", 20, "upcoming")


def test_a_session_that_is_moved_takes_its_scale_along() -> None:
    assert told(of(course("maintenance", 0, booked=28), 27, [14])) == ("before_session", 28, "due")
    moved = of(course("maintenance", 0, booked=35), 27, [14])
    assert told(moved) == ("fortnightly", 28, "due")  # 28 <= 35 - 7: a fortnight of its own again
    assert told(of(course("maintenance", 0, booked=35), 34, [28])) == ("before_session", 35, "due")


def test_the_screener_is_due_at_intake_and_on_the_day_of_each_session() -> None:
    key = "cssrs_screener"
    assert told(of(course("induction", booked=1), 0, key=key)) == ("baseline", 1, "due")
    assert told(of(course("induction", 0, booked=2), 1, [0], key)) == ("session", 2, "upcoming")
    assert told(of(course("induction", 0, booked=2), 2, [0], key)) == ("session", 2, "due")
    nothing = due(
        Asked(course("induction", 0, booked=2), FIRST + 2 * DAY, {key: [FIRST + 2 * DAY]})
    )
    assert key not in [each.key for each in nothing]


def test_a_screen_counts_from_the_last_one() -> None:
    asked = Asked(course("maintenance", 0), FIRST + 25 * DAY, {"bladder": [FIRST]}, {"bladder": 30})
    found = next(each for each in due(asked) if each.key == "bladder")
    assert (told(found), found.opens_on) == (("screen", 30, "due"), FIRST + 23 * DAY)  # 30 - 7
    late = next(
        each
        for each in due(Asked(asked.course, FIRST + 31 * DAY, asked.done, asked.cadences))
        if each.key == "bladder"
    )
    assert late.state == "overdue"


def test_a_pressure_is_wanted_from_the_first_visit_on() -> None:
    wanted = {"blood_pressure": 90}
    before = due(Asked(course("induction", booked=2), FIRST, {}, wanted))
    assert "blood_pressure" not in [each.key for each in before]
    after = due(Asked(course("induction", 0), FIRST, {}, wanted))
    assert "blood_pressure" in [each.key for each in after]


def test_a_clinic_sets_cadences_of_its_own_and_null_turns_one_off() -> None:
    assert cadences(None) == {key: days for key, days in SCREENS.items() if days is not None}
    assert cadences({"bladder": None, "isi": 28, "craving": 7}) == {
        "cognition": 182,
        "blood_pressure": 90,
        "isi": 28,
        "craving": 7,
    }


def test_what_is_overdue_comes_first_then_what_is_due() -> None:
    asked = Asked(course("maintenance", 0, booked=16), FIRST + 14 * DAY, {}, {"bladder": 30})
    assert [(each.key, each.state) for each in due(asked)] == [
        ("bladder", "overdue"),
        ("gad7", "due"),
        ("phq9", "due"),
        ("cssrs_screener", "upcoming"),
    ]


_PHASES = st.sampled_from(("induction", "maintenance"))
_OFFSETS = st.lists(st.integers(0, 200), max_size=6)


@given(_PHASES, _OFFSETS, _OFFSETS, st.integers(0, 200), st.none() | st.integers(0, 60))
def test_filling_in_what_is_due_ends_it(
    phase: str, sessions: list[int], done: list[int], today: int, ahead: int | None
) -> None:
    held = sorted(each for each in sessions if each <= today)
    booked = None if ahead is None else today + ahead
    asked = course(phase, *held, booked=booked)
    now, past = FIRST + today * DAY, [FIRST + each * DAY for each in done if each <= today]
    wanted = cadences(None)
    for each in due(Asked(asked, now, dict.fromkeys(("phq9", "bladder"), past), wanted)):
        if each.state == "upcoming":
            assert each.opens_on > now
            continue
        met = {each.key: [*past, now]}
        after = {other.key: other for other in due(Asked(asked, now, met, wanted))}
        if each.key in after:
            following = after[each.key]
            assert (following.reason, following.due_on) != (each.reason, each.due_on)
            assert following.state == "upcoming"


@given(_PHASES, _OFFSETS, st.integers(0, 200), st.none() | st.integers(0, 60))
def test_every_scale_stands_there_once(
    phase: str, sessions: list[int], today: int, ahead: int | None
) -> None:
    held = sorted(each for each in sessions if each <= today)
    asked = course(phase, *held, booked=None if ahead is None else today + ahead)
    keys = [each.key for each in due(Asked(asked, FIRST + today * DAY, {}, cadences(None)))]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("phase", ["induction", "maintenance"])
def test_days_pass_and_something_is_always_next(phase: str) -> None:
    treated = course(phase, 0, 2, 4)
    assert all(of(treated, today).due_on for today in range(4, 400))
