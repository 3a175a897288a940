"""The people of the demo clinic: accounts, places, and patients taken on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from care import audit, patients
from care.principal import Chart, ClinicRules, Principal, operator
from clinical.days import DEFAULT_BACKFILL_DAYS, DEFAULT_DAY_BOUNDARY_MINUTES, DayRules
from clinical.measures import custom_measures
from commands.demo.cast import Person
from models.account import Account
from models.consent import Consent
from models.db import new_id
from models.membership import Membership

PASSWORD = "demo-interlude"  # noqa: S105 (printed by `make demo`, which serves localhost only)
ZONE = "Europe/Berlin"
STAFF = {"clinician": "Dr. Noor Hoffmann", "front_desk": "Kim Albers", "admin": "Robin Maas"}
MEASURE = {
    "key": "pain",
    "prompt": "Pain",
    "direction": "higher_is_worse",
    "low_end": "none at all",
    "high_end": "worst imaginable",
    "retired": False,
}
# The demo clinic names who reads the answers, and asks from the first day on.
_RULES = ClinicRules(ZONE, DEFAULT_BACKFILL_DAYS, custom_measures([MEASURE]), asks_safety=True)
# When a patient is taken on, on the day before the first one they log.
ADMITTED_AT = time(11, 0)


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic being made; one hash serves all, for making one takes its time."""

    id: UUID
    password_hash: str


def email(role: str) -> str:
    return f"{role.replace('_', '')}@demo.example"


def instant(day: date, clock: time) -> datetime:
    """A wall-clock time in the clinic's zone, in UTC."""
    return datetime.combine(day, clock, ZoneInfo(ZONE)).astimezone(UTC)


def employ(connection: Connection, clinic: Clinic, role: str, now: datetime) -> Principal:
    """A new member of staff."""
    account_id = _account(connection, clinic, (email(role), STAFF[role]), now)
    member = _membership(connection, clinic.id, (role, account_id, None), now)
    return Principal(clinic.id, member, account_id, None, role, _RULES)


def admit(
    connection: Connection, place: tuple[Clinic, Principal], person: Person, today: date
) -> Principal:
    """A new patient of this clinician, with a login and consent, before their first day."""
    clinic, clinician = place
    now = instant(today + timedelta(days=person.treated.first_day - 1), ADMITTED_AT)
    patient_id = new_id()
    identity = {
        "display_name": person.name,
        "birth_date": person.birth_date,
        "mrn": person.mrn,
        "country": "DE",
        "language": "en",
        "timezone": ZONE,
        "phone": "+49 30 5550123",
    }
    patients.register(connection, clinician, (patient_id, identity), now)
    consent = {"patient_id": patient_id, "version": "demo", "given_at": now}
    connection.execute(insert(Consent).values(clinic_id=clinic.id, id=new_id(), **consent))
    account_id = _account(connection, clinic, (person.email, person.name), now)
    member = _membership(connection, clinic.id, ("patient", account_id, patient_id), now)
    days = DayRules(DEFAULT_DAY_BOUNDARY_MINUTES, DEFAULT_BACKFILL_DAYS)
    chart = Chart(clinic.id, patient_id, ZONE, days)
    return Principal(clinic.id, member, account_id, None, "patient", _RULES, patient=chart)


def _account(connection: Connection, clinic: Clinic, who: tuple[str, str], now: datetime) -> UUID:
    address, name = who
    account_id = new_id()
    connection.execute(
        insert(Account).values(
            id=account_id,
            email=address,
            password_hash=clinic.password_hash,
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
