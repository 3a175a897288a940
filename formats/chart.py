"""One daily measure over a period, drawn as SVG: what was logged, where nothing was, the sessions.

The picture is the same bytes for the same values. It holds no script, its text is escaped, it is
light or dark as its viewer is, and no colour says what a line, a label or a word does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from formats.axes import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Scale,
    named_day,
    ticks,
)
from formats.svg import STYLE, document, element, label, text

VERSION = "chart-3"  # part of a drawn chart's tag: another drawing is another picture

_CHARACTER_PIXELS = 7.7  # a guess: without a font nothing measures a text
_LABEL_GAP = 6
# Where lines of text stand.
_HIGH_LINE, _SESSION_LINE, _DATE_LINE, _LOW_LINE = 15, 36, 190, 215


@dataclass(frozen=True, slots=True)
class Visit:
    """A treatment session: its local day and what to call it."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of values with its name: a line where `low` is `high`, else a band."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """A measure's days from `first` to `last`; `points` are (day, value), oldest first.

    A day without a point was not logged. ValueError for a point outside the period or the
    measure's range, or out of order: a chart never moves a value to where it can be drawn.
    """

    title: str
    first: date
    last: date
    minimum: float
    maximum: float
    low_end: str
    high_end: str
    unit: str | None
    points: Sequence[tuple[date, float]]
    visits: Sequence[Visit] = ()
    levels: Sequence[Level] = ()

    def __post_init__(self) -> None:
        days = [day for day, _ in self.points]
        if self.first > self.last or days != sorted(set(days)):
            raise ValueError("a period runs forward, and each of its days has one value")
        if any(not self.first <= day <= self.last for day in days + self._visited()):
            raise ValueError("a day outside the period")
        if any(not self.minimum <= value <= self.maximum for value in self._values()):
            raise ValueError("a value outside the measure's range")

    def _visited(self) -> list[date]:
        return [visit.day for visit in self.visits]

    def _values(self) -> list[float]:
        ends = [end for level in self.levels for end in (level.low, level.high)]
        return [value for _, value in self.points] + ends


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the table beside the chart; `value` is None for a day that was not logged."""

    day: date
    value: float | None
    visits: tuple[str, ...]


def table(series: Series) -> list[Day]:
    """Every day of the period, oldest first: what the chart shows, for those who read it."""
    values = dict(series.points)
    called: dict[date, tuple[str, ...]] = {}
    for visit in series.visits:
        called[visit.day] = (*called.get(visit.day, ()), visit.label)
    length = (series.last - series.first).days + 1
    days = [series.first + timedelta(days=offset) for offset in range(length)]
    return [Day(day, values.get(day), called.get(day, ())) for day in days]


def draw(series: Series) -> bytes:
    """The chart as an SVG document."""
    scale = Scale(series.first, series.last, series.minimum, _top(series))
    parts = [
        element("title", {}, text(series.title)),
        element("desc", {}, text(described(series))),
        element("style", {}, STYLE),
        *_levels(series, scale),
        *_axes(series, scale),
        *_visits(series, scale),
        *_lines(series, scale),
        *_markers(series, scale),
        *_words(series),
    ]
    return document(parts, (WIDTH, HEIGHT))


def described(series: Series) -> str:
    """The chart in a sentence or two, for whoever does not see it."""
    length = (series.last - series.first).days + 1
    period = f"{named_day(series.first, year=True)} to {named_day(series.last, year=True)}"
    ends = f"{series.minimum:g} = {series.low_end}, {series.maximum:g} = {series.high_end}"
    said = [f"{period}, {len(series.points)} of {length} days logged ({ends})."]
    if series.points:
        values = [value for _, value in series.points]
        day, value = series.points[-1]
        said.append(f"From {min(values):g} to {max(values):g}; last {value:g} on {named_day(day)}.")
    said += [_level_words(level) + "." for level in series.levels]
    said += [f"Session on {named_day(visit.day)}: {visit.label}." for visit in series.visits]
    return " ".join(said)


def _top(series: Series) -> float:
    """Where the axis ends. A rating's is drawn whole; a quantity's (hours of a day) to its half
    where nothing lies above, or a night's sleep would always be a flat line."""
    half = (series.minimum + series.maximum) / 2
    ends = [level.high for level in series.levels]
    highest = max([value for _, value in series.points] + ends, default=series.minimum)
    return half if series.unit is not None and highest <= half else series.maximum


def _axes(series: Series, scale: Scale) -> Iterator[str]:
    middle = (scale.low + scale.high) / 2
    unit = f" {series.unit}" if series.unit else ""
    for value in (scale.low, middle, scale.high):
        y = scale.y(value)
        yield element("line", {"class": "grid", "x1": LEFT, "y1": y, "x2": RIGHT, "y2": y})
        yield label(f"{value:g}{unit}", (LEFT - 10, y + 5), anchor="end")
    years = series.first.year != series.last.year
    for number, day in enumerate(ticks(series.first, series.last)):
        x = scale.x(day)
        yield element("line", {"class": "axis", "x1": x, "y1": BOTTOM, "x2": x, "y2": BOTTOM + 5})
        named = named_day(day, year=years and number == 0)
        yield label(named, (x, _DATE_LINE), anchor=_anchor(x))


