"""Response curves: a measure's windows laid over each other at day 0, from plain values.

What is drawn of them is in formats/curve_picture.py; what is said of them, and their table, here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from formats.axes import named_day

SHORTEST_AXIS_DAYS = 14
# From so many earlier windows on a day has a median (4-clinical 4a, 9): as far goes the axis.
ENOUGH_WINDOWS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """What was logged on a day after the session; `pre_dose` on day 0 before the dose."""

    day_offset: int
    value: float
    pre_dose: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A session's days; `points` oldest first, a day without one was not logged."""

    began: date
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day's middle with its two ends: of the level in the ribbon, of the windows in the band."""

    day_offset: int
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Reference:
    """The level gains are counted from, and what it is called."""

    level: float
    called: str


@dataclass(frozen=True, slots=True)
class WornOff:
    """The day half of the gain was gone; an interval whose end is None is open."""

    day: int
    interval: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything a response curve shows; `earlier` newest first, `band` only days with enough.

    ValueError for a logged value outside the measure's range, for days out of order or before the
    session: a chart never moves a value to where it can be drawn.
    """

    title: str
    minimum: float
    maximum: float
    low_end: str
    high_end: str
    unit: str | None = None
    current: Window | None = None
    ribbon: Sequence[Stretch] = ()
    earlier: Sequence[Window] = ()
    band: Sequence[Stretch] = ()
    reference: Reference | None = None
    worn_off: WornOff | None = None

    def __post_init__(self) -> None:
        for window in self.windows():
            offsets = [point.day_offset for point in window.points]
            if offsets != sorted(set(offsets)) or any(offset < 0 for offset in offsets):
                raise ValueError("a window's days run forward from its session, each once")
            values = [point.value for point in window.points]
            if any(not self.minimum <= value <= self.maximum for value in values):
                raise ValueError("a value outside the measure's range")
        for stretches in (self.ribbon, self.band):
            if any(each.low > each.high for each in stretches):
                raise ValueError("an interval has its lower end first")

    def windows(self) -> list[Window]:
        return [*self.earlier, *([self.current] if self.current else [])]

    def last_day(self) -> int:
        """Where the axis ends: with this window, or with the last day enough others have.

        One earlier window of a year would press all others into a corner.
        """
        days = [SHORTEST_AXIS_DAYS, *(each.day_offset for each in (*self.ribbon, *self.band))]
        if self.current is not None:
            days.append(_last(self.current))
        if self.worn_off is not None:
            days += [self.worn_off.day, *filter(None, self.worn_off.interval or ())]
        if len(self.earlier) < ENOUGH_WINDOWS:
            days += [_last(window) for window in self.earlier]
        return max(days)

    def longer(self) -> list[Window]:
        """The windows that go on where the axis has ended."""
        end = self.last_day()
        return [window for window in self.earlier if _last(window) > end]


def _last(window: Window) -> int:
    return window.points[-1].day_offset if window.points else 0


@dataclass(frozen=True, slots=True)
class Row:
    """A day of the table beside the chart; None where there is nothing to tell."""

    day_offset: int
    value: float | None
    pre_dose: bool
    level: Stretch | None
    usual: Stretch | None


def table(curves: Curves) -> list[Row]:
    """Every day of the axis, from day 0 on: what the chart shows, for those who read it."""
    points = {each.day_offset: each for each in (curves.current.points if curves.current else ())}
    levels = {each.day_offset: each for each in curves.ribbon}
    usual = {each.day_offset: each for each in curves.band}
    rows = []
    for offset in range(curves.last_day() + 1):
        point = points.get(offset)
        value, pre_dose = (point.value, point.pre_dose) if point else (None, False)
        rows.append(Row(offset, value, pre_dose, levels.get(offset), usual.get(offset)))
    return rows


def described(curves: Curves) -> str:
    """The chart in a few sentences, for whoever does not see it."""
    said = [f"Days since the session, day 0 not counted ({ends(curves)})."]
    if curves.current is None:
        said.append("No session yet.")
    else:
        said.append(_window_words(curves.current))
    count = len(curves.earlier)
    if count:
        said.append(f"{count} earlier window{'s' if count > 1 else ''}.")
    if curves.band:
        days = ", ".join(_median_words(curves))
        said.append(f"Median of the earlier ones: {days}.")
    if curves.reference:
        said.append(f"{reference_words(curves.reference).capitalize()}.")
    if curves.worn_off:
        said.append(f"{worn_off_words(curves.worn_off).capitalize()}.")
    said += longer_words(curves)
    return " ".join(said)


def ends(curves: Curves) -> str:
    """Both ends of the measure in its own words."""
    low, high = curves.minimum, curves.maximum
    return f"{low:g} = {curves.low_end}, {high:g} = {curves.high_end}"


def _window_words(window: Window) -> str:
    day = named_day(window.began, year=True)
    counted = [point for point in window.points if point.day_offset > 0]
    if not counted:
        return f"This window, from {day}: nothing logged after day 0."
    values = [point.value for point in counted]
    first, last = counted[0], counted[-1]
    return (
        f"This window, from {day}: {len(counted)} of {last.day_offset} days logged, "
        f"{min(values):.3g} to {max(values):.3g}; {first.value:.3g} on day {first.day_offset}, "
        f"{last.value:.3g} on day {last.day_offset}."
    )


def _median_words(curves: Curves) -> Iterable[str]:
    """Of the first day and of each week."""
    for each in curves.band:
        if each is curves.band[0] or each.day_offset % 7 == 0:
            yield f"{each.middle:.3g} on day {each.day_offset}"


def reference_words(reference: Reference) -> str:
    """As in "level before the course 2.6"."""
    return f"{reference.called} {reference.level:.3g}"


def worn_off_words(worn_off: WornOff) -> str:
    """The day and the days between which it lies, in words; without the last day as open."""
    told = f"half of the gain gone about day {worn_off.day}"
    if worn_off.interval is None:
        return told
    low, high = worn_off.interval
    return f"{told} ({low} or later)" if high is None else f"{told} ({low} to {high})"


def longer_words(curves: Curves) -> list[str]:
    """That something lies beyond the axis, where it does."""
    longer = curves.longer()
    if not longer:
        return []
    verb = "goes" if len(longer) == 1 else "go"
    return [f"{len(longer)} of them {verb} on, to day {max(map(_last, longer))}."]


_CALLED: Mapping[str, str] = {
    "course": "level before the course",
    "imported": "level in imported days",
    "pre_session": "usual level before a session",
}


def of(document: Mapping[str, Any], wear_off: Mapping[str, Any] | None = None) -> Curves:
    """The curves of a response-curve document; `wear_off`: its window's of the windows document."""
    measure, current = document["measure"], document["current"]
    windows = [(one["is_current"], _window(one)) for one in document["windows"]]
    named = {name: measure[name] for name in ("minimum", "maximum", "low_end", "high_end", "unit")}
    return Curves(
        title=f"Response curve: {measure['prompt']}",
        **named,
        current=next((window for is_current, window in windows if is_current), None),
        ribbon=[
            Stretch(each["day_offset"], each["level"], each["low"], each["high"])
            for each in (current["ribbon"] if current else ())
        ],
        earlier=[window for is_current, window in windows if not is_current],
        band=[
            Stretch(
                each["day_offset"], each["median"], each["lower_quartile"], each["upper_quartile"]
            )
            for each in document["band"]
            if each["median"] is not None
        ],
        reference=_reference(document["reference"]),
        worn_off=_worn_off(wear_off),
    )


def _window(told: Mapping[str, Any]) -> Window:
    points = [
        Point(each["day_offset"], each["value"], bool(each["pre_dose"])) for each in told["points"]
    ]
    return Window(told["date"], points)


def _reference(told: Mapping[str, Any]) -> Reference | None:
    level = told["level"]["value"]
    return None if level is None else Reference(level, _CALLED[told["source"]])


def _worn_off(told: Mapping[str, Any] | None) -> WornOff | None:
    if told is None or told["state"] != "worn_off" or told["day"] is None:
        return None
    interval = None if told["interval"] is None else (told["interval"][0], told["interval"][1])
    return WornOff(told["day"], interval)
