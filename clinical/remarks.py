"""What is said of one value of a record: that it is impossible, or that it is unlikely."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """A JSON pointer to the value, what to do, and what exactly it was said about.

    A doubt about the same thing is not raised twice: who stood by it once is not asked again.
    """

    pointer: str
    detail: str
    about: Hashable = None


def number_fault(
    pointer: str, value: object, low: float, high: float, *, unit: str = ""
) -> Remark | None:
    """The fault of a number outside low to high, both included; `unit` follows the bounds."""
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return None
    return Remark(pointer, f"Must be from {low:g} to {high:g}{unit}.")


def one_of_fault(pointer: str, value: object, codes: Sequence[object]) -> Remark | None:
    """The fault of a code that is none of these."""
    if value in codes:
        return None
    return Remark(pointer, f"Must be one of: {', '.join(str(code) for code in codes if code)}.")
