"""Which methods make the documents about windows, and every minimum and bound they use."""

from collections.abc import Mapping

from clinical import (
    control_chart,
    gap_risk,
    outcomes,
    same_day,
    smoother,
    time_to_wear_off,
    wear_off,
    window_comparison,
)
from clinical.periods import LONGEST_PERIOD_DAYS
from clinical.reference import PRE_SESSION_MINIMUM
from clinical.response_curves import BAND_MINIMUM_WINDOWS
from clinical.trends import THRESHOLDS as LEVELS
from clinical.troughs import LEAST_TROUGHS
from clinical.windows import BLOCK_GAP_DAYS, SHORT_INTERVAL_DAYS

METHOD_VERSION = "windows-3"

# Of a trend's thresholds, those of a level: the means here are made as the means there.
_OF_LEVELS = (
    "level_minimum_days",
    "level_minimum_coverage",
    "lag_1_minimum_pairs",
    "lag_1_default",
    "lag_1_maximum",
    "baseline_days",
    "baseline_minimum_days",
    "baseline_import_days",
    "confidence",
)
_OF_THE_ESTIMATE: Mapping[str, float] = {
    "wear_off_earliest_day": wear_off.EARLIEST_DAY,
    "wear_off_first_days": wear_off.FIRST_DAYS,
    "wear_off_minimum_days": wear_off.LEAST_DAYS,
    "wear_off_likely": wear_off.LIKELY,
    "wear_off_confidence": round(wear_off.HIGH - wear_off.LOW, 4),
    "smoother_length_scale_days": smoother.LENGTH_SCALE_DAYS,
    "smoother_level_sd": smoother.LEVEL_SD,
    "smoother_noise_sd": smoother.NOISE_SD,
    "smoother_noise_lag_1": smoother.NOISE_LAG_1,
    "smoother_slope_sd_per_day": smoother.SLOPE_SD_PER_DAY,
    "smoother_draws": smoother.DRAWS,
    "smoother_longest_days": smoother.LONGEST_DAYS,
    "direction_days": smoother.DIRECTION_DAYS,
}

THRESHOLDS: Mapping[str, float] = {
    **{name: LEVELS[name] for name in _OF_LEVELS},
    "history_days": LONGEST_PERIOD_DAYS,
    "block_gap_days": BLOCK_GAP_DAYS,
    "short_interval_days": SHORT_INTERVAL_DAYS,
    "pre_session_minimum_sessions": PRE_SESSION_MINIMUM,
    **_OF_THE_ESTIMATE,
    **window_comparison.THRESHOLDS,
    **time_to_wear_off.THRESHOLDS,
    "trough_minimum_sessions": LEAST_TROUGHS,
    **outcomes.THRESHOLDS,
    **gap_risk.THRESHOLDS,
    "band_minimum_windows": BAND_MINIMUM_WINDOWS,
    **same_day.THRESHOLDS,
    **control_chart.THRESHOLDS,
}
