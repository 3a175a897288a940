"""A rating scale of a clinic's own, or its wording of one: the file, every revision of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime


class ClinicInstrument(Base):
    """`text` is the TOML file as it was checked; the newest revision holds, unless retired."""

    __tablename__ = "clinic_instrument"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"]),)

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[UUID | None]
