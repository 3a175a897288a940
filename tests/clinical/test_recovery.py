"""Days until a side effect was gone: exact where somebody asked, an interval where nobody did."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.recovery import Recovery, Vitals, recovery
from clinical.side_effects import SIDE_EFFECTS

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
CODES = ("nausea", "headache", "fatigue")


def ticked(**severities: int) -> list[dict[str, Any]]:
    return [{"code": code, "severity": severity} for code, severity in severities.items()]


def test_the_first_day_asked_and_absent_is_the_day_it_was_gone() -> None:
    days = [ticked(nausea=3, dizziness=1), ticked(nausea=1), [], []]
    assert recovery(days) == [
        Recovery("dizziness", 1, 1, None, None),
        Recovery("nausea", 3, 2, None, None),
    ]


def test_days_nobody_asked_about_make_an_interval() -> None:
    """There on day 1, not asked on 2 and 3, absent on 4: gone after day 1, by day 4."""
    days = [ticked(headache=1), ticked(headache=2), None, None, []]
    assert recovery(days) == [Recovery("headache", 2, 4, (1, 4), None)]


def test_what_was_there_when_last_asked_is_not_resolved() -> None:
    days = [[], None, ticked(fatigue=2), None, None]
    assert recovery(days) == [Recovery("fatigue", 2, None, (2, None), "still_present")]


def test_days_before_it_began_and_days_after_it_was_gone_do_not_count() -> None:
    days = [[], ticked(fatigue=1), [], ticked(fatigue=3), []]
    assert recovery(days) == [Recovery("fatigue", 3, 2, None, None)]


@pytest.mark.parametrize("days", [[], [None, None], [[], []]])
def test_without_a_side_effect_there_is_nothing_to_recover_from(days: list[Any]) -> None:
    assert recovery(days) == []


def test_it_is_told_as_the_document_has_it() -> None:
    told = recovery([ticked(nausea=2), None, []])[0].as_dict()
    assert told == {
        "code": "nausea",
        "label": "Nausea",
        "worst_severity": 2,
        "resolved_day": 2,
        "interval": [0, 2],
        "is_resolved": True,
        "reason": None,
    }
    lasting = recovery([ticked(nausea=2)])[0].as_dict()
    assert (lasting["interval"], lasting["is_resolved"]) == ([0, None], False)


def test_vitals_stand_beside_as_they_were_measured() -> None:
    assert Vitals(162, None, 95).as_dict() == {
        "highest_systolic_mmhg": 162,
        "highest_diastolic_mmhg": None,
        "lowest_spo2_percent": 95,
    }
    assert set(Vitals().as_dict().values()) == {None}


DAY = st.none() | st.dictionaries(st.sampled_from(CODES), st.integers(1, 4)).map(
    lambda severities: ticked(**severities)
)


@given(st.lists(DAY, max_size=15))
@FEW
def test_every_effect_ticked_is_told_once_and_its_interval_holds_its_day(days: list[Any]) -> None:
    found = recovery(days)
    ever = {effect["code"] for day in days if day for effect in day}
    assert [each.code for each in found] == [code for code in SIDE_EFFECTS if code in ever]
    for each in found:
        assert (each.resolved_day is None) == (each.reason is not None)
        if each.interval is not None:
            after, by = each.interval
            assert by == each.resolved_day
            assert days[after] and (by is None or by - after > 1)


@given(st.lists(DAY, min_size=1, max_size=15), st.data())
@FEW
def test_asking_on_fewer_days_never_makes_recovery_earlier_than_it_may_have_been(
    days: list[Any], data: Any
) -> None:
    """The day not asked lies inside the interval, or changes nothing before it."""
    full = {each.code: each for each in recovery(days)}
    dropped = data.draw(st.integers(0, len(days) - 1))
    thin = recovery([None if at == dropped else day for at, day in enumerate(days)])
    for each in thin:
        before = full[each.code]
        if before.resolved_day == dropped and each.interval is not None:
            assert each.interval[0] < dropped
            assert each.interval[1] is None or each.interval[1] > dropped
