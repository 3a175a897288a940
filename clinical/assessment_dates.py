"""When a rating scale or a screen is due: by the course's phase, anchored on its sessions.

Each scale has at most one occasion at a time: when the next one opens, the one before it is past,
and nobody is asked twice. Days are the patient's local days.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Literal

from clinical.screens import MEASURED

# 4-clinical 1f: at the baseline, then weekly in induction; in maintenance every two weeks and
# within 48 h before a session. The C-SSRS at intake and at every session.
SCALES = ("phq9", "gad7")
AT_SESSIONS = ("cssrs_screener",)
WEEKLY_DAYS, FORTNIGHTLY_DAYS, BEFORE_SESSION_DAYS = 7, 14, 2
# 4-clinical 4a.10: a score this long before the first dose still is the course's baseline.
BASELINE_DAYS = 14
# From this long before its day a scale may be filled in; a screen earlier, for it is rare. (u)
OPENS_DAYS, SCREEN_OPENS_DAYS = 2, 7

Reason = Literal["baseline", "weekly", "fortnightly", "before_session", "session", "screen"]
REASONS: Sequence[Reason] = (
    "baseline",
    "weekly",
    "fortnightly",
    "before_session",
    "session",
    "screen",
)
STATES = ("upcoming", "due", "overdue")


@dataclass(frozen=True, slots=True)
class CourseDays:
    """The open course as due dates see it.

    `sessions` are the days of those held in it, the first and the last at least, oldest first;
    `next_session` is the first booked one from today on.
    """

    phase: str
    started_on: date
    sessions: tuple[date, ...]
    next_session: date | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day on which a scale is wanted; done, when it was filled in from `counts_from` on."""

    reason: Reason
    due_on: date
    opens_on: date
    counts_from: date


@dataclass(frozen=True, slots=True)
class Due:
    """The occasion of one scale or screen that stands next; `last_on` is when it was last done."""

    key: str
    reason: Reason
    opens_on: date
    due_on: date
    state: str
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What due dates are made of: the open course, what was done when, and today."""

    course: CourseDays | None
    today: date
    done: Mapping[str, Iterable[date]] = field(default_factory=dict)
    cadences: Mapping[str, int] = field(default_factory=dict)


def due(asked: Asked) -> list[Due]:
    """What stands next of every scale and screen, the most pressing first.

    Without an open course nothing is due.
    """
    course = asked.course
    if course is None:
        return []
    found = [_next(asked, key, scale_occasions(course)) for key in SCALES]
    found += [_next(asked, key, session_occasions(course)) for key in AT_SESSIONS]
    found += [_screen(asked, key, days, course) for key, days in asked.cadences.items()]
    known = [each for each in found if each is not None]
    return sorted(known, key=lambda each: (-STATES.index(each.state), each.due_on, each.key))


def scale_occasions(course: CourseDays) -> Iterator[Occasion]:
    """The occasions of a scale of the course, in order; without end but before the first dose."""
    if not course.sessions:
        yield baseline_occasion(course)
        first = course.next_session
        if first is not None:
            yield from _after(course, first)
    elif course.phase == "induction":
        yield from _every(course.sessions[0], WEEKLY_DAYS, "weekly")
    else:
        yield from _between_sessions(course.sessions[-1], course.next_session)


def _after(course: CourseDays, session: date) -> Iterator[Occasion]:
    """What follows a session that is booked, as though it had been held."""
    if course.phase == "induction":
        return _every(session, WEEKLY_DAYS, "weekly")
    return _every(session, FORTNIGHTLY_DAYS, "fortnightly")


def baseline_occasion(course: CourseDays) -> Occasion:
    """Up to the day of the first dose: booked, or else the day the course begins."""
    first = course.next_session or course.started_on
    opens = first - timedelta(days=BASELINE_DAYS)
    return Occasion("baseline", first, opens, opens)


def _between_sessions(last: date, booked: date | None) -> Iterator[Occasion]:
    """Every two weeks from the last session, then before the booked one, then on from that."""
    fortnightly = _every(last, FORTNIGHTLY_DAYS, "fortnightly")
    if booked is None:
        yield from fortnightly
        return
    # One that comes within a week of the booked session is asked for with it.
    spare = timedelta(days=FORTNIGHTLY_DAYS // 2)
    for occasion in fortnightly:
        if occasion.due_on > booked - spare:
            break
        yield occasion
    opens = booked - timedelta(days=BEFORE_SESSION_DAYS)
    yield Occasion("before_session", booked, opens, opens)
    yield from _every(booked, FORTNIGHTLY_DAYS, "fortnightly")


def session_occasions(course: CourseDays) -> Iterator[Occasion]:
    """At intake, and on the day of each session."""
    if not course.sessions:
        yield baseline_occasion(course)
    if course.next_session is not None:
        yield Occasion("session", *(course.next_session,) * 3)


def _every(anchor: date, days: int, reason: Reason) -> Iterator[Occasion]:
    """An occasion every so many days after the anchor; half of them early still counts."""
    for number in count(1):
        due_on = anchor + timedelta(days=number * days)
        opens_on = due_on - timedelta(days=OPENS_DAYS)
        yield Occasion(reason, due_on, opens_on, due_on - timedelta(days=days // 2))


def _next(asked: Asked, key: str, occasions: Iterator[Occasion]) -> Due | None:
    """The open occasion where it was not met, else the first one to come."""
    done = sorted(asked.done.get(key, ()))
    past: Occasion | None = None
    for occasion in occasions:
        if occasion.opens_on <= asked.today:
            past = occasion
            continue
        if past is not None and not _met(past, done):
            return _told(asked, key, past, done)
        past = None
        if not _met(occasion, done):
            return _told(asked, key, occasion, done)
    return None if past is None or _met(past, done) else _told(asked, key, past, done)


def _met(occasion: Occasion, done: Sequence[date]) -> bool:
    return bool(done) and done[-1] >= occasion.counts_from


def _screen(asked: Asked, key: str, days: int, course: CourseDays) -> Due | None:
    """A screen counts from the last one; the first is wanted when the course begins."""
    done = sorted(asked.done.get(key, ()))
    if not done and key in MEASURED and not course.sessions:
        return None  # nobody is asked for it before the first visit
    due_on = done[-1] + timedelta(days=days) if done else course.started_on
    opens = due_on - timedelta(days=min(SCREEN_OPENS_DAYS, days - 1))
    return _told(asked, key, Occasion("screen", due_on, opens, opens), done)


def _told(asked: Asked, key: str, occasion: Occasion, done: Sequence[date]) -> Due:
    state = "due" if occasion.opens_on <= asked.today else "upcoming"
    if occasion.due_on < asked.today:
        state = "overdue"
    last = done[-1] if done else None
    return Due(key, occasion.reason, occasion.opens_on, occasion.due_on, state, last)
