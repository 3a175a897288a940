"""A patient's safety plan: written by them alone, every version kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from care import rows, streams
from care.principal import Chart, Principal
from care.refusals import BaseMissing, Stale
from models.db import as_json
from models.safety_plan import SafetyPlan


def find(connection: Connection, chart: Chart) -> Any:
    """The plan as it is, None where none was written."""
    own = select(SafetyPlan).where(*rows.of_chart(SafetyPlan, chart))
    return connection.execute(own).one_or_none()


def write(
    connection: Connection,
    principal: Principal,
    plan: tuple[Chart, Mapping[str, Any], int | None],
    now: datetime,
) -> bool:
    """Store the plan whole; answers whether it is the first. The same again changes nothing.

    `plan` ends with the revision it is based on. Stale on another than the present one,
    BaseMissing where what is there would be replaced unseen.
    """
    chart, given, base = plan
    streams.lock(connection, chart)
    body, stored = as_json(dict(given)), find(connection, chart)
    if stored is not None and stored.body == body:
        return False
    revision = 0 if stored is None else stored.revision
    if base is not None and base != revision:
        raise Stale(revision)
    if base is None and stored is not None:
        raise BaseMissing(revision)
    if stored is None:
        stamp = {"created_at": now, "created_by": principal.membership_id}
        values = {**rows.key(chart, chart.patient_id), "body": body, "revision": 1, **stamp}
        connection.execute(insert(SafetyPlan).values(**values))
    else:
        change = update(SafetyPlan).where(*rows.of_chart(SafetyPlan, chart))
        connection.execute(change.values(body=body, revision=revision + 1))
    rows.note(connection, principal, "write", (chart, SafetyPlan, chart.patient_id), now)
    return stored is None
