"""Time to wearing off: the curve is the reference's and scipy's, and stays away without windows."""

import json
import math
import warnings
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from clinical.time_to_wear_off import (
    CAUTION,
    TimeToWearOff,
    Watched,
    kaplan_meier,
    time_to_wear_off,
)
from tests.contract import ROOT

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
VECTORS = ROOT.parent / "shared" / "data" / "instruments.json"
# The reference's windows (4-clinical 4a.12), as they stand in the file where it is at hand.
VECTOR = {
    "T": [10, 14, 21, 21, 28, 12, 18, 16],
    "E": [0, 1, 1, 0, 1, 1, 0, 1],
    "S": {"12": 0.8571, "14": 0.7143, "16": 0.5714, "21": 0.381, "28": 0.0},
    "median": 21,
    "median_ci": [12, 28],
}
DAYS = [10, 14, 21, 21, 28, 12, 18, 16]
CENSORED = [True, False, False, True, False, False, True, False]
WINDOWS = st.lists(st.tuples(st.integers(4, 40), st.booleans()), max_size=12)


def watched(days: Sequence[int], censored: Sequence[bool]) -> list[Watched]:
    pairs = zip(days, censored, strict=True)
    return [Watched(UUID(int=at), day, is_cut) for at, (day, is_cut) in enumerate(pairs)]


def told(days: Sequence[int], censored: Sequence[bool]) -> TimeToWearOff:
    return time_to_wear_off(watched(days, censored), len(days))


def test_the_reference_windows_have_the_reference_curve() -> None:
    """T 10+ 14 21 21+ 28 12 18+ 16. At risk on 12: seven (all but 10+): 6/7 = .8571.

    14: of six, 5/6: .7143. 16: of five: .5714. 21: of three (21, 21+, 28), 2/3: .381. 28: 0.
    Greenwood up to 12: 1 / (7 * 6) = .0238, root .1543; log .8571 = -.1542; 1.96 * .1543 / .1542 =
    1.962; e^1.962 = 7.11: .8571^7.11 = .3341, and ^(1 / 7.11) = .9786.
    """
    found = told(DAYS, CENSORED)
    steps = [step.as_dict() for step in found.steps]
    assert [(step["day"], step["at_risk"], step["events"], step["survival"]) for step in steps] == [
        (12, 7, 1, 0.8571),
        (14, 6, 1, 0.7143),
        (16, 5, 1, 0.5714),
        (21, 3, 1, 0.381),
        (28, 1, 1, 0),
    ]
    assert steps[0]["interval"] == pytest.approx([0.3341, 0.9786], abs=2e-4)
    assert steps[-1]["interval"] is None
    assert (found.median.value, found.median.interval) == (21, (12, 28))
    assert (found.median.n_observed, found.median.n_expected) == (8, 8)


def test_the_shared_vector_comes_out_of_it() -> None:
    at_hand = json.loads(VECTORS.read_text())["test_vectors"] if VECTORS.exists() else {}
    vector: Any = at_hand.get("km_windows", VECTOR)
    found = told(vector["T"], [not event for event in vector["E"]])
    survival = {str(step.day): step.as_dict()["survival"] for step in found.steps}
    assert survival == vector["S"] == VECTOR["S"]
    assert found.median.value == vector["median"] == 21
    assert list(found.median.interval or ()) == vector["median_ci"] == [12, 28]


def test_a_curve_says_what_it_is_made_of() -> None:
    document = told(DAYS, CENSORED).as_dict()
    steps, windows = document.pop("steps"), document.pop("windows")
    document.pop("median")
    assert document == {
        "method": "kaplan_meier",
        "reason": None,
        "n_windows": 8,
        "n_events": 5,
        "caution": CAUTION,
    }
    assert len(steps) == 5
    assert windows[0] == {"session_id": UUID(int=0), "day": 10, "is_censored": True}
    assert "too rosy" in CAUTION


@pytest.mark.parametrize(
    ("days", "censored", "reason"),
    [
        ([], [], "too_few_windows"),
        ([20], [False], "too_few_windows"),
        ([20] * 4, [False] * 4, "too_few_windows"),
        ([20] * 5, [False] * 2 + [True] * 3, "too_few_events"),
        ([20] * 5, [False] * 3 + [True] * 2, None),
        ([28] * 9, [True] * 9, "all_censored"),
    ],
)
def test_a_curve_needs_five_windows_and_three_events(
    days: list[int], censored: list[bool], reason: str | None
) -> None:
    found = told(days, censored).as_dict()
    assert (found["reason"], found["median"]["reason"]) == (reason, reason)
    assert found["method"] == ("list" if reason else "kaplan_meier")
    assert bool(found["steps"]) == (reason is None)
    assert [each["day"] for each in found["windows"]] == days


def test_a_median_that_was_not_reached_is_null_and_not_infinite() -> None:
    """Three of nine wore off: two thirds are estimated to last longer than any was watched."""
    found = told([10, 12, 14, *[28] * 6], [False] * 3 + [True] * 6)
    assert found.reason is None
    assert found.median.reason == "median_not_reached"


def test_a_median_whose_upper_end_was_not_reached_has_no_interval() -> None:
    found = told([10, 12, 14, 16, *[28] * 4], [False] * 4 + [True] * 4)
    assert (found.median.value, found.median.interval) == (16, None)  # 4 of 8: exactly a half


@given(WINDOWS)
@FEW
def test_the_curve_and_its_interval_are_scipys(windows: list[tuple[int, bool]]) -> None:
    """scipy warns where nothing is left, and has no interval there; neither have we."""
    if not windows:
        return
    data = stats.CensoredData(
        uncensored=[day for day, is_cut in windows if not is_cut],
        right=[day for day, is_cut in windows if is_cut],
    )
    curve = stats.ecdf(data).sf
    with warnings.catch_warnings(action="ignore"):
        ends = curve.confidence_interval(method="log-log")
    at = {int(day): place for place, day in enumerate(curve.quantiles)}
    for step in kaplan_meier(watched(*zip(*windows, strict=True))):
        place = at[step.day]
        assert step.survival == pytest.approx(curve.probabilities[place], abs=1e-12)
        theirs = (ends.low.probabilities[place], ends.high.probabilities[place])
        assert (step.interval is None) == (step.survival == 0)
        assert step.interval is None or step.interval == pytest.approx(theirs, abs=1e-9)


@given(WINDOWS, st.randoms())
@FEW
def test_the_order_of_windows_changes_no_figure(
    windows: list[tuple[int, bool]], random: Any
) -> None:
    def figures(pairs: list[tuple[int, bool]]) -> Any:
        found = told([day for day, _ in pairs], [is_cut for _, is_cut in pairs])
        return found.reason, found.steps, found.median

    assert figures(random.sample(windows, len(windows))) == figures(windows)


@given(WINDOWS)
@FEW
def test_the_curve_falls_and_every_number_is_finite(windows: list[tuple[int, bool]]) -> None:
    found = told([day for day, _ in windows], [is_cut for _, is_cut in windows])
    assert (found.median.value is None) == (found.median.reason is not None)
    survival = [1.0, *(step.survival for step in found.steps)]
    assert survival == sorted(survival, reverse=True)
    for step in found.steps:
        assert step.interval is None or (
            0 <= step.interval[0] <= step.survival <= step.interval[1] <= 1
            and all(map(math.isfinite, step.interval))
        )
