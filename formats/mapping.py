"""The mapping of a CSV file to our fields, in TOML: read strictly, every fault of it named."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from clinical.days import timezones
from formats.columns import Column, read_column
from formats.csv_in import DELIMITERS, ENCODINGS, Unreadable
from formats.targets import REQUIRED, target

PATIENTS_OWN = "patient"
_TOP: Mapping[str, type] = {
    "kind": str,
    "encoding": str,
    "delimiter": str,
    "decimal": str,
    "missing": list,
    "timezone": str,
    "default_time": time,
    "ignore": list,
    "constants": dict,
    "columns": dict,
}
_TOML_NAMES = {str: "text", list: "a list", dict: "a table", time: "a time like 09:00:00"}


@dataclass(frozen=True, slots=True)
class IntakeMapping:
    """A mapping without faults. `timezone` is a zone or "patient": each patient's own."""

    kind: str
    columns: tuple[Column, ...]
    constants: Mapping[str, Any] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str = ","
    missing: frozenset[str] = frozenset({""})
    timezone: str = PATIENTS_OWN
    default_time: time | None = None
    ignore: frozenset[str] = frozenset()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field a row gets a value for."""
        return (*self.constants, *(column.field for column in self.columns))

    @property
    def custom(self) -> frozenset[str]:
        """The clinic's own measures it speaks of."""
        return frozenset(
            name.partition(".")[2] for name in self.fields if name.startswith("custom.")
        )


def read_mapping(raw: bytes, kind: str) -> IntakeMapping:
    """The mapping a TOML file states for this kind of intake; Unreadable names every fault."""
    told = _parsed(raw)
    faults = _faults_of_form(told, kind)
    if faults:
        raise Unreadable(faults)
    decimal = told.get("decimal", ".")
    columns = []
    for name, said in told.get("columns", {}).items():
        found = read_column(kind, name, said, decimal)
        columns += [found] if isinstance(found, Column) else []
        faults += [] if isinstance(found, Column) else found
    faults += _constant_faults(kind, told.get("constants", {}))
    faults += _faults_of_whole(told, kind)
    if faults:
        raise Unreadable(faults)
    given = ("constants", "encoding", "delimiter", "timezone", "default_time")
    plain: dict[str, Any] = {name: told[name] for name in given if name in told}
    plain |= {name: frozenset(told[name]) for name in ("missing", "ignore") if name in told}
    return IntakeMapping(kind, tuple(columns), **plain)


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(["The mapping is not UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line \d+, column \d+", str(error))
        place = where.group() if where else "its end"
        raise Unreadable([f"The mapping is not TOML: see {place}."]) from None


def _faults_of_form(told: Mapping[str, Any], kind: str) -> list[str]:
    faults = [f"`{name}` is no setting of a mapping." for name in told if name not in _TOP]
    faults += [
        f"`{name}` must be {_TOML_NAMES[_TOP[name]]}."
        for name, value in told.items()
        if name in _TOP and type(value) is not _TOP[name]
    ]
    if faults:
        return faults
    if told.get("kind") != kind:
        faults.append(f'The mapping must say kind = "{kind}", or another command is meant.')
    choices = {"encoding": ENCODINGS, "delimiter": DELIMITERS, "decimal": (".", ",")}
    for name, allowed in choices.items():
        if name in told and told[name] not in allowed:
            faults.append(f"`{name}` must be one of {', '.join(map(repr, allowed))}.")
    if told.get("timezone", PATIENTS_OWN) not in {PATIENTS_OWN, *timezones()}:
        faults.append(f'`timezone` must be an IANA time zone, or "{PATIENTS_OWN}".')
    for name in ("missing", "ignore"):
        if not all(isinstance(one, str) for one in told.get(name, [])):
            faults.append(f"`{name}` must be a list of texts.")
    return faults


def _faults_of_whole(told: Mapping[str, Any], kind: str) -> list[str]:
    """What columns and constants together lack or have too much of."""
    columns: Mapping[str, Any] = told.get("columns", {})
    named = [said.get("field") for said in columns.values() if isinstance(said, dict)]
    named += list(told.get("constants", {}))
    twice = sorted({str(name) for name in named if named.count(name) > 1})
    faults = [f"`{name}` gets its value twice." for name in twice]
    both = sorted(set(columns) & set(told.get("ignore", ())))
    faults += [f'Column "{name}" is both mapped and ignored.' for name in both]
    missing = [name for name in REQUIRED[kind] if name not in named]
    faults += [f"`{name}` comes from no column and is no constant." for name in missing]
    if not columns:
        faults.append("`columns` names no column.")
    if kind == "sessions":
        faults += _faults_of_when(told, named)
    elif "default_time" in told or "timezone" in told:
        faults.append("`timezone` and `default_time` belong to sessions.")
    return faults


def _faults_of_when(told: Mapping[str, Any], named: list[Any]) -> list[str]:
    if ("started_at" in named) == ("date" in named):
        return ["A session needs either `started_at`, or `date` with `time` or `default_time`."]
    if "time" in named and "date" not in named:
        return ["`time` belongs to `date`."]
    if "date" in named and "time" not in named and "default_time" not in told:
        return ["A session with a `date` alone needs a `default_time`, which is then assumed."]
    return []


def _constant_faults(kind: str, constants: Mapping[str, Any]) -> list[str]:
    faults = []
    for name, value in constants.items():
        takes = target(kind, name)
        fault = f"{kind} have no such field." if takes is None else takes.fault(value)
        faults += [] if fault is None else [f"Constant `{name}`: {fault}"]
    return faults
