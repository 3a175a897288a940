"""What was given to date: sessions, doses and mg by drug and route, never added up across them."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinical.treatments import DRUGS, ROUTES

# A dose has a few decimals at most; the sum of many must not grow more.
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose that was taken; one taken at home belongs to no session."""

    drug: str
    route: str
    dose_mg: float
    date: date
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """All doses of one drug by one route; `sessions` are those in which any of them was given."""

    drug: str
    route: str
    sessions: int
    doses: int
    total_mg: float
    first: date
    last: date

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def exposure(doses: Iterable[Dose]) -> list[Exposure]:
    """By drug and route, in the order of the lists of them; a mg by mouth is no mg in a vein."""
    taken: dict[tuple[str, str], list[Dose]] = {}
    for dose in doses:
        taken.setdefault((dose.drug, dose.route), []).append(dose)
    order = [(drug, route) for drug in DRUGS for route in ROUTES if (drug, route) in taken]
    return [_of(drug, route, taken[drug, route]) for drug, route in order]


def _of(drug: str, route: str, doses: list[Dose]) -> Exposure:
    dates = [dose.date for dose in doses]
    return Exposure(
        drug=drug,
        route=route,
        sessions=len({dose.session_id for dose in doses} - {None}),
        doses=len(doses),
        total_mg=round(math.fsum(dose.dose_mg for dose in doses), _DECIMALS),
        first=min(dates),
        last=max(dates),
    )
