"""A batch stores what a phone kept: each item is answered by itself, and none sinks another."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.checkin import Checkin
from models.checkin_revision import CheckinRevision
from tests.apps import run_sql
from tests.areas.sync import batch_of, item
from tests.entries import (
    PROBLEM,
    check_invariants,
    entry,
    of_patient,
    own,
    written,
)
from tests.people import Household

DAY, NEXT = "2024-05-10", "2024-05-11"
URL = "/v1/me/checkins/batch"


def send(home: Household, *items: Any, **envelope: Any) -> list[dict[str, Any]]:
    """The results of a batch that was taken."""
    answer = home.patient.post(URL, batch_of(*items, **envelope))
    assert answer.status_code == 200, answer.json
    told: list[dict[str, Any]] = answer.json["results"]
    return told


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in results]


def _body_of(home: Household, op_id: str) -> Any:
    named = (CheckinRevision.patient_id == home.patient_id, CheckinRevision.op_id == op_id)
    return select(CheckinRevision.body).where(*named)


def delete(op_id: str, day: str, base: int) -> dict[str, Any]:
    return {"op_id": op_id, "date": day, "base_revision": base, "delete": True}


def test_each_item_is_answered_in_its_place(home: Household) -> None:
    results = send(home, item("a", DAY), item("b", NEXT, mood=3))
    assert [(one["op_id"], one["date"]) for one in results] == [("a", DAY), ("b", NEXT)]
    assert statuses(results) == ["applied", "applied"]
    assert [one["revision"] for one in results] == [1, 1]
    assert results[1]["etag"] == home.patient.get(own(NEXT)).headers["ETag"]
    assert check_invariants(home.world, home.patient_id).version == 2


def test_an_item_sent_again_is_a_duplicate_whatever_its_base(home: Household) -> None:
    send(home, item("a", DAY))
    before = written(home.world)
    assert statuses(send(home, item("a", DAY), item("a", DAY, base=7))) == ["duplicate"] * 2
    assert written(home.world) == before


def test_the_same_op_id_with_other_contents_is_a_mismatch(home: Household) -> None:
    send(home, item("a", DAY))
    [result] = send(home, item("a", DAY, mood=1))
    assert (result["status"], result["problem"]["type"]) == ("mismatch", "/problems/key-reused")
    [again] = send(home, item("a", NEXT))
    assert again["status"] == "mismatch"


def test_equal_answers_are_a_duplicate_under_any_name(home: Household) -> None:
    send(home, item("a", DAY))
    [result] = send(home, item("b", DAY))
    assert (result["status"], result["revision"]) == ("duplicate", 1)


def test_a_batch_and_a_put_know_each_others_names(home: Household) -> None:
    home.patient.put(own(DAY), entry(DAY), headers={"Idempotency-Key": "a"})
    assert statuses(send(home, item("a", DAY))) == ["duplicate"]
    send(home, item("b", NEXT))
    answer = home.patient.put(own(NEXT), entry(NEXT), headers={"Idempotency-Key": "b"})
    assert answer.status_code == 201  # as it was first answered


def test_two_items_of_one_day_are_decided_one_after_the_other(home: Household) -> None:
    results = send(
        home,
        item("a", DAY),
        item("b", DAY, base=1, mood=4),
        item("c", DAY, base=1, mood=5),
        delete("d", DAY, 2),
        item("a", DAY),
        item("e", DAY, base=3, mood=9),
    )
    told = ["applied", "applied", "conflict", "applied", "duplicate", "applied"]
    assert statuses(results) == told
    rows = check_invariants(home.world, home.patient_id)
    assert (rows.version, rows.days[date.fromisoformat(DAY)].mood) == (4, 9)
    assert len(rows.conflicts) == 1


def test_a_conflict_tells_the_stored_day_and_who_gave_each_answer(home: Household) -> None:
    send(home, item("a", DAY, mood=6, energy=2))
    send(home, item("b", DAY, base=1, mood=4, energy=2))
    [result] = send(home, item("c", DAY, base=1, mood=9))
    current = result["current"]
    assert (result["status"], result["revision"], current["revision"]) == ("conflict", 2, 2)
    assert (current["op_id"], current["mood"], current["energy"]) == ("b", 4, 2)
    assert {key: told["op_id"] for key, told in current["touched"].items()} == {
        "mood": "b",
        "energy": "a",
    }
    lost = home.world.rows(_body_of(home, "c"))
    assert lost[0].body["mood"] == 9  # the losing edit is kept


def test_a_conflict_stays_one_and_tells_the_day_as_it_is_now(home: Household) -> None:
    send(home, item("a", DAY))
    send(home, item("b", DAY, base=5, mood=1))
    send(home, item("c", DAY, base=1, mood=2))
    [again] = send(home, item("b", DAY, base=5, mood=1))
    assert (again["status"], again["current"]["op_id"], again["revision"]) == ("conflict", "c", 2)
    assert len(check_invariants(home.world, home.patient_id).conflicts) == 1


def test_a_day_that_is_not_there_is_gone(home: Household) -> None:
    before = written(home.world)
    results = send(home, item("a", DAY, base=3), delete("b", DAY, 3), delete("c", DAY, 0))
    assert statuses(results) == ["gone"] * 3
    assert written(home.world) == before
    assert statuses(send(home, item("a", DAY))) == ["applied"]  # its name was not used up


def test_a_deleted_day_needs_the_tombstones_revision(home: Household) -> None:
    send(home, item("a", DAY))
    assert statuses(send(home, delete("b", DAY, 1))) == ["applied"]
    [result] = send(home, item("c", DAY, mood=2))
    assert (result["status"], result["current"]["deleted"]) == ("conflict", True)
    assert result["current"]["mood"] is None
    assert statuses(send(home, item("d", DAY, base=2, mood=2))) == ["applied"]


def test_one_bad_item_among_399_good_ones_sinks_none(home: Household) -> None:
    first = date(2020, 1, 1)
    items = [item(f"n{at}", str(first + timedelta(days=at))) for at in range(400)]
    items[200] = items[200] | {"mood": 11, "energy": "x", "surprise": 1}
    results = send(home, *items)
    assert statuses(results) == ["applied"] * 200 + ["rejected"] + ["applied"] * 199
    problem = results[200]["problem"]
    told = sorted(fault["pointer"] for fault in problem["errors"])
    assert (problem["type"], told) == ("/problems/invalid", ["/energy", "/mood", "/surprise"])
    rows = check_invariants(home.world, home.patient_id)
    assert len(rows.days) == 399


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"op_id": ""}, "/op_id"),
        ({"op_id": "a b"}, "/op_id"),
        ({"op_id": "é"}, "/op_id"),
        ({"op_id": 7}, "/op_id"),
        ({"date": "2024-02-30"}, "/date"),
        ({"date": None}, "/date"),
        ({"base_revision": -1}, "/base_revision"),
        ({"base_revision": 1.0}, "/base_revision"),
        ({"base_revision": 10**9}, "/base_revision"),
        ({"delete": "yes"}, "/delete"),
        ({"delete": True}, "/mood"),
        ({"confirmed_lower": 1}, "/confirmed_lower"),
        ({"recorded_at": None}, "/recorded_at"),
        ({"timezone": "Mars/Base"}, "/timezone"),
        ({"mood": None}, ""),
        ({"date": "2019-12-31"}, "/date"),
        ({"date": "2030-01-01"}, "/date"),
        ({"clinic_id": "x"}, "/clinic_id"),
        ({"custom": {"nothing": 3}}, "/custom/nothing"),
        ({"suicidal_thoughts": "none"}, "/suicidal_thoughts"),
    ],
)
def test_a_wrong_item_is_rejected_and_told_where(
    home: Household, wrong: dict[str, Any], pointer: str
) -> None:
    before = written(home.world)
    [result] = send(home, item("a", DAY) | wrong)
    assert result["status"] == "rejected"
    assert pointer in [fault["pointer"] for fault in result["problem"]["errors"]]
    assert written(home.world) == before


@pytest.mark.parametrize("odd", [None, 7, "x", [], [item("a", DAY)]])
def test_what_is_no_object_is_rejected_too(home: Household, odd: Any) -> None:
    results = send(home, odd, item("b", DAY))
    assert statuses(results) == ["rejected", "applied"]
    assert (results[0]["op_id"], results[0]["date"]) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"device_id": ""},
        {"device_id": "x" * 65},
        {"epoch": 7},
        {"sent_at": "yesterday"},
        {"items": {}},
        {"items": None},
        {"patient_id": "x"},
    ],
)
def test_a_wrong_envelope_is_refused_whole(home: Household, wrong: dict[str, Any]) -> None:
    before = written(home.world)
    answer = home.patient.post(URL, batch_of(item("a", DAY)) | wrong)
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    assert written(home.world) == before


def test_401_items_and_one_byte_too_many_are_too_large(home: Household) -> None:
    before = written(home.world)
    many = batch_of(*[item(f"n{at}", DAY) for at in range(401)])
    assert home.patient.post(URL, many).status_code == 413
    long = batch_of(item("a", DAY, note="x" * 4000), device_id="y" * 1_048_577)
    assert home.patient.post(URL, long).status_code == 413
    assert written(home.world) == before


def test_an_empty_batch_is_answered_and_writes_nothing(home: Household) -> None:
    before = written(home.world)
    assert send(home) == []
    assert written(home.world) == before


def test_a_base_learnt_from_another_history_matches_nothing(home: Household) -> None:
    send(home, item("a", DAY))
    ours = home.patient.get("/v1/me").headers["Epoch"]
    [result] = send(home, item("b", DAY, base=1, mood=2), epoch="before the restore")
    assert result["status"] == "conflict"
    assert statuses(send(home, item("c", NEXT, base=1), epoch="before the restore")) == ["gone"]
    assert statuses(send(home, item("d", NEXT), epoch="before the restore")) == ["applied"]
    assert statuses(send(home, item("a", DAY, base=1), epoch="before the restore")) == ["duplicate"]
    assert statuses(send(home, item("e", DAY, base=1, mood=2), epoch=ours)) == ["applied"]


def test_what_staff_noted_gives_way_and_the_patient_needs_no_revision(home: Household) -> None:
    home.clinician.put(of_patient(home.patient_id, DAY), entry(DAY, mood=2))
    assert statuses(send(home, item("a", DAY))) == ["applied"]
    assert home.patient.get(own(DAY)).json["source"] == "app"


def test_the_device_and_how_wrong_its_clock_is_are_kept(home: Household) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    send(home, item("a", DAY), device_id="tablet", sent_at=ahead.isoformat())
    rows = home.world.rows(
        select(CheckinRevision.device_id, Checkin.skew_ms)
        .join(Checkin, Checkin.patient_id == CheckinRevision.patient_id)
        .where(Checkin.patient_id == home.patient_id)
    )
    assert rows[0].device_id == "tablet"
    assert abs(rows[0].skew_ms - 3_600_000) < 60_000
    send(home, item("b", NEXT), sent_at="1970-01-01T00:00:00Z")
    own_days = (Checkin.patient_id == home.patient_id, Checkin.local_date == date(2024, 5, 11))
    [wrong] = home.world.rows(select(Checkin.skew_ms).where(*own_days))
    assert wrong.skew_ms == -(2**31 - 1)


def test_an_item_the_database_will_not_take_waits_and_the_others_do_not(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constraint no rule foresees: here a trigger that refuses one day."""
    app, patient = home.world.app, home.patient_id
    if home.world.services.database.is_sqlite:
        run_sql(
            app,
            "CREATE TRIGGER odd BEFORE INSERT ON checkin WHEN NEW.local_date = '2024-05-11' "
            f"AND NEW.patient_id = '{patient.hex}' "
            "BEGIN SELECT RAISE(ABORT, 'odd'); END",
        )
    else:
        run_sql(
            app,
            "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE check_violation; END$$; "
            "CREATE TRIGGER odd BEFORE INSERT ON checkin FOR EACH ROW "
            f"WHEN (NEW.local_date = '2024-05-11' AND NEW.patient_id = '{patient}') "
            "EXECUTE FUNCTION odd()",
        )
    try:
        results = send(home, item("a", DAY), item("b", NEXT), item("c", "2024-05-12"))
    finally:
        is_sqlite = home.world.services.database.is_sqlite
        run_sql(app, "DROP TRIGGER odd" + ("" if is_sqlite else " ON checkin; DROP FUNCTION odd"))
    assert statuses(results) == ["applied", "retry", "applied"]
    assert results[1]["problem"]["type"] == "/problems/unavailable"
    assert len(check_invariants(home.world, home.patient_id).days) == 2
    assert statuses(send(home, item("b", NEXT))) == ["applied"]
