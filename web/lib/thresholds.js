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
};
const SHARES = ["level_minimum_coverage", "confidence"];

/** @param {string} key */
export const thresholdName = (key) => NAMES[key] ?? plain(key);

/** @param {string} key @param {unknown} value */
export function thresholdValue(key, value) {
  if (typeof value !== "number") return String(value);
  return SHARES.includes(key) ? percent(value) : number(value, 4);
}
