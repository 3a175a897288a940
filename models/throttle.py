"""Attempts counted per key, so that guessing slows down whichever worker is asked."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime


class Throttle(Base):
    """`attempts` within the hour that began at `counted_since`; the next waits until `next_at`."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    attempts: Mapped[int]
    counted_since: Mapped[datetime] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
