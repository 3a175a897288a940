"""The per-patient counter whose row lock puts all writes about one patient in one order."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base


class PatientStream(Base):
    """`version` moves with check-ins only, `inputs_version` with anything a summary reads.

    `gc_floor` is the version up to which tombstones have been collected.
    """

    __tablename__ = "patient_stream"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"]),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    inputs_version: Mapped[int] = mapped_column(default=0)
    gc_floor: Mapped[int] = mapped_column(default=0)


_THIS_STREAM = (
    PatientStream.clinic_id == bindparam("clinic_id"),
    PatientStream.patient_id == bindparam("patient_id"),
)

LOCK_STREAM = select(PatientStream.version).where(*_THIS_STREAM).with_for_update()

SELECT_INPUTS_VERSION = select(PatientStream.inputs_version).where(*_THIS_STREAM)

# The values' names differ from the columns' because an UPDATE reserves those for its SET clause.
ADVANCE_STREAM = (
    update(PatientStream)
    .where(
        PatientStream.clinic_id == bindparam("in_clinic"),
        PatientStream.patient_id == bindparam("of_patient"),
    )
    .values(
        version=bindparam("version"),
        inputs_version=PatientStream.inputs_version + 1,
    )
)

# What a summary reads has changed without a check-in: a session, a dose, a course.
ADVANCE_INPUTS = (
    update(PatientStream)
    .where(
        PatientStream.clinic_id == bindparam("in_clinic"),
        PatientStream.patient_id == bindparam("of_patient"),
    )
    .values(inputs_version=PatientStream.inputs_version + 1)
)
