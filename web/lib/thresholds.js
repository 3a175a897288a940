// The minimums and bounds behind a number, as a clinician would name them.

import { number, percent, plain } from "./format.js";

/** @type {Record<string, string>} */
const NAMES = {
  level_minimum_days: "Fewest days",
  level_minimum_coverage: "Smallest part of the days logged",
  slope_minimum_days: "Fewest days for a slope",
  slope_minimum_span_days: "Fewest days from the first to the last",
  slope_window_days: "Days looked back on, at most",
  baseline_days: "Days of a baseline",
  baseline_minimum_days: "Fewest days for a baseline",
  baseline_import_days: "Imported days count, at most so many before the first session",
  lag_1_minimum_pairs: "Fewest pairs of neighbouring days to tell how alike they are",
  lag_1_default: "Likeness of neighbouring days, where it cannot be told",
  lag_1_maximum: "Likeness of neighbouring days, at most",
  confidence: "Confidence of the interval",
  short_interval_days: "No wear-off day after intervals of at most, days",
  pre_session_minimum_sessions: "Fewest sessions for the usual level before one",
  wear_off_earliest_day: "Earliest day half of it can be gone",
  wear_off_first_days: "Days after the session whose level the gain is told by",
  wear_off_minimum_days: "Fewest days of a window",
  wear_off_likely: "Said from a probability of",
  wear_off_confidence: "Confidence of the day's interval",
  early_days: "Days that count as early",
  early_minimum_days: "Fewest early days",
  measurable_gain: "Least gain that is more than noise",
  median_days: "Days in a running median",
  median_minimum_days: "Fewest days of a running median",
  good_day_at_most: "A good day: symptom at most",
  smoother_length_scale_days: "The level bends within about, days",
  smoother_level_sd: "The level moves by about",
  smoother_noise_sd: "A day differs from its level by about",
  smoother_noise_lag_1: "Likeness of neighbouring days, assumed",
  smoother_slope_sd_per_day: "The level may rise or fall a day by about",
  smoother_draws: "Draws of the level",
};
const SHARES = ["level_minimum_coverage", "confidence", "wear_off_likely", "wear_off_confidence"];

/** @param {string} key */
export const thresholdName = (key) => NAMES[key] ?? plain(key);

/** @param {string} key @param {unknown} value */
export function thresholdValue(key, value) {
  if (typeof value !== "number") return String(value);
  return SHARES.includes(key) ? percent(value) : number(value, 4);
}
