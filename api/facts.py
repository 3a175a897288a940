"""Facts of a chart in the API: what a kind of fact is there, and the five things done to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import Schema

from api.auth import connection, now, principal
from api.chart_rows import claimed, entered, newest_first, preconditions, revision_tag
from api.fields import PageQuery, QueryFlag, Text
from api.preconditions import sent_base
from api.replies import page, reply
from care import facts, rows
from care.fact_kinds import Kind
from care.facts import Fact
from care.principal import Chart
from clinical.days import local_day


class VoidIn(Schema):
    """Why it was entered in error."""

    reason = Text(500, required=True, metadata={"description": "Why it was entered in error."})


class FactQuery(PageQuery):
    """How much of a list, and whether with what is void."""

    void = QueryFlag(
        load_default=False, metadata={"description": "Also what was entered in error."}
    )


class CurrentQuery(FactQuery):
    """The same, or of it only what holds today."""

    current = QueryFlag(load_default=False, metadata={"description": "Only what holds today."})


@dataclass(frozen=True, slots=True)
class Noun:
    """One kind of fact in the API: its words, its schemas, and what patients may do themselves.

    `own` names actions of ACTIONS; `derived` adds to a row what follows from it; `filled` gives a
    new fact what its sender left out.
    """

    kind: Kind
    one: str
    many: str
    sent: type[Schema]
    shown: type[Schema]
    page: type[Schema]
    changed: type[Schema] | None = None
    own: frozenset[str] = frozenset({"list"})
    derived: Callable[[Any], Mapping[str, Any]] = field(default=lambda _: {})
    filled: Callable[[Mapping[str, Any]], Mapping[str, Any]] = field(default=lambda given: given)


def shown(noun: Noun, row: Any) -> dict[str, Any]:
    """The fact as the API shows it."""
    derived = noun.derived(row)
    names = [name for name in noun.shown().fields if name not in derived]
    return {**{name: getattr(row, name) for name in names}, **derived}


def list_facts(noun: Noun, query: Mapping[str, Any], patient_id: UUID | None) -> Response:
    """A page of facts, newest first."""
    chart, table = entered(patient_id), noun.kind.table
    conditions = [] if query["void"] else [table.voided_at.is_(None)]
    if query.get("current") and noun.kind.current is not None:
        today = local_day(now(), chart.timezone, chart.days.day_boundary_minutes)
        conditions.append(noun.kind.current(today))
    found, following = newest_first(table, chart, query, *conditions)
    connection().commit()
    return page([shown(noun, row) for row in found], following)


def add_fact(noun: Noun, body: dict[str, Any], patient_id: UUID | None) -> Response:
    """A new fact; the same request with its key again is answered the same."""
    chart = entered(patient_id)
    fact_id, fresh = claimed(body)
    if fresh:
        facts.add(connection(), principal(), _fact(noun, chart, fact_id, body), now())
    return _answer(noun, chart, fact_id, 201)


def get_fact(noun: Noun, fact_id: UUID, patient_id: UUID | None) -> Response:
    """One fact, void or not."""
    return _answer(noun, entered(patient_id), fact_id)


def change_fact(
    noun: Noun, body: dict[str, Any], fact_id: UUID, patient_id: UUID | None
) -> Response:
    """Change what is sent."""
    chart = entered(patient_id)
    fact = _fact(noun, chart, fact_id, body)
    with preconditions():
        facts.change(connection(), principal(), fact, sent_base(), now())
    return _answer(noun, chart, fact_id)


def void_fact(noun: Noun, body: dict[str, Any], fact_id: UUID, patient_id: UUID | None) -> Response:
    """Mark as entered in error."""
    chart = entered(patient_id)
    fact = Fact(noun.kind, chart, fact_id, body)
    with preconditions():
        facts.void(connection(), principal(), fact, sent_base(), now())
    return _answer(noun, chart, fact_id)


def _fact(noun: Noun, chart: Chart, fact_id: UUID, body: dict[str, Any]) -> Fact:
    stood_by = frozenset(body.pop("confirmed", ()))
    given = noun.filled(body)
    if principal().patient is not None:
        return Fact(noun.kind, chart, fact_id, given, stood_by, "patient")
    return Fact(noun.kind, chart, fact_id, given, stood_by)


def _answer(noun: Noun, chart: Chart, fact_id: UUID, status: int = 200) -> Response:
    row = rows.find(connection(), noun.kind.table, chart, fact_id)
    connection().commit()
    return reply(shown(noun, row), status, etag=revision_tag(row))
