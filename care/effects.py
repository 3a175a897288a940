"""The side effects reported on some days, as every summary tells of them."""

from collections.abc import Sequence
from typing import Any

from clinical import burden
from clinical.coverage import Coverage
from clinical.periods import Period


def effects_of(
    period: Period, asked: Sequence[burden.Ticked], observed: Coverage
) -> dict[str, Any]:
    """Side effects of a period: `asked` is what was ticked on each of its days on which somebody
    asked."""
    return {
        "from": period.first,
        "to": period.last,
        "days_asked": observed.n_observed,
        "days_expected": observed.n_expected,
        "codes": [burden.summary_of(effect, observed) for effect in burden.by_code(asked)],
    }


def no_effects() -> dict[str, Any]:
    """Of no days: no codes."""
    return {"from": None, "to": None, "days_asked": 0, "days_expected": 0, "codes": []}
