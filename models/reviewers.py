"""Whether a clinic asks about suicidal thoughts: it has hours, and somebody who looks then."""

from sqlalchemy import and_, exists
from sqlalchemy.orm import aliased

from models.clinic import Clinic
from models.membership import Membership

_READER = aliased(Membership)

# Of the clinic of the query around it. Where the reviewer has left, the stand-in looks.
ASKS_SAFETY = and_(
    Clinic.review_hours.is_not(None),
    exists()
    .where(
        _READER.clinic_id == Clinic.clinic_id,
        _READER.id.in_((Clinic.reviewer_id, Clinic.backup_reviewer_id)),
        _READER.disabled_at.is_(None),
    )
    .correlate(Clinic),
)
