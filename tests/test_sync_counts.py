"""What syncing costs, counted: a batch's waits do not grow with it, a pull is one statement."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from bench.counts import Counts, counted
from models.checkin import SELECT_DAY_AND_OPERATION
from tests.areas.sync import batch_of, item
from tests.people import Household

FIRST = date(2024, 5, 1)


def batch(name: str, first: date, size: int) -> dict[str, Any]:
    days = [first + timedelta(days=at) for at in range(size)]
    return batch_of(*[item(f"{name}-{day}", str(day), mood=4, energy=2) for day in days])


def cost_of(home: Household, name: str, first: date, size: int) -> Counts:
    with counted(home.world.services.database) as counts:
        answer = home.patient.post("/v1/me/checkins/batch", batch(name, first, size))
    assert {one["status"] for one in answer.json["results"]} == {"applied"}
    return counts


def test_a_batch_is_one_commit_and_waits_no_longer_for_being_large(home: Household) -> None:
    small = cost_of(home, "a", FIRST, 2)
    large = cost_of(home, "b", FIRST + timedelta(days=100), 60)
    assert (small.commits, large.commits) == (1, 1)
    assert large.waits == small.waits, (small.seen, large.seen)
    if home.world.services.database.is_sqlite:
        # One read and three writes for each item: the day, its history, its audit row.
        assert large.statements - small.statements == 4 * 58


@pytest.mark.parametrize("days", [1, 300])
def test_a_pull_with_nothing_new_is_two_statements_whatever_there_is(
    home: Household, days: int
) -> None:
    cost_of(home, "a", datetime.now(UTC).date() - timedelta(days=days), days)
    cursor = home.patient.get("/v1/me/changes?limit=1").json
    while cursor["more"]:
        cursor = home.patient.get("/v1/me/changes", query_string={"cursor": cursor["next"]}).json
    with counted(home.world.services.database) as counts:
        answer = home.patient.get("/v1/me/changes", query_string={"cursor": cursor["next"]})
    assert answer.json["items"] == []
    # BEGIN, who is asking, what changed, COMMIT.
    assert counts.statements == 4, counts.seen
    assert counts.rows <= 2


def test_a_write_reads_the_history_of_its_day_by_its_index(home: Household) -> None:
    """With ten years behind it, the last revision of a day is not searched among all of them."""
    first = cost_of(home, "a", FIRST, 1)
    for at in range(8):
        cost_of(home, f"b{at}", FIRST + timedelta(days=1 + at * 90), 90)
    later = cost_of(home, "c", FIRST + timedelta(days=760), 1)
    if home.world.services.database.is_sqlite:
        assert later.steps <= 1.05 * first.steps
    assert later.rows == first.rows


def test_what_was_applied_is_asked_for_as_its_partial_index_says_it() -> None:
    """PostgreSQL's plan for any values finds a partial index only by a condition written out."""
    text = str(SELECT_DAY_AND_OPERATION.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert text.count("kind = 'applied'") == 2  # the last revision, and when first recorded
    assert "kind = %(" not in text
