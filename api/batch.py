"""POST /v1/me/checkins/batch: what a phone kept while it had no network, each with its result."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from api.auth import connection, now, principal, services
from api.batch_items import MOST_ITEMS, BatchIn, BatchOut, Envelope, read_item
from api.bodies import read_json
from api.entries import stored, tag
from api.heard_day import hear_batch_all_the_same, items_asked
from api.problems import Problem, document, fault_list
from api.replies import reply
from api.routes import Routes, load
from api.safety_card import shown_card
from care import access, batch, origins, safety
from care.batch import Postponed, Refused, Result
from care.origins import Origin
from care.principal import Chart
from care.protocol import APPLYING, Operation, Outcome, Verdict
from care.refusals import Invalid

blp = Routes("check-ins kept offline", "Many days sent together, and each answered by itself.")

_ENVELOPE = Envelope()
_STATUS = {
    **dict.fromkeys(APPLYING, "applied"),
    Verdict.REPLAYED: "duplicate",
    Verdict.DUPLICATE: "duplicate",
    Verdict.CONFLICT: "conflict",
    Verdict.KNOWN_CONFLICT: "conflict",
    Verdict.GONE: "gone",
    Verdict.ABSENT: "gone",
    Verdict.MISMATCH: "mismatch",
}
_WHY = {
    "mismatch": ("key-reused", "This op_id was sent before with other contents."),
    "retry": ("unavailable", "This one could not be stored now; the others are. Send it again."),
}


@blp.serve(
    "POST",
    "/v1/me/checkins/batch",
    "own_checkins.write",
    problems=("unreadable", "unsupported-media-type", "invalid"),
    is_repeatable=True,  # every item has an op_id
    requestBody={"required": True, "content": {"application/json": {"schema": BatchIn}}},
)
@blp.response(200, BatchOut)
def send_batch() -> Response:
    """Store the days a phone kept. Each item has a result of its own, in the order they were sent;
    one that is refused keeps no other from being stored.

    Decided as a PUT is: a known op_id is answered as before, equal answers change nothing, then the
    base must be the stored revision. `epoch` names the history the bases were learnt from: under
    another one no base matches. An answer of suicidal thoughts that says less than the stored one
    needs `confirmed_lower`. Whatever becomes of an item, what it says of suicidal thoughts reaches
    the clinic.
    """
    chart = access.own_chart(principal())
    try:
        raw = read_json(request, apart="items")
        told = _envelope(raw)
        read = [_read(item, chart, told) for item in told["items"]]
        results = _carry_out(read, told["epoch"])
        asked = items_asked(chart, told["items"], [_outcome(one) for one in results])
        cards = [safety.ask_of_day(connection(), principal(), one, now()) for one in asked]
        origin = origins.of_days(connection(), chart, _conflicting(read, results))
        connection().commit()
    except Exception:
        hear_batch_all_the_same(chart)
        raise
    card = next((one for one in reversed(cards) if one is not None), None)
    body = [
        {**_named(item), **_result(operation, result, origin)}
        for item, operation, result in zip(told["items"], read, results, strict=True)
    ]
    return reply({"results": body, "safety_card": shown_card(card)})


def _envelope(raw: Any) -> dict[str, Any]:
    items = raw.get("items") if isinstance(raw, Mapping) else None
    if isinstance(items, list) and len(items) > MOST_ITEMS:
        raise Problem("too-large", f"A batch may have at most {MOST_ITEMS} items: send two.")
    return load(_ENVELOPE, raw)


def _read(item: Any, chart: Chart, told: Mapping[str, Any]) -> Operation | Refused:
    try:
        return read_item(item, chart, told)
    except Invalid as invalid:
        return Refused(invalid.faults)


def _carry_out(read: Sequence[Operation | Refused], epoch: str | None) -> list[Result]:
    ours = services().database.epoch()
    operations = [
        batch.of_this_history(one, epoch, ours) for one in read if isinstance(one, Operation)
    ]
    results = iter(batch.carry_out(connection(), principal(), operations, now()))
    return [one if isinstance(one, Refused) else next(results) for one in read]


def _outcome(result: Result) -> Outcome | None:
    return result if isinstance(result, Outcome) else None


def _conflicting(read: Sequence[Operation | Refused], results: Sequence[Result]) -> list[Any]:
    return [
        operation.entry.date
        for operation, result in zip(read, results, strict=True)
        if isinstance(operation, Operation)
        and isinstance(result, Outcome)
        and _STATUS[result.verdict] == "conflict"
    ]


def _named(item: Any) -> dict[str, str | None]:
    """An item's own name and day, as far as they can be read and said again."""
    told = item if isinstance(item, Mapping) else {}
    return {name: _sayable(told.get(name)) for name in ("op_id", "date")}


def _sayable(value: Any) -> str | None:
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else None


def _result(
    operation: Operation | Refused, result: Result, origin: Mapping[Any, Origin]
) -> dict[str, Any]:
    if isinstance(result, Refused) or not isinstance(operation, Operation):
        faults = list(result.faults) if isinstance(result, Refused) else []
        problem = document("invalid", Invalid(faults).detail, fault_list(faults))
        return _told("rejected") | {"problem": problem}
    if isinstance(result, Postponed):
        return _told("retry")
    status = _STATUS[result.verdict]
    if result.day is None or status in ("gone", "mismatch"):
        return _told("gone" if status == "conflict" else status)
    revision = result.day["revision"]
    shown = {"revision": revision, "etag": f'"{tag(revision, result.anchor)}"'}
    if status == "conflict":
        shown["current"] = _current(origin[operation.entry.date])
    return _told(status) | shown


def _told(status: str) -> dict[str, Any]:
    problem = document(*_WHY[status]) if status in _WHY else None
    nothing = dict.fromkeys(("revision", "etag", "current"))
    return {"status": status, **nothing, "problem": problem}


def _current(origin: Origin) -> dict[str, Any]:
    return {**stored(origin.day), "op_id": origin.op_id, "touched": origin.touched}
