"""The only doors to a patient's rows: who somebody is, what they may do, whose rows they see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from care import audit
from care.principal import Chart, ClinicRules, Origin, Principal
from care.refusals import NotYours, Unauthenticated, WrongRole
from clinical.days import DayRules
from clinical.measures import custom_measures
from models.audit_event import AuditEvent
from models.care_team import CareTeamMember
from models.engine import restart_for_writing
from models.login import SELECT_LIVE_LOGIN
from models.membership import STAFF_ROLES, Membership
from models.patient import Patient
from models.prepared import together

PUBLIC = "public"
_EVERYONE = frozenset({"patient", *STAFF_ROLES})
_PATIENT = frozenset({"patient"})
_ADMIN = frozenset({"admin"})
_STAFF = frozenset(STAFF_ROLES)
_TREATING = frozenset({"clinician", "admin"})
_CLINIC_DAY = frozenset({"clinician", "front_desk"})

# What each role may ask for at all; whose rows it gets is decided by the doors below.
PERMISSIONS: Mapping[str, frozenset[str]] = {
    "self.read": _EVERYONE,
    "self.write": _EVERYONE,
    "measures.read": _EVERYONE,
    "own_checkins.read": _PATIENT,
    "own_checkins.write": _PATIENT,
    "own_audit.read": _PATIENT,
    "checkins.read": _TREATING,
    "checkins.write": _TREATING,
    "sessions.read": _TREATING,
    "sessions.write": _TREATING,
    "own_sessions.read": _PATIENT,
    "bookings.write": _STAFF,
    "clinic_day.read": _CLINIC_DAY,
    "chart.read": _TREATING,
    "chart.write": _TREATING,
    "own_chart.read": _PATIENT,
    "own_chart.write": _PATIENT,
    "trends.read": _TREATING,
    "own_trends.read": _PATIENT,
    "alerts.read": _TREATING,
    "alerts.write": _TREATING,
    "own_safety.read": _PATIENT,
    "own_safety.write": _PATIENT,
    "assessments.write": _TREATING,
    "own_assessments.write": _PATIENT,
    "instruments.read": _EVERYONE,
    "instruments.write": _ADMIN,
    "own_reminders.read": _PATIENT,
    "own_reminders.write": _PATIENT,
    "patients.read": _STAFF,
    "patients.write": _STAFF,
    "audit.read": _TREATING,
    "clinic.read": _STAFF,
    "clinic.write": _ADMIN,
    "staff.read": _ADMIN,
    "staff.write": _ADMIN,
    "care_teams.read": _ADMIN,
    "care_teams.write": _ADMIN,
}


def authenticate(
    connection: Connection, login_id: UUID, now: datetime, origin: Origin
) -> Principal:
    """The principal behind a live login; Unauthenticated when it ended, expired or was disabled."""
    step = (SELECT_LIVE_LOGIN, {"login_id": login_id, "now": now})
    rows = together(connection, step)[0]
    if not rows:
        raise Unauthenticated("This login has ended. Log in again.")
    row = rows[0]
    rules = ClinicRules(
        row.clinic_timezone,
        row.backfill_days,
        custom_measures(row.custom_measures),
        bool(row.asks_safety),
    )
    chart = None
    if row.patient_id is not None:
        days = DayRules(row.day_boundary_minutes, row.backfill_days)
        chart = Chart(row.clinic_id, row.patient_id, row.patient_timezone, days)
    return Principal(
        row.clinic_id,
        row.membership_id,
        row.account_id,
        login_id,
        row.role,
        rules,
        origin,
        patient=chart,
        device_id=row.device_id,
        epoch=row.epoch,
    )


def permit(principal: Principal, permission: str) -> None:
    """WrongRole unless the role may do this at all."""
    if principal.role not in PERMISSIONS[permission]:
        raise WrongRole("Your role may not do this.", permission)


def own_chart(principal: Principal) -> Chart:
    """The patient's own rows."""
    if principal.patient is None:
        raise WrongRole("Only a patient has rows of their own.", "own_chart")
    return principal.patient


def _on_care_team(membership_id: Any, now: Any) -> Any:
    """Whether this membership treats the patient of the query around it at that moment."""
    treated = exists().where(
        CareTeamMember.clinic_id == Patient.clinic_id,
        CareTeamMember.patient_id == Patient.id,
        CareTeamMember.membership_id == membership_id,
        CareTeamMember.since <= now,
        or_(CareTeamMember.until.is_(None), CareTeamMember.until > now),
    )
    return treated.correlate(Patient)  # alone: the query may itself be one of care-team members


