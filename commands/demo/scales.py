"""Rating scales of the demo: filled in before a course, before its sessions and between them."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import Any

from care import assessments
from care.assessments import AssessmentEntry
from clinical.assessment_dates import FORTNIGHTLY_DAYS
from commands.demo.life import Act, Life
from commands.demo.people import ZONE, instant
from models.db import new_id

FILLED_IN_AT = time(18, 15)
# The ninth item is nothing in every one of them: the story of safety is told by another.
_ITEMS_WITH_POINTS = 8


def scaled(life: Life) -> Iterator[Act]:
    """A PHQ-9 on the day before the first dose and before each maintenance session, and two weeks
    after each of these; `phq9` of a story has the three totals."""
    totals = life.person.phq9
    if totals is None:
        return
    baseline, before, after = totals
    visits = life.person.treated.visits
    yield from _phq9(life, life.on(visits.completed[0] - 1), baseline)
    for day in visits.maintenance:
        yield from _phq9(life, life.on(day - 1), before)
        yield from _phq9(life, life.on(day + FORTNIGHTLY_DAYS), after)


def _phq9(life: Life, day: date, total: int) -> Iterator[Act]:
    at = instant(day, FILLED_IN_AT)
    if day >= life.today:
        return
    given: dict[str, Any] = {
        "instrument": "phq9",
        "local_date": day,
        "completed_at": at - timedelta(minutes=1),
        "timezone": ZONE,
        "items": [*_spread(total), 0],
        "extra": {"difficulty": 1},
    }
    entry = AssessmentEntry(life.chart, new_id(), given, "app")
    yield at, partial(assessments.record, life.connection, life.patient, entry)


def _spread(total: int) -> list[int]:
    """The points over the items, as evenly as they go."""
    least, more = divmod(total, _ITEMS_WITH_POINTS)
    return [least + (item < more) for item in range(_ITEMS_WITH_POINTS)]
