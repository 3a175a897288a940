"""A CSV file under a mapping: one row after the other, as values of ours or with its faults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clinical.doses import DOSE_KEYS, dose_faults
from clinical.remarks import Remark
from clinical.vitals import READINGS, reading_faults, weight_fault
from formats.cells import BadCell
from formats.csv_in import Lines, Unreadable, decoded, header_faults
from formats.mapping import PATIENTS_OWN, IntakeMapping
from formats.targets import REQUIRED

Flat = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `values` is shaped like a body of the API; a row with `faults` has none.

    `number` is the row's in a spreadsheet (the header is 1); a fault is (column, words). `readable`
    is what can be read of a row with faults, with null for each cell that cannot.
    """

    number: int
    values: Mapping[str, Any]
    faults: tuple[tuple[str, str], ...] = ()
    readable: Mapping[str, Any] = field(default_factory=dict)


class Table:
    """A file's rows, read one at a time; Unreadable when it cannot be read as its mapping says."""

    def __init__(self, raw: bytes, mapping: IntakeMapping) -> None:
        text = decoded(raw, mapping.encoding)
        self._lines = Lines(text, mapping.delimiter)
        self._mapping = mapping
        self.kind = mapping.kind
        header = self._lines.header
        mapped = [column.name for column in mapping.columns]
        faults = header_faults(header, mapped, mapping.ignore)
        if faults:
            raise Unreadable(faults)
        self._width = len(header)
        self._places = [(header.index(column.name), column) for column in mapping.columns]
        self._required = frozenset(REQUIRED[mapping.kind]) - {"total"}  # an empty one is no answer
        self._shape = _SHAPES[mapping.kind]
        self._always = dict(mapping.constants)
        if mapping.kind == "sessions":
            zone = None if mapping.timezone == PATIENTS_OWN else mapping.timezone
            self._always |= {"timezone": zone, "default_time": mapping.default_time}
        self.about_rows = max(text.count("\n"), 1)  # for a progress bar: cells may hold line ends

    def __iter__(self) -> Iterator[Row]:
        for number, cells in self._lines:
            if len(cells) != self._width:
                told = f"Has {len(cells)} cells where the header has {self._width}."
                yield Row(number, {}, (("", told),))
                continue
            flat, faults = self._read(cells)
            row = Row(number, self._shape(self._mapping, flat))
            if faults:
                row = Row(number, {}, tuple(self._all_faults(row, faults)), row.values)
            yield row

    def _all_faults(self, row: Row, faults: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Beside the cells that cannot be read, what no session can be: all of a row at once."""
        yield from faults
        told = {column for column, _ in faults}
        for remark in _impossible(row.values) if self.kind == "sessions" else ():
            column = self.column_at(remark.pointer, row)
            if column and column not in told:
                yield column, remark.detail

    def _read(self, cells: list[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        flat = dict(self._always)
        missing = self._mapping.missing
        faults = []
        for place, column in self._places:
            text = cells[place].strip()
            if not text or text in missing:
                flat[column.field] = None
                if column.field in self._required:
                    faults.append((column.name, "Is missing."))
                continue
            try:
                flat[column.field] = column.read(text)
            except BadCell as bad:
                flat[column.field] = None  # what stands beside it keeps its place
                faults.append((column.name, str(bad)))
        return flat, faults

    def column_at(self, pointer: str, row: Row) -> str:
        """The column a JSON pointer into a row's values comes from; "" where none does."""
        name = _field(pointer.strip("/").split("/"), row)
        by_field = {column.field: column.name for column in self._mapping.columns}
        for origin in _ORIGINS.get(name, (name,)):
            if origin in by_field:
                return by_field[origin]
        return ""


def _field(parts: list[str], row: Row) -> str:
    """The field at a pointer: doses are counted from 1 there, readings named by their minute."""
    if parts[0] == "doses" and len(parts) > 1:
        parts[1] = str(int(parts[1]) + 1)
    if parts[0] == "vitals" and len(parts) > 1:
        parts[1] = str(row.values["vitals"][int(parts[1])]["minute"])
    return ".".join(parts)


# What is put together from several columns, by the columns that may have said it.
_ORIGINS: Mapping[str, tuple[str, ...]] = {
    "started_at": ("started_at", "date", "time"),
    "scheduled_at": ("started_at", "date", "time"),
}


def _grouped(mapping: IntakeMapping, flat: Flat, name: str) -> dict[int, dict[str, Any]]:
    """The values of `name.<number>.<field>` by number, where any column of that number says
    something: constants alone make no dose of a session that had none."""
    groups: dict[int, dict[str, Any]] = {}
    said = set()
    for path, value in flat.items():
        first, _, rest = path.partition(".")
        if first == name:
            number, _, field = rest.partition(".")
            groups.setdefault(int(number), {})[field] = value
            if value is not None and path not in mapping.constants:
                said.add(int(number))
    return {number: groups[number] for number in sorted(said)}


def _patient(_mapping: IntakeMapping, flat: Flat) -> dict[str, Any]:
    body = {path: value for path, value in flat.items() if "." not in path}
    contact = {path.partition(".")[2]: value for path, value in flat.items() if "." in path}
    given = {"relation": None} | contact
    return body | {"emergency_contact": given if any(contact.values()) else None}


def _checkin(_mapping: IntakeMapping, flat: Flat) -> dict[str, Any]:
    """Side effects are asked as soon as one column of them is answered; only those there are are
    listed."""
    body: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    ticked: list[dict[str, Any]] | None = None
    for path, value in flat.items():
        group, dot, key = path.partition(".")
        if not dot:
            body[path] = value
        elif group == "custom":
            custom[key] = value
        elif value is not None:
            ticked = [] if ticked is None else ticked
            ticked += [{"code": key, "severity": value}] if value else []
    given = {key: value for key, value in custom.items() if value is not None}
    return body | {"custom": given or None, "side_effects": ticked}


def _assessment(_mapping: IntakeMapping, flat: Flat) -> dict[str, Any]:
    body = {path: value for path, value in flat.items() if "." not in path}
    items = {path.partition(".")[2]: value for path, value in flat.items() if "." in path}
    ordered = [items[key] for key in sorted(items, key=int)]
    return body | {"items": ordered if any(value is not None for value in ordered) else None}


def _session(mapping: IntakeMapping, flat: Flat) -> dict[str, Any]:
    body = {path: value for path, value in flat.items() if "." not in path}
    doses = _grouped(mapping, flat, "doses")
    readings = _grouped(mapping, flat, "vitals")
    vitals = [{"minute": minute, **group} for minute, group in readings.items()]
    return body | {"doses": list(doses.values()), "vitals": vitals}


def _impossible(session: Flat) -> Iterator[Remark]:
    """What is wrong with those numbers of a session that a row does have."""
    if session.get("weight_kg") is not None:
        fault = weight_fault(session["weight_kg"])
        yield from () if fault is None else (fault,)
    for place, given in enumerate(session["doses"]):
        dose = dict.fromkeys(DOSE_KEYS) | given
        for fault in dose_faults(dose, f"/doses/{place}"):
            if dose[fault.pointer.rpartition("/")[2]] is not None:
                yield fault
    for place, given in enumerate(session["vitals"]):
        reading = dict.fromkeys(READINGS) | given
        yield from reading_faults(given["minute"], reading, f"/vitals/{place}")


_SHAPES: Mapping[str, Callable[[IntakeMapping, Flat], dict[str, Any]]] = {
    "patients": _patient,
    "checkins": _checkin,
    "assessments": _assessment,
    "sessions": _session,
}
