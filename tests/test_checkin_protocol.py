"""Writing a check-in is decided in one order, and every row of that order holds."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from models.checkin import ANSWERS
from tests.checkin_machine import CheckinMachine
from tests.entries import (
    PAIN,
    SEARCH,
    check_invariants,
    entry,
    match,
    own,
    pointers,
    rows_of,
    someone,
    written,
)
from tests.people import Household, World, household

DAY = date(2024, 5, 10)
STAR = {"If-None-Match": "*"}


def key(name: str, **headers: str) -> dict[str, str]:
    return {"Idempotency-Key": name, **headers}


def put(home: Household, body: Any, headers: Any = None, day: date = DAY) -> Any:
    return home.patient.put(own(day), body, headers=headers or {})


def problem(response: Any) -> tuple[int, str]:
    return response.status_code, response.json["type"].removeprefix("/problems/")


@pytest.fixture
def stored(home: Household) -> Any:
    """The answer to a first entry of the day, mood 6."""
    response = put(home, entry(DAY))
    assert response.status_code == 201
    return response


def test_an_absent_day_is_created_with_no_precondition_or_a_star(home: Household) -> None:
    other = date(2024, 5, 11)
    assert put(home, entry(DAY)).status_code == 201
    assert put(home, entry(other), STAR, day=other).status_code == 201
    assert check_invariants(home.world, home.patient_id).version == 2


def test_if_match_on_an_absent_day_fails_and_writes_nothing(home: Household) -> None:
    before = written(home.world)
    for sent in ('"r1"', '"r1.44136fa3"', "*", '"anything"'):
        failed = put(home, entry(DAY), {"If-Match": sent})
        assert problem(failed) == (412, "precondition-failed")
        assert failed.json["current"] is None
        assert "ETag" not in failed.headers
    assert written(home.world) == before


def test_repeating_a_put_changes_nothing(home: Household, stored: Any) -> None:
    before = written(home.world)
    later = entry(DAY) | {"recorded_at": "2024-05-12T09:00:00Z", "timezone": "Asia/Tokyo"}
    for body in (entry(DAY), later):
        for headers in ({}, STAR, {"If-Match": '"r9"'}, match(stored), key("new")):
            again = put(home, body, headers)
            assert (again.status_code, again.json) == (200, stored.json)
            assert again.headers["ETag"] == stored.headers["ETag"]
    assert written(home.world) == before


def test_the_same_answers_written_another_way_are_the_same(world: World) -> None:
    home = household(world, custom_measures=[PAIN])
    effects = [{"code": "nausea", "severity": 1}, {"code": "headache", "severity": 2}]
    answers = {"sleep_hours": 7, "side_effects": effects, "note": "café", "custom": None}
    first = put(home, entry(DAY, **answers))
    other: dict[str, Any] = {
        "sleep_hours": 7.0,
        "side_effects": effects[::-1],
        "note": unicodedata.normalize("NFD", " café\n"),
        "custom": {},
        "mood": None,
    }
    again = put(home, entry(DAY, **other))
    assert (again.status_code, again.json) == (200, first.json)


def test_a_changed_day_needs_a_precondition(home: Household, stored: Any) -> None:
    before = written(home.world)
    asked = put(home, entry(DAY, mood=3))
    assert problem(asked) == (428, "precondition-required")
    assert asked.headers["ETag"] == stored.headers["ETag"]
    assert written(home.world) == before


def test_only_the_revision_of_an_if_match_counts(home: Household, stored: Any) -> None:
    revision = 1
    for mood, sent in enumerate(('"r1"', '"r2.deadbeef"', 'W/"r3.00"', ' "r4.0" ')):
        changed = put(home, entry(DAY, mood=mood), {"If-Match": sent})
        revision += 1
        assert (changed.status_code, changed.json["revision"]) == (200, revision)
        assert changed.headers["ETag"].startswith(f'"r{revision}.')


def test_a_stale_edit_fails_with_the_current_state_and_is_kept(
    home: Household, stored: Any
) -> None:
    second = put(home, entry(DAY, mood=3), match(stored))
    for mood, sent in enumerate((stored.headers["ETag"], '"r3"', "r2", '"r02"', '"x"', "*")):
        failed = put(home, entry(DAY, mood=mood + 4), {"If-Match": sent})
        assert problem(failed) == (412, "precondition-failed")
        assert failed.json["current"] == second.json
        assert failed.headers["ETag"] == second.headers["ETag"]
    assert put(home, entry(DAY, mood=10), STAR).status_code == 412
    assert home.patient.get(own(DAY)).json == second.json
    kept = check_invariants(home.world, home.patient_id).conflicts
    assert sorted(row.body["mood"] for row in kept) == [4, 5, 6, 7, 8, 9, 10]


def test_a_known_key_is_answered_as_before_whatever_came_since(home: Household) -> None:
    first = put(home, entry(DAY), key("a"))
    second = put(home, entry(DAY, mood=3), key("b", **match(first)))
    put(home, entry(DAY, mood=2), match(second))
    before = written(home.world)
    for headers in (key("a"), key("a", **match(second)), key("a", **STAR)):
        again = put(home, entry(DAY), headers)
        assert (again.status_code, again.json) == (201, first.json)
        assert again.headers["ETag"] == first.headers["ETag"]
    again = put(home, entry(DAY, mood=3), key("b"))
    assert (again.status_code, again.json) == (200, second.json)
    assert written(home.world) == before
    assert home.patient.get(own(DAY)).json["mood"] == 2


def test_a_known_key_is_answered_beyond_the_backfill_limit(home: Household) -> None:
    body = entry(DAY) | {"recorded_at": "2024-05-20T10:00:00Z"}
    first = put(home, body, key("a"))
    assert home.admin.patch("/v1/clinic", {"backfill_days": 3}).status_code == 200
    assert put(home, body, key("a")).json == first.json
    assert pointers(put(home, body | {"mood": 2}, match(first))) == ["/date"]
    assert put(home, body).status_code == 200  # identical: nothing is written, so nothing refused


def test_a_key_is_bound_to_what_was_asked(home: Household) -> None:
    first = put(home, entry(DAY), key("a"))
    other_day = date(2024, 5, 11)
    before = written(home.world)
    for body in (entry(DAY, mood=3), entry(DAY) | {"timezone": "Asia/Tokyo"}):
        assert problem(put(home, body, key("a", **match(first)))) == (422, "key-reused")
    assert problem(put(home, entry(DAY), key("a"), day=other_day)) == (422, "key-reused")
    deletion = home.patient.delete(own(DAY), headers=key("a", **match(first)))
    assert problem(deletion) == (422, "key-reused")
    assert written(home.world) == before


def test_a_key_belongs_to_one_patient_and_a_refused_request_leaves_it_free(
    home: Household,
) -> None:
    other = someone(home.world, home.clinic_id)
    assert put(home, entry(DAY, mood=11), key("a")).status_code == 422
    assert put(home, entry(DAY), key("a")).status_code == 201
    assert other.put(own(DAY), entry(DAY, mood=2), headers=key("a")).status_code == 201
    assert other.get(own(DAY)).json["mood"] == 2


def test_a_known_conflict_stays_one_and_tells_the_state_of_now(
    home: Household, stored: Any
) -> None:
    second = put(home, entry(DAY, mood=3), match(stored))
    losing = (entry(DAY, mood=9), key("a", **match(stored)))
    assert put(home, *losing).json["current"] == second.json
    third = put(home, entry(DAY, mood=2), match(second))
    for headers in (losing[1], key("a"), key("a", **match(third))):
        again = put(home, losing[0], headers)
        assert (again.status_code, again.json["current"]) == (412, third.json)
    assert problem(put(home, entry(DAY, mood=8), key("a"))) == (422, "key-reused")
    kept = check_invariants(home.world, home.patient_id).conflicts
    assert [(row.op_id, row.body["mood"], row.revision) for row in kept] == [("a", 9, 1)]


def test_deleting_needs_the_present_revision(home: Household, stored: Any) -> None:
    asked = home.patient.delete(own(DAY))
    assert problem(asked) == (428, "precondition-required")
    assert asked.headers["ETag"] == stored.headers["ETag"]
    failed = home.patient.delete(own(DAY), headers={"If-Match": '"r2"'})
    assert problem(failed) == (412, "precondition-failed")
    assert failed.json["current"] == stored.json
    assert home.patient.get(own(DAY)).status_code == 200
    assert home.patient.delete(own("2024-05-11"), headers=match(stored)).status_code == 404


def test_a_deleted_day_is_gone_and_leaves_no_answer_in_its_row(world: World) -> None:
    home = household(world, custom_measures=[PAIN])
    effects = [{"code": "nausea", "severity": 1}]
    first = put(home, entry(DAY, mood=6, note="secret", custom={"pain": 3}, side_effects=effects))
    deleted = home.patient.delete(own(DAY), headers=match(first))
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert deleted.headers["ETag"].startswith('"r2.')
    assert home.patient.get(own(DAY)).status_code == 404
    assert home.clinician.get(f"/v1/patients/{home.patient_id}/checkins").json["items"] == []
    for headers in ({}, match(first), match(deleted)):
        again = home.patient.delete(own(DAY), headers=headers)
        assert (again.status_code, again.headers["ETag"]) == (204, deleted.headers["ETag"])
    rows = check_invariants(world, home.patient_id)
    assert (rows.days[DAY].deleted, rows.version) == (True, 2)


def test_a_deleted_day_is_logged_again_only_on_top_of_its_tombstone(
    home: Household, stored: Any
) -> None:
    deleted = home.patient.delete(own(DAY), headers=match(stored))
    asked = put(home, entry(DAY))
    assert problem(asked) == (428, "precondition-required")
    assert asked.headers["ETag"] == deleted.headers["ETag"]
    failed = put(home, entry(DAY), match(stored))
    assert problem(failed) == (412, "precondition-failed")
    tombstone = failed.json["current"]
    assert (tombstone["deleted"], tombstone["revision"]) == (True, 2)
    assert {tombstone[name] for name in (*ANSWERS, "timezone")} == {None}
    assert put(home, entry(DAY), STAR).status_code == 412
    again = put(home, entry(DAY), match(deleted))
    assert (again.status_code, again.json["revision"]) == (201, 3)
    check_invariants(home.world, home.patient_id)


def test_a_replayed_deletion_or_entry_brings_nothing_back_and_takes_nothing_away(
    home: Household,
) -> None:
    first = put(home, entry(DAY), key("a"))
    deleted = home.patient.delete(own(DAY), headers=key("b", **match(first)))
    assert put(home, entry(DAY), key("a")).json == first.json
    assert home.patient.get(own(DAY)).status_code == 404
    put(home, entry(DAY, mood=2), match(deleted))
    again = home.patient.delete(own(DAY), headers=key("b"))
    assert (again.status_code, again.headers["ETag"]) == (204, deleted.headers["ETag"])
    assert home.patient.get(own(DAY)).json["mood"] == 2
    assert rows_of(home.world, home.patient_id).version == 3


def test_whatever_is_sent_in_whatever_order_the_rows_are_what_the_rules_say(
    home: Household,
) -> None:
    class OfThisClinic(CheckinMachine):
        def __init__(self) -> None:
            super().__init__(home.world, someone(home.world, home.clinic_id))

    run_state_machine_as_test(OfThisClinic, settings=SEARCH_FOR_ORDERS)


SEARCH_FOR_ORDERS = settings(SEARCH, max_examples=25, stateful_step_count=15)
