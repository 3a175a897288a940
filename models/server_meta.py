"""The one row about this server itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, UTCDateTime

# The newest migration this code was written for; /ready compares, a test holds it to the folder.
SCHEMA_REVISION = "0012"


class ServerMeta(Base):
    """`epoch` names one unbroken history of acknowledged writes; a restore must change it.

    `jobs_beat_at` is when the jobs last went round. The marks are SQLite's alone (models/marks.py):
    the file beside the database has one of the two.
    """

    __tablename__ = "server_meta"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(36))
    jobs_beat_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mark: Mapped[str | None] = mapped_column(String(36))
    next_mark: Mapped[str | None] = mapped_column(String(36))
