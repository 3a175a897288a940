"""Asks the safety rules of everything readable that a patient told, whatever became of the item.

In the transaction of the item itself, so that neither is without the other. Answers the card the
patient is to be shown, None where nothing fired. No answer of a patient is asked of twice: the same
item sent again raises nothing more, and shows the same card.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from care import instruments, streams
from care.alerts import Raising, raise_alert
from care.principal import Chart, Principal
from care.reviews import card_after_an_answer
from care.safety_history import (
    answers_before,
    days_before,
    flagged_lately,
    is_open_since,
    scores_before,
)
from clinical import safety, safety_effects, safety_scales
from clinical.instruments import INSTRUMENTS
from clinical.safety import SAFETY_EPISODE, SAFETY_RULES, Finding
from clinical.safety_card import SafetyCard

__all__ = ["DayAsked", "SafetyCard", "ScaleAsked", "ask_of_day", "ask_of_scale", "may_fire"]

# A form that was refused is put right and sent again within this (u).
AGAIN_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ScaleAsked:
    """A scale that was answered, wholly or in part; `revision` 0: it was refused.

    `key` names what was said and `sent` this sending of it (care/alerts.py, Raising).
    """

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
    sent: str | None = None


@dataclass(frozen=True, slots=True)
class DayAsked:
    """A day's answers as far as they can be read. `outcome` is what became of them.

    `key` names what was said and `sent` this sending of it (care/alerts.py, Raising).
    """

    chart: Chart
    date: date
    answers: Mapping[str, Any]
    source: str
    key: str
    outcome: str
    sent: str | None = None


def name_of(principal: Principal, key: str, changed: UUID | None) -> str:
    """What answers are known by that came under this Idempotency-Key, about a new scale or the one
    that they would change."""
    return f"named:{principal.membership_id}:{changed or ''}:{key}"


def ask_of_scale(
    connection: Connection, principal: Principal, asked: ScaleAsked, now: datetime
) -> SafetyCard | None:
    """Raise what a scale's answers fire; the caller commits."""
    found = _of_scale(connection, asked)
    has_rules = safety_scales.has_rules(asked.instrument) and asked.source != "import"
    if not found and not has_rules:
        return None
    streams.lock(connection, asked.chart)
    if has_rules:
        about = (asked.assessment_id, asked.instrument, asked.local_date)
        earlier = scores_before(connection, asked.chart, about)
        found += safety_scales.of_score(asked.instrument, asked.items, asked.total, earlier)
    own = [_of_its_own(connection, principal, (asked, one), now) for one in found]
    where = {
        "assessment_id": asked.assessment_id,
        "date": asked.local_date,
        "source": asked.source,
    }
    return _raise(connection, principal, (asked, own, where), now)


def _of_its_own(
    connection: Connection, principal: Principal, told: tuple[ScaleAsked, Finding], now: datetime
) -> tuple[Finding, bool]:
    """A finding without an episode is an alert of its own: of this scale alone. And whether it is
    quiet: the answers of a form that was refused, sent again by the same person, are no others."""
    asked, finding = told
    if finding.episode:
        return finding, False
    said = repr((asked.instrument, asked.items, sorted(asked.extra.items())))
    digest = hashlib.sha256(f"{principal.membership_id}|{said}".encode()).hexdigest()[:32]
    refused = f"{finding.rule}:refused:{digest}"
    is_again = is_open_since(connection, asked.chart, refused, now - AGAIN_WITHIN)
    if is_again or not asked.revision:
        return replace(finding, episode=refused), is_again
    return replace(finding, episode=f"{finding.rule}:{asked.assessment_id}"), False


def _of_scale(connection: Connection, asked: ScaleAsked) -> list[Finding]:
    """By the scale as it is shipped, else by the clinic's own: its file may leave out what ours
    says of safety."""
    told = (asked.items, asked.extra, asked.total)
    shipped = INSTRUMENTS.get(asked.instrument)
    found = [] if shipped is None else list(safety.of_scale(shipped, *told))
    if found:
        return found
    own = instruments.own(connection, asked.chart.clinic_id).get(asked.instrument)
    return [] if own is None else list(safety.of_scale(own, *told))


def _offered(connection: Connection, chart: Chart, found: Sequence[Finding]) -> str | None:
    """The screener, after an answer that calls for it, where the clinic has loaded its wording."""
    if not any(finding.rule == "S2" for finding in found):
        return None
    own = instruments.own(connection, chart.clinic_id).get(safety.CSSRS)
    is_worded = own is not None and own.own and all(item.text for item in own.items)
    return safety.CSSRS if is_worded else None


def may_fire(answers: Mapping[str, Any]) -> bool:
    """Whether a day's answers can fire any rule: most days cannot, and cost nothing."""
    thoughts = answers.get("suicidal_thoughts")
    return safety.may_fire(thoughts) or safety_effects.may_fire(safety_effects.told_of(answers))


def ask_of_day(
    connection: Connection, principal: Principal, asked: DayAsked, now: datetime
) -> SafetyCard | None:
    """Raise what a day's answers fire; the caller commits. What cannot fire reads nothing."""
    if not may_fire(asked.answers):
        return None
    streams.lock(connection, asked.chart)
    found: list[Finding] = []
    answer = asked.answers.get("suicidal_thoughts")
    if safety.may_fire(answer):
        lately = flagged_lately(connection, asked.chart, now)
        before = answers_before(connection, asked.chart, asked.date)
        found += safety.of_daily_answer(answer, before, lately)
    today = safety_effects.told_of(asked.answers)
    if safety_effects.may_fire(today) and asked.source != "import":
        earlier = days_before(connection, asked.chart, asked.date)
        found += safety_effects.of_effects(today, earlier)
    where = {"date": asked.date, "source": asked.source, "outcome": asked.outcome}
    told = [(one, False) for one in found]
    return _raise(connection, principal, (asked, told, where), now)


def _raise(
    connection: Connection,
    principal: Principal,
    told: tuple[ScaleAsked | DayAsked, Sequence[tuple[Finding, bool]], dict[str, Any]],
    now: datetime,
) -> SafetyCard | None:
    asked, found, where = told
    is_past = asked.source == "import"
    for finding, is_quiet in found:
        one = _without_urgency(finding) if is_past else finding
        raising = Raising(
            asked.chart, one, asked.key, where, asked.sent, is_quiet=is_quiet or is_past
        )
        raise_alert(connection, principal, raising, now)
    if not any(finding.rule in SAFETY_RULES for finding, _ in found):
        return None
    offer = _offered(connection, asked.chart, [finding for finding, _ in found])
    return card_after_an_answer(connection, asked.chart, offer, now)


def _without_urgency(finding: Finding) -> Finding:
    """What a file of the past tells: it is looked at, and nobody is called out of bed for it."""
    return replace(finding, severity="low", episode=SAFETY_EPISODE)
