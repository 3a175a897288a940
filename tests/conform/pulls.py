"""Rules of the cursor: what a pull tells, in which order, and which cursors are taken."""

from typing import Any

from tests.conform.ground import CHANGES, Ground, pulled
from tests.conform.rules import rule
from tests.conform.speaker import expect

DERIVED = {"session_id", "day_offset", "pre_dose"}


def _told(ground: Ground, cursor: str, limit: int = 200) -> tuple[list[Any], str]:
    """What is told of this run's own days: the patient may be writing others at the same time."""
    items, after = pulled(ground.me, cursor, limit)
    return [item for item in items if item["date"] in ground.used], after


@rule("a pull tells what changed since, oldest change first, each day as it is now")
def changes(ground: Ground) -> None:
    _, cursor = pulled(ground.me)
    one, two = ground.day(), ground.day()
    ground.results(
        ground.item("c1", one), ground.item("c2", two), ground.item("c3", one, 1, mood=1)
    )
    items, after = _told(ground, cursor)
    expect("days", [item["date"] for item in items], [two, one])
    expect(
        "who made them so",
        [item["op_id"] for item in items],
        [ground.name("c2"), ground.name("c3")],
    )
    expect("derived fields", DERIVED & items[0].keys(), set())
    expect("told again later", len(_told(ground, after)[0]), 0)


@rule("a deletion is told as a tombstone without answers")
def tombstones(ground: Ground) -> None:
    day = ground.day()
    stored = ground.put(day, {"mood": 4, "note": "x"})
    _, cursor = pulled(ground.me)
    ground.delete(day, If_Match=stored.etag)
    items, _ = _told(ground, cursor)
    expect("how many", len(items), 1)
    item = items[0]
    told = (item["date"], item["deleted"], item["mood"], item["note"], item["recorded_at"])
    expect("the tombstone", told, (day, True, None, None, None))


@rule("pages continue one another, and end")
def pages(ground: Ground) -> None:
    _, cursor = pulled(ground.me)
    days = [ground.day() for _ in range(5)]
    ground.results(*[ground.item(f"page-{at}", day) for at, day in enumerate(days)])
    items, _ = _told(ground, cursor, 2)
    expect("days", [item["date"] for item in items], days)
    for limit in ("0", "201", "x"):
        answer = ground.me.send("GET", CHANGES, query={"limit": limit})
        expect(f"limit={limit}", answer.problem, (422, "invalid"))


@rule("a cursor that was forged, cut or is somebody else's is 400")
def cursors(ground: Ground) -> None:
    ground.put(ground.day())
    _, cursor = pulled(ground.me)
    middle = len(cursor) // 2
    flipped = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    _, theirs = pulled(ground.other)
    for sent in ("x", cursor[:-1], cursor[:10], cursor + "A", flipped, theirs):
        answer = ground.me.send("GET", CHANGES, query={"cursor": sent})
        expect("status and type", answer.problem, (400, "bad-cursor"))


@rule("every answer named the server's history in Epoch, and always the same")
def epoch(ground: Ground) -> None:
    speakers = (ground.me, ground.other)
    expect("answers without it", [where for one in speakers for where in one.unnamed][:3], [])
    expect("how many epochs", len({name for one in speakers for name in one.epochs}), 1)


@rule("every answer was what openapi.yaml promises")
def contract(ground: Ground) -> None:
    speakers = (ground.me, ground.other)
    expect(
        "answers that were not", [one for speaker in speakers for one in speaker.unpromised][:3], []
    )
