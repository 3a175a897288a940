"""Password resets: asked for by anybody, opened once by whoever reads the account's mail."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from care import audit, logins, outbox
from care.outbox import Letter
from care.principal import ClinicRules, Origin, Principal
from care.refusals import Gone, NotFound
from models.account import Account
from models.db import new_id
from models.membership import Membership
from models.password_reset import PasswordReset
from models.patient import Patient

LIFETIME = timedelta(minutes=60)  # (u)


def ask(connection: Connection, email: str, now: datetime) -> None:
    """Note that somebody asked: one row, whether the address has an account or none."""
    account = select(Account.id).where(
        Account.email == email.lower(), Account.disabled_at.is_(None)
    )
    connection.execute(
        insert(PasswordReset).values(
            id=new_id(),
            account_id=account.scalar_subquery(),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )


def are_waiting(connection: Connection) -> bool:
    """Whether a round of `put_letters` has anything to do."""
    return connection.execute(_waiting().limit(1)).first() is not None


def _waiting() -> Any:
    return select(PasswordReset).where(PasswordReset.letter_at.is_(None))


def put_letters(connection: Connection, now: datetime) -> None:
    """The letters of those who asked and have an account with a place; other rows are dropped."""
    for reset in connection.execute(_waiting().with_for_update(skip_locked=True)).all():
        this = PasswordReset.id == reset.id
        places = (
            [] if reset.account_id is None else logins.memberships(connection, reset.account_id)
        )
        if not places:
            connection.execute(delete(PasswordReset).where(this))
            continue
        outbox.put(connection, _letter(connection, reset, places[0], now), now)
        connection.execute(update(PasswordReset).where(this).values(letter_at=now))


def _letter(connection: Connection, reset: Any, place: Any, now: datetime) -> Letter:
    email = select(Account.email).where(Account.id == reset.account_id)
    return Letter(
        clinic_id=place.clinic_id,
        kind="reset",
        channel="email",
        recipient=connection.scalars(email).one(),
        language=_language(connection, place),
        params={"reset_id": reset.id},
        dedupe_key=f"reset:{reset.id}",
        due_at=now,
        patient_id=place.patient_id,
        expires_at=reset.expires_at,
    )


def _language(connection: Connection, place: Any) -> str:
    of_place = (Membership.clinic_id == place.clinic_id, Membership.id == place.id)
    told = select(Membership.language).where(*of_place)
    if place.patient_id is not None:
        own = (Patient.clinic_id == place.clinic_id, Patient.id == place.patient_id)
        told = select(Patient.language).where(*own)
    return connection.scalars(told).one()


def find(connection: Connection, reset_id: UUID | None) -> Any:
    """The reset with its account's columns, locked; NotFound for a token that was never one."""
    row = connection.execute(
        select(PasswordReset, Account.display_name, Account.email, Account.disabled_at)
        .join(Account, Account.id == PasswordReset.account_id)
        .where(PasswordReset.id == reset_id)
        .with_for_update(of=PasswordReset)
    ).one_or_none()
    if row is None:
        raise NotFound("No such reset.")
    return row


def is_open(reset: Any, now: datetime) -> bool:
    """Whether it still sets a password."""
    return reset.used_at is None and reset.expires_at > now and reset.disabled_at is None


def refuse_unless_open(reset: Any, now: datetime) -> None:
    """Gone for a reset that was used, or ran out."""
    if not is_open(reset, now):
        raise Gone("This link was used, or its time is up. Ask for a new one.")


def close_all(connection: Connection, account_id: UUID, now: datetime) -> None:
    """Let no open reset of the account set a password any more."""
    theirs = PasswordReset.account_id == account_id
    opened = update(PasswordReset).where(theirs, PasswordReset.used_at.is_(None))
    connection.execute(opened.values(used_at=now))


def carry_out(
    connection: Connection, reset: Any, password_hash: str, now: datetime, *, origin: Origin
) -> None:
    """Set the password; every login of the account ends, and so does every other open reset."""
    own = Account.id == reset.account_id
    connection.execute(update(Account).where(own).values(password_hash=password_hash))
    logins.end_all_of_account(connection, reset.account_id, None, now)
    close_all(connection, reset.account_id, now)
    for place in logins.memberships(connection, reset.account_id):
        rules = ClinicRules(place.clinic_timezone, place.backfill_days)
        who = Principal(
            place.clinic_id, place.id, reset.account_id, None, place.role, rules, origin
        )
        subject = ("account", reset.account_id)
        audit.write(connection, audit.event_values(who, "password.reset", now, subject=subject))
