"""U1 for home doses: what the plan's days apart allow fires nothing, more and sooner does."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.plans import days_apart, template
from clinical.safety_doses import Taken, of_home_dose

START = datetime(2024, 5, 6, 6, tzinfo=UTC)
TWICE_A_WEEK = template("sublingual")  # 24 doses, days apart 3, 4, 3, 4 ...


def taken(days: Iterable[float]) -> list[Taken]:
    found = [START + timedelta(days=day) for day in days]
    return [Taken(at, at.date()) for at in found]


def fired(days: Sequence[float], at: float, plan: Any = TWICE_A_WEEK) -> Any:
    """What the dose of that day fires; None for nothing."""
    found = of_home_dose(plan, taken(days), START + timedelta(days=at))
    assert [(one.rule, one.severity, one.episode) for one in found] in (
        [],
        [("U1", "normal", "U1")],
    )
    return found[0].told if found else None


def early(apart: int, planned: int) -> dict[str, Any]:
    return {"codes": ["early_dose"], "days_apart": apart, "planned_days_apart": planned}


@pytest.mark.parametrize(("days", "at", "wanted"), [
    ([0], 0, None),
    ([0, 3, 7, 10, 14], 14, None),  # as planned
    ([0, 2], 2, None),  # a day early
    ([0, 1], 1, early(1, 3)),
    ([0, 3, 5], 5, early(2, 4)),
    ([0, 1], 0, early(1, 3)),  # entered last, it comes too soon before the next
    ([0, 0.25], 0.25, early(0, 3)),  # six hours later, the same day
    ([0, 1 / 24], 1 / 24, None),  # an hour later: one dose in two parts
    # 2, 3, 2, 3 days apart: each at most a day early, but 6 in 14 days (days 0-12).
    # Planned before the last: 3, then 4, 3 and 4: 3, 7, 10, 14 days back: 4 and itself.
    (
        [0, 2, 5, 7, 10, 12],
        12,
        {"codes": ["extra_dose"], "doses_in_14_days": 6, "planned_doses_in_14_days": 5},
    ),
    ([0, 3, 7, 10, 14], 30, None),
])  # fmt: skip
def test_doses_are_held_against_the_days_apart(
    days: list[float], at: float, wanted: dict[str, Any] | None
) -> None:
    assert fired(days, at) == wanted


def test_a_dose_after_the_plans_last_is_told() -> None:
    plan = TWICE_A_WEEK | {"steps": [{"sessions": 2, "days_apart": [7]}]}
    assert fired([0, 7], 7, plan) is None
    assert fired([0, 7, 20], 20, plan) == {"codes": ["after_plan"], "planned_doses_in_all": 2}
    onward = plan | {"maintenance_days_apart": 7}
    assert fired([0, 7, 20], 20, onward) is None


def test_doses_of_every_day_have_no_second_on_the_same() -> None:
    plan = TWICE_A_WEEK | {"steps": [{"sessions": 90, "days_apart": [1]}]}
    assert fired(range(30), 29, plan) is None
    assert fired([*range(30), 29.2], 29.2, plan) == early(0, 1)


PLANS = st.fixed_dictionaries(
    {
        "steps": st.lists(
            st.fixed_dictionaries(
                {
                    "sessions": st.integers(1, 12),
                    "days_apart": st.lists(st.integers(1, 9), min_size=1, max_size=4),
                }
            ),
            min_size=1,
            max_size=3,
        ),
        "maintenance_days_apart": st.none() | st.integers(1, 30),
    }
)


@given(plan=PLANS, data=st.data())
def test_as_planned_or_later_fires_nothing_in_whatever_order(
    plan: dict[str, Any], data: st.DataObject
) -> None:
    gaps = list(islice(days_apart(plan), 20))
    waits = [gap + data.draw(st.integers(0, 3)) for gap in gaps]
    days = data.draw(st.permutations([0, *accumulate(waits)]))
    for day in days:
        assert fired(days, day, plan) is None


def test_the_day_is_the_patients_and_not_the_clocks() -> None:
    nights = [Taken(START + timedelta(hours=20), date(2024, 5, 6)), *taken([3])]
    assert of_home_dose(TWICE_A_WEEK, nights, nights[1].at) == []
