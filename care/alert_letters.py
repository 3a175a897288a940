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

# The reviewer; the stand-in, or who treats the patient; then all of these and the admins.
REVIEWER, STAND_IN, EVERYBODY = range(3)


def tell(connection: Connection, reviews: Reviews, alert: Any, occasion: str, now: datetime) -> int:
    """A letter to each: that there is a new task, and nothing else. Answers the stage it reached.

    `alert` has id, patient_id, escalation and assigned_to; `occasion` names what happened to it.
    Where nobody of a stage can log in, the next is told.
    """
    for stage in range(min(alert.escalation, EVERYBODY), EVERYBODY + 1):
        people = _of_stage(connection, reviews, alert, stage, now)
        if people:
            break
    for person in people:
        _write(connection, reviews, (alert.id, person), occasion, now)
    return stage


def tell_one(
    connection: Connection, reviews: Reviews, about: tuple[UUID, UUID], occasion: str, now: datetime
) -> None:
    """A letter to one member; `about` is the alert and the membership."""
    alert_id, membership_id = about
    for person in _members(connection, reviews.clinic_id, Membership.id == membership_id):
        _write(connection, reviews, (alert_id, person), occasion, now)


def _write(
    connection: Connection, reviews: Reviews, about: tuple[UUID, Any], occasion: str, now: datetime
) -> None:
    alert_id, person = about
    letter = outbox.Letter(
        reviews.clinic_id,
        "task",
        "email",
        person.email,
        person.language,
        {},
        f"alert:{alert_id}:{occasion}:{person.id}",
        now,
    )
    outbox.put(connection, letter, now)


def _of_stage(
    connection: Connection, reviews: Reviews, alert: Any, stage: int, now: datetime
) -> Sequence[Any]:
    """The members who are told at this stage, each once."""
    team = Membership.id.in_(
        select(CareTeamMember.membership_id).where(
            CareTeamMember.clinic_id == reviews.clinic_id,
            CareTeamMember.patient_id == alert.patient_id,
            CareTeamMember.since <= now,
            or_(CareTeamMember.until.is_(None), CareTeamMember.until > now),
        )
    )
    named = [reviews.reviewer_id, reviews.backup_reviewer_id, alert.assigned_to]
    if stage == EVERYBODY:
        everybody = or_(team, Membership.role == "admin", Membership.id.in_(filter(None, named)))
        return _members(connection, reviews.clinic_id, everybody)
    wanted = [named[stage], alert.assigned_to]
    found = _members(connection, reviews.clinic_id, Membership.id.in_(filter(None, wanted)))
    return found or (_members(connection, reviews.clinic_id, team) if stage == STAND_IN else ())


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