_READ_THIS_HOUR = exists().where(
    AuditEvent.clinic_id == Patient.clinic_id,
    AuditEvent.login_id == bindparam("login_id"),
    AuditEvent.patient_id == Patient.id,
    AuditEvent.read_hour == bindparam("hour"),
)
_SELECT_DOOR = select(
    Patient.timezone,
    Patient.day_boundary_minutes,
    _on_care_team(bindparam("membership_id"), bindparam("now")).label("on_care_team"),
    _READ_THIS_HOUR.label("read_this_hour"),
).where(Patient.clinic_id == bindparam("clinic_id"), Patient.id == bindparam("patient_id"))

_INSERT_READ = {
    "sqlite": sqlite.insert(AuditEvent).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(AuditEvent).on_conflict_do_nothing(),
}


def chart(connection: Connection, principal: Principal, patient_id: UUID, now: datetime) -> Chart:
    """A patient's clinical rows, for the care team alone; the read is in the audit trail."""
    return _enter(connection, principal, patient_id, now, everyone=False)


def contact_data(
    connection: Connection, principal: Principal, patient_id: UUID, now: datetime
) -> Chart:
    """A patient's administrative rows: the care team, the front desk and the admin."""
    everyone = principal.role in ("front_desk", "admin")
    return _enter(connection, principal, patient_id, now, everyone=everyone)


def alerted(
    connection: Connection, principal: Principal, patient_id: UUID, now: datetime, *, named: bool
) -> Chart:
    """A patient's alerts: the care team, and whom the clinic has named for this one."""
    return _enter(connection, principal, patient_id, now, everyone=named)


def _enter(
    connection: Connection,
    principal: Principal,
    patient_id: UUID,
    now: datetime,
    *,
    everyone: bool,
) -> Chart:
    row = _door(connection, principal, patient_id, now)
    if row is not None and not row.read_this_hour and (everyone or row.on_care_team):
        restart_for_writing(connection)
        row = _door(connection, principal, patient_id, now)
        _write_read(connection, principal, patient_id, now)
    if row is None or not (everyone or row.on_care_team):
        raise NotYours("No such patient.", "patient.read", ("patient", patient_id))
    days = DayRules(row.day_boundary_minutes, principal.clinic.backfill_days)
    return Chart(principal.clinic_id, patient_id, row.timezone, days)


def _door(
    connection: Connection, principal: Principal, patient_id: UUID, now: datetime
) -> Any | None:
    values = {
        "clinic_id": principal.clinic_id,
        "patient_id": patient_id,
        "membership_id": principal.membership_id,
        "login_id": principal.login_id,
        "now": now,
        "hour": _hour(now),
    }
    rows = together(connection, (_SELECT_DOOR, values))[0]
    return rows[0] if rows else None


def _write_read(
    connection: Connection, principal: Principal, patient_id: UUID, now: datetime
) -> None:
    values = audit.event_values(
        principal, "patient.read", now, subject=("patient", patient_id), patient_id=patient_id
    )
    insert = _INSERT_READ[connection.dialect.name]
    connection.execute(insert, values | {"read_hour": _hour(now)})


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def visible_patients(principal: Principal, now: datetime) -> Any:
    """The condition that keeps a list of patients to those the principal may see."""
    own_clinic = Patient.clinic_id == principal.clinic_id
    if principal.role in ("front_desk", "admin"):
        return own_clinic
    return and_(own_clinic, _on_care_team(principal.membership_id, now))


def listed_patients(
    connection: Connection, principal: Principal, now: datetime, action: str = "patients.list"
) -> Any:
    """`visible_patients`, for a list of who they are: each look at it is in the audit trail."""
    restart_for_writing(connection)
    event = audit.event_values(principal, action, now, subject=("patient", None))
    audit.write(connection, event)
    return visible_patients(principal, now)


def treated_patients(
    connection: Connection, principal: Principal, now: datetime, action: str
) -> Any:
    """The condition of the patients the principal treats; each look is in the audit trail."""
    listed_patients(connection, principal, now, action)
    return and_(
        Patient.clinic_id == principal.clinic_id, _on_care_team(principal.membership_id, now)
    )


def colleague(connection: Connection, principal: Principal, membership_id: UUID) -> Any:
    """A staff membership of the same clinic; NotYours for any other id."""
    row = connection.execute(
        select(Membership).where(
            Membership.clinic_id == principal.clinic_id,
            Membership.id == membership_id,
            Membership.role.in_(STAFF_ROLES),
        )
    ).one_or_none()
    if row is None:
        raise NotYours("No such member of staff.", "staff.read", ("membership", membership_id))
    return row
