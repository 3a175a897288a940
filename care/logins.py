"""Logins: begun with a password, kept by rotating refresh tokens, ended by logout or misuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, insert, select, true, update

from care import audit
from care.keys import token_hash
from care.principal import ClinicRules, Origin, Principal
from care.refusals import Unauthenticated
from models.account import Account
from models.clinic import Clinic
from models.db import new_id
from models.login import Login
from models.membership import Membership
from models.refresh_token import RefreshToken

ACCESS_LIFETIME = timedelta(minutes=15)
LOST_RESPONSE_GRACE = timedelta(seconds=60)
FAMILIAR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """`idle` without a refresh ends a login, `absolute` ends it in any case."""

    idle: timedelta
    absolute: timedelta


# Staff: 15 idle minutes after the last access token has run out; 12 h at most.
STAFF_LIFETIME = Lifetime(ACCESS_LIFETIME + timedelta(minutes=15), timedelta(hours=12))
PATIENT_LIFETIME = Lifetime(timedelta(days=60), timedelta(days=180))


@dataclass(frozen=True, slots=True)
class Device:
    """What is known of where a login happens."""

    device_id: str | None
    user_agent: str | None
    origin: Origin
    network_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What the caller makes tokens from: one login and its newest refresh token's id."""

    login_id: UUID
    account_id: UUID
    membership_id: UUID
    clinic_id: UUID
    patient_id: UUID | None
    role: str
    display_name: str
    refresh_jti: str
    refresh_expires_at: datetime
    login_expires_at: datetime


def lifetime(role: str) -> Lifetime:
    return PATIENT_LIFETIME if role == "patient" else STAFF_LIFETIME


_SELECT_MEMBERSHIP = (
    select(
        Membership.clinic_id,
        Membership.id,
        Membership.role,
        Membership.patient_id,
        Membership.account_id,
        Account.display_name,
        Clinic.name.label("clinic_name"),
        Clinic.timezone.label("clinic_timezone"),
        Clinic.backfill_days,
    )
    .join(Account, Account.id == Membership.account_id)
    .join(Clinic, Clinic.clinic_id == Membership.clinic_id)
    .where(
        Membership.disabled_at.is_(None),
        Account.disabled_at.is_(None),
        Clinic.disabled_at.is_(None),
    )
    .order_by(Clinic.name, Membership.role, Membership.id)
)


def find_account(connection: Connection, email: str) -> Any | None:
    """The account row with this e-mail (any case), None if there is none."""
    return connection.execute(select(Account).where(Account.email == email.lower())).one_or_none()


def is_familiar(connection: Connection, email: str, network_hash: str, now: datetime) -> bool:
    """Whether the account with this e-mail was logged in to from this network lately."""
    lately = (Login.network_hash == network_hash, Login.created_at > now - FAMILIAR)
    begun = select(Login.id).join(Account, Account.id == Login.account_id)
    owned = begun.where(Account.email == email.lower(), *lately)
    return connection.execute(owned.limit(1)).first() is not None


def memberships(connection: Connection, account_id: UUID) -> Sequence[Any]:
    """Where the account may log in now, ordered by clinic name."""
    return connection.execute(_SELECT_MEMBERSHIP.where(Membership.account_id == account_id)).all()


def begin(connection: Connection, membership: Any, device: Device, now: datetime) -> Grant:
    """A new login for a row of `memberships`."""
    login_id = new_id()
    expires_at = now + lifetime(membership.role).absolute
    connection.execute(
        insert(Login).values(
            id=login_id,
            account_id=membership.account_id,
            clinic_id=membership.clinic_id,
            membership_id=membership.id,
            device_id=device.device_id,
            user_agent=device.user_agent,
            network_hash=device.network_hash,
            created_at=now,
            refreshed_at=now,
            expires_at=expires_at,
        )
    )
    _note(connection, (membership, login_id, device.origin), "login.begin", now)
    return _grant(connection, membership, (login_id, expires_at, device.device_id), now)


