"""Rules of one day: its ETag, and the order in which a PUT and a DELETE are decided."""

from tests.conform.ground import Ground
from tests.conform.rules import rule
from tests.conform.speaker import expect


@rule("a new day is 201, and its ETag is the one a GET shows; If-None-Match then answers 304")
def etags(ground: Ground) -> None:
    day = ground.day()
    stored = ground.put(day)
    expect("the status of a new day", stored.status, 201)
    read = ground.get(day)
    expect("the ETag", read.etag, stored.etag)
    expect("the day", read.json, stored.json)
    unchanged = ground.get(day, If_None_Match=stored.etag)
    expect("If-None-Match", (unchanged.status, unchanged.body), (304, b""))


@rule("equal answers change nothing, whatever stands in If-Match")
def repeated(ground: Ground) -> None:
    day = ground.day()
    stored = ground.put(day)
    for headers in ({}, {"If_Match": '"r9.00000000"'}, {"If_None_Match": "*"}):
        again = ground.put(day, **headers)
        expect("status", again.status, 200)
        expect("the ETag", again.etag, stored.etag)


@rule("other answers need If-Match: without it 428, with an old one 412 and the present state")
def preconditions(ground: Ground) -> None:
    day = ground.day()
    stored = ground.put(day)
    bare = ground.put(day, {"mood": 3})
    expect("without If-Match", bare.problem, (428, "precondition-required"))
    expect("the ETag beside it", bare.etag, stored.etag)
    changed = ground.put(day, {"mood": 3}, If_Match=stored.etag)
    expect("with it", (changed.status, changed.json["revision"]), (200, 2))
    stale = ground.put(day, {"mood": 4}, If_Match=stored.etag)
    expect("with an old one", stale.problem, (412, "precondition-failed"))
    expect("the present state", stale.json["current"]["mood"], 3)
    star = ground.put(day, {"mood": 5}, If_None_Match="*")
    expect("If-None-Match: * on a stored day", star.problem, (412, "precondition-failed"))
    absent = ground.put(ground.day(), If_Match=changed.etag)
    expect("If-Match on an absent day", absent.problem, (412, "precondition-failed"))


@rule("a known key is answered as before, whatever came since; with other contents it is 422")
def keys(ground: Ground) -> None:
    day, name = ground.day(), ground.name("key")
    first = ground.put(day, Idempotency_Key=name)
    ground.put(day, {"mood": 2}, If_Match=first.etag)
    again = ground.put(day, Idempotency_Key=name)
    expect("the same answer", (again.status, again.json), (201, first.json))
    expect("what is stored", ground.get(day).json["mood"], 2)
    other = ground.put(day, {"mood": 9}, Idempotency_Key=name)
    expect("other contents", other.problem, (422, "key-reused"))


@rule("a deletion leaves a tombstone, whose revision counts on")
def deletions(ground: Ground) -> None:
    day = ground.day()
    stored = ground.put(day)
    expect("without If-Match", ground.delete(day).problem, (428, "precondition-required"))
    deleted = ground.delete(day, If_Match=stored.etag)
    expect("a deletion", (deleted.status, deleted.etag[:4]), (204, '"r2.'))
    expect("a deleted day", ground.get(day).status, 404)
    expect("deleted again", ground.delete(day).status, 204)
    expect("logged again", ground.put(day).problem, (428, "precondition-required"))
    over = ground.put(day, If_Match=deleted.etag)
    expect("upon the tombstone", (over.status, over.json["revision"]), (201, 3))
    expect("an absent day", ground.delete(ground.day()).status, 404)
