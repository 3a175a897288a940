"""`flask clinic`: open a clinic, invite its people, add scales, shut somebody or all of it out."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from marshmallow import ValidationError, validate
from sqlalchemy import Connection, select

from care import clinics, instruments, invitations
from care.invitations import Invitee
from care.keys import Keys
from care.principal import operator
from care.refusals import Conflict, Invalid
from clinical.days import timezones
from models.account import Account
from models.clinic import Clinic
from models.engine import Database
from models.membership import STAFF_ROLES, Membership

group = click.Group("clinic", help="Open a clinic, invite its people, add scales, shut out.")


def database() -> Database:
    held: Database = current_app.extensions["services"].database
    return held


def _keys() -> Keys:
    held: Keys = current_app.extensions["services"].keys
    return held


@group.command("create")
@click.argument("name")
@click.option("--timezone", required=True, help="IANA zone, e.g. Europe/Berlin.")
@click.option("--country", required=True, help="ISO 3166 code, e.g. DE.")
@with_appcontext
def create(name: str, timezone: str, country: str) -> None:
    """Open a clinic called NAME; prints its id."""
    if not 1 <= len(name.strip()) <= 200:
        raise click.BadParameter("must have 1 to 200 characters", param_hint="NAME")
    if timezone not in timezones():
        raise click.BadParameter("not an IANA time zone", param_hint="--timezone")
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise click.BadParameter("not a two-letter country code", param_hint="--country")
    given = {"name": name.strip(), "timezone": timezone, "country": country.upper()}
    with database().begin(write=True) as connection:
        clinic_id = clinics.open_clinic(connection, given, datetime.now(UTC))
        connection.commit()
    click.echo(clinic_id)


@group.command("list")
@with_appcontext
def list_clinics() -> None:
    """Every clinic: id, zone, name."""
    with database().begin(write=False) as connection:
        for row in connection.execute(select(Clinic).order_by(Clinic.name)):
            state = " (disabled)" if row.disabled_at else ""
            click.echo(f"{row.clinic_id}  {row.timezone}  {row.name}{state}")


@group.command("invite")
@click.argument("clinic_id", type=click.UUID)
@click.argument("email")
@click.option("--role", type=click.Choice(STAFF_ROLES), default="admin", show_default=True)
@with_appcontext
def invite(clinic_id: UUID, email: str, role: str) -> None:
    """Invite EMAIL to work in the clinic; prints the token and how to accept it."""
    _refuse_bad_email(email)
    with database().begin(write=True) as connection:
        _existing(connection, clinic_id)
        invitation_id = _invited(connection, clinic_id, Invitee(email, role))
        connection.commit()
    base = current_app.extensions["settings"].public_url.rstrip("/")
    token = _keys().invitation_token(invitation_id)
    click.echo(f"{token}\n")
    click.echo(f"Opens once, within {invitations.LIFETIME.days} days:")
    click.echo(f"  curl -X POST {base}/v1/invitations/{token}/accept \\")
    click.echo("    -H 'Content-Type: application/json' \\")
    click.echo('    -d \'{"password": "...", "display_name": "...", "timezone": "Europe/Berlin"}\'')


@group.command("disable")
@click.argument("clinic_id", type=click.UUID)
@click.option("--email", help="Only this member, in all their roles; without it the whole clinic.")
@click.option("--undo", is_flag=True, help="Let them in again.")
@click.option(
    "--even-last-reviewer",
    is_flag=True,
    help="Also who alone looks at safety answers: then suicidal thoughts are asked about no more.",
)
@with_appcontext
def disable(clinic_id: UUID, email: str | None, undo: bool, even_last_reviewer: bool) -> None:
    """Shut out a member or the whole clinic, at once."""
    now = datetime.now(UTC)
    with database().begin(write=True) as connection:
        _existing(connection, clinic_id)
        if email is None:
            clinics.set_clinic_disabled(connection, clinic_id, not undo, now)
        for membership_id in () if email is None else _places(connection, clinic_id, email):
            member = (membership_id, not undo)
            _set_disabled(connection, clinic_id, member, now, even_last_reviewer)
        connection.commit()
    click.echo("enabled" if undo else "disabled")


def _set_disabled(
    connection: Connection, clinic_id: UUID, member: tuple[UUID, bool], now: datetime, even: bool
) -> None:
    who = operator(clinic_id)
    try:
        clinics.set_disabled(connection, who, member, now, even_last_reviewer=even)
    except Conflict as refused:
        told = f"{refused.detail} Or add --even-last-reviewer."
        raise click.BadParameter(told, param_hint="--email") from None


@group.command("scale")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clinic", "clinic_id", type=click.UUID, required=True, help="The clinic's id.")
@with_appcontext
def scale(file: Path, clinic_id: UUID) -> None:
    """Add the rating scale in FILE, or a new revision of it (docs/scales.md).

    Its name is the scale's key: sleepiness.toml holds `key = "sleepiness"`.
    """
    told = (file.stem, _text_of(file))
    with database().begin(write=True) as connection:
        _existing(connection, clinic_id)
        who, before = operator(clinic_id), instruments.stored(connection, clinic_id, file.stem)
        base = None if before is None else before.revision
        try:
            stored = instruments.put(connection, who, told, base, datetime.now(UTC))
        except Invalid as refused:
            faults = "".join(f"\n  {fault.detail}" for fault in refused.faults)
            raise click.BadParameter(f"not a scale:{faults}", param_hint="FILE") from None
        except Conflict as refused:
            raise click.BadParameter(refused.detail, param_hint="FILE") from None
        connection.commit()
    click.echo(f"{stored.key}: revision {stored.revision}")


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise click.BadParameter("not UTF-8", param_hint="FILE") from None


def _refuse_bad_email(email: str) -> None:
    try:
        validate.And(validate.Email(), validate.Length(max=254))(email)
    except ValidationError:
        raise click.BadParameter("not an e-mail address", param_hint="EMAIL") from None


def _invited(connection: Connection, clinic_id: UUID, invitee: Invitee) -> UUID:
    try:
        return invitations.invite(connection, operator(clinic_id), invitee, datetime.now(UTC))
    except Conflict as refused:
        raise click.BadParameter(refused.detail, param_hint="EMAIL") from None


def _existing(connection: Connection, clinic_id: UUID) -> None:
    if connection.scalar(select(Clinic.name).where(Clinic.clinic_id == clinic_id)) is None:
        raise click.BadParameter("no such clinic: see `flask clinic list`", param_hint="CLINIC_ID")


def _places(connection: Connection, clinic_id: UUID, email: str) -> list[UUID]:
    statement = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.clinic_id == clinic_id, Account.email == email.lower())
    )
    found = list(connection.scalars(statement))
    if not found:
        raise click.BadParameter("no such member of this clinic", param_hint="--email")
    return found
