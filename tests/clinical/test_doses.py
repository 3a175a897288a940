"""Doses: grams are no milligrams, unusual is not impossible, and mg per kg is a plain division."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.doses import (
    LEAST_MG,
    MOST_MG,
    USUAL,
    dose_doubts,
    dose_faults,
    mg_per_kg,
    total_doubts,
)
from clinical.treatments import DRUGS, ROUTES


def dose(dose_mg: float, drug: str = "ketamine", route: str = "intravenous", **more: Any) -> Any:
    amount = {"drug": drug, "route": route, "dose_mg": dose_mg}
    return {"formulation": None, "duration_minutes": None, **amount, **more}


def pointers(remarks: Any) -> list[str]:
    return [remark.pointer for remark in remarks]


def test_mg_per_kg_has_four_digits() -> None:
    assert mg_per_kg(35, 70) == 0.5
    assert mg_per_kg(35, 71) == 0.493  # 0.49295...
    assert mg_per_kg(37.5, 69.3) == 0.5411  # 0.54112...
    assert mg_per_kg(300, 41) == 7.317  # 7.31707...
    assert mg_per_kg(35, None) is None


@given(st.floats(LEAST_MG, MOST_MG), st.floats(20, 400))
def test_mg_per_kg_is_true_to_its_digits(amount: float, weight: float) -> None:
    shown = mg_per_kg(amount, weight)
    assert shown is not None
    assert shown == pytest.approx(amount / weight, rel=5e-4)
    assert mg_per_kg(amount * 2, weight * 2) == shown


@pytest.mark.parametrize("milligrams", [28, 35, 56, 84, 300])
def test_grams_and_micrograms_are_refused_whatever_was_meant(milligrams: float) -> None:
    assert pointers(dose_faults(dose(milligrams))) == []
    assert pointers(dose_faults(dose(milligrams / 1000), "/doses/2")) == ["/doses/2/dose_mg"]
    assert pointers(dose_faults(dose(milligrams * 1000))) == ["/dose_mg"]


def test_what_is_no_dose_is_named_all_at_once() -> None:
    wrong = dose(0, "aspirin", "rectal", formulation="gas", duration_minutes=1441)
    assert pointers(dose_faults(wrong)) == [
        "/drug", "/route", "/formulation", "/dose_mg", "/duration_minutes",
    ]  # fmt: skip


# 4-clinical 2a: what is described, by weight where there is one.
SEEN = [
    (dose(35), 70.0),  # 0.5 mg/kg
    (dose(7), 70.0),  # 0.1
    (dose(52.5), 70.0),  # 0.75
    (dose(17.5, route="intramuscular"), 70.0),  # 0.25
    (dose(70, route="subcutaneous"), 70.0),  # 1.0
    (dose(25, route="oral"), None),
    (dose(300, route="sublingual"), None),
    (dose(490, route="oral"), 70.0),  # 7 mg/kg
    (dose(28, "esketamine", "intranasal", formulation="nasal_spray"), 70.0),
    (dose(56, "esketamine", "intranasal"), 70.0),
    (dose(84, "esketamine", "intranasal"), None),
]


@pytest.mark.parametrize(("described", "weight"), SEEN)
def test_what_is_described_is_not_asked(described: Any, weight: float | None) -> None:
    assert dose_doubts(described, weight) == []


UNUSUAL = [
    (dose(350), 70.0, "/dose_mg"),  # 5 mg/kg
    (dose(3.5), 70.0, "/dose_mg"),  # 0.05
    (dose(200), None, "/dose_mg"),
    (dose(600, route="oral"), 70.0, "/dose_mg"),  # 8.6 mg/kg
    (dose(57, "esketamine", "intranasal"), 70.0, "/dose_mg"),
    (dose(112, "esketamine", "intranasal"), 70.0, "/dose_mg"),  # four devices
    (dose(70, "esketamine"), 70.0, "/dose_mg"),  # 1 mg/kg of what is twice as strong
    (dose(50, "arketamine", "oral"), 70.0, "/route"),
    (dose(35, formulation="capsule"), 70.0, "/formulation"),
    (dose(35, duration_minutes=400), 70.0, "/duration_minutes"),
]


@pytest.mark.parametrize(("unusual", "weight", "pointer"), UNUSUAL)
def test_what_is_unusual_is_asked_where_it_stands(
    unusual: Any, weight: float | None, pointer: str
) -> None:
    assert dose_faults(unusual) == []
    assert pointers(dose_doubts(unusual, weight, "/doses/0")) == [f"/doses/0{pointer}"]


def test_two_usual_doses_may_be_more_than_usual_together() -> None:
    assert total_doubts([dose(35), dose(35)], 70) == []  # 1.0 mg/kg
    assert pointers(total_doubts([dose(35), dose(42)], 70)) == ["/doses"]  # 1.1 mg/kg
    assert total_doubts([dose(35), dose(350)], 70) == []  # that one is asked about itself
    spray = dose(28, "esketamine", "intranasal")
    assert total_doubts([spray] * 3, None) == []
    assert pointers(total_doubts([spray] * 4, None)) == ["/doses"]
    assert total_doubts([dose(35), dose(100, route="oral")], 70) == []  # another route


@given(
    st.sampled_from(DRUGS),
    st.sampled_from(ROUTES),
    st.floats(LEAST_MG, MOST_MG),
    st.none() | st.floats(20, 400),
)
def test_every_possible_dose_is_usual_or_asked_and_never_both(
    drug: str, route: str, amount: float, weight: float | None
) -> None:
    one = dose(amount, drug, route)
    assert dose_faults(one) == []
    doubts = dose_doubts(one, weight)
    assert len(doubts) <= 1
    if (drug, route) not in USUAL:
        assert pointers(doubts) == ["/route"]


def test_every_usual_range_is_within_what_is_possible_and_has_a_source() -> None:
    for usual in USUAL.values():
        assert LEAST_MG <= usual.mg[0] < usual.mg[1] <= MOST_MG
        assert usual.mg_per_kg is None or 0 < usual.mg_per_kg[0] < usual.mg_per_kg[1]
        assert "(u)" in usual.source or "4-clinical" in usual.source
