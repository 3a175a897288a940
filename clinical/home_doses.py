"""A dose taken at home: what in it is impossible, and what is unlikely."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from clinical.doses import DOSE_KEYS, dose_doubts, dose_faults
from clinical.remarks import Remark
from clinical.visits import CLOCK_TOLERANCE
from clinical.vitals import weight_doubts, weight_fault

# A home dose says what a session's does, and the weight it was meant for.
HOME_KEYS = (*DOSE_KEYS, "timezone", "weight_kg")


def home_faults(dose: Mapping[str, Any], birth_date: date, now: datetime) -> list[Remark]:
    """Everything impossible about a home dose."""
    found = dose_faults(dose)
    if dose["weight_kg"] is not None:
        fault = weight_fault(dose["weight_kg"])
        found += [] if fault is None else [fault]
    if dose["given_at"] > now + CLOCK_TOLERANCE:
        found.append(Remark("/given_at", "Must not be in the future."))
    if dose["local_date"] < birth_date:
        found.append(Remark("/given_at", "Must not be before the patient's birth."))
    return found


def home_doubts(dose: Mapping[str, Any]) -> list[Remark]:
    """Everything unlikely about a home dose in which nothing is impossible."""
    return [*dose_doubts(dose, dose["weight_kg"]), *weight_doubts(dose["weight_kg"], None)]
