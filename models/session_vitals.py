"""Vitals of a treatment session: one reading a minute, counted from its start."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base


class SessionVitals(Base):
    """`minute` is negative before the start. `moaas` 5 = alert; `cadss_6` is the six-item form."""

    __tablename__ = "session_vitals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "session_id"],
            ["treatment_session.clinic_id", "treatment_session.patient_id", "treatment_session.id"],
        ),
        CheckConstraint("minute BETWEEN -240 AND 1440", name="minute"),
        CheckConstraint("systolic_mmhg BETWEEN 40 AND 300", name="systolic_mmhg"),
        CheckConstraint("diastolic_mmhg BETWEEN 20 AND 200", name="diastolic_mmhg"),
        CheckConstraint("systolic_mmhg > diastolic_mmhg", name="blood_pressure"),
        CheckConstraint("heart_rate_bpm BETWEEN 20 AND 250", name="heart_rate_bpm"),
        CheckConstraint("spo2_percent BETWEEN 50 AND 100", name="spo2_percent"),
        CheckConstraint("cadss BETWEEN 0 AND 92", name="cadss"),
        CheckConstraint("cadss_6 BETWEEN 0 AND 24", name="cadss_6"),
        CheckConstraint("moaas BETWEEN 0 AND 5", name="moaas"),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    minute: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    systolic_mmhg: Mapped[int | None] = mapped_column(SmallInteger)
    diastolic_mmhg: Mapped[int | None] = mapped_column(SmallInteger)
    heart_rate_bpm: Mapped[int | None] = mapped_column(SmallInteger)
    spo2_percent: Mapped[int | None] = mapped_column(SmallInteger)
    cadss: Mapped[int | None] = mapped_column(SmallInteger)
    cadss_6: Mapped[int | None] = mapped_column(SmallInteger)
    moaas: Mapped[int | None] = mapped_column(SmallInteger)
    taken_by: Mapped[UUID | None]
