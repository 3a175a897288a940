"""Sessions cut the local days: blocks, two on a day, what is open, what ends a window early."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from clinical.days import local_day
from clinical.windows import NO_ANCHOR, Anchor, Session, Window, anchor, cut, in_order

TODAY = date(2026, 11, 25)


def session(day: date, number: int = 0, hour: int = 12, **told: Any) -> Session:
    began = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Session(UUID(int=day.toordinal() * 100 + number), day, began, **told)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def spans(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    """First and last day of each, as days ago."""
    return [((TODAY - each.first).days, (TODAY - each.last).days) for each in windows]


def test_a_window_runs_to_the_day_before_the_next_session_and_the_last_to_today() -> None:
    windows = cut([session(ago(60)), session(ago(32)), session(ago(10))], TODAY)
    assert spans(windows) == [(60, 33), (32, 11), (10, 0)]
    assert [each.interval_days for each in windows] == [28, 22, None]
    assert [each.is_open for each in windows] == [False, False, True]
    assert [each.days for each in windows] == [27, 21, 10]
    assert [each.number for each in windows] == [1, 2, 3]
    assert [each.censored_by for each in windows] == ["next_session", "next_session", None]
    assert windows[0].censored_on == ago(33)


def test_sessions_less_than_eight_days_apart_are_one_block_that_its_last_one_starts() -> None:
    induction = [session(ago(days)) for days in (60, 58, 55, 48)]  # 7 days apart: still chained
    windows = cut([*induction, session(ago(40))], TODAY)  # 8 days: no more
    assert spans(windows) == [(48, 41), (40, 0)]
    assert [each.kind for each in windows] == ["induction", "maintenance"]
    assert windows[0].block == tuple(induction)
    assert windows[0].session == induction[-1]


def test_two_sessions_on_one_day_are_one_anchor_the_later_of_them() -> None:
    morning, evening = session(ago(20), 2, hour=9), session(ago(20), 1, hour=17)
    (window,) = cut([evening, morning], TODAY)
    assert (window.session, window.kind) == (evening, "maintenance")
    assert window.same_day == (morning, evening)


def test_a_session_after_today_cuts_nothing() -> None:
    assert cut([session(TODAY + timedelta(days=1))], TODAY) == ()
    (window,) = cut([session(ago(9)), session(TODAY + timedelta(days=3))], TODAY)
    assert window.is_open


def test_a_session_today_has_no_day_yet() -> None:
    before, today = cut([session(ago(9)), session(TODAY)], TODAY)
    assert (before.last, today.first, today.last, today.days) == (ago(1), TODAY, TODAY, 0)


def test_an_event_in_the_window_censors_it_from_the_day_before() -> None:
    sessions = [session(ago(60)), session(ago(32))]
    events = [ago(40), ago(50), ago(70), ago(5)]
    early, late = cut(sessions, TODAY, events)
    assert (early.censored_by, early.censored_on, early.days_to_judge) == ("event", ago(51), 9)
    assert (late.censored_by, late.censored_on, late.days_to_judge) == ("event", ago(6), 26)
    (at_once,) = cut(sessions[1:], TODAY, [ago(32)])  # on day 0: no day is free of it
    assert (at_once.censored_on, at_once.days_to_judge) == (ago(32), 0)


def test_no_session_no_window() -> None:
    assert cut([], TODAY) == ()
    assert anchor(TODAY, None, []) == NO_ANCHOR


def test_a_day_belongs_to_the_last_session_up_to_it_inside_a_block_too() -> None:
    first, second = session(ago(20)), session(ago(17))
    assert anchor(ago(21), None, [first, second]) == Anchor(None, None, None)
    assert anchor(ago(18), None, [second, first]) == Anchor(first.id, 2, False)
    assert anchor(ago(17), None, [second, first]) == Anchor(second.id, 0, None)
    assert anchor(TODAY, None, [second, first]) == Anchor(second.id, 17, False)


def test_what_was_recorded_before_the_first_dose_of_the_day_is_pre_dose() -> None:
    morning, evening = session(ago(3), 1, hour=9), session(ago(3), 2, hour=17)
    dose = morning.began
    assert dose is not None
    minute = timedelta(minutes=1)
    told = [
        anchor(ago(3), at, [evening, morning]).pre_dose
        for at in (dose - minute, dose, dose + minute, None)
    ]
    assert told == [True, False, False, None]
    assert anchor(ago(3), dose, [evening, morning]).session_id == evening.id
    unknown = Session(UUID(int=1), ago(3))
    assert anchor(ago(3), dose, [unknown]).pre_dose is None


def test_offsets_are_of_local_days_across_a_change_of_clocks_and_the_date_line() -> None:
    """25 October 2026 has 25 hours in Berlin: noon to noon is one local day, not 25/24 of one.

    At 14:00 UTC it is 04:00 of the 25th on Kiritimati, and 03:00 of the 24th in Pago Pago: not yet
    that day.
    """
    berlin = ZoneInfo("Europe/Berlin")
    noon = datetime(2026, 10, 24, 12, tzinfo=berlin)
    day = local_day(noon.astimezone(UTC), "Europe/Berlin", 240)
    dosed = Session(UUID(int=1), day, noon.astimezone(UTC))
    for days in (1, 2, 8):
        later = noon + timedelta(days=days)  # wall time
        told = local_day(later.astimezone(UTC), "Europe/Berlin", 240)
        assert anchor(told, later, [dosed]).day_offset == days
    instant = datetime(2026, 10, 24, 14, tzinfo=UTC)
    east = local_day(instant, "Pacific/Kiritimati", 240)
    west = local_day(instant, "Pacific/Pago_Pago", 240)
    assert (east, west) == (date(2026, 10, 25), date(2026, 10, 23))
    crossed = Session(UUID(int=2), east, instant)
    assert anchor(west, instant, [crossed]) == NO_ANCHOR  # their own day before it
    assert anchor(east, instant - timedelta(hours=1), [crossed]).pre_dose is True


DAYS = st.lists(st.integers(0, 400), max_size=14)


def _sessions(days: list[int]) -> list[Session]:
    return [session(ago(days_ago), number) for number, days_ago in enumerate(days)]


@given(DAYS, st.lists(st.integers(0, 400), max_size=4))
def test_every_day_belongs_to_at_most_one_window(days: list[int], begun: list[int]) -> None:
    windows = cut(_sessions(days), TODAY, [ago(each) for each in begun])
    held = [
        each.first + timedelta(days=offset) for each in windows for offset in range(each.days + 1)
    ]
    assert len(held) == len(set(held))
    assert all(each.first <= each.last for each in windows)
    assert [each.is_open for each in windows] == [False] * (len(windows) - 1) + [True] * bool(days)
    for each in windows:
        if each.censored_on is not None:
            assert each.first <= each.censored_on <= each.last


@given(DAYS, st.randoms(use_true_random=False))
def test_the_order_of_sessions_does_not_matter(days: list[int], random: Any) -> None:
    sessions = _sessions(days)
    shuffled = sessions[:]
    random.shuffle(shuffled)
    assert cut(shuffled, TODAY) == cut(sessions, TODAY)
    assert in_order(shuffled) == in_order(sessions)
    for days_ago in range(0, 400, 37):
        assert anchor(ago(days_ago), None, shuffled) == anchor(ago(days_ago), None, sessions)


@given(DAYS, st.integers(0, 60), st.integers(0, 400))
def test_moving_every_session_moves_offsets_by_as_much(
    days: list[int], by: int, days_ago: int
) -> None:
    """A day counted from sessions that were `by` days earlier is `by` days further from them."""
    sessions = _sessions(days)
    moved = [
        Session(each.id, each.date - timedelta(days=by), each.began and each.began - timedelta(by))
        for each in sessions
    ]
    day = ago(days_ago)
    before, after = anchor(day, None, sessions), anchor(day - timedelta(days=by), None, moved)
    assert (before.session_id, before.day_offset) == (after.session_id, after.day_offset)
    same_anchor = anchor(day, None, moved)
    if before.day_offset is not None and same_anchor.session_id == before.session_id:
        assert same_anchor.day_offset == before.day_offset + by
    windows = cut(moved, TODAY - timedelta(days=by))
    assert [each.interval_days for each in windows] == [
        each.interval_days for each in cut(sessions, TODAY)
    ]


@given(DAYS, st.integers(0, 420))
def test_a_day_in_a_window_belongs_to_its_session(days: list[int], days_ago: int) -> None:
    day, sessions = ago(days_ago), _sessions(days)
    told = anchor(day, None, sessions)
    inside = [each for each in cut(sessions, TODAY) if each.first <= day <= each.last]
    for window in inside:
        assert told.session_id == window.session.id
        assert told.day_offset == (day - window.first).days
