"""Which methods make the documents about windows, and every minimum and bound they use."""

from collections.abc import Mapping

from clinical.periods import LONGEST_PERIOD_DAYS
from clinical.reference import PRE_SESSION_MINIMUM
from clinical.trends import THRESHOLDS as LEVELS
from clinical.windows import BLOCK_GAP_DAYS, SHORT_INTERVAL_DAYS

METHOD_VERSION = "windows-1"

# Of a trend's thresholds, those of a level: the means here are made as the means there.
_OF_LEVELS = (
    "level_minimum_days",
    "level_minimum_coverage",
    "slope_minimum_days",
    "slope_minimum_span_days",
    "lag_1_minimum_pairs",
    "lag_1_default",
    "lag_1_maximum",
    "baseline_days",
    "baseline_minimum_days",
    "baseline_import_days",
)

THRESHOLDS: Mapping[str, float] = {
    **{name: LEVELS[name] for name in _OF_LEVELS},
    "history_days": LONGEST_PERIOD_DAYS,
    "block_gap_days": BLOCK_GAP_DAYS,
    "short_interval_days": SHORT_INTERVAL_DAYS,
    "pre_session_minimum_sessions": PRE_SESSION_MINIMUM,
}
