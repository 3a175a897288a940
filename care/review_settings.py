"""Changes what a clinic has set for its reviews: only people who can look are named for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from care.principal import Principal
from care.refusals import Fault, Invalid
from clinical.days import zone
from models.account import Account
from models.clinic import Clinic
from models.membership import Membership

_NAMED = ("reviewer_id", "backup_reviewer_id")


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
