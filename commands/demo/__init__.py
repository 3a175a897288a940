"""`flask demo`: a clinic to try things in: its staff, and patients with months of treatment."""

from datetime import UTC, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, select

from care import clinics
from care.passwords import hash_password
from clinical.days import DEFAULT_DAY_BOUNDARY_MINUTES, local_day
from commands.clinic import database
from commands.demo.acts import live
from commands.demo.alerts import reviewed_by
from commands.demo.cast import everybody
from commands.demo.people import MEASURE, PASSWORD, STAFF, ZONE, Clinic, admit, email, employ
from models.account import Account

LOGINS = ("clinician", "patient", "frontdesk", "admin")
# The clinic opened some time before its first patient came, or the audit trail would tell of
# work before anybody was employed.
OPENED_BEFORE = timedelta(days=400)


@click.command("demo")
@click.option(
    "--patients",
    type=click.IntRange(1, 1000),
    default=40,
    show_default=True,
    help="Besides the eight stories.",
)
@click.option(
    "--months",
    type=click.IntRange(6, 24),
    default=9,
    show_default=True,
    help="How far back the others may go.",
)
@with_appcontext
def command(patients: int, months: int) -> None:
    """Make the demo clinic, unless it is there; prints the logins."""
    if current_app.extensions["settings"].environment == "production":
        raise click.UsageError("Its password is known to everybody: not in production.")
    now = datetime.now(UTC)
    with database().begin(write=True) as connection:
        is_new = (
            connection.scalar(select(Account.id).where(Account.email == email("admin"))) is None
        )
        if is_new:
            _make(connection, (patients, months), now)
            connection.commit()
    made = "made" if is_new else "already there, unchanged"
    click.echo(f"Demo clinic: {made}. Every password is {PASSWORD}")
    for name in LOGINS:
        click.echo(f"  {name}@demo.example")


def _make(connection: Connection, size: tuple[int, int], now: datetime) -> None:
    opened = now - OPENED_BEFORE - timedelta(days=31 * size[1])
    given = {"name": "Demo Clinic", "country": "DE", "timezone": ZONE, "custom_measures": [MEASURE]}
    clinic_id = clinics.open_clinic(connection, given, opened)
    clinic = Clinic(clinic_id, hash_password(PASSWORD))
    places = {role: employ(connection, clinic, role, opened) for role in STAFF}
    clinics.change(connection, places["admin"], reviewed_by(places["clinician"]), opened)
    today = local_day(now, ZONE, DEFAULT_DAY_BOUNDARY_MINUTES)
    for person in everybody(today, *size):
        member = admit(connection, (clinic, places["clinician"]), person, today)
        live(connection, (places["clinician"], member), person, now)
