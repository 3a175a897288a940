"""From the text of one cell to a value: numbers, units, scales, tables, dates, as a mapping says.

Arithmetic is exact (fractions) until the value is done, so that a rounding rule decides ties as it
says and not as binary floating point happens to fall.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any

from formats.dates import Form
from formats.targets import Target

LONGEST_NUMBER = 40
# Few texts recur in a column of ratings, many in one of notes: no more than these are kept.
_REMEMBERED = 4096
_NUMBERS = {
    sign: re.compile(rf"[+-]?\d{{1,15}}(?:{re.escape(sign)}\d{{1,18}})?", re.ASCII)
    for sign in (".", ",")
}


class BadCell(Exception):
    """What is wrong with a cell, in words that never repeat it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line: low + (number - from_low) * (high - low) / (from_high - from_low)."""

    from_low: Fraction
    from_high: Fraction
    low: Fraction
    high: Fraction

    def converted(self, number: Fraction) -> Fraction:
        if not self.from_low <= number <= self.from_high:
            ends = f"{float(self.from_low):g} to {float(self.from_high):g}"
            raise BadCell(f"Is outside the stated scale from {ends}.")
        slope = (self.high - self.low) / (self.from_high - self.from_low)
        return self.low + (number - self.from_low) * slope


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a mapping says of one column; None where it says nothing."""

    decimal: str = "."
    factor: Fraction = Fraction(1)
    scale: Scale | None = None
    rounding: str | None = None
    values: Mapping[str, Any] | None = None
    ranges: tuple[tuple[Fraction, Fraction, Any], ...] | None = None
    form: Form | None = None


def _half_up(number: Fraction) -> Fraction:
    return Fraction(floor(number + Fraction(1, 2)))


def _half_even(number: Fraction) -> Fraction:
    return Fraction(round(number))


# name -> (how to round, to which step; None = the field's own)
ROUNDINGS: Mapping[str, tuple[Callable[[Fraction], Fraction], Fraction | None]] = {
    "half_up": (_half_up, None),
    "half_even": (_half_even, None),
    "quarter": (_half_up, Fraction(1, 4)),
    "tenth": (_half_up, Fraction(1, 10)),
}


def reader(target: Target, conversion: Conversion) -> Callable[[str], Any]:
    """A function from a cell's text to its value, that raises BadCell; it remembers what recurs."""
    read = _READERS[target.shape]
    known: dict[str, Any] = {}

    def cell(text: str) -> Any:
        if text in known:
            return known[text]
        if conversion.values is not None:
            value = _looked_up(conversion.values, text)
        else:
            value = read(target, conversion, text)
        fault = None if target.shape == "instant" else target.fault(value)
        if fault is not None:
            raise BadCell(fault)
        if len(known) < _REMEMBERED:
            known[text] = value
        return value

    return cell


def _looked_up(values: Mapping[str, Any], text: str) -> Any:
    if text not in values:
        raise BadCell("Is none of the words that `values` of the mapping translates.")
    return values[text]


def _text(_target: Target, _conversion: Conversion, text: str) -> str:
    return text


def _yes_no(_target: Target, _conversion: Conversion, text: str) -> bool:
    if text not in ("true", "false"):
        raise BadCell("Must be true or false. A table of `values` translates other words.")
    return text == "true"


def _number(target: Target, conversion: Conversion, text: str) -> Any:
    number = exact(text, conversion.decimal)
    if number is None:
        sign = "comma" if conversion.decimal == "," else "point"
        raise BadCell(f"Must be a plain number with a decimal {sign} or none.")
    if conversion.ranges is not None:
        return _in_ranges(conversion.ranges, number)
    number *= conversion.factor
    if conversion.scale is not None:
        number = conversion.scale.converted(number)
    if conversion.rounding is not None:
        number = _rounded(number, conversion.rounding, target.step)
    elif target.step is not None and number % target.step:
        raise BadCell("Lies between two steps of this field: state `round` in the mapping.")
    return int(number) if target.step == 1 and number.denominator == 1 else float(number)


def exact(text: str, decimal: str) -> Fraction | None:
    """The number a text states in plain digits, exactly; None for any other text."""
    if len(text) > LONGEST_NUMBER or not _NUMBERS[decimal].fullmatch(text):
        return None
    return Fraction(text.replace(decimal, "."))


def _rounded(number: Fraction, rounding: str, step: Fraction | None) -> Fraction:
    rule, own_step = ROUNDINGS[rounding]
    to = own_step or step or Fraction(1)
    return rule(number / to) * to


def _in_ranges(ranges: tuple[tuple[Fraction, Fraction, Any], ...], number: Fraction) -> Any:
    for low, high, value in ranges:
        if low <= number <= high:
            return value
    raise BadCell("Is in none of the `ranges` of the mapping.")


def _date(_target: Target, conversion: Conversion, text: str) -> Any:
    return _of_form(conversion.form and conversion.form.date(text))


def _time(_target: Target, conversion: Conversion, text: str) -> Any:
    return _of_form(conversion.form and conversion.form.time(text))


def _instant(_target: Target, conversion: Conversion, text: str) -> datetime:
    found: datetime = _of_form(conversion.form and conversion.form.instant(text))
    return found


def _of_form(value: Any) -> Any:
    if value is None:
        raise BadCell("Is not of the stated `format`, or there is no such day or time.")
    return value


_READERS: Mapping[str, Callable[[Target, Conversion, str], Any]] = {
    "text": _text,
    "code": _text,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "time": _time,
    "instant": _instant,
}
