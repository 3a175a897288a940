"""Periodic screens of a course: what is looked at every so many days, and how a clinic sets it."""

from collections.abc import Mapping

# 4-clinical 2d: bladder monthly, the test of cognition every six months; 1f: the other scales
# monthly, where a clinic uses them. Craving and blood pressure have no cadence there: (u).
SCREENS: Mapping[str, int | None] = {
    "bladder": 30,
    "cognition": 182,
    "craving": 30,
    "blood_pressure": 90,
    "who5": None,
    "isi": None,
    "promis_sd4a": None,
    "promis_fatigue4a": None,
}
# What is measured at a visit and asked of nobody: its last day comes from the readings.
MEASURED = frozenset({"blood_pressure"})
FEWEST_DAYS, MOST_DAYS = 1, 366


def cadences(own: Mapping[str, int | None] | None) -> dict[str, int]:
    """The days between two screens, by key, of those that are looked at.

    `own` is what the clinic has set: a key it left out has the default, a null is never due.
    """
    told = {**SCREENS, **(own or {})}
    return {key: days for key, days in told.items() if days is not None and key in SCREENS}
