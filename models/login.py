"""A login: one signed-in device, alive until it ends, expires or its owner is disabled."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from models.account import Account
from models.clinic import Clinic
from models.db import Base, UTCDateTime, new_id
from models.membership import Membership
from models.patient import Patient
from models.reviewers import ASKS_SAFETY
from models.server_meta import ServerMeta


class Login(Base):
    """`expires_at` is the absolute end; refresh tokens expire sooner when nobody uses them."""

    __tablename__ = "login"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "membership_id"], ["membership.clinic_id", "membership.id"]
        ),
        Index("ix_login_membership", "clinic_id", "membership_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    clinic_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    device_id: Mapped[str | None] = mapped_column(String(64))
    user_agent: Mapped[str | None] = mapped_column(String(200))
    network_hash: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    refreshed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(24))


# Asked on every request: the token is transport, these rows are the truth.
SELECT_LIVE_LOGIN = (
    select(
        Login.id.label("login_id"),
        Login.account_id,
        Login.clinic_id,
        Login.membership_id,
        Login.device_id,
        Membership.role,
        Membership.patient_id,
        Clinic.timezone.label("clinic_timezone"),
        Clinic.backfill_days,
        Clinic.custom_measures,
        ASKS_SAFETY.label("asks_safety"),
        Patient.timezone.label("patient_timezone"),
        Patient.day_boundary_minutes,
        # Another process may have begun another history: every request looks, at no cost.
        select(ServerMeta.epoch).scalar_subquery().label("epoch"),
    )
    .join(
        Membership,
        and_(Membership.clinic_id == Login.clinic_id, Membership.id == Login.membership_id),
    )
    .join(Account, Account.id == Login.account_id)
    .join(Clinic, Clinic.clinic_id == Login.clinic_id)
    .outerjoin(
        Patient,
        and_(Patient.clinic_id == Membership.clinic_id, Patient.id == Membership.patient_id),
    )
    .where(
        Login.id == bindparam("login_id"),
        Login.ended_at.is_(None),
        Login.expires_at > bindparam("now"),
        Membership.disabled_at.is_(None),
        Account.disabled_at.is_(None),
        Clinic.disabled_at.is_(None),
    )
)
