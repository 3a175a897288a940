"""What a total means against the first one of its course: response, remission, reliable change."""

from dataclasses import dataclass
from math import sqrt

from clinical.instruments.form import Instrument


@dataclass(frozen=True, slots=True)
class Meaning:
    """None for whatever the scale does not define, or what needs a baseline that is not there.

    `change` is the total minus the baseline, `share_of_baseline` the same as a share of it. A
    change is reliable when the scale's own error does not explain it; it says nothing of a cause.
    """

    change: float | None = None
    share_of_baseline: float | None = None
    responded: bool | None = None
    remitted: bool | None = None
    reliably_worse: bool | None = None
    reliably_better: bool | None = None
    meaningfully_better: bool | None = None


def reliable_difference(standard_deviation: float, reliability: float) -> float:
    """The difference between two totals that the scale's own error explains in 5 of 100 (Jacobson
    and Truax): 1.96 * sqrt(2) * SD * sqrt(1 - reliability), to thousandths."""
    return round(1.96 * sqrt(2) * standard_deviation * sqrt(1 - reliability), 3)


def meaning(instrument: Instrument, total: float | None, baseline: float | None) -> Meaning:
    """What a complete total means; never ask it about a prorated one (4-clinical 1b)."""
    if total is None:
        return Meaning()
    if baseline is None:
        return Meaning(remitted=_remitted(instrument, total))
    change = round(total - baseline, 6)  # T scores come in tenths: 54.3 - 61.7 is -7.4
    worse = change if instrument.direction == "higher_is_worse" else -change
    return Meaning(
        change=change,
        share_of_baseline=change / baseline if baseline else None,
        responded=_responded(instrument, baseline, -worse),
        remitted=_remitted(instrument, total),
        reliably_worse=_reaches(worse, instrument.reliable_change),
        reliably_better=_reaches(-worse, instrument.reliable_change),
        meaningfully_better=_reaches(-worse, instrument.meaningful_change),
    )


def _remitted(instrument: Instrument, total: float) -> bool | None:
    if instrument.remission_at_most is not None:
        return total <= instrument.remission_at_most
    if instrument.remission_at_least is not None:
        return total >= instrument.remission_at_least
    return None


def _responded(instrument: Instrument, baseline: float, gain: float) -> bool | None:
    """Of a baseline of nothing there is nothing to lose: not defined."""
    if instrument.response_share is None or baseline <= 0:
        return None
    return gain >= instrument.response_share * baseline


def _reaches(change: float, least: float | None) -> bool | None:
    return None if least is None else change >= least
