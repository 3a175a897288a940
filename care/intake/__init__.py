"""History brought in from a file, row by row: what is new is written, what is there is left alone.

One file of this package per kind of row; run.py knows what they share.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from care.intake import assessments, checkins, patients, sessions
from care.intake.run import Outcome, Row, Run

Taker = Callable[[Connection, Run, Sequence[Row]], list[Outcome]]

KINDS: Mapping[str, Taker] = {
    "patients": patients.take,
    "sessions": sessions.take,
    "assessments": assessments.take,
    "checkins": checkins.take,
}

# What rows tell that cannot be read as a whole, and are left out: it is asked about all the same.
HEARD: Mapping[str, Callable[[Connection, Run, Sequence[Row]], None]] = {
    "assessments": assessments.hear,
    "checkins": checkins.hear,
}

# A session is judged beside those before it, so even to ask about a file it must be written; the
# caller undoes that.
REHEARSED = frozenset({"sessions"})
