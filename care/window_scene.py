"""The scene all documents about windows are made from: windows, days as y, reference levels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import orjson

from care.window_inputs import Inputs
from clinical.coverage import Series
from clinical.diary import Diary, diary
from clinical.measures import (
    COMPOSITE,
    COMPOSITE_KEYS,
    CUSTOM_MAXIMUM,
    CUSTOM_MINIMUM,
    MEASURES,
    CustomMeasure,
    Measure,
)
from clinical.orientation import Orientation
from clinical.periods import Period
from clinical.reference import Answered, Reference, reference
from clinical.trends import BASELINE_DAYS
from clinical.windows import Window, cut

# Before a window's session a week is looked at, whether or not anything was logged then.
_BEFORE = timedelta(days=BASELINE_DAYS)
VALUE, Y = "value", "y"
_WORDS = ("key", "prompt", "direction", "low_end", "high_end")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document is asked about: a measure with its words, and the patient's day and zone."""

    measure: Measure | CustomMeasure
    today: date
    timezone: str

    @property
    def key(self) -> str:
        return self.measure.key

    @property
    def words(self) -> dict[str, Any]:
        """How the measure is shown."""
        return {name: getattr(self.measure, name) for name in _WORDS} | {
            "unit": getattr(self.measure, "unit", None),
            "minimum": self.orientation.minimum,
            "maximum": self.orientation.maximum,
        }

    @property
    def orientation(self) -> Orientation:
        low = getattr(self.measure, "minimum", CUSTOM_MINIMUM)
        high = getattr(self.measure, "maximum", CUSTOM_MAXIMUM)
        return Orientation(low, high, self.measure.direction)


@dataclass(frozen=True, slots=True)
class Scene:
    """`days` has the measure as it was answered (VALUE) and as y (Y), from the first day read.

    `references` are by course, None for sessions of no course; `reference` is the latest one's.
    """

    windows: tuple[Window, ...]
    days: Diary
    references: Mapping[UUID | None, Reference]
    reference: Reference
    courses: Mapping[UUID, UUID | None]

    def reference_of(self, window: Window) -> Reference:
        """The level gains of this window are counted from: that of its course."""
        return self.references[self.courses[window.session.id]]

    def values(self, window: Window) -> Series:
        """Its days from day 1 on, in the measure's own units."""
        return self.days.cut(VALUE, after(window.first, window.last))

    def y(self, window: Window) -> Series:
        """Its days from day 1 on as y."""
        return self.days.cut(Y, after(window.first, window.last))


def after(first: date, last: date) -> Period:
    """The days after `first` up to `last`; none, where `last` is `first`."""
    return Period(first + timedelta(days=1), last)


def scene(inputs: Inputs, asked: Asked, read: Period) -> Scene:
    """The scene of a measure; `read` are the days the inputs are of."""
    windows = cut(inputs.sessions, asked.today, inputs.events)
    dates = [row.local_date for row in inputs.days]
    values = _values(inputs.days, asked.key)
    y = asked.orientation.y(values)
    begun = [*dates[:1], *(window.block[0].date for window in windows[:1]), read.last]
    held = Period(min(begun) - _BEFORE, read.last)
    days = diary(dates, {VALUE: values.tolist(), Y: y.tolist()}, held)
    answered = _answered(inputs.days, dates, y)
    courses = _courses(windows, inputs.courses)
    references = _references(windows, courses, (answered, inputs))
    latest = courses[windows[-1].session.id] if windows else None
    none = reference(answered, [], ())
    return Scene(windows, days, references, references.get(latest, none), courses)


def _values(rows: Sequence[Any], key: str) -> Series:
    """The measure's answers, one for each row; NaN where it was not answered."""
    if key == COMPOSITE.key:
        parts = np.array(
            [[getattr(row, part) for part in COMPOSITE_KEYS] for row in rows], dtype=np.float64
        )
        mean: Series = parts.reshape(-1, len(COMPOSITE_KEYS)).sum(axis=1) / len(COMPOSITE_KEYS)
        return mean
    if key in MEASURES:
        return np.array([getattr(row, key) for row in rows], dtype=np.float64)
    own = [orjson.loads(row.custom_json) if row.custom_json else {} for row in rows]
    return np.array([given.get(key) for given in own], dtype=np.float64)


def _answered(rows: Sequence[Any], dates: Sequence[date], y: Series) -> Answered:
    known = np.flatnonzero(~np.isnan(y)).tolist()
    values = {dates[index]: float(y[index]) for index in known}
    imported = {dates[index] for index in known if rows[index].source == "import"}
    return Answered(values, imported)


def _courses(windows: Sequence[Window], given: Mapping[UUID, UUID]) -> dict[UUID, UUID | None]:
    """Of each session its course; one nobody gave a course is of the same as the one before it.

    A session that was entered without its course would else count its gains from days on which the
    patient was treated already.
    """
    found: dict[UUID, UUID | None] = {}
    course: UUID | None = None
    for session in (session for window in windows for session in window.block):
        course = given.get(session.id, course)
        found[session.id] = course
    return found


def _references(
    windows: Sequence[Window],
    courses: Mapping[UUID, UUID | None],
    told: tuple[Answered, Inputs],
) -> dict[UUID | None, Reference]:
    """By course, from the first block any of its sessions is in; sessions of none are one course.

    A block is of every course it has a session of: of the days within it none is before treatment.
    """
    answered, inputs = told
    starts: dict[UUID | None, list[date]] = {}
    for window in windows:
        for course in {courses[session.id] for session in window.block}:
            starts.setdefault(course, []).append(window.block[0].date)
    session_days = {session.date for session in inputs.sessions}
    return {course: reference(answered, begun, session_days) for course, begun in starts.items()}
