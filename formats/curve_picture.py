"""A response curve drawn as SVG: this window strong, earlier ones thin, their middle as a band.

The same bytes for the same values; no script; light or dark as its viewer is; no colour says what
a line, a label or a word does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from formats.axes import LEFT, RIGHT, TOP, WIDTH, named_day
from formats.curves import (
    Curves,
    Point,
    Stretch,
    Window,
    described,
    reference_words,
    worn_off_words,
)
from formats.legend import CHARACTER_PIXELS, Entry, legend
from formats.svg import STYLE, document, element, label, text

VERSION = "curve-1"  # part of a drawn curve's tag: another drawing is another picture
HEIGHT, BOTTOM = 360, 222
_CENTRE = (LEFT + RIGHT) / 2

_HIGH_LINE, _WORN_LINE, _DAY_LINE, _LOW_LINE, _LEGEND_LINE = 15, 36, 242, 266, 293
# Of more earlier windows than these one sees a thicket; the band is of all.
MOST_THIN = 12
_MOST_TICKS = 9
_TICK_DAYS = (1, 2, 7, 14, 28, 56, 91, 182, 364)


@dataclass(frozen=True, slots=True)
class Plane:
    """Days since the session across, each a column as wide as the others; values up."""

    last: int
    low: float
    high: float

    def step(self) -> float:
        return (RIGHT - LEFT) / (self.last + 1)

    def x(self, day_offset: float) -> float:
        return LEFT + (day_offset + 0.5) * self.step()

    def y(self, value: float) -> float:
        """The estimated level may lie beyond the ends of the scale: it is drawn as far as they."""
        kept = min(max(value, self.low), self.high)
        return BOTTOM - (kept - self.low) / (self.high - self.low) * (BOTTOM - TOP)


def draw(curves: Curves) -> bytes:
    """The response curve as an SVG document."""
    plane = Plane(curves.last_day(), curves.minimum, curves.maximum)
    parts = [
        element("title", {}, text(curves.title)),
        element("desc", {}, text(described(curves))),
        element("style", {}, STYLE),
        *_axes(curves, plane),
        *_areas(curves.band, plane, "usual"),
        *_areas(curves.ribbon, plane, "ribbon"),
        *(part for window in _thin(curves) for part in _old(window, plane)),
        *_median(curves.band, plane),
        *_reference(curves, plane),
        *_worn_off(curves, plane),
        *_now(curves, plane),
        *_words(curves),
    ]
    return document(parts, (WIDTH, HEIGHT), "curve")


def _axes(curves: Curves, plane: Plane) -> Iterator[str]:
    zero = {"class": "zero", "x": LEFT, "y": TOP, "width": plane.step(), "height": BOTTOM - TOP}
    yield element("rect", zero)
    unit = f" {curves.unit}" if curves.unit else ""
    for value in (plane.low, (plane.low + plane.high) / 2, plane.high):
        y = plane.y(value)
        yield element("line", {"class": "grid", "x1": LEFT, "y1": y, "x2": RIGHT, "y2": y})
        yield label(f"{value:g}{unit}", (LEFT - 10, y + 5), anchor="end")
    for day in _ticks(plane.last):
        x = plane.x(day)
        yield element("line", {"class": "axis", "x1": x, "y1": BOTTOM, "x2": x, "y2": BOTTOM + 5})
        yield label(f"{day}", (x, _DAY_LINE), anchor="middle")


def _ticks(last: int) -> range:
    """From day 0 in steps people count in."""
    fitting = (days for days in _TICK_DAYS if last // days < _MOST_TICKS)
    return range(0, last + 1, next(fitting, max(1, last // (_MOST_TICKS - 1))))


def _thin(curves: Curves) -> list[Window]:
    """The newest of the earlier windows, the newest on top."""
    return list(curves.earlier[:MOST_THIN])[::-1]


def _inside(window: Window, plane: Plane) -> list[Point]:
    """What counts of a window: from day 1 on, to the end of the axis."""
    return [point for point in window.points if 0 < point.day_offset <= plane.last]


def _old(window: Window, plane: Plane) -> Iterator[str]:
    told = element("title", {}, text(named_day(window.began, year=True)))
    for run in _runs(_inside(window, plane)):
        if len(run) > 1:
            yield element("polyline", {"class": "old", "points": _path(run, plane)}, told)
        else:
            x, y = plane.x(run[0].day_offset), plane.y(run[0].value)
            yield element("circle", {"class": "lone", "cx": x, "cy": y, "r": 1.6}, told)


def _now(curves: Curves, plane: Plane) -> Iterator[str]:
    """This window's days; a gap looks like a gap, and day 0 stands apart."""
    if curves.current is None:
        yield label("no session yet", (_CENTRE, (TOP + BOTTOM) / 2), anchor="middle")
        return
    for run in _runs(_inside(curves.current, plane)):
        if len(run) > 1:
            yield element("polyline", {"class": "now", "points": _path(run, plane)})
    radius = 3.4 if plane.last <= 60 else 2.2
    unit = f" {curves.unit}" if curves.unit else ""
    for point in curves.current.points:
        when = "before the dose" if point.pre_dose else f"day {point.day_offset}"
        told = element("title", {}, text(f"{when}: {point.value:.3g}{unit}"))
        x, y = plane.x(point.day_offset), plane.y(point.value)
        yield element("circle", {"class": _kind(point), "cx": x, "cy": y, "r": radius}, told)
    if not curves.current.points:
        yield label("nothing logged in this window", (_CENTRE, BOTTOM - 10), anchor="middle")


