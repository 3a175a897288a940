"""Results kept in memory: found by what they were made from, and by nothing less."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from care.kept import Kept
from care.window_results import Material, make
from clinical.orientation import Orientation
from clinical.reference import Reference
from clinical.windows import Session, cut

TODAY = date(2026, 11, 25)
SESSIONS = [Session(UUID(int=ago), TODAY - timedelta(days=ago)) for ago in (62, 34)]
CLOSED, OPEN = cut(SESSIONS, TODAY)
MOOD = Orientation(0, 10, "higher_is_better")
REFERENCE = Reference("course", 7.0, 0.5, 7.0, 6, None, None, None)


def material() -> Material:
    y = np.array([2.0, 3.0, np.nan, 4.0] + [6.0] * 23)
    effects = (None, "[]", '[{"code": "nausea", "severity": 2}]', *[None] * 25)
    return Material(CLOSED, REFERENCE, MOOD, y, np.array([3.0, np.nan] + [2.0] * 5), effects)


def test_a_result_is_made_once_for_its_key() -> None:
    kept, made = Kept[int](2), []

    def making(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 1, 2, 1, 3, 1, 2):  # 3 pushes 2 out, which was asked for least recently
        assert kept.get(bytes([number]), lambda number=number: making(number)) == number  # type: ignore[misc]
    assert made == [1, 2, 3, 2]
    assert len(kept) == 2
    kept.clear()
    assert len(kept) == 0


def test_equal_material_has_one_key_and_any_other_another() -> None:
    one = material()
    assert one.key() == material().key()
    moved = one.y.copy()
    moved[20] = 5.0
    gone = one.y.copy()
    gone[20] = np.nan
    others = [
        replace(one, y=moved),
        replace(one, y=gone),
        replace(one, y=one.y[:-1]),
        replace(one, before=one.before[::-1].copy()),
        replace(one, reference=replace(REFERENCE, level=6.5)),
        replace(one, reference=replace(REFERENCE, standard_error=None)),
        replace(one, orientation=replace(MOOD, direction="higher_is_worse")),
        replace(one, orientation=replace(MOOD, maximum=5)),
        replace(one, effects=(*one.effects[:-1], "[]")),
        replace(one, window=replace(CLOSED, censored_on=TODAY - timedelta(days=50))),
        replace(one, window=replace(CLOSED, interval_days=10)),
        replace(one, window=OPEN),
    ]
    assert len({one.key(), *(other.key() for other in others)}) == 1 + len(others)


def test_a_result_knows_nothing_of_the_window_that_is_not_in_its_key() -> None:
    """The session's id, its number and its doses are in the document, not in what is kept."""
    one = material()
    renamed = replace(CLOSED, number=9, session=Session(UUID(int=5), CLOSED.first))
    other = replace(one, window=renamed)
    assert other.key() == one.key()
    assert make(other).shown == make(one).shown
