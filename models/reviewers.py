"""Whether a clinic asks about suicidal thoughts: it has hours, and somebody who looks then."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists
from sqlalchemy.orm import aliased

from models.clinic import Clinic
from models.membership import Membership

_READER = aliased(Membership)


def _looks(*conditions: Any) -> Any:
    """Of the clinic of the query around it. Where the reviewer has left, the stand-in looks."""
    named = exists().where(
        _READER.clinic_id == Clinic.clinic_id,
        _READER.id.in_((Clinic.reviewer_id, Clinic.backup_reviewer_id)),
        _READER.disabled_at.is_(None),
        *conditions,
    )
    return and_(Clinic.review_hours.is_not(None), named.correlate(Clinic))


ASKS_SAFETY = _looks()


def asks_safety_without(membership_id: UUID) -> Any:
    """Whether it would ask still if this member looked no more."""
    return _looks(_READER.id != membership_id)
