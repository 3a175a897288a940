"""Changes what a clinic has set for its reviews: only people who can look are named for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from care.principal import Principal
from care.refusals import Fault, Invalid
from clinical.days import zone
from models.account import Account
from models.clinic import Clinic
from models.membership import Membership
from models.reviewers import ASKS_SAFETY, asks_safety_without

_NAMED = ("reviewer_id", "backup_reviewer_id")
# Why the item about suicidal thoughts is not asked: nobody or no hours are named, or everybody who
# is named can log in no more.
WHY_NOT = ("no_reviewer", "no_hours", "reviewers_left")


def judged(
    connection: Connection, principal: Principal, given: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """The settings as they are to be stored; Invalid names everybody who cannot be named."""
    _refuse_strangers(connection, principal, given)
    told = dict(given)
    if told.get("crisis_lines"):
        stored = connection.scalar(
            select(Clinic.crisis_lines).where(Clinic.clinic_id == principal.clinic_id)
        )
        today = now.astimezone(zone(principal.clinic.timezone)).date()
        told["crisis_lines"] = _stamped(told["crisis_lines"], stored or (), today)
    return told


def why_not_asked(settings: Any) -> str | None:
    """Of a clinic's row with `is_asked` beside it: None where the item is asked."""
    if settings.is_asked:
        return None
    if settings.reviewer_id is None and settings.backup_reviewer_id is None:
        return "no_reviewer"
    return "no_hours" if settings.review_hours is None else "reviewers_left"


def is_last_reviewer(connection: Connection, clinic_id: UUID, membership_id: UUID) -> bool:
    """Whether the clinic asks about suicidal thoughts, and would not without this member."""
    both = select(ASKS_SAFETY, asks_safety_without(membership_id))
    asks, asks_still = connection.execute(both.where(Clinic.clinic_id == clinic_id)).one()
    return bool(asks) and not asks_still


def clinics_left(connection: Connection) -> int:
    """How many clinics that have set the item to be asked ask nothing: whom they named has left."""
    left = select(func.count()).where(
        Clinic.disabled_at.is_(None),
        Clinic.review_hours.is_not(None),
        or_(Clinic.reviewer_id.is_not(None), Clinic.backup_reviewer_id.is_not(None)),
        ~ASKS_SAFETY,
    )
    return connection.scalar(left.select_from(Clinic)) or 0


def _refuse_strangers(
    connection: Connection, principal: Principal, given: Mapping[str, Any]
) -> None:
    named = {name: given[name] for name in _NAMED if given.get(name) is not None}
    who = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.clinic_id == principal.clinic_id,
            Membership.id.in_(named.values()),
            Membership.role.in_(("clinician", "admin")),
            Membership.disabled_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    known = set(connection.scalars(who)) if named else set()
    stored = select(Clinic.reviewer_id, Clinic.backup_reviewer_id).where(
        Clinic.clinic_id == principal.clinic_id
    )
    both = {**connection.execute(stored).one()._mapping, **given}
    faults = [
        Fault(f"/{name}", "No clinician or admin of this clinic who can log in.")
        for name, member in named.items()
        if member not in known
    ]
    if named and both["reviewer_id"] == both["backup_reviewer_id"]:
        told = "The reviewer and the stand-in must be two people."
        faults.append(Fault(f"/{max(named, key=_NAMED.index)}", told))
    if faults:
        raise Invalid(faults)


def _stamped(
    lines: Sequence[Mapping[str, Any]], stored: Sequence[Mapping[str, Any]], today: date
) -> list[dict[str, Any]]:
    """A line that is confirmed is so from today; one that stays as it was keeps its date."""
    known = {_identity(one): one["last_verified"] for one in stored}
    return [
        {
            **{name: one[name] for name in ("country", "kind", "name", "number")},
            "last_verified": today.isoformat() if one["confirmed"] else known.get(_identity(one)),
        }
        for one in lines
    ]


def _identity(line: Mapping[str, Any]) -> tuple[Any, ...]:
    return line["country"], line["kind"], line["name"], line["number"]
