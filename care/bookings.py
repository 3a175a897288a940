"""Bookings: the administrative face of a session that has not begun."""

from datetime import datetime

from sqlalchemy import Connection

from care import treatments
from care.principal import Principal
from care.refusals import Conflict
from care.treatments import SessionEntry

# What the front desk sees and says of a session; nothing of it is clinical.
BOOKING_COLUMNS = (
    "course_id",
    "status",
    "status_reason",
    "scheduled_at",
    "scheduled_minutes",
    "timezone",
    "driver_confirmed",
)


def change(
    connection: Connection,
    principal: Principal,
    entry: SessionEntry,
    base: int | None,
    now: datetime,
) -> None:
    """Move, cancel, miss or revive a booking.

    Conflict once anything was recorded of the session itself: then it is the care team's to say
    what became of it. Raises else as `treatments.change` does.
    """
    stored = treatments.locked(connection, entry.chart, entry.session_id)
    treatments.refuse_closed(stored)
    has_begun = stored.visit["started_at"] is not None or bool(stored.visit.readings)
    if has_begun:
        raise Conflict("This session has begun: its care team records what becomes of it.")
    treatments.change(connection, principal, entry, base, now)
