"""What one check-in write costs, counted: the bounds of bench/goals.toml are gates."""

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bench.counts import Counts, counted
from models.checkin import Checkin
from models.patient_stream import PatientStream
from tests.contract import ROOT
from tests.people import ZONE, Household

GOALS = tomllib.loads((ROOT / "bench" / "goals.toml").read_text())["counts"]
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def _entry(mood: int) -> dict[str, Any]:
    instant = datetime.now(UTC).isoformat()
    return {"mood": mood, "sleep_hours": 7.25, "recorded_at": instant, "timezone": ZONE}


def _cost_of_a_put(home: Household, mood: int, **headers: str) -> Counts:
    with counted(home.world.services.database) as counts:
        sent = home.patient.put(f"/v1/me/checkins/{YESTERDAY}", _entry(mood), headers=headers)
    assert sent.status_code in (200, 201), sent.json
    return counts


def _bound(home: Household) -> dict[str, int]:
    name = "sqlite" if home.world.services.database.is_sqlite else "postgresql"
    bound: dict[str, int] = GOALS[name]
    return bound


def _log_past_days(home: Household, days: int) -> None:
    owner = {"clinic_id": home.clinic_id, "patient_id": home.patient_id}
    rows = [
        owner
        | {
            "local_date": YESTERDAY - timedelta(days=back),
            "revision": 1,
            "version": back,
            "deleted": False,
            "received_at": home.world.now,
            "clock_suspect": False,
            "source": "app",
            "mood": 5,
        }
        for back in range(1, days + 1)
    ]
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(insert(Checkin), rows)
        own = update(PatientStream).where(PatientStream.patient_id == home.patient_id)
        connection.execute(own.values(version=days))
        connection.commit()


@pytest.mark.parametrize("days", [30, 3650])
def test_a_put_costs_the_same_however_long_the_history(home: Household, days: int) -> None:
    _log_past_days(home, days)
    counts = _cost_of_a_put(home, 5)
    bound = _bound(home)
    assert counts.commits == 1, counts.seen
    assert counts.statements <= bound["statements"], counts.seen
    assert counts.round_trips <= bound["round_trips"], counts.seen


def test_a_correction_costs_no_more_than_a_first_entry(home: Household) -> None:
    first = _cost_of_a_put(home, 5)
    second = _cost_of_a_put(home, 6, **{"If-Match": '"r1"'})
    assert second.statements == first.statements, (first.seen, second.seen)
    assert second.round_trips == first.round_trips, (first.seen, second.seen)
    assert second.commits == 1


def test_the_counter_counts(home: Household) -> None:
    """Two requests cost twice one request: the instrument itself is not stuck."""
    database = home.world.services.database
    with counted(database) as once:
        home.patient.get("/v1/me")
    with counted(database) as twice:
        home.patient.get("/v1/me")
        home.patient.get("/v1/me")
    assert once.statements > 0
    assert twice.statements == 2 * once.statements
    assert twice.round_trips == 2 * once.round_trips
