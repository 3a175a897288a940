"""A control chart drawn as SVG; the same bytes for the same values, no script, light or dark."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from formats.axes import BOTTOM, LEFT, RIGHT, TOP, WIDTH, Scale, named_day, ticks
from formats.control import Control, Watched, beyond_words, described
from formats.legend import ROW, Entry, legend
from formats.svg import STYLE, document, element, label, text

VERSION = "control-1"  # part of a drawn chart's tag: another drawing is another picture

_HIGH_LINE, _BEYOND_LINE, _DATE_LINE, _LOW_LINE, _LEGEND_LINE = 15, 36, 190, 215, 243
_LONGEST_JOINED = timedelta(days=3)
HEIGHT = _LEGEND_LINE + ROW + 8  # two rows of legend


def draw(control: Control) -> bytes:
    """The control chart as an SVG document."""
    scale = Scale(control.first, control.last, control.minimum, control.maximum)
    parts = [
        element("title", {}, text(control.title)),
        element("desc", {}, text(described(control))),
        element("style", {}, STYLE),
        *_stable(control, scale),
        *_axes(control, scale),
        *_limit(control, scale),
        *_average(control, scale),
        *_days(control, scale),
        *_words(control),
    ]
    return document(parts, (WIDTH, HEIGHT), "curve")


def _stable(control: Control, scale: Scale) -> Iterator[str]:
    """The part of the stable stretch that lies in the period."""
    if control.stable is None:
        return
    first = max(control.stable.first, control.first)
    last = min(control.stable.last, control.last)
    if first <= last:
        x = scale.x(first)
        across = {"x": x, "width": scale.x(last) - x}
        yield element("rect", {"class": "zero", "y": TOP, "height": BOTTOM - TOP} | across)


def _axes(control: Control, scale: Scale) -> Iterator[str]:
    unit = f" {control.unit}" if control.unit else ""
    for value in (scale.low, (scale.low + scale.high) / 2, scale.high):
        y = scale.y(value)
        yield element("line", {"class": "grid", "x1": LEFT, "y1": y, "x2": RIGHT, "y2": y})
        yield label(f"{value:g}{unit}", (LEFT - 10, y + 5), anchor="end")
    years = control.first.year != control.last.year
    for number, day in enumerate(ticks(control.first, control.last)):
        x = scale.x(day)
        yield element("line", {"class": "axis", "x1": x, "y1": BOTTOM, "x2": x, "y2": BOTTOM + 5})
        named = named_day(day, year=years and number == 0)
        yield label(named, (x, _DATE_LINE), anchor="end" if x > RIGHT - 24 else "middle")


def _limit(control: Control, scale: Scale) -> Iterator[str]:
    """The limit holds on days that were not logged as well."""
    at = [(each, each.limit) for each in control.days if each.limit is not None]
    path = " ".join(f"{scale.x(each.day):.1f},{_y(scale, limit):.1f}" for each, limit in at)
    if at:
        yield element("polyline", {"class": "limit", "points": path})


def _average(control: Control, scale: Scale) -> Iterator[str]:
    """It stands while a day or two are missing; a longer gap looks like a gap."""
    for run in _runs([each for each in control.days if each.average is not None]):
        at = [(scale.x(each.day), _y(scale, each.average or 0.0)) for each in run]
        if len(at) == 1:
            at = [(at[0][0] - 2, at[0][1]), (at[0][0] + 2, at[0][1])]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        yield element("polyline", {"class": "now", "points": path})


def _y(scale: Scale, value: float) -> float:
    """A limit may lie beyond the end of the scale: it is drawn as far as that."""
    return scale.y(min(max(value, scale.low), scale.high))


def _runs(days: Sequence[Watched]) -> Iterator[list[Watched]]:
    run: list[Watched] = []
    for each in days:
        if run and each.day - run[-1].day > _LONGEST_JOINED:
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _days(control: Control, scale: Scale) -> Iterator[str]:
    length = (control.last - control.first).days + 1
    radius = 2.6 if length <= 60 else 1.8 if length <= 200 else 1.3
    for each in control.days:
        x, y = scale.x(each.day), scale.y(each.value)
        told = element("title", {}, text(f"{named_day(each.day, year=True)}: {each.value:.3g}"))
        yield element("circle", {"class": "acute", "cx": x, "cy": y, "r": radius}, told)
        if each.is_beyond and each.average is not None:
            spot = {"cx": x, "cy": _y(scale, each.average), "r": radius + 2}
            yield element("circle", {"class": "beyond", **spot})
    if not control.days:
        yield label("nothing logged", ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2), anchor="middle")


def _words(control: Control) -> Iterator[str]:
    if control.unit is None:
        yield label(f"{control.maximum:g} = {control.high_end}", (0, _HIGH_LINE))
        yield label(f"{control.minimum:g} = {control.low_end}", (0, _LOW_LINE))
    if control.first_beyond() is not None:
        yield label(beyond_words(control), (RIGHT, _BEYOND_LINE), kind="called", anchor="end")
    yield from legend(_entries(control), _LEGEND_LINE)


def _entries(control: Control) -> list[Entry]:
    found = [Entry("logged day", "acute", "dot")]
    if any(each.average is not None for each in control.days):
        found += [Entry("weighted average", "now", "line"), Entry("its limit", "limit", "line")]
    if control.first_beyond() is not None:
        found.append(Entry("beyond the limit", "beyond", "dot"))
    if control.stable is None:
        found.append(Entry("no stable stretch to watch against", "zero", "area"))
    else:
        first, last = (named_day(day) for day in (control.stable.first, control.stable.last))
        found.append(Entry(f"stable, {first} to {last}", "zero", "area"))
    return found
