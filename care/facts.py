"""Facts of a chart: added, changed and voided; one path for every kind (care/fact_kinds.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, insert, update

from care import rows, streams
from care.fact_kinds import Kind
from care.life import Life, life
from care.principal import Chart, Principal
from care.refusals import Conflict, Fault, Invalid, Questions
from clinical.days import local_day


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said about a patient; `given` holds columns by name, or the reason of a void.

    `confirmed` are the JSON pointers of unlikely values the sender stands by.
    """

    kind: Kind
    chart: Chart
    id: UUID
    given: Mapping[str, Any]
    confirmed: frozenset[str] = frozenset()
    source: Literal["staff", "patient", "import"] = "staff"


def add(connection: Connection, principal: Principal, fact: Fact, now: datetime) -> None:
    """A new fact; Invalid with every fault, then Questions."""
    streams.lock(connection, fact.chart)
    told = {name: fact.given.get(name) for name in fact.kind.columns}
    _check(connection, fact, told, now)
    row: dict[str, Any] = {**rows.key(fact.chart, fact.id), **told}
    row |= {"created_at": now, "created_by": principal.membership_id}
    if "source" in fact.kind.table.__table__.columns:
        row["source"] = fact.source
    connection.execute(insert(fact.kind.table).values(**row))
    _written(connection, principal, "create", fact, now)


def change(
    connection: Connection, principal: Principal, fact: Fact, base: int | None, now: datetime
) -> None:
    """Change what is given; what is as it was writes nothing.

    Whoever replaces a value names the revision they saw: Stale, BaseMissing otherwise. Conflict
    for a void fact, and for words that are somebody else's: a patient's are changed by nobody but
    the patient, and the patient changes no others.
    """
    streams.lock(connection, fact.chart)
    stored = rows.find(connection, fact.kind.table, fact.chart, fact.id)
    if stored.voided_at is not None:
        raise Conflict("This was entered in error and is void: it is changed no more.")
    if (principal.role == "patient") != (stored.source == "patient"):
        raise Conflict("Somebody else's words: only who entered them may change them.")
    told = {name: getattr(stored, name) for name in fact.kind.columns} | dict(fact.given)
    if all(value == getattr(stored, name) for name, value in told.items()):
        return
    rows.refuse_unseen(stored, fact.given, base)
    _check(connection, fact, told, now)
    _update(connection, fact, dict(fact.given))
    _written(connection, principal, "change", fact, now)


def void(
    connection: Connection, principal: Principal, fact: Fact, base: int | None, now: datetime
) -> None:
    """Mark a fact as entered in error, for the `reason` given; it stays, and counts nowhere.

    Again, it changes nothing: the first reason stands. Stale on any base but the present revision;
    Conflict for a patient who would void what others entered.
    """
    streams.lock(connection, fact.chart)
    stored = rows.find(connection, fact.kind.table, fact.chart, fact.id)
    if principal.role == "patient" and stored.source != "patient":
        raise Conflict("Somebody else's words: ask the clinic to void them.")
    if stored.voided_at is not None:
        return
    rows.refuse_unseen(stored, {}, base)
    marks = {"voided_at": now, "voided_by": principal.membership_id}
    _update(connection, fact, marks | {"void_reason": fact.given["reason"]})
    _written(connection, principal, "void", fact, now)


def _check(connection: Connection, fact: Fact, told: Mapping[str, Any], now: datetime) -> None:
    """Invalid, then Questions, about the fact as it would stand."""
    kind, chart = fact.kind, fact.chart
    faults = _date_faults(fact, told, life(connection, chart, now))
    faults += kind.faults(connection, chart, told)
    if faults:
        raise Invalid(faults)
    asked = [
        question
        for question in kind.questions(connection, chart, told)
        if question.pointer.removeprefix("/") in fact.given
        and question.pointer not in fact.confirmed
    ]
    if asked:
        raise Questions(asked)


def _date_faults(fact: Fact, told: Mapping[str, Any], lived: Life) -> list[Fault]:
    faults = []
    for name in fact.kind.days:
        faults += lived.faults(f"/{name}", _local(told[name], fact.chart))
    if fact.kind.span is None:
        return faults
    first, last = (told[name] for name in fact.kind.span)
    if first is not None and last is not None and last < first:
        since, until = fact.kind.span
        faults.append(Fault(f"/{until}", f"Must not be before `{since}`."))
    return faults


def _local(when: date | None, chart: Chart) -> date | None:
    """A day as it is, an instant as the patient's day of it."""
    if isinstance(when, datetime):
        return local_day(when, chart.timezone, chart.days.day_boundary_minutes)
    return when


def _update(connection: Connection, fact: Fact, values: dict[str, Any]) -> None:
    table = fact.kind.table
    mine = (*rows.of_chart(table, fact.chart), table.id == fact.id)
    connection.execute(update(table).where(*mine).values(revision=table.revision + 1, **values))


def _written(
    connection: Connection, principal: Principal, action: str, fact: Fact, now: datetime
) -> None:
    if fact.kind.moves_summaries:
        streams.advance_inputs(connection, fact.chart)
    rows.note(connection, principal, action, (fact.chart, fact.kind.table, fact.id), now)
