"""`flask demo`: a clinic to try things in: its staff, and one patient with a month of check-ins."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, insert, select

from care import audit, checkins, clinics, patients
from care.passwords import hash_password
from care.principal import Chart, ClinicRules, Principal, operator
from care.protocol import Entry, Operation
from clinical.days import (
    DEFAULT_BACKFILL_DAYS,
    DEFAULT_DAY_BOUNDARY_MINUTES,
    DayRules,
    local_day,
)
from clinical.simulate import Story, simulate
from commands.clinic import database
from models.account import Account
from models.consent import Consent
from models.db import new_id
from models.membership import Membership

PASSWORD = "demo-interlude"  # noqa: S105 (printed by `make demo`, which serves localhost only)
ZONE = "Europe/Berlin"
DAYS = 30
STAFF = {"clinician": "Dr. Noor Hoffmann", "front_desk": "Kim Albers", "admin": "Robin Maas"}
LOGINS = ("clinician", "patient", "frontdesk", "admin")
MEASURE = {
    "key": "pain",
    "prompt": "Pain",
    "direction": "higher_is_worse",
    "low_end": "none at all",
    "high_end": "worst imaginable",
    "retired": False,
}


def email(role: str) -> str:
    return f"{role.replace('_', '')}@demo.example"


@click.command("demo")
@with_appcontext
def command() -> None:
    """Make the demo clinic, unless it is there; prints the logins."""
    if current_app.extensions["settings"].environment == "production":
        raise click.UsageError("Its password is known to everybody: not in production.")
    now = datetime.now(UTC)
    with database().begin(write=True) as connection:
        is_new = (
            connection.scalar(select(Account.id).where(Account.email == email("admin"))) is None
        )
        if is_new:
            _make(connection, now)
            connection.commit()
    made = "made" if is_new else "already there, unchanged"
    click.echo(f"Demo clinic: {made}. Every password is {PASSWORD}")
    for name in LOGINS:
        click.echo(f"  {name}@demo.example")
    port = current_app.extensions["settings"].port
    click.echo(f"Serving http://localhost:{port}  (the API to read and try: /docs)")


def _make(connection: Connection, now: datetime) -> None:
    given = {"name": "Demo Clinic", "country": "DE", "timezone": ZONE, "custom_measures": [MEASURE]}
    clinic_id = clinics.open_clinic(connection, given, now)
    hashed = hash_password(PASSWORD)
    accounts = {
        role: _account(connection, (role, name), hashed, now)
        for role, name in {**STAFF, "patient": "Alex Winter"}.items()
    }
    places = {
        role: _membership(connection, clinic_id, (role, accounts[role], None), now)
        for role in STAFF
    }
    clinician = _principal(clinic_id, places["clinician"], "clinician", None)
    chart = _patient(connection, clinician, now)
    place = ("patient", accounts["patient"], chart.patient_id)
    member = _membership(connection, clinic_id, place, now)
    _log_a_month(connection, _principal(clinic_id, member, "patient", chart), chart, now)


def _account(connection: Connection, who: tuple[str, str], hashed: str, now: datetime) -> UUID:
    role, name = who
    account_id = new_id()
    connection.execute(
        insert(Account).values(
            id=account_id,
            email=email(role),
            password_hash=hashed,
            display_name=name,
            created_at=now,
        )
    )
    return account_id


def _membership(
    connection: Connection, clinic_id: UUID, place: tuple[str, UUID, UUID | None], now: datetime
) -> UUID:
    role, account_id, patient_id = place
    membership_id = new_id()
    connection.execute(
        insert(Membership).values(
            clinic_id=clinic_id,
            id=membership_id,
            account_id=account_id,
            role=role,
            patient_id=patient_id,
            timezone=ZONE,
            language="en",
            created_at=now,
        )
    )
    subject = ("membership", membership_id)
    event = audit.event_values(
        operator(clinic_id), "membership.create", now, subject=subject, patient_id=patient_id
    )
    audit.write(connection, event)
    return membership_id


def _principal(clinic_id: UUID, member: UUID, role: str, chart: Chart | None) -> Principal:
    return Principal(
        clinic_id, member, None, None, role, ClinicRules(ZONE, DEFAULT_BACKFILL_DAYS), patient=chart
    )


def _patient(connection: Connection, clinician: Principal, now: datetime) -> Chart:
    identity = {
        "display_name": "Alex Winter",
        "birth_date": date(1986, 3, 14),
        "mrn": "DEMO-1",
        "country": "DE",
        "language": "en",
        "timezone": ZONE,
        "phone": "+49 30 5550123",
    }
    patient_id = new_id()
    patients.register(connection, clinician, (patient_id, identity), now)
    consent = {"patient_id": patient_id, "version": "demo", "given_at": now}
    connection.execute(
        insert(Consent).values(clinic_id=clinician.clinic_id, id=new_id(), **consent)
    )
    rules = DayRules(DEFAULT_DAY_BOUNDARY_MINUTES, DEFAULT_BACKFILL_DAYS)
    return Chart(clinician.clinic_id, patient_id, ZONE, rules)


def _log_a_month(connection: Connection, who: Principal, chart: Chart, now: datetime) -> None:
    """Through the same door as every check-in, each on its own evening."""
    yesterday = local_day(now, ZONE, DEFAULT_DAY_BOUNDARY_MINUTES) - timedelta(days=1)
    first = yesterday - timedelta(days=DAYS - 1)
    story = Story(baseline=7.5, gain=4.0, half_life_days=12, noise_sd=0.9, missing=0.12, seed=7)
    days: dict[date, Any] = simulate(story, first, DAYS, dose_days=[2])
    for day, answers in days.items():
        evening = datetime.combine(day, time(20, 30), ZoneInfo(ZONE)).astimezone(UTC)
        entry = Entry(day, {**answers, "custom": {"pain": 10 - answers["mood"]}}, evening, ZONE)
        checkins.carry_out(connection, who, Operation(chart, entry), evening)
