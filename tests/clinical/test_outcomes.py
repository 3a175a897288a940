"""What came of which route, dose and interval: listed with n, refused below three windows."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.outcomes import Outcome, outcomes

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
IV = ("ketamine", "intravenous", 0.5)


def window(
    state: str | None = "worn_off",
    day: int | None = 14,
    gain: float | None = 3.0,
    *,
    dose: tuple[str, str, float] | None = IV,
    interval: int | None = 28,
) -> Outcome:
    return Outcome(state, day, gain, None if dose is None else dose[1], dose, interval)


def test_windows_are_listed_by_route_dose_and_interval() -> None:
    """Gains of the four in a vein 3, 3.5, 4 and 1: median 3.25; of three at .5: 3.5."""
    stronger = ("ketamine", "intravenous", 0.75)
    found = outcomes(
        [
            window(day=12),
            window(day=16, gain=3.5, dose=("ketamine", "intravenous", 0.52)),
            window("holding", None, 4.0, interval=21),
            window("no_response", None, 1.0, dose=stronger, interval=None),
            window(day=9, dose=("ketamine", "sublingual", 2.0)),
        ]
    )
    assert found["reason"] is None
    vein, tongue = found["route"]
    assert (vein["value"], vein["n"], vein["wear_off_days"]) == ("intravenous", 4, [12, 16])
    assert (vein["median_gain"]["value"], vein["median_gain"]["n_observed"]) == (3.25, 4)
    assert (tongue["value"], tongue["n"], tongue["wear_off_days"]) == ("sublingual", 1, [9])
    assert tongue["median_gain"]["reason"] == "too_few_windows"
    assert [
        (row["drug"], row["route"], row["value"], row["n"]) for row in found["dose_mg_per_kg"]
    ] == [
        ("ketamine", "intravenous", 0.5, 3),
        ("ketamine", "intravenous", 0.75, 1),
        ("ketamine", "sublingual", 2.0, 1),
    ]
    assert found["dose_mg_per_kg"][0]["median_gain"]["value"] == 3.5
    assert [(row["value"], row["n"]) for row in found["interval_days"]] == [(21, 1), (28, 3)]


def test_the_same_mg_per_kg_of_another_drug_or_route_is_another_row() -> None:
    found = outcomes(
        [
            window(),
            window(dose=("esketamine", "intravenous", 0.5)),
            window(dose=("ketamine", "subcutaneous", 0.5)),
        ]
    )
    assert [row["n"] for row in found["dose_mg_per_kg"]] == [1, 1, 1]


def test_a_window_without_a_weight_is_listed_by_route_alone() -> None:
    found = outcomes([Outcome("holding", None, 3.0, "intranasal", None, 14)] * 3)
    assert (found["dose_mg_per_kg"], found["route"][0]["n"]) == ([], 3)


@pytest.mark.parametrize("state", ["insufficient", None])
def test_below_three_windows_that_tell_anything_it_is_refused(state: str | None) -> None:
    nothing: dict[str, Any] = {"route": [], "dose_mg_per_kg": [], "interval_days": []}
    refused = nothing | {"reason": "too_few_windows"}
    assert outcomes([]) == refused
    assert outcomes([window()] * 2 + [window(state, None, None)] * 5) == refused
    assert outcomes([window()] * 3)["reason"] is None
    assert outcomes([window(state, None, 2.0)] * 3)["reason"] is None


WINDOWS = st.lists(
    st.builds(
        window,
        st.sampled_from(["holding", "no_response", "insufficient"]),
        st.none(),
        st.none() | st.integers(0, 6).map(float),
        dose=st.sampled_from([None, IV, ("esketamine", "intranasal", 0.8)]),
        interval=st.none() | st.integers(8, 40),
    ),
    max_size=12,
)


@given(WINDOWS)
@FEW
def test_every_window_is_in_one_row_at_most_and_a_median_needs_three(windows: Any) -> None:
    found = outcomes(windows)
    for rows in (found["route"], found["dose_mg_per_kg"], found["interval_days"]):
        assert sum(row["n"] for row in rows) <= len(windows)
        for row in rows:
            told = row["median_gain"]
            assert (told["value"] is None) == (told["n_observed"] < 3)
            assert told["n_expected"] == row["n"]