def _grant(
    connection: Connection,
    membership: Any,
    login: tuple[UUID, datetime, str | None],
    now: datetime,
) -> Grant:
    login_id, login_expires_at, device_id = login
    jti = str(new_id())
    expires_at = min(now + lifetime(membership.role).idle, login_expires_at)
    connection.execute(
        insert(RefreshToken).values(
            hash=token_hash(jti),
            login_id=login_id,
            device_id=device_id,
            issued_at=now,
            expires_at=expires_at,
        )
    )
    return Grant(
        login_id,
        membership.account_id,
        membership.id,
        membership.clinic_id,
        membership.patient_id,
        membership.role,
        membership.display_name,
        jti,
        expires_at,
        login_expires_at,
    )


def rotate(connection: Connection, jti: str, device: Device, now: datetime) -> Grant | None:
    """The next grant for a refresh token, or None after ending a login whose token was reused.

    Commit in both cases. Raises Unauthenticated for a token that is unknown, expired or of a login
    that has ended. A token used a moment ago by the same device, whose successor nobody has used,
    had its answer lost: the successor is discarded and a new one given. Each lost answer begins the
    moment anew: a phone that keeps trying stays logged in.
    """
    token = connection.execute(
        select(RefreshToken).where(RefreshToken.hash == token_hash(jti)).with_for_update()
    ).one_or_none()
    login = None if token is None else _live_login(connection, token.login_id, now)
    if token is None or login is None or token.expires_at <= now:
        raise Unauthenticated("This login has ended. Log in again.")
    membership = connection.execute(
        _SELECT_MEMBERSHIP.where(
            and_(Membership.clinic_id == login.clinic_id, Membership.id == login.membership_id)
        )
    ).one_or_none()
    if membership is None:
        raise Unauthenticated("This login has ended. Log in again.")
    if token.discarded_at is not None or not _may_rotate(connection, token, device, now):
        end(connection, [login.id], "refresh token reused", now)
        who = (membership, login.id, device.origin)
        _note(connection, who, "login.reuse", now, outcome="failed")
        return None
    grant = _grant(connection, membership, (login.id, login.expires_at, device.device_id), now)
    connection.execute(
        update(RefreshToken)
        .where(RefreshToken.hash == token.hash)
        .values(used_at=now, successor=token_hash(grant.refresh_jti))
    )
    connection.execute(update(Login).where(Login.id == login.id).values(refreshed_at=now))
    return grant


def _live_login(connection: Connection, login_id: UUID, now: datetime) -> Any | None:
    return connection.execute(
        select(Login)
        .where(Login.id == login_id, Login.ended_at.is_(None), Login.expires_at > now)
        .with_for_update()
    ).one_or_none()


def _may_rotate(connection: Connection, token: Any, device: Device, now: datetime) -> bool:
    if token.used_at is None:
        return True
    if now - token.used_at > LOST_RESPONSE_GRACE:
        return False
    # Who used the token is whom its successor was given to: only they can have missed the answer.
    same_device = RefreshToken.device_id.is_not_distinct_from(device.device_id)
    discarded = connection.execute(
        update(RefreshToken)
        .where(RefreshToken.hash == token.successor, RefreshToken.used_at.is_(None), same_device)
        .values(discarded_at=now)
    )
    return discarded.rowcount == 1


def end(connection: Connection, login_ids: Sequence[UUID], reason: str, now: datetime) -> int:
    """End these logins now; answers how many were still alive."""
    ended = connection.execute(
        update(Login)
        .where(Login.id.in_(login_ids), Login.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
    )
    return ended.rowcount


def end_all_of_account(
    connection: Connection, account_id: UUID, keep: UUID | None, now: datetime
) -> None:
    """End every login of the account (but one, if given): its password is another now."""
    others = true() if keep is None else Login.id != keep
    connection.execute(
        update(Login)
        .where(Login.account_id == account_id, Login.ended_at.is_(None), others)
        .values(ended_at=now, end_reason="password changed")
    )


def _note(
    connection: Connection,
    who: tuple[Any, UUID, Origin],
    action: str,
    now: datetime,
    *,
    outcome: str = "ok",
) -> None:
    membership, login_id, origin = who
    rules = ClinicRules(membership.clinic_timezone, membership.backfill_days)
    principal = Principal(
        membership.clinic_id,
        membership.id,
        membership.account_id,
        login_id,
        membership.role,
        rules,
        origin,
    )
    subject = ("login", login_id)
    event = audit.event_values(principal, action, now, subject=subject, outcome=outcome)
    audit.write(connection, event)
