"""Who is asking: one membership through one login, and the chart it has been let in to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from clinical.days import DEFAULT_BACKFILL_DAYS, DayRules
from clinical.measures import CustomMeasure


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: shortened address and our id for it."""

    address: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class ClinicRules:
    """What the clinic has set that a check-in must obey."""

    timezone: str
    backfill_days: int
    measures: Mapping[str, CustomMeasure] = field(default_factory=dict)
    asks_safety: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: one membership, through one login."""

    clinic_id: UUID
    membership_id: UUID | None
    account_id: UUID | None
    login_id: UUID | None
    role: str
    clinic: ClinicRules
    origin: Origin = Origin()
    patient: "Chart | None" = None
    device_id: str | None = None
    epoch: str = ""  # the history that this request's transaction reads and writes


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient whose rows the holder has been let in to."""

    clinic_id: UUID
    patient_id: UUID
    timezone: str
    days: DayRules


def operator(clinic_id: UUID, timezone: str = "UTC") -> Principal:
    """Whoever runs a command on the server; passes no door."""
    rules = ClinicRules(timezone, DEFAULT_BACKFILL_DAYS)
    return Principal(clinic_id, None, None, None, "operator", rules)
