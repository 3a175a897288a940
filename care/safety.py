"""Asks the safety rules of everything readable that a patient told, whatever became of the item.

In the transaction of the item itself, so that neither is without the other. Answers the card the
patient is to be shown, None where nothing fired. No answer of a patient is asked of twice: the same
item sent again raises nothing more, and shows the same card.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from care import streams
from care.alerts import Raising, raise_alert
from care.principal import Chart, Principal
from care.reviews import card_after_an_answer
from care.safety_history import answers_before, flagged_lately
from clinical import safety
from clinical.safety import SAFETY_EPISODE, SAFETY_RULES, Finding
from clinical.safety_card import SafetyCard

__all__ = ["DayAsked", "SafetyCard", "ScaleAsked", "ask_of_day", "ask_of_scale"]


@dataclass(frozen=True, slots=True)
class ScaleAsked:
    """A scale that was answered, wholly or in part. `key` names this sending of it."""

    chart: Chart
    assessment_id: UUID
    revision: int
    instrument: str
    items: tuple[int | None, ...] | None
    extra: Mapping[str, int | None]
    total: float | None
    local_date: date
    source: str
    key: str


@dataclass(frozen=True, slots=True)
class DayAsked:
    """A day's answers as far as they can be read. `outcome` is what became of them."""

    chart: Chart
    date: date
    answers: Mapping[str, Any]
    source: str
    key: str
    outcome: str


def ask_of_scale(
    connection: Connection, principal: Principal, asked: ScaleAsked, now: datetime
) -> SafetyCard | None:
    """Raise what a scale's answers fire; the caller commits."""
    found = safety.of_scale(asked.instrument, asked.items, asked.extra, asked.total)
    own = [replace(one, episode=one.episode or f"S1:{asked.assessment_id}") for one in found]
    if not own:
        return None
    streams.lock(connection, asked.chart)
    where = {
        "assessment_id": asked.assessment_id,
        "date": asked.local_date,
        "source": asked.source,
    }
    return _raise(connection, principal, (asked, own, where), now)


def ask_of_day(
    connection: Connection, principal: Principal, asked: DayAsked, now: datetime
) -> SafetyCard | None:
    """Raise what a day's answers fire; the caller commits. What cannot fire reads nothing."""
    answer = asked.answers.get("suicidal_thoughts")
    if not safety.may_fire(answer):
        return None
    streams.lock(connection, asked.chart)
    lately = flagged_lately(connection, asked.chart, now)
    before = answers_before(connection, asked.chart, asked.date)
    found = safety.of_daily_answer(answer, before, lately)
    where = {"date": asked.date, "source": asked.source, "outcome": asked.outcome}
    return _raise(connection, principal, (asked, found, where), now)


def _raise(
    connection: Connection,
    principal: Principal,
    told: tuple[ScaleAsked | DayAsked, Sequence[Finding], dict[str, Any]],
    now: datetime,
) -> SafetyCard | None:
    asked, found, where = told
    for finding in found:
        one = _without_urgency(finding) if asked.source == "import" else finding
        raise_alert(connection, principal, Raising(asked.chart, one, asked.key, where), now)
    if not any(finding.rule in SAFETY_RULES for finding in found):
        return None
    return card_after_an_answer(connection, asked.chart, now)


def _without_urgency(finding: Finding) -> Finding:
    """What a file of the past tells: it is looked at, and nobody is called out of bed for it."""
    return replace(finding, severity="low", episode=SAFETY_EPISODE)
