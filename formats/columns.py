"""One column of a mapping: the field it goes to, and how its cells become values of that field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from formats.cells import ROUNDINGS, Conversion, Scale, exact, reader
from formats.dates import DEFAULTS, Form, form
from formats.targets import FIELDS, Target, target

_OF_COLUMN = {"field", "format", "unit", "from", "to", "round", "values", "ranges"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: the field it goes to, and how its cells are read."""

    name: str
    field: str
    read: Callable[[str], Any]


def read_column(kind: str, name: str, said: Any, decimal: str) -> Column | list[str]:
    """The column a mapping describes, or its faults in words."""
    at = f'Column "{name}": '
    if not isinstance(said, dict) or not isinstance(said.get("field"), str):
        return [at + "must be a table that names its `field`."]
    takes = target(kind, said["field"])
    if takes is None:
        known = ", ".join(FIELDS[kind])
        return [at + f"{kind} have no field `{said['field']}`; there are {known}."]
    faults = [f"`{key}` is no setting of a column." for key in said if key not in _OF_COLUMN]
    told: dict[str, Any] = {"decimal": decimal}
    for key, read in _SETTINGS.items():
        if key not in said:
            continue
        try:
            told |= read(takes, said)
        except ValueError as error:
            faults.append(f"`{key}`: {error}.")
    faults += _clashes(takes, said)
    if takes.shape in DEFAULTS and "form" not in told and "format" not in said:
        told["form"] = form(DEFAULTS[takes.shape], takes.shape)
    if faults:
        return [at + fault for fault in faults]
    return Column(name, said["field"], reader(takes, Conversion(**told)))


def _clashes(takes: Target, said: Mapping[str, Any]) -> list[str]:
    faults = []
    if ("from" in said) != ("to" in said):
        faults.append("`from` and `to` belong together.")
    tables = [key for key in ("values", "ranges") if key in said]
    others = [key for key in ("unit", "from", "to", "round", "format") if key in said]
    if len(tables) > 1 or (tables and others):
        faults.append(f"`{tables[0]}` stands alone: it says the whole value.")
    if takes.shape == "date" and "values" in said:
        faults.append("`values` cannot be dates.")
    return faults


def _format(takes: Target, said: Mapping[str, Any]) -> dict[str, Form]:
    if takes.shape not in DEFAULTS or not isinstance(said["format"], str):
        raise ValueError("only dates and times have one, as text like DD.MM.YYYY")
    return {"form": form(said["format"], takes.shape)}


def _unit(takes: Target, said: Mapping[str, Any]) -> dict[str, Fraction]:
    if said["unit"] not in takes.units:
        raise ValueError(
            "must be one of " + ", ".join(takes.units) if takes.units else "it has none"
        )
    return {"factor": takes.units[said["unit"]]}


def _scale(takes: Target, said: Mapping[str, Any]) -> dict[str, Scale]:
    source, ours = _pair(said.get("from")), _pair(said.get("to"))
    if takes.shape != "number":
        raise ValueError("only numbers have a scale")
    if source is None or ours is None:
        raise ValueError("`from` and `to` must be two numbers each, the first of `from` the lower")
    (from_low, from_high), (low, high) = source, ours
    if from_low >= from_high or low == high:
        raise ValueError("a scale has two different ends, and `from` begins with the lower")
    if takes.fault(float(low)) or takes.fault(float(high)):
        raise ValueError("the field does not reach to both ends of `to`")
    return {"scale": Scale(from_low, from_high, low, high)}


def _pair(ends: Any) -> tuple[Fraction, Fraction] | None:
    numbers = isinstance(ends, list) and all(type(end) in (int, float) for end in ends)
    if not numbers or len(ends) != 2 or not all(abs(end) <= 1e9 for end in ends):
        return None
    return Fraction(str(ends[0])), Fraction(str(ends[1]))


def _round(takes: Target, said: Mapping[str, Any]) -> dict[str, str]:
    if takes.shape != "number":
        raise ValueError("only numbers are rounded")
    if not isinstance(said["round"], str) or said["round"] not in ROUNDINGS:
        raise ValueError(f"must be one of {', '.join(ROUNDINGS)}")
    return {"rounding": said["round"]}


def _values(takes: Target, said: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    if not isinstance(said["values"], dict) or not said["values"]:
        raise ValueError('must be a table like { "yes" = true }')
    return {"values": {text: _meant(takes, value) for text, value in said["values"].items()}}


def _ranges(takes: Target, said: Mapping[str, Any]) -> dict[str, Any]:
    told = said["ranges"]
    if takes.shape != "number" or not isinstance(told, dict) or not told:
        raise ValueError('must be a table of numbers like { "1" = 0, "2-3" = 1 }')
    found = sorted((*_range(text), _meant(takes, value)) for text, value in told.items())
    if any(one[1] >= other[0] for one, other in pairwise(found)):
        raise ValueError("two of them overlap")
    return {"ranges": tuple(found)}


def _range(text: str) -> tuple[Fraction, Fraction]:
    """The ends of "2" or "2-3"."""
    low, dash, high = text.partition("-")
    ends = exact(low.strip(), "."), exact((high if dash else low).strip(), ".")
    if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
        raise ValueError('each is written like "2" or "2-3"')
    return ends[0], ends[1]


def _meant(takes: Target, value: Any) -> Any:
    """A value of a table as our field takes it; ValueError where it does not."""
    meant = takes.words.get(value, value) if isinstance(value, str) else value
    if fault := takes.fault(meant):
        raise ValueError(f"a value of it does not fit: {fault[:-1]}")
    return meant


_SETTINGS: Mapping[str, Callable[[Target, Mapping[str, Any]], Mapping[str, Any]]] = {
    "format": _format,
    "unit": _unit,
    "from": _scale,
    "round": _round,
    "values": _values,
    "ranges": _ranges,
}
