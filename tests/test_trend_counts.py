"""What one trend costs, counted: the same with a year of history behind it as with ten (G7)."""

import tomllib
from datetime import date, timedelta
from typing import Any

from bench.counts import Counts, counted
from clinical.days import local_day
from tests.contract import ROOT
from tests.people import ZONE, Household, household
from tests.trend_rows import add_course, add_session, log_days

GOALS: dict[str, Any] = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())["trend"]
PATH = "/v1/me/trends"


def _live(home: Household, years: int) -> None:
    """A day and, every 28 days, a session; the present course has lasted 200 days."""
    today = local_day(home.world.now, ZONE, 240)
    days = [today - timedelta(days=ago) for ago in range(365 * years)]
    log_days(home, {day: {"mood": day.day % 11, "side_effects": []} for day in days})
    course = add_course(home, today - timedelta(days=200))
    before = add_course(home, days[-1])
    for ago in range(4, len(days), 28):
        add_session(home, _ago(today, ago), course_id=course if ago <= 200 else before)


def _ago(today: date, days: int) -> date:
    return today - timedelta(days=days)


def _cost(home: Household, status: int = 200, **headers: str) -> Counts:
    with counted(home.world.services.database) as counts:
        answer = home.patient.get(PATH, headers=headers)
    assert answer.status_code == status
    return counts


def _bound(home: Household) -> dict[str, float]:
    name = "sqlite" if home.world.services.database.is_sqlite else "postgresql"
    bound: dict[str, float] = GOALS[name]
    return bound


def test_a_trend_reads_no_more_with_ten_years_behind_it(home: Household) -> None:
    long, bound = household(home.world), _bound(home)
    _live(home, 1)
    _live(long, 10)
    year, ten = _cost(home), _cost(long)
    assert ten.statements == year.statements <= bound["statements"], ten.seen
    assert ten.waits == year.waits <= bound["waits"], ten.seen
    assert ten.rows <= year.rows * bound["growth"], (year.rows, ten.rows)
    assert ten.steps <= year.steps * bound["growth"], (year.steps, ten.steps)
    assert ten.rows + ten.steps > 28  # the instrument is not stuck


def test_what_is_held_already_costs_no_day(home: Household) -> None:
    tag = home.patient.get(PATH).headers["ETag"]
    cold, held = _cost(home), _cost(home, 304, **{"If-None-Match": tag})
    assert held.statements <= _bound(home)["held_statements"], held.seen
    assert any("checkin.local_date" in text for text in cold.seen)
    assert not any("checkin" in text for text in held.seen)
