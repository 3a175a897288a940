"""Doses: what is impossible and refused, what is unusual and asked, and mg per kg of weight.

Ranges are for recognizing a slip of the pen (grams for milligrams, a comma): they are no advice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clinical.remarks import Remark, number_fault, one_of_fault
from clinical.treatments import DRUGS, FORMULATIONS, ROUTES

# What a record of a dose says.
DOSE_KEYS = (
    "drug",
    "formulation",
    "route",
    "dose_mg",
    "given_at",
    "duration_minutes",
    "lot",
    "note",
)

# No dose of these drugs is smaller or larger: 0.05 and 50000 are grams and micrograms (u).
LEAST_MG, MOST_MG = 1.0, 2000.0
LONGEST_DOSE_MINUTES = 1440
# A device of the licensed spray (4-clinical 2a, S39).
NASAL_STEP_MG = 28.0
# An infusion takes about 40 minutes (4-clinical 2a, S36); how far from it is asked (u).
USUAL_INFUSION_MINUTES = (10, 180)


@dataclass(frozen=True, slots=True)
class Usual:
    """What a session's dose of one drug by one route usually is, both ends included.

    mg per kg counts where the weight is known, mg where it is not, or where the drug is not given
    by weight.
    """

    mg: tuple[float, float]
    mg_per_kg: tuple[float, float] | None
    source: str


_INJECTED = Usual((10, 150), (0.25, 1.0), "4-clinical 2a (u)")
_SWALLOWED = Usual((25, 300), (0.25, 7.0), "4-clinical 2a, S42")
# Esketamine is about twice as strong as the racemate (u); the licensed spray has its own range.
_S_INJECTED = Usual((5, 75), (0.1, 0.5), "half the racemate's (u)")
_S_SWALLOWED = Usual((12, 150), (0.12, 3.5), "half the racemate's (u)")

USUAL: Mapping[tuple[str, str], Usual] = {
    # 0.1-0.75 described [S36], 1.0 in a trial [S13].
    ("ketamine", "intravenous"): Usual((5, 150), (0.1, 1.0), "4-clinical 2a, S36, S13"),
    ("ketamine", "intramuscular"): _INJECTED,
    ("ketamine", "subcutaneous"): _INJECTED,
    ("ketamine", "intranasal"): Usual((10, 150), None, "(u)"),
    ("ketamine", "oral"): _SWALLOWED,
    ("ketamine", "sublingual"): _SWALLOWED,
    ("esketamine", "intranasal"): Usual((28, 84), None, "4-clinical 2a, S39"),
    ("esketamine", "intravenous"): _S_INJECTED,
    ("esketamine", "intramuscular"): _S_INJECTED,
    ("esketamine", "subcutaneous"): _S_INJECTED,
    ("esketamine", "oral"): _S_SWALLOWED,
    ("esketamine", "sublingual"): _S_SWALLOWED,
    ("arketamine", "intravenous"): Usual((5, 150), (0.1, 1.0), "as the racemate (u)"),
}

# By which routes a formulation is made to be given; the others are asked (u).
_MADE_FOR: Mapping[str, frozenset[str]] = {
    "nasal_spray": frozenset({"intranasal"}),
    "tablet": frozenset({"oral", "sublingual"}),
    "lozenge": frozenset({"oral", "sublingual"}),
    "capsule": frozenset({"oral"}),
    "syrup": frozenset({"oral", "sublingual"}),
}


def mg_per_kg(dose_mg: float, weight_kg: float | None) -> float | None:
    """The dose per kg of body weight to 4 significant digits; None without a weight."""
    return None if weight_kg is None else float(f"{dose_mg / weight_kg:.4g}")


def dose_faults(dose: Mapping[str, Any], at: str = "") -> list[Remark]:
    """What no dose can be; `at` is the pointer to it."""
    found = [
        one_of_fault(f"{at}/drug", dose["drug"], DRUGS),
        one_of_fault(f"{at}/route", dose["route"], ROUTES),
        one_of_fault(f"{at}/formulation", dose["formulation"], (None, *FORMULATIONS)),
        _mg_fault(f"{at}/dose_mg", dose["dose_mg"]),
    ]
    if dose["duration_minutes"] is not None:
        pointer = f"{at}/duration_minutes"
        found.append(number_fault(pointer, dose["duration_minutes"], 0, LONGEST_DOSE_MINUTES))
    return [fault for fault in found if fault is not None]


def _mg_fault(pointer: str, dose_mg: float | None) -> Remark | None:
    fault = number_fault(pointer, dose_mg, LEAST_MG, MOST_MG, unit=" mg")
    if fault is None or dose_mg is None or dose_mg >= LEAST_MG:
        return fault
    return Remark(pointer, f"{fault.detail} Was it given in grams?")


def dose_doubts(dose: Mapping[str, Any], weight_kg: float | None, at: str = "") -> list[Remark]:
    """What is unusual about a dose that is possible."""
    found = _amount_doubts(dose, weight_kg, at)
    drug, route, minutes = dose["drug"], dose["route"], dose["duration_minutes"]
    if route not in _MADE_FOR.get(dose["formulation"], frozenset(ROUTES)):
        about = (dose["formulation"], route)
        found.append(Remark(f"{at}/formulation", "Seldom given by this route.", about))
    low, high = USUAL_INFUSION_MINUTES
    if route == "intravenous" and minutes is not None and not low <= minutes <= high:
        detail = f"An infusion usually takes {low} to {high} minutes."
        found.append(Remark(f"{at}/duration_minutes", detail, (drug, minutes)))
    return found


def total_doubts(doses: Iterable[Mapping[str, Any]], weight_kg: float | None) -> list[Remark]:
    """Whether the doses of a session together are more than is usual, though none alone is."""
    totals: dict[tuple[str, str], list[float]] = {}
    for dose in doses:
        totals.setdefault((dose["drug"], dose["route"]), []).append(dose["dose_mg"])
    found = []
    for (drug, route), amounts in totals.items():
        usual = USUAL.get((drug, route))
        if usual is None or len(amounts) < 2:
            continue
        total = sum(amounts)
        beyond = _beyond(usual, total, weight_kg)
        alone = any(_beyond(usual, amount, weight_kg) for amount in amounts)
        if beyond and not alone:
            detail = "Together more of one drug than is usual in a session."
            found.append(Remark("/doses", detail, (drug, route, total, weight_kg)))
    return found


def _amount_doubts(dose: Mapping[str, Any], weight_kg: float | None, at: str) -> list[Remark]:
    drug, route, amount = dose["drug"], dose["route"], dose["dose_mg"]
    pointer, about = f"{at}/dose_mg", (drug, route, amount, weight_kg)
    usual = USUAL.get((drug, route))
    if usual is None:
        return [Remark(f"{at}/route", "This drug is seldom given by this route.", (drug, route))]
    if detail := _beyond(usual, amount, weight_kg):
        return [Remark(pointer, detail, about)]
    if (drug, route) == ("esketamine", "intranasal") and amount % NASAL_STEP_MG:
        return [Remark(pointer, f"The spray comes in steps of {NASAL_STEP_MG:g} mg.", about)]
    return []


def _beyond(usual: Usual, amount: float, weight_kg: float | None) -> str | None:
    """What the usual range is, where this amount is outside it."""
    if usual.mg_per_kg is not None and weight_kg is not None:
        (low, high), value, unit = usual.mg_per_kg, amount / weight_kg, "mg per kg"
    else:
        (low, high), value, unit = usual.mg, amount, "mg"
    return None if low <= value <= high else f"Usually {low:g} to {high:g} {unit}."
