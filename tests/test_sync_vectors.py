"""The reference client decides what every client decides alike (tests/sync_vectors.json)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import pytest

from clinical.checkins import NO_ANSWERS, normalized
from tests.contract import ROOT
from tests.sync import outcomes
from tests.sync.outbox import Kept, Operation
from tests.sync.outcomes import Heard

VECTORS = orjson.loads((ROOT / "tests" / "sync_vectors.json").read_bytes())
NOW = "2026-11-23T21:00:00Z"
THEIRS = {"op_id": "theirs", "recorded_at": "2026-11-23T19:00:00Z", "clock_suspect": False}
REASONS = {
    "edit_of_deleted": "deleted",
    "delete_of_changed": "changed",
    "lowering": "lower",
    "log_again": "gone",
}


def by_name(kind: str) -> pytest.MarkDecorator:
    cases = VECTORS[kind]
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def day(answers: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if answers is None else normalized({**NO_ANSWERS, **answers})


def operation(told: Mapping[str, Any], base: Any = None) -> Operation:
    root, _, tries = told.get("op_id", "m").partition(".")
    answers = None if told.get("delete") else told.get("answers", {"mood": 6})
    return Operation(
        root=root,
        date="2026-11-23",
        answers=day(answers),
        recorded_at=told.get("recorded_at", "2026-11-23T20:00:00Z"),
        timezone="Europe/Berlin",
        base_revision=told.get("base_revision", 1),
        base_answers=day(told.get("base_answers", base)),
        epoch=told.get("base_epoch", "e1"),
        base_op=None,
        sequence=1,
        stage="sent",
        tries=int(tries or 0),
        confirmed_lower=told.get("confirmed_lower", False),
    )


def heard(one: Operation, case: Mapping[str, Any]) -> Heard:
    at = datetime.fromisoformat(case.get("server_now", NOW))
    return Heard(Kept("x", operations=[one]), case.get("epoch", "e1"), at, NOW)


def current(told: Mapping[str, Any], revision: int = 3) -> dict[str, Any]:
    """The stored day as a server tells it."""
    touched = told.get("touched", {"*": THEIRS})
    every = dict.fromkeys(NO_ANSWERS, touched["*"]) if "*" in touched else {}
    return {
        **NO_ANSWERS,
        **(told["answers"] or {}),
        "deleted": told["answers"] is None,
        "revision": revision,
        "op_id": "theirs",
        "touched": {**every, **{key: by for key, by in touched.items() if key != "*"}},
    }


@by_name("normal")
def test_a_day_has_one_form(case: Mapping[str, Any]) -> None:
    assert day(case["given"]) == day(case["normal"])


@by_name("later")
def test_of_two_answers_one_is_the_later(case: Mapping[str, Any]) -> None:
    one = operation(case["mine"])
    touched = {} if case["theirs"] is None else {"mood": case["theirs"]}
    is_later = outcomes.later_than(heard(one, case), one, touched)
    assert is_later("mood") is case["is_mine_later"]


@by_name("merge")
def test_two_days_become_one(case: Mapping[str, Any]) -> None:
    one = operation({"delete": case["mine"]["answers"] is None, **case["mine"]}, case["base"])
    what = heard(one, case)
    told, result = current(case["current"]), case["result"]
    outcomes.take(what, one, {"status": "conflict", "revision": 3, "current": told})
    if "lower" in case:
        assert one.reason == "lowering"
        outcomes.answer(what.kept, one, yes=case["lower"] == "mine", now=NOW)
    assert kind(one) == (result["kind"], result.get("reason"))
    if result["kind"] == "send":
        assert one.answers == day(result["answers"])
        assert one.confirmed_lower is result.get("confirmed_lower", False)
    if "both" in result:
        assert {notice["answer"] for notice in what.kept.notices} == set(result["both"])


@by_name("outcomes")
def test_a_result_makes_something_of_an_operation(case: Mapping[str, Any]) -> None:
    one = operation(case["operation"])
    result, becomes = dict(case["result"]), case["becomes"]
    if "current" in result:
        result["current"] = current(result["current"], result["revision"])
    outcomes.take(heard(one, case), one, result)
    named, reason = kind(one)
    expected = {"anew": ("send", "delete"), "acked": ("settled",), "ask": ("ask",)}
    assert named in expected.get(becomes["kind"], ("later",))
    assert reason == becomes.get("reason")
    if becomes["kind"] == "anew":
        assert (one.op_id, one.base_revision) == (becomes["op_id"], becomes["base_revision"])
        assert one.answers == day(becomes.get("answers"))


def kind(one: Operation) -> tuple[str, str | None]:
    """What became of an operation, in the words of the vectors."""
    if one.stage == "attention":
        return "ask", REASONS.get(one.reason or "", one.reason)
    if one.stage == "acked":
        return "settled", None
    if one.was_sent or not one.tries:
        return "later", None
    return ("delete" if one.answers is None else "send"), None
