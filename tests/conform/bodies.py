"""Rules of the form: problem documents, strict JSON, unknown fields, limits, what is foreign."""

from uuid import uuid4

from tests.conform.ground import BATCH, Ground, batch_of, entry, pulled
from tests.conform.rules import rule
from tests.conform.speaker import Answer, Speaker, expect


@rule("an error is a problem document: type, title, status, detail, instance")
def problem_documents(ground: Ground) -> None:
    nobody = Speaker(ground.me.url)
    for answer, wanted in (
        (ground.me.send("GET", "/v1/nowhere"), (404, "not-found")),
        (nobody.send("GET", "/v1/me/changes"), (401, "unauthenticated")),
        (ground.me.send("GET", BATCH, template="/v1/nowhere"), (405, "method-not-allowed")),
    ):
        expect("status and type", answer.problem, wanted)
        told = answer.json
        present = {"type", "title", "status", "detail", "instance"} <= told.keys()
        expect("all five members are there", present, True)


@rule("a 405 names the methods there are")
def allowed_methods(ground: Ground) -> None:
    answer = ground.me.send("GET", BATCH, template="/v1/nowhere")
    expect("POST in Allow", "POST" in answer.headers.get("Allow", ""), True)


@rule("JSON is read strictly: no NaN, no repeated key, nothing after the end, UTF-8 only")
def strict_json(ground: Ground) -> None:
    day = ground.day()
    for body in (
        b'{"mood": NaN}',
        b'{"mood": 1e400}',
        b'{"mood": 6, "mood": 7}',
        b'{"mood": 6} {}',
        b'{"note": "\xff"}',
        b'{"note": "\\u0000"}',
        b"[" * 5000,
        b"",
        b"{",
    ):
        answer = ground.put(day, body)
        expect(f"the type of a problem for {body[:20]!r}", answer.problem[0] in (400, 422), True)
    expect("nothing was stored", ground.get(day).status, 404)


@rule('values are not bent into shape: no 6.0, no "6", no true for a whole number')
def strict_values(ground: Ground) -> None:
    day = ground.day()
    for odd in (6.5, "6", True, [6], 11, -1):
        answer = ground.put(day, {"mood": odd})
        expect(f"the answer to mood {odd!r}", answer.problem, (422, "invalid"))
        expect("where", _pointers(answer), ["/mood"])
    expect("nothing was stored", ground.get(day).status, 404)


@rule("every fault is named at once, an unknown field is one")
def all_faults(ground: Ground) -> None:
    body = {"mood": 11, "energy": "x", "surprise": 1, "patient_id": str(uuid4())}
    answer = ground.put(ground.day(), body)
    expect("status and type", answer.problem, (422, "invalid"))
    expect("where", _pointers(answer), ["/energy", "/mood", "/patient_id", "/surprise"])


def _pointers(answer: Answer) -> list[str]:
    return sorted(fault["pointer"] for fault in answer.json["errors"])


@rule("a body that is no JSON by its own word is 415")
def media_type(ground: Ground) -> None:
    day = ground.day()
    answer = ground.put(day, entry(day), Content_Type="text/plain")
    expect("status and type", answer.problem, (415, "unsupported-media-type"))


@rule("400 items are taken as one batch, 401 are 413, and so is more than 1 MiB")
def limits(ground: Ground) -> None:
    day = ground.day()
    gone = [ground.item(f"many-{at}", day, 1) for at in range(401)]
    told = {result["status"] for result in ground.results(*gone[:400])}
    expect("what becomes of 400 edits of an absent day", told, {"gone"})
    expect("401 items", ground.batch(*gone).problem, (413, "too-large"))
    long = batch_of(ground.item("long", day), device_id="x" * 1_048_577)
    answer = ground.me.send("POST", BATCH, long)
    expect("1 MiB and more", answer.problem, (413, "too-large"))
    expect("nothing was stored", ground.get(day).status, 404)


@rule("what is somebody else's answers exactly as what is not there")
def foreign(ground: Ground) -> None:
    login = ground.other.send("GET", "/v1/me/logins").json["items"][0]["id"]
    answers = [
        ground.me.send("DELETE", f"/v1/me/logins/{named}", template="/v1/me/logins/{login_id}")
        for named in (login, uuid4())
    ]
    for answer in answers:
        expect("status and type", answer.problem, (404, "not-found"))
    told = [{**answer.json, "instance": None} for answer in answers]
    expect("the two documents", told[0], told[1])


@rule("what one patient writes, another is not told")
def apart(ground: Ground) -> None:
    _, cursor = pulled(ground.other)
    ground.results(ground.item("mine", ground.day()))
    items, _ = pulled(ground.other, cursor)
    told = ground.name("mine") in {item["op_id"] for item in items}
    expect("whether the other is told", told, False)
