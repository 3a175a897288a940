"""Rating scales beside a window: the last score before its session, and those inside it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from clinical.assessment_dates import BASELINE_DAYS
from clinical.course_scores import Held, last_before, precedes
from clinical.instruments import Instrument
from clinical.scale_points import GivenScore, complete, point
from clinical.windows import Window


def scales_of(
    window: Window,
    scores: Sequence[GivenScore],
    sessions: Sequence[Held],
    known: Mapping[str, Instrument],
) -> list[dict[str, Any]]:
    """Each scale with a score before or inside the window, in the order of their keys.

    Before is at most 14 days before the session, as a course's baseline is. A score of the
    session's day belongs to where its time puts it.
    """
    session = Held(None, window.first, window.session.began, window.session.id)
    earliest = window.first - timedelta(days=BASELINE_DAYS)
    near = [each for each in scores if earliest <= each.date <= window.last]
    told = []
    for key in sorted({each.instrument for each in near} & known.keys()):
        mine = [each for each in near if each.instrument == key]
        before = last_before(complete(mine), key, session, earliest)
        inside = [each for each in mine if not precedes(each.given, session)]
        shown = {
            each.id: _point(each, known[key], sessions, window.first)
            for each in mine
            if each in inside or (before is not None and each.id == before.id)
        }
        if shown:
            told.append(
                {
                    "key": key,
                    "name": known[key].name,
                    "before": None if before is None else shown[before.id],
                    "inside": [shown[each.id] for each in inside],
                }
            )
    return told


def _point(
    given: GivenScore, scale: Instrument, sessions: Sequence[Held], session: date
) -> dict[str, Any]:
    told = point(given, scale, sessions)
    return told | {"day_offset": (given.date - session).days}