def _anchor(x: float) -> str:
    """How a text stands at x so that it stays inside the picture."""
    if x < LEFT + 24:
        return "start"
    return "end" if x > RIGHT - 24 else "middle"


def _levels(series: Series, scale: Scale) -> Iterator[str]:
    for level in series.levels:
        high, low = scale.y(level.high), scale.y(level.low)
        if level.low == level.high:
            line = {"class": "level", "x1": LEFT, "y1": high, "x2": RIGHT, "y2": high}
            yield element("line", line)
        else:
            across, up = RIGHT - LEFT, low - high
            box = {"class": "band", "x": LEFT, "y": high, "width": across, "height": up}
            yield element("rect", box)


def _visits(series: Series, scale: Scale) -> Iterator[str]:
    """A rule for each session, and above it what it is called."""
    for visit in series.visits:
        x = scale.x(visit.day)
        told = element("title", {}, text(f"{named_day(visit.day, year=True)}: {visit.label}"))
        rule = {"class": "visit", "x1": x, "y1": TOP - 8, "x2": x, "y2": BOTTOM}
        yield element("line", rule, told)
    for visit in _named(series.visits, scale):
        x = scale.x(visit.day)
        yield label(visit.label, (x, _SESSION_LINE), kind="called", anchor=_anchor(x))


def _named(visits: Sequence[Visit], scale: Scale) -> list[Visit]:
    """The sessions with room for their label: all of them, or else the newest, then those where
    it changes, the newest change first."""
    every = _fitting(visits, scale)
    if len(every) == len(visits):
        return every
    before = [None, *(visit.label for visit in visits)]
    changes = [visit for visit, label in zip(visits, before, strict=False) if visit.label != label]
    return _fitting([*visits[-1:], *(one for one in reversed(changes) if one != visits[-1])], scale)


def _fitting(wanted: Sequence[Visit], scale: Scale) -> list[Visit]:
    """Those whose label meets none of a session wanted more: the first has its room first."""
    taken: list[tuple[float, float]] = []
    found = []
    for visit in wanted:
        x, width = scale.x(visit.day), len(visit.label) * _CHARACTER_PIXELS
        start = x - {"start": 0.0, "middle": width / 2, "end": width}[_anchor(x)]
        end = start + width
        is_free = all(end + _LABEL_GAP <= low or high + _LABEL_GAP <= start for low, high in taken)
        if is_free and start >= 0 and end <= WIDTH:
            taken.append((start, end))
            found.append(visit)
    return sorted(found, key=lambda visit: visit.day)


def _lines(series: Series, scale: Scale) -> Iterator[str]:
    """One line per run of days without a gap: a gap looks like a gap."""
    for run in _runs(series.points):
        if len(run) > 1:
            path = " ".join(f"{scale.x(day):.1f},{scale.y(value):.1f}" for day, value in run)
            yield element("polyline", {"class": "line", "points": path})


def _runs(points: Sequence[tuple[date, float]]) -> Iterator[list[tuple[date, float]]]:
    run: list[tuple[date, float]] = []
    for day, value in points:
        if run and day - run[-1][0] > timedelta(days=1):
            yield run
            run = []
        run.append((day, value))
    if run:
        yield run


def _markers(series: Series, scale: Scale) -> Iterator[str]:
    length = (series.last - series.first).days + 1
    radius = 3.2 if length <= 60 else 2 if length <= 200 else 1.4
    unit = f" {series.unit}" if series.unit else ""
    for day, value in series.points:
        told = element("title", {}, text(f"{named_day(day, year=True)}: {value:g}{unit}"))
        spot = {"class": "point", "cx": scale.x(day), "cy": scale.y(value), "r": radius}
        yield element("circle", spot, told)
    if not series.points:
        yield label("nothing logged", ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2), anchor="middle")


def _words(series: Series) -> Iterator[str]:
    """Both ends of a rating in words, and what the levels are; a quantity's unit says enough."""
    if series.unit is None:
        yield label(f"{series.maximum:g} = {series.high_end}", (0, _HIGH_LINE))
        yield label(f"{series.minimum:g} = {series.low_end}", (0, _LOW_LINE))
    legend = ", ".join(_level_words(level) for level in series.levels)
    if legend:
        yield label(legend, (RIGHT, _LOW_LINE), anchor="end")


def _level_words(level: Level) -> str:
    if level.low == level.high:
        return f"{level.label} {level.low:.3g}"
    return f"{level.label} {level.low:.3g} to {level.high:.3g}"
