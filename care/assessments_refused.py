"""The readable answers of an assessment that was refused, put to the safety rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from care import instruments, rows, safety, streams
from care.principal import Chart, Principal
from care.safety import SafetyCard, ScaleAsked
from clinical.assessment_answers import readable_extra, readable_items
from clinical.days import local_day
from clinical.instruments import Instrument
from models.assessment import Assessment
from models.db import new_id


@dataclass(frozen=True, slots=True)
class Refused:
    """`body` is what was sent, of an assessment that was to be changed or, without one, of a new
    one; `digest` names the body, and `name` is the sender's own for the request, if there is one.
    """

    chart: Chart
    assessment_id: UUID | None
    body: Mapping[str, Any]
    digest: str
    name: str | None


def ask(
    connection: Connection, principal: Principal, refused: Refused, now: datetime
) -> SafetyCard | None:
    """What the rules say of every answer that could be read; None where none could.

    The day is the patient's today: the one that was sent may be what was wrong.
    """
    chart, assessment_id, told = refused.chart, refused.assessment_id, refused.body
    streams.lock(connection, chart)
    scale = _scale(connection, chart, assessment_id, told)
    if scale is None:
        return None
    items = readable_items(scale, told.get("items"))
    extra = readable_extra(scale, told.get("extra"))
    if not extra and not any(_is_told(scale, items or ())):
        return None
    name = refused.name and safety.name_of(principal, refused.name, assessment_id)
    asked = ScaleAsked(
        chart=chart,
        assessment_id=assessment_id or new_id(),
        revision=0,
        instrument=scale.key,
        items=items,
        extra=extra,
        total=None,
        local_date=local_day(now, chart.timezone, chart.days.day_boundary_minutes),
        source="app" if principal.role == "patient" else "staff",
        key=f"refused:{refused.digest}" if name is None else name,
        # The name given to another body is no replay: what that one tells is heard.
        sent=None if name is None else f"{name}:{refused.digest}",
    )
    return safety.ask_of_scale(connection, principal, asked, now)


def _scale(
    connection: Connection, chart: Chart, assessment_id: UUID | None, told: Mapping[str, Any]
) -> Instrument | None:
    """The scale the body names, or that of the assessment it would change."""
    known = instruments.own(connection, chart.clinic_id)
    if assessment_id is None:
        named = told.get("instrument")
        return known.get(named) if isinstance(named, str) else None
    mine = (*rows.of_chart(Assessment, chart), Assessment.id == assessment_id)
    stored = connection.scalars(select(Assessment.instrument).where(*mine)).one_or_none()
    return None if stored is None else known.get(stored)


def _is_told(scale: Instrument, items: Sequence[int | None]) -> Iterator[bool]:
    """Which answers that are never imputed could be read: without one, a repeat is awaited."""
    for item, value in zip(scale.items, items, strict=False):
        yield item.never_imputed and value is not None
