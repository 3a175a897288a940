"""What a score means: against the baseline of its course, and with what its recall spans."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bench.counts import counted
from models.treatment_session import TreatmentSession
from tests.filled_scales import DAY, path, stored
from tests.people import Household
from tests.trend_rows import add_course, add_session, change_session

LATER = DAY + timedelta(days=40)
PHQ9_AT_BASELINE = 18.0


def meaning(home: Household, assessment_id: object) -> dict[str, Any]:
    told: dict[str, Any] = home.clinician.get(path(home, assessment_id)).json["meaning"]
    return told


def treated(home: Household, total: float = PHQ9_AT_BASELINE) -> Any:
    """A course with a first dose on DAY at noon UTC, and a PHQ-9 two days before it."""
    course_id = add_course(home, DAY)
    add_session(home, DAY, course_id=course_id)
    return stored(home, DAY - timedelta(days=2), total)


@pytest.mark.parametrize(
    ("total", "responded", "remitted", "better", "worse"),
    [
        (9, True, False, True, False),  # 9 of 18 lost: half
        (10, False, False, True, False),  # 8 of 18 lost
        (4, True, True, True, False),  # below 5
        (13, False, False, False, False),  # 5 less: within the scale's error
        (12, False, False, True, False),  # 6 less
        (24, False, False, False, True),  # 6 more
        (23, False, False, False, False),
    ],
)
def test_a_score_is_held_against_the_baseline_of_its_course(
    home: Household, total: float, responded: bool, remitted: bool, better: bool, worse: bool
) -> None:
    before = treated(home)
    told = meaning(home, stored(home, LATER, total))
    assert told["baseline"] == {
        "assessment_id": str(before),
        "date": str(DAY - timedelta(days=2)),
        "total": 18,
    }
    assert (told["change"], told["reason"]) == (total - 18, None)
    assert told["share_of_baseline"] == pytest.approx((total - 18) / 18)
    assert (told["responded"], told["remitted"]) == (responded, remitted)
    assert (told["reliably_better"], told["reliably_worse"]) == (better, worse)


def test_the_last_session_is_never_the_baseline(home: Household) -> None:
    treated(home)
    stored(home, LATER - timedelta(days=1), 6)
    add_session(home, LATER)
    assert meaning(home, stored(home, LATER + timedelta(days=9), 8))["change"] == -10  # 8 - 18


def test_without_a_score_before_the_first_dose_only_remission_is_told(home: Household) -> None:
    add_session(home, DAY)
    stored(home, DAY - timedelta(days=15), 20)  # one day too old
    told = meaning(home, stored(home, LATER, 3))
    assert (told["baseline"], told["reason"]) == (None, "no_baseline")
    assert (told["responded"], told["remitted"], told["change"]) == (None, True, None)


def test_before_any_session_there_is_nothing_to_be_held_against(home: Household) -> None:
    assert meaning(home, stored(home, DAY))["reason"] == "no_session"


def test_a_second_course_has_a_baseline_of_its_own(home: Household) -> None:
    treated(home)
    second = LATER + timedelta(days=200)
    add_session(home, second, course_id=add_course(home, second))
    again = stored(home, second - timedelta(days=1), 14)
    told = meaning(home, stored(home, second + timedelta(days=7), 7))
    assert (told["baseline"]["assessment_id"], told["responded"]) == (str(again), True)
    assert meaning(home, stored(home, LATER, 7))["change"] == -11  # 7 - 18


def test_a_session_entered_in_error_takes_its_baseline_along(home: Household) -> None:
    session_id = add_session(home, DAY)
    stored(home, DAY - timedelta(days=1), 18)
    later = stored(home, LATER, 9)
    assert meaning(home, later)["responded"] is True
    change_session(home, session_id, voided_at=home.world.now)
    assert meaning(home, later)["reason"] == "no_session"


def test_on_the_day_of_the_first_dose_only_what_precedes_it_is_a_baseline(home: Household) -> None:
    add_session(home, DAY)  # at noon, UTC
    after = datetime.combine(DAY, time(13), UTC)
    stored(home, DAY, 6, completed_at=after)
    later = stored(home, LATER, 9)
    assert meaning(home, later)["reason"] == "no_baseline"
    stored(home, DAY, 18, completed_at=after - timedelta(hours=2))
    assert meaning(home, later)["change"] == -9


def test_a_prorated_score_is_in_no_label(home: Household) -> None:
    treated(home)
    one = stored(home, LATER, None, items=[0] * 7 + [None, 0], prorated_total=0.0)
    told = meaning(home, one)
    assert (told["reason"], told["remitted"], told["responded"]) == ("no_score", None, None)
    # Nor is one the baseline.
    add_course(home, LATER)
    stored(home, DAY - timedelta(days=1), None, items=[3] * 7 + [None, 3], prorated_total=27.0)
    assert meaning(home, stored(home, LATER, 9))["change"] == -9


@pytest.mark.parametrize(("days", "spans"), [(14, False), (13, True), (1, True)])
def test_a_recall_over_a_session_is_labelled(home: Household, days: int, spans: bool) -> None:
    add_session(home, DAY)
    told = home.clinician.get(path(home, stored(home, DAY + timedelta(days=days)))).json
    assert (told["recall_days"], told["recall_spans_session"]) == (14, spans)


def test_a_scale_of_the_moment_spans_nothing(home: Household) -> None:
    add_session(home, DAY)
    one = stored(home, DAY, 9, instrument="cadss6")
    assert home.clinician.get(path(home, one)).json["recall_spans_session"] is None


def test_only_sessions_that_took_place_count(home: Household) -> None:
    add_session(home, DAY, status="cancelled", started_at=None, scheduled_at=home.world.now)
    told = home.clinician.get(path(home, stored(home, DAY + timedelta(days=1)))).json
    assert (told["recall_spans_session"], told["meaning"]["reason"]) == (False, "no_session")
    assert len(home.world.rows(TreatmentSession.__table__.select())) >= 1


def test_a_page_costs_the_same_however_many_are_on_it(home: Household) -> None:
    treated(home)
    costs = []
    for _ in range(2):
        for week in range(12):
            stored(home, LATER + timedelta(days=7 * week))
        home.clinician.get(path(home))
        with counted(home.world.services.database) as counts:
            assert home.clinician.get(path(home)).status_code == 200
        costs.append(counts.statements)
    assert costs[0] == costs[1]
