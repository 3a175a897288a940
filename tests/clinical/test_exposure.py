"""What was given to date: by drug and route, and never one sum over all."""

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.exposure import Dose, Exposure, exposure
from clinical.treatments import DRUGS, ROUTES

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=30)
ONE, TWO = UUID(int=1), UUID(int=2)


def on(day: int) -> date:
    return date(2026, 11, day)


def test_doses_of_one_drug_by_one_route_are_added_up_and_no_others() -> None:
    """IV: 35 + 35 + 37.5 = 107.5 in two sessions; nasal spray, lozenges at home: each alone."""
    doses = [
        Dose("esketamine", "intranasal", 56, on(20), UUID(int=3)),
        Dose("ketamine", "intravenous", 37.5, on(17), TWO),
        Dose("ketamine", "intravenous", 35, on(3), ONE),
        Dose("ketamine", "intravenous", 35, on(3), ONE),
        Dose("ketamine", "sublingual", 100, on(18)),
        Dose("ketamine", "sublingual", 100, on(19)),
    ]
    assert exposure(doses) == [
        Exposure("ketamine", "intravenous", 2, 3, 107.5, on(3), on(17)),
        Exposure("ketamine", "sublingual", 0, 2, 200, on(18), on(19)),
        Exposure("esketamine", "intranasal", 1, 1, 56, on(20), on(20)),
    ]


def test_it_is_told_as_the_document_has_it() -> None:
    assert exposure([Dose("ketamine", "oral", 0.1, on(1))] * 3)[0].as_dict() == {
        "drug": "ketamine",
        "route": "oral",
        "sessions": 0,
        "doses": 3,
        "total_mg": 0.3,
        "first": on(1),
        "last": on(1),
    }
    assert exposure([]) == []


DOSES: st.SearchStrategy[Any] = st.lists(
    st.builds(
        Dose,
        st.sampled_from(DRUGS),
        st.sampled_from(ROUTES),
        st.integers(1, 4000).map(lambda halves: halves / 2),
        st.dates(date(2016, 1, 1), date(2026, 1, 1)),
        st.none() | st.uuids(),
    ),
    max_size=20,
)


@given(DOSES)
@FEW
def test_every_dose_is_in_exactly_one_row(doses: list[Dose]) -> None:
    found = exposure(doses)
    assert sum(row.doses for row in found) == len(doses)
    rows = {(row.drug, row.route): row for row in found}
    assert len(rows) == len(found)

    def kind(dose: Dose) -> tuple[str, str]:
        return dose.drug, dose.route

    for key, same in groupby(sorted(doses, key=kind), kind):
        given_so = list(same)
        row = rows[key]
        assert row.total_mg == sum(dose.dose_mg for dose in given_so)
        assert (row.first, row.last) == (
            min(dose.date for dose in given_so),
            max(dose.date for dose in given_so),
        )
        assert row.sessions <= row.doses