def _kind(point: Point) -> str:
    if point.day_offset > 0:
        return "point"
    return "before" if point.pre_dose else "acute"


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Stretches of days without a gap."""
    run: list[Point] = []
    for point in points:
        if run and point.day_offset - run[-1].day_offset > 1:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _path(run: Sequence[Point], plane: Plane) -> str:
    return " ".join(f"{plane.x(at.day_offset):.1f},{plane.y(at.value):.1f}" for at in run)


def _areas(stretches: Sequence[Stretch], plane: Plane, kind: str) -> Iterator[str]:
    """Along the high ends and back along the low ones."""
    for run in _stretch_runs(stretches):
        xs = _across([each.day_offset for each in run], plane)
        wide = run if len(run) > 1 else run * 2
        high = [(x, plane.y(each.high)) for x, each in zip(xs, wide, strict=True)]
        low = [(x, plane.y(each.low)) for x, each in zip(xs, wide, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*high, *low[::-1]])
        yield element("polygon", {"class": kind, "points": path})


def _across(days: Sequence[int], plane: Plane) -> list[float]:
    """Where days lie; a day alone is as wide as a day."""
    if len(days) == 1:
        return [plane.x(days[0] - 0.5), plane.x(days[0] + 0.5)]
    return [plane.x(day) for day in days]


def _median(band: Sequence[Stretch], plane: Plane) -> Iterator[str]:
    for run in _stretch_runs(band):
        xs = _across([each.day_offset for each in run], plane)
        ys = [plane.y(each.middle) for each in (run if len(run) > 1 else run * 2)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        yield element("polyline", {"class": "median", "points": path})


def _stretch_runs(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    cuts = [0]
    for number, (one, other) in enumerate(pairwise(stretches), start=1):
        if other.day_offset - one.day_offset > 1:
            cuts.append(number)
    for start, end in pairwise([*cuts, len(stretches)]):
        if end > start:
            yield list(stretches[start:end])


def _reference(curves: Curves, plane: Plane) -> Iterator[str]:
    if curves.reference is not None:
        y = plane.y(curves.reference.level)
        yield element("line", {"class": "level", "x1": LEFT, "y1": y, "x2": RIGHT, "y2": y})


def _worn_off(curves: Curves, plane: Plane) -> Iterator[str]:
    """A rule on the day, above it the days between which it lies and both in words."""
    if curves.worn_off is None:
        return
    x, y = plane.x(curves.worn_off.day), TOP - 7
    yield element("line", {"class": "visit", "x1": x, "y1": y, "x2": x, "y2": BOTTOM})
    if curves.worn_off.interval is not None:
        low, high = curves.worn_off.interval
        start, end = plane.x(low), RIGHT if high is None else plane.x(high)
        # Caps close an end; an arrow leaves it open.
        tip = f"M{end - 6:.1f} {y - 4}L{end:.1f} {y}L{end - 6:.1f} {y + 4}"
        close = tip if high is None else f"M{end:.1f} {y - 4}V{y + 4}"
        path = f"M{start:.1f} {y - 4}V{y + 4}M{start:.1f} {y}H{end:.1f}{close}"
        yield element("path", {"class": "worn", "d": path})
    words = worn_off_words(curves.worn_off)
    half = len(words) * CHARACTER_PIXELS / 2
    middle = min(max(x, half), WIDTH - half)
    yield label(words, (middle, _WORN_LINE), kind="called", anchor="middle")


def _words(curves: Curves) -> Iterator[str]:
    if curves.unit is None:
        yield label(f"{curves.maximum:g} = {curves.high_end}", (0, _HIGH_LINE))
        yield label(f"{curves.minimum:g} = {curves.low_end}", (0, _LOW_LINE))
    yield label("days since the session", (RIGHT, _LOW_LINE), anchor="end")
    yield from legend(_entries(curves), _LEGEND_LINE)


def _entries(curves: Curves) -> list[Entry]:
    found = []
    if curves.current is not None:
        day = named_day(curves.current.began, year=True)
        found.append(Entry(f"this window, from {day}", "now", "line"))
    if curves.ribbon:
        found.append(Entry("its level, 10 to 90 %", "ribbon", "area"))
    if curves.earlier:
        found.append(Entry(_earlier_words(curves), "old", "line"))
    if curves.band:
        found += [
            Entry("their median", "median", "line"),
            Entry("middle half", "usual", "area"),
        ]
    if curves.reference is not None:
        found.append(Entry(reference_words(curves.reference), "level", "line"))
    if any(point.pre_dose for point in (curves.current.points if curves.current else ())):
        found.append(Entry("before the dose", "before", "dot"))
    if curves.current is not None:
        found.append(Entry("day 0, not counted", "zero", "area"))
    return found


def _earlier_words(curves: Curves) -> str:
    count = len(curves.earlier)
    named = f"{count} earlier window{'s' if count > 1 else ''}"
    if count > MOST_THIN:
        return f"newest {MOST_THIN} of {named}"
    longer = curves.longer()
    if not longer:
        return named
    return f"{named}, {len(longer)} of them longer"
