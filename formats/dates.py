"""Dates and times of day as a mapping writes their form, e.g. DD.MM.YYYY; nothing is guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

# Each token with the expression its text must match, longest first. There is no two-digit year:
# which century it means would be a guess.
_TOKENS: Mapping[str, str] = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "hh": r"(?P<half>\d{2})",
    "h": r"(?P<half>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
    "A": r"(?P<noon>[AaPp]\.?[Mm]\.?)",
    "Z": r"(?P<offset>Z|[+-]\d{2}:?\d{2})",
}
_SPLIT = re.compile("|".join([*_TOKENS, "T", "[A-Za-z]+", "[^A-Za-z]+"]))
_DATE = {"year", "month", "day"}
_TIMES = ({"hour", "minute"}, {"half", "minute", "noon"})
DEFAULTS: Mapping[str, str] = {
    "date": "YYYY-MM-DD",
    "time": "HH:mm",
    "instant": "YYYY-MM-DDTHH:mm:ssZ",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One written form of a date, a time or both."""

    expression: re.Pattern[str]
    parts: frozenset[str]

    @property
    def has_offset(self) -> bool:
        return "offset" in self.parts

    def date(self, text: str) -> date | None:
        """The date, None for text of another form and for a day there is none of."""
        found = self._found(text)
        return None if found is None else _date(found)

    def time(self, text: str) -> time | None:
        """The time of day, None for text of another form."""
        found = self._found(text)
        return None if found is None else _time(found)

    def instant(self, text: str) -> datetime | None:
        """Date and time, aware where the form has an offset; None for text of another form."""
        found = self._found(text)
        if found is None:
            return None
        day, clock = _date(found), _time(found)
        if day is None or clock is None:
            return None
        if "offset" not in found:
            return datetime.combine(day, clock)
        offset = _offset(found["offset"])
        return None if offset is None else datetime.combine(day, clock, timezone(offset))

    def _found(self, text: str) -> dict[str, str] | None:
        match = self.expression.fullmatch(text)
        return None if match is None else match.groupdict()


def form(text: str, kind: str) -> Form:
    """The form a mapping states for a `date`, a `time` or an `instant`; ValueError says what is
    wrong with it."""
    pieces = _SPLIT.findall(text)
    tokens = [piece for piece in pieces if piece in _TOKENS]
    unknown = [piece for piece in pieces if piece not in _TOKENS and piece[:1].isalpha()]
    if unknown := [piece for piece in unknown if piece != "T"]:
        raise ValueError(f"{unknown[0]} is none of {', '.join(_TOKENS)}")
    names = [re.findall(r"<(\w+)>", _TOKENS[token])[0] for token in tokens]
    if len(names) != len(set(names)):
        raise ValueError("it names a part twice")
    if not _is_whole(set(names), kind):
        raise ValueError(f"it does not say all of a{'n' if kind == 'instant' else ''} {kind}")
    pattern = "".join(_TOKENS.get(piece) or re.escape(piece) for piece in pieces)
    return Form(re.compile(pattern, re.ASCII), frozenset(names))


def _is_whole(parts: set[str], kind: str) -> bool:
    if kind == "date":
        return parts == _DATE
    clock = parts - _DATE - {"second"}
    if kind == "time":
        return clock in _TIMES and not parts & _DATE
    return clock - {"offset"} in _TIMES and parts >= _DATE


def _date(found: Mapping[str, str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _time(found: Mapping[str, str]) -> time | None:
    hour = int(found.get("hour") or found["half"])
    if "noon" in found:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["noon"][0] in "Pp" else 0)
    try:
        return time(hour, int(found["minute"]), int(found.get("second") or 0))
    except ValueError:
        return None


def _offset(text: str) -> timedelta | None:
    if text == "Z":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:  # no place on earth is farther ahead
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if text[0] == "-" else offset
