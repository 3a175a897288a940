"""GET /v1/me/changes: what changed in one's own days since the last time one asked."""

from typing import Any

import orjson
import structlog
from flask import Response
from marshmallow import Schema, fields

from api.answers import ChangedDay
from api.auth import connection, principal, services
from api.entries import stored
from api.fields import QueryWhole
from api.problems import Problem
from api.replies import reply
from api.routes import Routes
from care import access, changes
from care.changes import MustRefetch, Position, RolledBack
from care.principal import Chart
from models.engine import restart_for_writing
from models.epoch import new_epoch

blp = Routes("changes", "What others did to one's own days.")

MOST_CHANGES = 200


class ChangesQuery(Schema):
    """Where to go on, and how far."""

    cursor = fields.String(
        load_default=None,
        metadata={"description": "The `next` of your last answer; without it from the start."},
    )
    limit = QueryWhole(1, MOST_CHANGES, load_default=MOST_CHANGES)


class ChangesOut(Schema):
    """Changed days, oldest change first; `next` is for the next time, too."""

    items = fields.List(fields.Nested(ChangedDay), required=True)
    next = fields.String(required=True)
    more = fields.Boolean(required=True)


@blp.serve(
    "GET",
    "/v1/me/changes",
    "own_checkins.read",
    problems=("bad-cursor", "must-refetch"),
)
@blp.arguments(ChangesQuery, location="query")
@blp.response(200, ChangesOut)
def list_changes(query: dict[str, Any]) -> Response:
    """The days changed since the cursor, each as it is now, deleted ones as tombstones; without a
    cursor all of them. A day is told again whenever it changed again."""
    chart = access.own_chart(principal())
    since = None if query["cursor"] is None else _opened(query["cursor"], chart)
    try:
        found = changes.read(connection(), chart, since, query["limit"])
    except RolledBack:
        _begin_another_history()
        raise
    connection().commit()
    items = [{**stored(day), "op_id": day["op_id"]} for day in found.items]
    return reply({"items": items, "next": _sealed(found.reached, chart), "more": found.more})


def _begin_another_history() -> None:
    """The disk is older than it was and nobody said so: let every phone offer again what it has."""
    structlog.get_logger().error("history rolled back")
    restart_for_writing(connection())
    new_epoch(connection())
    connection().commit()
    services().database.epoch.forget()


def _sealed(reached: Position, chart: Chart) -> str:
    told = [
        chart.patient_id.hex,
        services().database.epoch(),
        reached.version,
        reached.floor,
        reached.mark,
    ]
    return services().keys.sealed_position(orjson.dumps(told))


def _opened(cursor: str, chart: Chart) -> Position:
    told = services().keys.opened_position(cursor)
    patient, epoch, *position = (None, None) if told is None else orjson.loads(told)
    if patient != chart.patient_id.hex:
        raise Problem("bad-cursor", "Not a cursor of yours: send the `next` of your last answer.")
    if epoch != services().database.epoch():
        raise MustRefetch("The server's history is another one: read from the start.")
    return Position(*position)
