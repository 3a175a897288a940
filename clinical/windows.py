"""Windows: how sessions cut a patient's local days, and which session a check-in belongs to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Literal
from uuid import UUID

# Sessions less than 8 days apart are one block: 4-clinical 4a, "Induction".
BLOCK_GAP_DAYS = 8
# After an interval of 10 days or less no wear-off day is given: 4-clinical 4a, "Induction".
SHORT_INTERVAL_DAYS = 10

Kind = Literal["induction", "maintenance"]
CensoredBy = Literal["next_session", "event"]


@dataclass(frozen=True, slots=True)
class Given:
    """A dose given in a session."""

    drug: str
    route: str
    dose_mg: float
    mg_per_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session that took place. `began`: its first dose, or without any, its start (`started`)."""

    id: UUID
    date: date
    began: datetime | None = None
    started: datetime | None = None
    route: str | None = None
    doses: tuple[Given, ...] = ()
    weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The local days from a session (day 0) to the day before the next, both ends included.

    Of a block of sessions the last one starts it, and `block` has them all, oldest first; of two on
    one day the later counts. `interval_days` is how long after it the next block began, None while
    the window is open. Days after `censored_on` say nothing of this session's wearing off.
    """

    number: int
    session: Session
    block: tuple[Session, ...]
    kind: Kind
    first: date
    last: date
    is_open: bool
    interval_days: int | None
    censored_by: CensoredBy | None
    censored_on: date | None

    @property
    def days(self) -> int:
        """How many days after day 0 it has."""
        return (self.last - self.first).days

    @property
    def days_to_judge(self) -> int:
        """How many of those days come before whatever ended or blurred the session's effect."""
        last = self.last if self.censored_on is None else self.censored_on
        return (last - self.first).days

    @property
    def same_day(self) -> tuple[Session, ...]:
        """The sessions of day 0: one, or several that count as one."""
        return tuple(session for session in self.block if session.date == self.first)

    @property
    def route(self) -> str | None:
        """By which route day 0's session was, or was planned to be."""
        return next((each.route for each in reversed(self.same_day) if each.route), None)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a check-in stands: days since its session; all None before the first session.

    `pre_dose` on day 0: whether it was first recorded before the dose, None when nobody knows.
    """

    session_id: UUID | None = None
    day_offset: int | None = None
    pre_dose: bool | None = None


NO_ANCHOR = Anchor()


def in_order(sessions: Iterable[Session]) -> list[Session]:
    """Oldest first: of two on one day the later last; the id settles what is left."""
    return sorted(sessions, key=_order)


def cut(
    sessions: Iterable[Session], today: date, events: Collection[date] = ()
) -> tuple[Window, ...]:
    """The windows, oldest first; a session after today cuts nothing.

    `events` are the days on which something else began that a window must not be read past.
    """
    blocks = _blocks([session for session in in_order(sessions) if session.date <= today])
    starts = [block[0].date for block in blocks]
    ends: list[date | None] = [*starts[1:], None]
    return tuple(
        _window(number, block, (following, today), events)
        for number, (block, following) in enumerate(zip(blocks, ends, strict=False), start=1)
    )


def anchor(day: date, first_recorded_at: datetime | None, sessions: Iterable[Session]) -> Anchor:
    """The last session up to the day, and how many days before it was.

    Of several sessions on one day the last is named, and `pre_dose` is judged by the first one's
    begin. `first_recorded_at` is None for an import, and for a clock that cannot be right.
    """
    past = [session for session in sessions if session.date <= day]
    if not past:
        return NO_ANCHOR
    last = max(past, key=_order)
    offset = (day - last.date).days
    if offset:
        return Anchor(last.id, offset, False)
    begins = [session.began for session in past if session.date == day and session.began]
    pre_dose = first_recorded_at < min(begins) if begins and first_recorded_at else None
    return Anchor(last.id, 0, pre_dose)


def _order(session: Session) -> tuple[date, bool, float, str]:
    """As models/anchors.py orders them: by the start of the visit, not by its first dose."""
    start = session.started or session.began
    return session.date, start is not None, start.timestamp() if start else 0.0, session.id.hex


def _blocks(sessions: Sequence[Session]) -> list[tuple[Session, ...]]:
    """Sessions chained while the next comes within the gap."""
    gaps = [(later.date - earlier.date).days for earlier, later in pairwise(sessions)]
    numbers = [0]
    for gap in gaps:
        numbers.append(numbers[-1] + (gap >= BLOCK_GAP_DAYS))
    numbered = zip(numbers, sessions, strict=False)
    return [
        tuple(session for _, session in block)
        for _, block in groupby(numbered, key=lambda pair: pair[0])
    ]


def _window(
    number: int,
    block: tuple[Session, ...],
    until: tuple[date | None, date],
    events: Collection[date],
) -> Window:
    following, today = until
    session = block[-1]
    last = today if following is None else following - timedelta(days=1)
    by, on = _censored(session.date, last, following is None, events)
    return Window(
        number=number,
        session=session,
        block=block,
        kind="maintenance" if block[0].date == session.date else "induction",
        first=session.date,
        last=last,
        is_open=following is None,
        interval_days=None if following is None else (following - session.date).days,
        censored_by=by,
        censored_on=on,
    )


def _censored(
    first: date, last: date, is_open: bool, events: Collection[date]
) -> tuple[CensoredBy | None, date | None]:
    """By the first event that began in the window, from the day before it on; or by its end."""
    begun = [day for day in events if first <= day <= last]
    if begun:
        return "event", max(min(begun) - timedelta(days=1), first)
    return (None, None) if is_open else ("next_session", last)
