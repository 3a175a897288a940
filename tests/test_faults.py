"""Phones write while things break, and afterwards nothing may be missing (`make faults`)."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clinical.checkins import normalized
from tests.contract import ROOT
from tests.faults.__main__ import MUTANTS
from tests.faults.evidence import Evidence, Patient, Row, Seen
from tests.faults.mutants import mutated
from tests.faults.places import PostgresDatabase, SqliteFile
from tests.faults.run import Plan, run
from tests.faults.verdict import Verdict, judge

DAY = "2024-05-10"
HTTP: Mapping[str, Any] = {"what": "http", "status": 200, "Epoch": "one", "Retry-After": None}


def test_nothing_acknowledged_is_lost_while_things_break(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if engine_name == "sqlite":
        place: Any = SqliteFile(tmp_path)
    else:
        place = PostgresDatabase(request.getfixturevalue("postgres_server"), tmp_path)
    figures = run(Plan("brief", seconds=3, seed=1, pace_seconds=0.04), place, tmp_path)
    assert figures.violations == []
    assert figures.acknowledged > 20
    assert figures.struck > 0


def test_a_server_that_acknowledges_what_it_has_not_committed_is_found_out(tmp_path: Path) -> None:
    with mutated("acknowledged_uncommitted") as tree:
        plan = Plan("none", seconds=2, seed=1, tree=tree, pace_seconds=0.04)
        figures = run(plan, SqliteFile(tmp_path), tmp_path)
    assert figures.lost > 0


@pytest.mark.parametrize("name", [name for name, _ in MUTANTS])
def test_each_broken_copy_that_must_be_found_out_can_be_made(name: str) -> None:
    with mutated(name) as tree:
        broken = [path for path in ("api", "care") if differs(ROOT / path, tree / path)]
    assert len(broken) == 1


def differs(one: Path, other: Path) -> bool:
    """Whether any Python file below is another."""
    return any(
        path.read_bytes() != (other / path.relative_to(one)).read_bytes()
        for path in one.rglob("*.py")
    )


def day(**answers: Any) -> Mapping[str, Any]:
    return normalized(answers)


def item(op_id: str, **answers: Any) -> dict[str, Any]:
    return {"op_id": op_id, "date": DAY, "base_revision": 0, **answers}


def sent(op_id: str, status: str, revision: int, **answers: Any) -> list[dict[str, Any]]:
    """An edit upon nothing, sent and answered."""
    edit: dict[str, Any] = {
        "op": op_id,
        "date": DAY,
        "base": None,
        "when": op_id,
        "answers": day(**answers),
    }
    kind = "ok" if status in ("applied", "duplicate") else "fail"
    answer = {"op": op_id, "date": DAY, "status": status, "revision": revision, "epoch": "one"}
    events = [
        {"what": "edit", **edit},
        {"what": "invoke", "op": op_id, "item": item(op_id, **answers)},
        HTTP,
        {"what": kind, **answer},
    ]
    return [{"at": float(at), **event} for at, event in enumerate(events)]


def quiet() -> Evidence:
    """One patient, one phone, one day sent and stored."""
    stands = {DAY: day(mood=6)}
    row = Row("a-1", DAY, 1, is_applied=True, answers=day(mood=6))
    patient = Patient([row], stands, stands, [])
    phone = Seen("anna", sent("a-1", "applied", 1, mood=6), stands)
    nobody = Patient([], {}, {}, [])
    return Evidence({"anna": patient, "nobody": nobody}, {"a": phone}, "nobody", "one")


def with_patient(**changed: Any) -> Evidence:
    evidence = quiet()
    patient = replace(evidence.patients["anna"], **changed)
    return replace(evidence, patients={**evidence.patients, "anna": patient})


def with_events(*events: Any, drop: str = "") -> Evidence:
    evidence = quiet()
    phone = evidence.phones["a"]
    kept = [one for one in phone.events if one["what"] != drop]
    return replace(evidence, phones={"a": replace(phone, events=[*kept, *events])})


def test_where_nothing_is_wrong_nothing_is_found() -> None:
    assert judge(quiet()) == Verdict()


OTHER = {DAY: day(mood=2)}
AGAIN = {"op": "a-1", "date": DAY, "status": "applied", "revision": 1, "epoch": "one"}
WRONG: Mapping[str, tuple[Evidence, str]] = {
    "an acknowledged day is not there": (with_patient(rows=[]), "lost"),
    "it has other answers": (
        with_patient(rows=[Row("a-1", DAY, 1, is_applied=True, answers=day(mood=2))]),
        "lost",
    ),
    "its newest word does not stand": (with_patient(days=OTHER, told=OTHER), "lost"),
    "it was acknowledged before a restore and not offered again": (
        replace(quiet(), epoch="two", restored=True, patients=with_patient(rows=[]).patients),
        "lost",
    ),
    "it was applied twice": (with_events({"at": 9.0, "what": "unread", **AGAIN}), "twice"),
    "it made two revisions": (
        with_patient(
            rows=[
                Row(name, DAY, 1, is_applied=True, answers=day(mood=6)) for name in ("a-1", "a-1.1")
            ]
        ),
        "twice",
    ),
    "it was refused and is there": (
        with_events({"at": 9.0, "what": "fail", **AGAIN, "status": "conflict"}),
        "other",
    ),
    "a server error": (with_events({"at": 9.0, **HTTP, "status": 500}), "errors"),
    "a 503 that does not say when": (with_events({"at": 9.0, **HTTP, "status": 503}), "errors"),
    "an answer without an epoch": (with_events({"at": 9.0, **HTTP, "Epoch": None}), "errors"),
    "an epoch that changed by itself": (with_events({"at": 9.0, **HTTP, "Epoch": "x"}), "other"),
    "another day is told than stands": (with_patient(told=OTHER), "other"),
    "a phone shows another day": (
        replace(quiet(), phones={"a": replace(quiet().phones["a"], shown=OTHER)}),
        "other",
    ),
    "a row nobody made": (
        with_patient(
            rows=[
                *quiet().patients["anna"].rows,
                Row("b-1", DAY, 2, is_applied=True, answers=day(mood=6)),
            ]
        ),
        "other",
    ),
    "a bystander was written about": (
        replace(quiet(), patients={**quiet().patients, "nobody": quiet().patients["anna"]}),
        "other",
    ),
    "rows that contradict each other": (with_patient(broken=["version 2, 1 applied"]), "other"),
    "a phone that died of it": (replace(quiet(), trouble=["p0a: KeyError"]), "other"),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_checker_finds(what: str) -> None:
    evidence, kind = WRONG[what]
    assert getattr(judge(evidence), kind) != []


@pytest.mark.parametrize(
    ("open_alerts", "is_found"),
    [([], True), (["normal"], True), (["high"] * 2, True), (["high"], False)],
)
def test_an_answer_that_did_not_reach_the_clinic_is_found(
    open_alerts: list[str], *, is_found: bool
) -> None:
    answers = {"mood": 6, "suicidal_thoughts": "often"}
    stands = {DAY: day(**answers)}
    row = Row("a-1", DAY, 1, is_applied=True, answers=day(**answers))
    patient = Patient([row], stands, stands, open_alerts)
    phone = Seen("anna", sent("a-1", "applied", 1, **answers), stands)
    nobody = Patient([], {}, {}, [])
    found = judge(Evidence({"anna": patient, "nobody": nobody}, {"a": phone}, "nobody", "one"))
    assert bool(found.other) is is_found
    assert found.lost + found.twice + found.errors == []
