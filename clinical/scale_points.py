"""Scores of rating scales as points of a line: what each is, and the last one's meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinical.course_scores import Held, Moment, Scored, spans_session
from clinical.instruments import Instrument, band_of, meaning

MEANT = (
    *("change", "share_of_baseline", "responded", "remitted", "reliably_better"),
    *("reliably_worse", "meaningfully_better"),
)


@dataclass(frozen=True, slots=True)
class GivenScore:
    """A score as it was given: `total` None where it was only prorated."""

    id: UUID
    instrument: str
    given: Moment
    total: float | None
    prorated_total: float | None

    @property
    def date(self) -> date:
        """The local day it was completed."""
        return self.given.date


def complete(given: Iterable[GivenScore]) -> list[Scored]:
    """Those that are whole: a prorated score means nothing by itself (4-clinical 1b)."""
    return [
        Scored(each.id, each.instrument, each.given, each.total)
        for each in given
        if each.total is not None
    ]


def point(given: GivenScore, scale: Instrument, sessions: Sequence[Held]) -> dict[str, Any]:
    """One score on a line of days."""
    spans = spans_session(scale.recall_days, given.given, sessions)
    return {
        "assessment_id": given.id,
        "date": given.date,
        "total": given.total,
        "prorated_total": given.prorated_total,
        "is_prorated": given.total is None,
        "band": band_of(scale, given.total),
        "recall_spans_session": spans,
    }


def meant(scale: Instrument, total: float | None, before: Scored | None) -> dict[str, Any]:
    """What a total means against the baseline; each null where it says nothing."""
    found = meaning(scale, total, None if before is None else before.total)
    return {name: getattr(found, name) for name in MEANT}


def baseline_shown(score: Scored | None) -> Mapping[str, Any] | None:
    """Which score is the baseline."""
    if score is None:
        return None
    return {"assessment_id": score.id, "date": score.given.date, "total": score.total}
