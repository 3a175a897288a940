"""Rules of a batch: each status, one by one, and what a batch as a whole may be refused for."""

from typing import Any

from tests.conform.ground import BATCH, Ground, batch_of, entry
from tests.conform.rules import rule
from tests.conform.speaker import expect


def _statuses(results: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in results]


@rule("each item is answered in its place, one bad item sinks no other")
def places(ground: Ground) -> None:
    one, two = ground.day(), ground.day()
    bad = ground.item("bad", two) | {"mood": 11, "surprise": 1}
    results = ground.results(ground.item("first", one), bad, None, ground.item("last", two))
    expect("statuses", _statuses(results), ["applied", "rejected", "rejected", "applied"])
    names = [one["op_id"] for one in results]
    wanted = [ground.name("first"), ground.name("bad"), None, ground.name("last")]
    expect("names", names, wanted)
    pointers = sorted(fault["pointer"] for fault in results[1]["problem"]["errors"])
    expect("what is wrong with the bad one", pointers, ["/mood", "/surprise"])
    expect("the ETag of the first", results[0]["etag"], ground.get(one).etag)


@rule("applied, then duplicate: under its own name whatever its base, and for equal answers")
def duplicates(ground: Ground) -> None:
    day = ground.day()
    expect("first", _statuses(ground.results(ground.item("once", day))), ["applied"])
    again = [ground.item("once", day), ground.item("once", day, 7), ground.item("equal", day)]
    results = ground.results(*again)
    expect("again", _statuses(results), ["duplicate"] * 3)
    expect("revisions", [one["revision"] for one in results], [1, 1, 1])


@rule("mismatch: a name that was used for something else")
def mismatch(ground: Ground) -> None:
    day = ground.day()
    ground.results(ground.item("used", day))
    results = ground.results(ground.item("used", day, mood=1), ground.item("used", ground.day()))
    expect("statuses", _statuses(results), ["mismatch"] * 2)
    expect("why", results[0]["problem"]["type"], "/problems/key-reused")


@rule("conflict: with the stored day and who gave each answer; it stays one")
def conflict(ground: Ground) -> None:
    day = ground.day()
    ground.results(ground.item("base", day, mood=6, energy=2))
    ground.results(ground.item("won", day, 1, mood=4, energy=2))
    for told in ("at first", "again"):
        [result] = ground.results(ground.item("lost", day, 1, mood=9))
        expect(told, (result["status"], result["revision"]), ("conflict", 2))
        current = result["current"]
        expect("the stored day", (current["mood"], current["revision"]), (4, 2))
        touched = {key: one["op_id"] for key, one in current["touched"].items()}
        wanted = {"mood": ground.name("won"), "energy": ground.name("base")}
        expect("who gave each answer", touched, wanted)


@rule("gone: an edit or a deletion of what is not there; its name stays free")
def gone(ground: Ground) -> None:
    day = ground.day()
    deletion = {"op_id": ground.name("no"), "date": day, "base_revision": 1, "delete": True}
    expect("gone", _statuses(ground.results(ground.item("late", day, 3), deletion)), ["gone"] * 2)
    expect("then", _statuses(ground.results(ground.item("late", day))), ["applied"])


@rule("two items of one day are decided one after the other")
def in_order(ground: Ground) -> None:
    day = ground.day()
    deletion = {"op_id": ground.name("del"), "date": day, "base_revision": 2, "delete": True}
    results = ground.results(
        ground.item("x1", day),
        ground.item("x2", day, 1, mood=4),
        ground.item("x3", day, 1, mood=5),
        deletion,
        ground.item("x4", day, 3, mood=9),
    )
    wanted = ["applied", "applied", "conflict", "applied", "applied"]
    expect("statuses", _statuses(results), wanted)
    expect("what stands", ground.get(day).json["mood"], 9)


@rule("a base learnt from another history matches nothing; a known name is known all the same")
def other_history(ground: Ground) -> None:
    day = ground.day()
    ground.results(ground.item("h1", day))
    results = ground.results(
        ground.item("h2", day, 1, mood=2),
        ground.item("h3", ground.day(), 1),
        ground.item("h1", day, 1),
        epoch="another history",
    )
    expect("statuses", _statuses(results), ["conflict", "gone", "duplicate"])


@rule("a wrong envelope is refused whole, and nothing of it is stored")
def envelope(ground: Ground) -> None:
    day = ground.day()
    good = batch_of(ground.item("whole", day))
    wrongs: tuple[dict[str, Any], ...] = (
        {"device_id": ""},
        {"epoch": 7},
        {"sent_at": "now"},
        {"items": {}},
        {"x": 1},
    )
    for wrong in wrongs:
        answer = ground.me.send("POST", BATCH, good | wrong)
        expect(f"with {wrong}", answer.problem, (422, "invalid"))
    expect("nothing was stored", ground.get(day).status, 404)


@rule("a PUT and a batch know each other's names")
def one_namespace(ground: Ground) -> None:
    day = ground.day()
    ground.put(day, entry(day), Idempotency_Key=ground.name("shared"))
    expect("sent again", _statuses(ground.results(ground.item("shared", day))), ["duplicate"])
