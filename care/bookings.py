"""Bookings: the administrative face of a session that has not begun."""

from datetime import datetime

from sqlalchemy import Connection

from care import treatments
from care.principal import Principal
from care.refusals import Conflict
from care.treatments import SessionEntry
from clinical.treatments import DESK_REASONS

# What the front desk sees and says of a session; of its reasons only what is not clinical
# (`desk_reason`).
BOOKING_COLUMNS = (
    "course_id",
    "status",
    "status_reason",
    "scheduled_at",
    "scheduled_minutes",
    "timezone",
    "driver_confirmed",
)


def desk_reason(status: str, status_reason: str | None) -> str | None:
    """Why a booking came to nothing, null where that is clinical; a session that was broken off
    always is.
    """
    is_told = status != "aborted" and status_reason in DESK_REASONS
    return status_reason if is_told else None


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
    if stored.visit.has_begun:
        raise Conflict("This session has begun: its care team records what becomes of it.")
    treatments.change(connection, principal, entry, base, now)
