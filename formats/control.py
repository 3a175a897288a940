"""A control chart: logged days, their weighted average and the limit it may reach, from values.

All in the measure's own units and direction. The chart only says that a limit was passed: what
that means is for whoever reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from formats.axes import named_day


@dataclass(frozen=True, slots=True)
class Watched:
    """A logged day; `average` and `limit` are None where the chart does not watch, or not yet."""

    day: date
    value: float
    average: float | None = None
    limit: float | None = None
    is_beyond: bool = False


@dataclass(frozen=True, slots=True)
class Stable:
    """The stretch of days that the limit was made of."""

    first: date
    last: date
    mean: float


@dataclass(frozen=True, slots=True)
class Control:
    """What a control chart shows from `first` to `last`; `days` oldest first, logged days only.

    ValueError for a day outside the period or out of order, or a value outside the range.
    """

    title: str
    first: date
    last: date
    minimum: float
    maximum: float
    low_end: str
    high_end: str
    unit: str | None = None
    days: Sequence[Watched] = ()
    stable: Stable | None = None

    def __post_init__(self) -> None:
        days = [each.day for each in self.days]
        if self.first > self.last or days != sorted(set(days)):
            raise ValueError("a period runs forward, and each of its days has one value")
        if any(not self.first <= day <= self.last for day in days):
            raise ValueError("a day outside the period")
        if any(not self.minimum <= each.value <= self.maximum for each in self.days):
            raise ValueError("a value outside the measure's range")

    def first_beyond(self) -> date | None:
        return next((each.day for each in self.days if each.is_beyond), None)


def described(control: Control) -> str:
    """The chart in a few sentences, for whoever does not see it."""
    length = (control.last - control.first).days + 1
    ends = f"{control.minimum:g} = {control.low_end}, {control.maximum:g} = {control.high_end}"
    period = f"{named_day(control.first, year=True)} to {named_day(control.last, year=True)}"
    said = [f"{period}, {len(control.days)} of {length} days logged ({ends})."]
    if control.stable is None:
        said.append("No stable stretch of days to watch against.")
    else:
        first, last = (named_day(day) for day in (control.stable.first, control.stable.last))
        said.append(f"Stable from {first} to {last}, mean {control.stable.mean:.3g}.")
    watched = [each for each in control.days if each.average is not None]
    if watched:
        last_day = watched[-1]
        told = f"Average {last_day.average:.3g}, limit {last_day.limit:.3g}"
        said.append(f"{told} on {named_day(last_day.day)}.")
    said.append(beyond_words(control) + ".")
    return " ".join(said)


def beyond_words(control: Control) -> str:
    """Whether and since when the limit was passed."""
    first = control.first_beyond()
    if first is None:
        return "No day beyond the limit"
    count = sum(each.is_beyond for each in control.days)
    days = f"{count} day{'s' if count > 1 else ''}"
    return f"{days} beyond the limit, the first on {named_day(first)}"


def of(document: Mapping[str, Any]) -> Control:
    """The control chart of its document."""
    measure, stable = document["measure"], document["stable"]
    named = {name: measure[name] for name in ("minimum", "maximum", "low_end", "high_end", "unit")}
    return Control(
        title=f"Control chart: {measure['prompt']}",
        first=document["from"],
        last=document["to"],
        **named,
        days=[
            Watched(each["date"], each["value"], each["ewma"], each["limit"], each["is_beyond"])
            for each in document["points"]
        ],
        stable=(
            None if stable["mean"] is None else Stable(stable["from"], stable["to"], stable["mean"])
        ),
    )
