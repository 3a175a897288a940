"""Whom an alert is told to: the reviewer, then the stand-in, then everybody who can act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select

from care import outbox
from care.reviews import Reviews
from models.account import Account
from models.care_team import CareTeamMember
from models.membership import Membership


def tell(
    connection: Connection, reviews: Reviews, alert: Any, occasion: str, now: datetime
) -> None:
    """A letter to each: that there is a new task, and nothing else.

    `alert` has id, patient_id, escalation and assigned_to; `occasion` names what happened to it.
    """
    for person in whom(connection, reviews, alert, now):
        letter = outbox.Letter(
            reviews.clinic_id,
            "task",
            "email",
            person.email,
            person.language,
            {},
            f"alert:{alert.id}:{occasion}:{person.id}",
            now,
        )
        outbox.put(connection, letter, now)


def whom(connection: Connection, reviews: Reviews, alert: Any, now: datetime) -> Sequence[Any]:
    """The members who are told at this stage, each once; never nobody while there is anybody."""
    stages = [
        [reviews.reviewer_id, alert.assigned_to],
        [reviews.backup_reviewer_id, alert.assigned_to],
    ]
    for named in stages[alert.escalation : alert.escalation + 1]:
        found = _members(connection, reviews.clinic_id, Membership.id.in_(filter(None, named)))
        if found:
            return found
    team = select(CareTeamMember.membership_id).where(
        CareTeamMember.clinic_id == reviews.clinic_id,
        CareTeamMember.patient_id == alert.patient_id,
        CareTeamMember.since <= now,
        or_(CareTeamMember.until.is_(None), CareTeamMember.until > now),
    )
    named_all = [reviews.reviewer_id, reviews.backup_reviewer_id]
    everybody = or_(
        Membership.id.in_(team),
        Membership.role == "admin",
        Membership.id.in_(filter(None, named_all)),
    )
    return _members(connection, reviews.clinic_id, everybody)


def _members(connection: Connection, clinic_id: UUID, which: Any) -> Sequence[Any]:
    """Members of staff who can log in."""
    return connection.execute(
        select(Membership.id, Membership.language, Account.email)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.clinic_id == clinic_id,
            Membership.role.in_(("clinician", "admin")),
            Membership.disabled_at.is_(None),
            Account.disabled_at.is_(None),
            which,
        )
        .order_by(Membership.id)
    ).all()
