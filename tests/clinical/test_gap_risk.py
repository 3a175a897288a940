"""The booked session beside the patient's own history: counted, said, and never advised."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.gap_risk import Booked, Lasted, gap_risk, usual_interval_days

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
SESSION, DAY = UUID(int=7), date(2026, 12, 8)
PHRASE = "worn off before the usual interval in most windows"


def worn_off(day: int, interval: int = 35) -> Lasted:
    return Lasted("worn_off", day, interval - 1, interval)


def holding(interval: int = 35, watched: int | None = None) -> Lasted:
    return Lasted("holding", None, interval - 1 if watched is None else watched, interval)


def booked(interval: int = 35) -> Booked:
    return Booked(SESSION, DAY, interval)


def test_a_gain_that_wears_off_early_is_said_to_in_words() -> None:
    """Five of six had worn off before day 35, where the next session is booked as always."""
    windows = [*(worn_off(day) for day in (11, 13, 14, 17, 12)), holding()]
    found = gap_risk(windows, booked()).as_dict()
    assert PHRASE in found["words"]
    assert found == {
        "code": "worn_off_before_in_most",
        "words": (
            "Half of the gain had worn off before the usual interval in most windows (5 of 6); "
            "usual are 35 days. The next session is booked for day 35, the usual interval."
        ),
        "next_session": {"session_id": SESSION, "date": DAY},
        "interval_days": 35,
        "n_windows": 6,
        "n_worn_off_before": 5,
        "n_held": 1,
        "usual_interval_days": 35,
    }


def test_an_earlier_booking_is_held_against_its_own_day() -> None:
    """By day 13 only the first had worn off: one of six. The usual interval has not changed."""
    windows = [*(worn_off(day) for day in (11, 13, 14, 17, 14)), holding()]
    found = gap_risk(windows, booked(13))
    assert (found.code, found.tally.n_worn_off_before) == ("worn_off_before_in_some", 1)
    assert PHRASE in found.words
    assert found.words.endswith(
        "The next session is booked for day 13: half of the gain had worn off before it in some "
        "windows (1 of 6)."
    )
    assert gap_risk(windows, booked(11)).code == "held_in_all"
    assert "in none of 6 windows" in gap_risk(windows, booked(11)).words


def test_half_of_the_windows_are_some_and_not_most() -> None:
    windows = [worn_off(12), worn_off(14), holding(), holding()]
    assert gap_risk(windows, booked()).code == "worn_off_before_in_some"


def test_a_window_that_ended_before_the_booked_day_while_holding_tells_nothing_of_it() -> None:
    """Windows of 21 days that held say nothing of day 35; they do of day 21."""
    windows = [holding(21)] * 4
    assert gap_risk(windows, booked(21)).code == "held_in_all"
    later = gap_risk(windows, booked(35))
    assert (later.code, later.tally.n) == ("too_few_windows", 0)
    assert later.words.endswith("booked for day 35; 0 of the 3 windows needed tell of that day.")
    assert gap_risk([holding(21, watched=8)] * 4, booked(21)).code == "too_few_windows"


def test_a_gain_that_wore_off_later_than_the_booked_day_had_held_until_it() -> None:
    windows = [worn_off(20), worn_off(21), worn_off(22)]
    found = gap_risk(windows, booked(21))
    assert (found.tally.n_worn_off_before, found.tally.n_held) == (1, 2)


@pytest.mark.parametrize("state", ["no_response", "insufficient", None])
def test_windows_without_a_gain_or_without_days_are_not_counted(state: str | None) -> None:
    found = gap_risk([Lasted(state, None, 34, 35)] * 6, booked())
    assert (found.code, found.tally.n, found.usual_interval_days) == ("too_few_windows", 0, 35)


def test_without_a_booking_the_history_is_told_against_the_usual_interval() -> None:
    found = gap_risk([worn_off(12)] * 3, None).as_dict()
    assert (found["code"], found["next_session"], found["interval_days"]) == (
        "no_next_session",
        None,
        None,
    )
    assert (found["n_windows"], found["n_worn_off_before"]) == (3, 3)
    assert PHRASE in found["words"]
    assert gap_risk([], None).words == "No next session is booked."
    assert gap_risk([], None).usual_interval_days is None


def test_the_usual_interval_is_the_median_of_three_or_more() -> None:
    assert usual_interval_days([holding(28), holding(30)]) is None
    assert usual_interval_days([holding(28), holding(30), holding(90)]) == 30
    assert usual_interval_days([holding(days) for days in (28, 29, 30, 90)]) == 29.5
    assert (
        "usual are 29.5 days"
        in gap_risk([worn_off(5, days) for days in (28, 29, 30, 90)], booked()).words
    )


LASTED: st.SearchStrategy[Any] = st.one_of(
    st.builds(worn_off, st.integers(4, 40), st.integers(11, 42)),
    st.builds(holding, st.integers(11, 42)),
    st.just(Lasted("no_response", None, 27, 28)),
)


@given(st.lists(LASTED, max_size=10), st.integers(5, 60))
@FEW
def test_a_later_booking_never_has_fewer_windows_worn_off_before(
    windows: list[Lasted], day: int
) -> None:
    here, later = gap_risk(windows, booked(day)), gap_risk(windows, booked(day + 1))
    assert here.tally.n_worn_off_before <= later.tally.n_worn_off_before
    assert here.tally.n_held >= later.tally.n_held


@given(st.lists(LASTED, max_size=10), st.integers(5, 60))
@FEW
def test_nothing_is_ever_advised(windows: list[Lasted], day: int) -> None:
    words = gap_risk(windows, booked(day)).words.lower()
    assert not any(word in words for word in ("should", "recommend", "risk", "optimal", "earlier"))
